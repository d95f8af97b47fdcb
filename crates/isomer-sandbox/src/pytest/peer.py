"""What both ends of the wire do alike: telling of their objects and doing what is asked of them."""

import copy

from isomer_export import Exports
from isomer_mirrors import Mirrors
from isomer_values import Damaged
from isomer_wire import Peer

class Side(Exports, Peer):
    """An end of the wire that knows its own objects by number and the others' by stand-in."""

    def __init__(self, descriptor):
        Exports.__init__(self)
        Peer.__init__(self, descriptor)
        self.mirrors = Mirrors(self)
        self.readers = {"@m": self.read_own, "@i": self.read_importable, **self.mirrors.readers()}

    def call(self, operation, number, arguments, named):
        __tracebackhide__ = True
        return self.ask(operation, number, arguments, tuple(named), tuple(named.values()))

    def call_method(self, target, name, arguments, named):
        __tracebackhide__ = True
        number = self.mirrors.number_of(target)
        if number is None:
            # Members and tuples are values on both sides.
            return self.call("method of value", None, (target, name) + arguments, named)
        self.note(type(target), name)
        return self.call("method", number, (name,) + arguments, named)

    def operate(self, name, target, arguments, named={}):
        __tracebackhide__ = True
        self.note(type(target), name)
        if name == "__call__":
            return self.call("call", target._isomer_number, arguments, named)
        return self.call("operator", target._isomer_number, (name,) + arguments, named)

    def take_dropped(self):
        return self.mirrors.take_dropped()

    def export(self, writer, value):
        number = self.mirrors.number_of(value)
        if number is not None:
            return ["@m", number]
        kind = type(value)
        if "_isomer_class" in vars(kind):
            owner = ["@m", vars(kind)["_isomer_class"]]
            if isinstance(value, tuple):
                return ["@v", owner] + [writer.write(one) for one in value]
            return ["@e", owner, value.name]
        return self.export_more(writer, value)

    def read_own(self, _, node):
        entry = self.exports.get(node[1])
        if entry is None:
            raise Damaged("an object that was never told of")
        return entry[0]

    def note(self, kind, member):
        """Remembers that an object of the other side was asked for something."""

    def claim(self, name, module, names):
        """Lets a stand-in pass for an instance of a class that this side has as well."""

    def perform(self, operation, number, operands):
        if number is None:
            return getattr(self, "do_" + operation.replace(" ", "_"))(*operands)
        entry = self.exports.get(number)
        if entry is None:
            raise Damaged("an object that was never told of")
        self.permit(entry[0], operation, operands)
        return getattr(self, "on_" + operation)(entry[0], *operands)

    def permit(self, target, operation, operands):
        """Refuses what the other side may not ask for."""

    def on_call(self, target, arguments, names, values):
        return target(*arguments, **dict(zip(names, values)))

    def on_method(self, target, arguments, names, values):
        return getattr(target, arguments[0])(*arguments[1:], **dict(zip(names, values)))

    def on_operator(self, target, arguments, names, values):
        operator = getattr(type(target), arguments[0])
        return operator(target, *arguments[1:], **dict(zip(names, values)))

    def on_get(self, target, name):
        return getattr(target, name)

    def on_set(self, target, name, value):
        setattr(target, name, value)

    def on_delete(self, target, name):
        delattr(target, name)

    def on_dir(self, target):
        return [name for name in dir(target) if not name.startswith("__")]

    def on_vars(self, target):
        return dict(vars(target))

    def on_copy(self, target, deep):
        return copy.deepcopy(target) if deep else copy.copy(target)

    def on_describe(self, target):
        self.described.discard(self.number(target, 0))
        node = self.export_function(None, target)
        self.exports[node[1]][1] -= 1
        return node[2]

    def on_resume(self, target, step, value):
        if step == "next":
            return next(target)
        return target.send(value) if step == "send" else target.throw(value)

    def do_method_of_value(self, arguments, names, values):
        value, name = arguments[:2]
        return getattr(value, name)(*arguments[2:], **dict(zip(names, values)))
