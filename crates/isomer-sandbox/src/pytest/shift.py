"""Another time of day, for tests that depend on it (best effort).

`time.time`, `localtime` and their kin, and `now` and `today` of `datetime` answer as if it were
later. What asks the C library by itself, such as pandas, and file times stay as they are; the clocks
that only measure (`monotonic`, `perf_counter`) do too. The classes themselves stay what they are, so
that `type(value) is datetime` holds.
"""

import ctypes
import datetime
import gc
import time


def shift(seconds):
    """Moves the clocks of this process."""
    delta = datetime.timedelta(seconds=seconds)
    shift_time(seconds)
    # `today` asks `time.time`; these two ask the C library.
    for name in ("now", "utcnow"):
        replace(datetime.datetime, name, delta)


def replace(kind, name, delta):
    """Puts a later method in the place of one of a class that allows no assignment."""
    attributes = gc.get_referents(kind.__dict__)[0]
    method = attributes[name]

    def later(cls, *given, **named):
        return method.__get__(None, cls)(*given, **named) + delta

    later.__name__, later.__qualname__ = name, f"{kind.__name__}.{name}"
    attributes[name] = classmethod(later)
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


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
