"""The other side's objects that this side refers to, and their making from nodes of `export.py`."""

import collections
import enum
import importlib
import weakref

from isomer_mirror import (KNOWN, Handle, Mirror, fields, generate, identifier, method, operator,
                           signature_of, wait)
from isomer_values import Damaged


class Mirrors:
    """Everything of the other side that this side refers to, by number."""

    def __init__(self, peer):
        self.peer = peer
        self.classes = {}
        self.alive = {}
        self.received = {}
        self.foreign = {}
        self.dropped = []

    def find(self, number):
        reference = self.alive.get(number)
        return None if reference is None else reference()

    def keep(self, number, value):
        """Remembers a new stand-in until nobody refers to it."""
        def lost(reference, key=id(value)):
            if self.alive.get(number) is reference:
                del self.alive[number]
                self.dropped.append([number, self.received.pop(number, 0)])
            self.foreign.pop(key, None)
        self.alive[number] = weakref.ref(value, lost)
        self.foreign[id(value)] = number
        return value

    def count(self, number):
        if type(number) is not int:
            raise Damaged("no number")
        self.received[number] = self.received.get(number, 0) + 1

    def take_dropped(self):
        dropped, self.dropped = self.dropped, []
        return dropped

    def number_of(self, value):
        """The other side's number of a stand-in, or `None` for an object of this side."""
        if isinstance(value, type):
            return vars(value).get("_isomer_class")
        return self.foreign.get(id(value))

    def read_class(self, reader, node):
        _, number, description = node
        self.count(number)
        if number not in self.classes:
            if description is None:
                raise Damaged("a class without a description")
            self.classes[number] = self.make_class(reader, number, description)
        return self.classes[number]

    def make_class(self, reader, number, description):
        name, module, sort, bases, operators, methods, extra, hashable, (doc, parameters) = description
        identifier(name.lstrip("_").replace("<", "_").replace(">", "_"))
        bases = tuple(map(reader.read, bases))
        names = {"__module__": str(module), "__doc__": str(doc), "_isomer_class": number,
                 "__signature__": signature_of(parameters)}
        for one in methods:
            one = str(one)
            names[identifier(one.lstrip("~"))] = method(one)
        if sort == "exception":
            return self.exception_class(name, bases, names)
        if sort == "tuple":
            return self.tuple_class(name, extra, names)
        if sort == "enumeration":
            return self.enumeration(name, extra, names)
        names["__slots__"] = ()
        names.update((one, operator(one)) for one in operators if one in KNOWN)
        if not hashable:
            names["__hash__"] = None
        if extra is not None:
            names["__dataclass_fields__"] = fields(extra)
        self.peer.claim(name, module, names)
        handles = tuple(base for base in bases if issubclass(base, Handle)) or (Handle,)
        return Mirror(name, handles, names, peer=self.peer)

    def exception_class(self, name, bases, names):
        bases = tuple(base for base in bases if issubclass(base, Exception)
                      or base is SystemExit) or (Exception,)
        names["__str__"] = lambda self: self.__dict__.get("_isomer_text", "")
        names["__getattr__"] = Handle.__getattr__
        return Mirror(name, bases, names, peer=self.peer)

    def tuple_class(self, name, fields, names):
        base = collections.namedtuple(name, list(map(identifier, fields)))
        peer, number = self.peer, names["_isomer_class"]
        names["__slots__"] = ()
        names["_isomer_peer"] = peer
        names["__new__"] = lambda _, *arguments, **named: peer.call(
            "call", number, arguments, named)
        return type(name, (base,), names)

    def enumeration(self, name, extra, names):
        members, mixed = extra
        mixed = {"int": int, "str": str, None: None}[mixed]
        made = enum.Enum(name, [(identifier(one), value) for one, value in members], type=mixed)
        for one, value in names.items():
            if not one.startswith("__"):
                setattr(made, one, value)
        made._isomer_peer = self.peer
        return made

    def read_handle(self, reader, node):
        _, number, kind = node
        kind = reader.read(kind)
        self.count(number)
        value = self.find(number)
        if value is None:
            if not isinstance(kind, Mirror) or not issubclass(kind, Handle):
                raise Damaged("an object without a class")
            value = object.__new__(kind)
            Handle._isomer_number.__set__(value, number)
            self.keep(number, value)
        return value

    def read_function(self, reader, node):
        _, number, description = node
        self.count(number)
        value = self.find(number)
        if value is None:
            if description is None:
                description = self.peer.ask("describe", number)
            value = self.keep(number, self.make_function(number, description))
        return value

    def make_function(self, number, description):
        name, qualified, module, doc, awaited, parameters = description
        peer = self.peer
        if awaited:
            async def function(*arguments, **named):
                return await peer.call("call", number, arguments, named)
        else:
            def function(*arguments, **named):
                __tracebackhide__ = True
                return peer.call("call", number, arguments, named)
        function.__name__, function.__qualname__ = str(name), str(qualified)
        function.__module__, function.__doc__ = str(module), doc
        made = signature_of(parameters)
        if made is not None:
            function.__signature__ = made
            function.__annotations__ = {one.name: one.annotation for one in made.parameters.values()
                                        if one.annotation is not one.empty}
        return function

    def read_generator(self, _, node):
        number = node[1]
        self.count(number)
        return self.find(number) or self.keep(number, generate(self.peer, number))

    def read_awaited(self, _, node):
        number = node[1]
        self.count(number)
        return self.find(number) or self.keep(number, wait(self.peer, number))

    def read_exception(self, reader, node):
        _, kind, arguments, attributes, text, cause, number = node
        kind = reader.read(kind)
        if not isinstance(kind, type) or not issubclass(kind, BaseException):
            raise Damaged("no exception")
        arguments = tuple(map(reader.read, arguments))
        error = make_exception(kind, arguments)
        for name, value in attributes.items():
            if not name.startswith("_"):
                error.__dict__[identifier(name)] = reader.read(value)
        if cause is not None:
            error.__cause__ = reader.read(cause)
        self.count(number)
        if isinstance(kind, Mirror):
            error.__dict__["_isomer_text"] = str(text)
            error.__dict__["_isomer_number"] = number
            self.keep(number, error)
        else:
            self.dropped.append([number, self.received.pop(number)])
        return error

    def read_member(self, reader, node):
        return reader.read(node[1])[node[2]]

    def read_tuple(self, reader, node):
        kind = reader.read(node[1])
        if not issubclass(kind, tuple):
            raise Damaged("no tuple")
        return tuple.__new__(kind, tuple(map(reader.read, node[2:])))

    def read_module(self, _, node):
        return importlib.import_module(node[1])

    def readers(self):
        return {"@h": self.read_handle, "@C": self.read_class, "@f": self.read_function,
                "@j": self.read_generator, "@w": self.read_awaited, "@x": self.read_exception,
                "@e": self.read_member, "@v": self.read_tuple, "@g": self.read_module}


def make_exception(kind, arguments):
    """An exception without running code of any class but Python's own."""
    if kind.__module__ == "builtins":
        try:
            return kind(*arguments)
        except Exception:
            pass
    error = kind.__new__(kind, *arguments)
    error.args = arguments
    return error
