"""Another time of day, for tests that depend on it (best effort).

`time.time`, `localtime` and their kin, and `now` and `today` of `datetime` answer as if it were
later. What asks the C library by itself, such as pandas, and file times stay as they are; the clocks
that only measure (`monotonic`, `perf_counter`) do too.
"""

import datetime
import time


def shift(seconds):
    """Moves the clocks of this process."""
    delta = datetime.timedelta(seconds=seconds)
    shift_time(seconds)
    real_datetime, real_date = datetime.datetime, datetime.date

    def shifted(real):
        class Meta(type):
            def __instancecheck__(cls, value):
                return isinstance(value, real)

            def __subclasscheck__(cls, kind):
                return issubclass(kind, real)

        class Shifted(real, metaclass=Meta):
            def __new__(cls, *arguments, **named):
                made = real if cls is Shifted else cls
                return real.__new__(made, *arguments, **named)

            @classmethod
            def today(cls):
                return real.fromtimestamp(time.time())

        Shifted.__name__, Shifted.__qualname__ = real.__name__, real.__qualname__
        Shifted.__module__ = "datetime"
        return Shifted

    class WithNow(shifted(real_datetime)):
        @classmethod
        def now(cls, tz=None):
            return real_datetime.now(tz) + delta

        @classmethod
        def utcnow(cls):
            return real_datetime.now(datetime.timezone.utc).replace(tzinfo=None) + delta

        def __new__(cls, *arguments, **named):
            return real_datetime.__new__(
                real_datetime if cls is WithNow else cls, *arguments, **named)

    WithNow.__name__ = WithNow.__qualname__ = "datetime"
    WithNow.__module__ = "datetime"
    datetime.datetime, datetime.date = WithNow, shifted(real_date)


def shift_time(seconds):
    clock, nanoseconds = time.time, time.time_ns
    time.time = lambda: clock() + seconds
    time.time_ns = lambda: nanoseconds() + int(seconds * 1e9)
    for name in ("localtime", "gmtime", "ctime"):
        setattr(time, name, at_now(getattr(time, name)))
    text, local = time.strftime, time.localtime
    time.strftime = lambda form, *given: text(form, *(given or (local(),)))


def at_now(function):
    return lambda *given: function(*(given if given and given[0] is not None else (time.time(),)))
