"""Stand-ins for the other side's objects.

A stand-in forwards what it is asked and never equals a plain value. Its class is made from a
description: it has exactly the operators of the class that it stands for, so that `callable`, `iter`
and `isinstance` answer as they should. Attributes with two underscores are not forwarded except for a
few that hold text: some of the others, such as `__array_interface__`, are promises about memory.
"""

import dataclasses
import inspect

from isomer_export import OPERATORS
from isomer_values import Damaged

KNOWN = frozenset(OPERATORS)
TEXTS = frozenset(("__doc__", "__name__", "__qualname__", "__module__", "__version__", "__author__",
                   "__all__", "__annotations__"))
MARK = "_isomer_"


class Unsupported(TypeError):
    """Something that needs the solution in the same interpreter."""


class Mirror(type):
    """The class of stand-ins for classes."""

    def __new__(meta, name, bases, names, peer=None):
        if peer is None:
            raise Unsupported("a class cannot derive from `%s`, which is in another process"
                              % ", ".join(base.__name__ for base in bases))
        made = super().__new__(meta, name, bases, names)
        type.__setattr__(made, "_isomer_peer", peer)
        return made

    def __init__(cls, name, bases, names, peer=None):
        super().__init__(name, bases, names)

    def __call__(cls, *arguments, **named):
        __tracebackhide__ = True
        return cls._isomer_peer.call("call", cls._isomer_class, arguments, named)

    def __getattr__(cls, name):
        __tracebackhide__ = True
        if name.startswith((MARK, "_mock_")) or (name.startswith("__") and name not in TEXTS):
            raise AttributeError(name)
        cls._isomer_peer.note(cls, name)
        return cls._isomer_peer.ask("get", cls._isomer_class, name)

    def __setattr__(cls, name, value):
        if name.startswith((MARK, "__", "_abc_")):
            type.__setattr__(cls, name, value)
        elif getattr(value, "_isomer_stub", None) == name:
            # What stood here before a patch is put back.
            cls._isomer_peer.ask("delete", cls._isomer_class, name)
        else:
            cls._isomer_peer.ask("set", cls._isomer_class, name, value)

    def __delattr__(cls, name):
        cls._isomer_peer.ask("delete", cls._isomer_class, name)

    def __dir__(cls):
        return cls._isomer_peer.ask("dir", cls._isomer_class)


class Handle:
    """Stands for an object; derived classes are made by `make_class`."""

    __slots__ = ("_isomer_number", "__weakref__")

    def __getattr__(self, name):
        __tracebackhide__ = True
        if name == "__dict__" and type(self).__name__ != "module":
            return self._isomer_peer.ask("vars", self._isomer_number)
        if name.startswith(MARK) or (name.startswith("__") and name not in TEXTS):
            raise AttributeError(name)
        self._isomer_peer.note(type(self), name)
        return self._isomer_peer.ask("get", self._isomer_number, name)

    def __setattr__(self, name, value):
        __tracebackhide__ = True
        self._isomer_peer.ask("set", self._isomer_number, name, value)

    def __delattr__(self, name):
        __tracebackhide__ = True
        self._isomer_peer.ask("delete", self._isomer_number, name)

    def __dir__(self):
        return self._isomer_peer.ask("dir", self._isomer_number)

    def __eq__(self, other):
        __tracebackhide__ = True
        if self is other:
            return True
        if not isinstance(other, Handle):
            return NotImplemented
        return self._isomer_peer.operate("__eq__", self, (other,))

    def __ne__(self, other):
        __tracebackhide__ = True
        if self is other:
            return False
        if not isinstance(other, Handle):
            return NotImplemented
        return self._isomer_peer.operate("__ne__", self, (other,))

    def __hash__(self):
        return self._isomer_peer.operate("__hash__", self, ())

    def __repr__(self):
        return self._isomer_peer.operate("__repr__", self, ())

    def __str__(self):
        return self._isomer_peer.operate("__str__", self, ())

    def __copy__(self):
        return self._isomer_peer.ask("copy", self._isomer_number, False)

    def __deepcopy__(self, _):
        return self._isomer_peer.ask("copy", self._isomer_number, True)

    def __reduce_ex__(self, _):
        raise Unsupported("an object of another process cannot be pickled")


def operator(name):
    if name == "__bool__":
        def stand_in(self):
            return bool(self._isomer_peer.operate(name, self, ()))
    elif name == "__exit__":
        def stand_in(self, kind, error, _):
            return self._isomer_peer.operate(name, self, (kind, error, None))
    else:
        def stand_in(self, *arguments, **named):
            __tracebackhide__ = True
            return self._isomer_peer.operate(name, self, arguments, named)
    stand_in.__name__ = name
    return stand_in


def method(name):
    if name.startswith("~"):
        name = name[1:]

        async def stand_in(self, *arguments, **named):
            return await self._isomer_peer.call_method(self, name, arguments, named)
    else:
        def stand_in(self, *arguments, **named):
            __tracebackhide__ = True
            return self._isomer_peer.call_method(self, name, arguments, named)
    stand_in.__name__ = stand_in._isomer_stub = name
    return stand_in


def identifier(name):
    """A name that is nobody else's: operators, above all, are not for the other side to choose."""
    if type(name) is not str or not name.isidentifier() or name.startswith((MARK, "__")):
        raise Damaged("no name")
    return name


def signature_of(parameters):
    """The other side's signature, or none if it makes no sense."""
    if parameters is None:
        return None
    try:
        return inspect.Signature([inspect.Parameter(
            identifier(name), inspect._ParameterKind(kind),
            default=default[0] if default else inspect.Parameter.empty,
            annotation=inspect.Parameter.empty if annotation is None
            else {"int": int, "str": str, "float": float, "bool": bool, "list": list, "dict": dict,
                  "tuple": tuple, "set": set, "bytes": bytes}.get(annotation, annotation))
            for name, kind, default, annotation in parameters])
    except (ValueError, TypeError):
        return None


def fields(names):
    """What `dataclasses.fields` and `asdict` look for."""
    made = dataclasses.make_dataclass("fields", [identifier(name) for name in names])
    return made.__dataclass_fields__


def generate(peer, number):
    """A generator whose steps are done on the other side."""
    step = ("next", None)
    while True:
        try:
            item = peer.ask("resume", number, *step)
        except StopIteration as end:
            return end.value
        try:
            sent = yield item
            step = ("next", None) if sent is None else ("send", sent)
        except GeneratorExit:
            raise
        except BaseException as error:
            step = ("throw", error)


async def wait(peer, number):
    return peer.ask("await", number)
