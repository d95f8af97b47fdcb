"""What one side tells the other about its own objects that are not plain values.

Nodes: `@h` an object, `@C` a class, `@f` a function, `@j` a generator, `@w` something to await, `@x`
an exception, `@e` a member of an enumeration, `@v` a named tuple, `@g` a module, `@i` something that
the other side has as well, `@m` an object of the other side.
"""

import dataclasses
import enum
import inspect
import os
import sys
import types

from isomer_values import SCALARS

OPERATORS = tuple("__%s__" % name for name in (
    "len length_hint iter next reversed getitem setitem delitem contains missing call enter exit bool "
    "int float index complex round trunc floor ceil abs neg pos invert add sub mul truediv floordiv "
    "mod divmod pow matmul and or xor lshift rshift radd rsub rmul rtruediv rfloordiv rmod rdivmod "
    "rpow rmatmul rand ror rxor rlshift rrshift iadd isub imul itruediv ifloordiv imod ipow imatmul "
    "iand ior ixor ilshift irshift lt le gt ge format bytes fspath aenter aexit aiter anext"
).split())
FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType,
             types.MethodWrapperType, types.WrapperDescriptorType, types.MethodDescriptorType)
MOST_NAMES = 1000


def operators(kind):
    """Operators that a class defines beyond what every object has."""
    return [name for name in OPERATORS
            if getattr(kind, name, None) is not getattr(object, name, None)]


def methods(kind):
    """Names of plain methods; a tilde marks those that are to be awaited."""
    names = {}
    for base in reversed(kind.__mro__):
        if base.__module__ != "builtins":
            for name, value in vars(base).items():
                plain = type(value) is types.FunctionType and not name.startswith("__")
                names[name] = plain and ("~" if inspect.iscoroutinefunction(value) else "") + name
    return [name for name in names.values() if name][:MOST_NAMES]


def is_named_tuple(kind):
    return (tuple in kind.__bases__ and type(kind) is type
            and all(type(name) is str for name in getattr(kind, "_fields", (None,))))


def enumeration(kind):
    """Names and values of an enumeration whose members are plain, and its other base."""
    if not issubclass(kind, enum.Enum) or issubclass(kind, enum.Flag):
        return None
    members = [[name, member.value] for name, member in kind.__members__.items()]
    if not members or not all(type(value) in SCALARS for _, value in members):
        return None
    mixed = [base for base in (int, str) if issubclass(kind, base)]
    return members, mixed[0].__name__ if mixed else None


def signature(function):
    """Parameters as far as they can be told: name, kind, default as a list, annotation as text."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    return [[one.name, int(one.kind),
             [] if one.default is one.empty else
             [one.default] if type(one.default) in SCALARS else [repr(one.default)[:100]],
             None if one.annotation is one.empty else
             getattr(one.annotation, "__name__", None) or str(one.annotation)]
            for one in parameters]


def importable(value):
    """Module and name of something that every interpreter has: not of the solution or the tests."""
    module = getattr(value, "__module__", None)
    name = getattr(value, "__qualname__", None)
    if type(module) is not str or type(name) is not str or module in ("solution", "__main__"):
        return None
    found = sys.modules.get(module)
    if found is None or not is_installed(found):
        return None
    for part in name.split("."):
        found = getattr(found, part, None)
    return [module, name] if found is value else None


def is_installed(module):
    """Whether a module is part of Python or of an installed package."""
    return is_place_of_packages(getattr(module, "__spec__", None))


def is_place_of_packages(spec):
    origin = getattr(spec, "origin", None)
    if origin in ("built-in", "frozen"):
        return True
    return type(origin) is str and origin.startswith(INSTALLED)


INSTALLED = tuple({os.path.dirname(os.__file__) + os.sep, sys.prefix + os.sep}
                  | {path + os.sep for path in sys.path if path.endswith("-packages")})


class Exports:
    """The objects of one side that the other side may refer to, by number."""

    def __init__(self):
        self.exports = {}
        self.numbers = {}
        self.described = set()
        self.last = 0

    def number(self, value, count=1):
        number = self.numbers.get(id(value))
        if number is None:
            self.last += 1
            number = self.numbers[id(value)] = self.last
            self.exports[number] = [value, 0]
        self.exports[number][1] += count
        return number

    def release(self, dropped):
        """Forgets what the other side has dropped as often as it got it."""
        for number, count in dropped:
            entry = self.exports.get(number)
            if entry is not None:
                entry[1] -= count
                if entry[1] <= 0:
                    del self.exports[number]
                    del self.numbers[id(entry[0])]
                    self.described.discard(number)

    def describe(self, writer, value, description):
        """Number of something, and its description if the other side does not have it yet."""
        number = self.number(value)
        if number in self.described:
            return [number, None]
        self.described.add(number)
        return [number, description(writer, value)]

    def export_class(self, writer, kind):
        # Numbered first, since classes may refer to each other and to themselves.
        return ["@C"] + self.describe(writer, kind, self.description)

    def description(self, writer, kind):
        bases = []
        for base in kind.__bases__:
            if issubclass(base, BaseException) or (base.__module__ == kind.__module__
                                                   and not is_named_tuple(kind)):
                bases.append(self.exception_class(writer, base) if issubclass(base, BaseException)
                             else self.export_class(writer, base))
        sort, extra = "object", None
        if issubclass(kind, BaseException):
            sort = "exception"
        elif is_named_tuple(kind):
            sort, extra = "tuple", list(kind._fields)
        elif enumeration(kind):
            sort, extra = "enumeration", enumeration(kind)
        elif dataclasses.is_dataclass(kind):
            extra = [one.name for one in dataclasses.fields(kind)]
        hashable = kind.__hash__ is not None
        return [str(kind.__name__), str(kind.__module__), sort, bases, operators(kind),
                methods(kind), extra, hashable, [str(kind.__doc__ or "")[:10000],
                                                 signature(kind)]]

    def exception_class(self, writer, kind):
        names = importable(kind)
        return ["@i"] + names if names else self.export_class(writer, kind)

    def export_exception(self, writer, error):
        attributes = {name: value for name, value in vars(error).items()
                      if type(value) in SCALARS and not name.startswith("_")}
        cause = error.__cause__
        try:
            text = str(error)
        except Exception:
            text = ""
        return ["@x", self.exception_class(writer, type(error)),
                [writer.write(one) for one in error.args], attributes, text,
                None if cause is None else writer.write(cause), self.number(error)]

    def export_function(self, writer, function):
        def description(*_):
            return [str(getattr(function, "__name__", "function")),
                    str(getattr(function, "__qualname__", "function")),
                    str(getattr(function, "__module__", None)), getattr(function, "__doc__", None),
                    inspect.iscoroutinefunction(function), signature(function)]
        return ["@f"] + self.describe(writer, function, description)

    def export_own(self, writer, value):
        """An object of this side by what it is."""
        kind = type(value)
        if isinstance(value, type):
            return self.export_class(writer, value)
        if isinstance(value, BaseException):
            return self.export_exception(writer, value)
        if kind in FUNCTIONS and not getattr(value, "__dict__", None):
            return self.export_function(writer, value)
        if kind is types.GeneratorType or (
                kind.__module__ in ("builtins", "itertools") and hasattr(kind, "__next__")):
            return ["@j", self.number(value)]
        if inspect.isawaitable(value):
            return ["@w", self.number(value)]
        if isinstance(value, enum.Enum) and enumeration(kind):
            return ["@e", self.export_class(writer, kind), value.name]
        if is_named_tuple(kind):
            return ["@v", self.export_class(writer, kind)] + [writer.write(one) for one in value]
        return ["@h", self.number(value), self.export_class(writer, kind)]
