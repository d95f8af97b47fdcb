"""Plain values as JSON, by exact type, between the process of the tests and that of the solution.

A scalar stands for itself; anything else is an array that starts with a tag. Mutable containers are
numbered in the order in which they are met, on both sides alike: so `r` refers to one that is known,
cycles and shared parts survive, and what a callee changed can be told by number. Whoever reads makes
objects of exactly these types and runs no code that the other side chose; whatever is not in the
table goes to `Peer.export`. Tags that are not known here belong to `mirror.py` and `arrays.py`.
"""

import base64
import collections
import datetime
import decimal
import fractions
import operator
import pathlib
import sys
import uuid

OPAQUE = frozenset(("@h", "@m", "@k", "opaque"))
SCALARS = frozenset((int, float, str, bool, type(None)))


class Damaged(Exception):
    """The other side did not keep to the protocol."""


class Writer:
    """One message's values; `shared` are the containers that the other side knows by number."""

    def __init__(self, peer, shared=()):
        self.peer = peer
        self.shared = list(shared)
        self.numbers = {id(value): number for number, value in enumerate(self.shared)}

    def write(self, value):
        kind = type(value)
        if kind in SCALARS:
            return value
        write = WRITERS.get(kind)
        if write is not None:
            return write(self, value)
        if kind in MUTABLE:
            number = self.numbers.get(id(value))
            if number is not None:
                return ["r", number]
            at = self.numbers[id(value)] = len(self.shared)
            self.shared.append(value)
            node = MUTABLE[kind].body(self, value)
            if node[0] in OPAQUE:
                self.forget(at)
            return node
        if learn_arrays(kind):
            return self.write(value)
        return self.peer.export(self, value)

    def forget(self, at):
        """Takes back numbers that the reader will not give."""
        for value in self.shared[at:]:
            del self.numbers[id(value)]
        del self.shared[at:]

    def body(self, value):
        """A container with its content, even if it is known by number."""
        return MUTABLE[type(value)].body(self, value)

    def many(self, tag, values):
        node = [tag]
        node.extend(map(self.write, values))
        return node


class Reader:
    """The other end of a `Writer`."""

    def __init__(self, peer, shared=()):
        self.peer = peer
        self.shared = list(shared)

    def read(self, node):
        if type(node) is not list:
            if type(node) in SCALARS:
                return node
            raise Damaged("a bare object")
        return self.reader(node)(self, node)

    def reader(self, node):
        tag = node[0] if node else None
        if type(tag) is not str:
            raise Damaged("a value without a tag")
        read = READERS.get(tag) or self.peer.readers.get(tag)
        if read is None and tag in ARRAY_TAGS:
            learn_arrays(None)
            read = READERS.get(tag)
        if read is None:
            raise Damaged("an unknown tag")
        return read

    def enroll(self, value):
        self.shared.append(value)
        return value

    def restore(self, number, node):
        """Gives a container that was sent the content that it has now."""
        target = self.shared[number]
        kind = MUTABLE[type(target)]
        fresh = self.reader(node)(self, node, kind.empty(target))
        if type(fresh) is not type(target):
            raise Damaged("a container changed its type")
        kind.replace(target, fresh)


class Mutable:
    """What is to be known of a mutable type."""

    def __init__(self, body, replace, snapshot, empty=None):
        self.body, self.replace, self.snapshot = body, replace, snapshot
        self.empty = empty or (lambda target: type(target)())


def same(snapshot, value):
    """Whether a container still holds the very same objects."""
    now = MUTABLE[type(value)].snapshot(value)
    if type(now) is not tuple:
        return now == snapshot
    return len(now) == len(snapshot) and all(map(operator.is_, now, snapshot))


def items_of(mapping):
    return (part for pair in mapping.items() for part in pair)


def list_body(writer, value):
    if SCALARS.issuperset(map(type, value)):
        return ["a", value]
    return writer.many("l", value)


def dict_body(writer, value):
    if SCALARS.issuperset(map(type, value.values())) and {str}.issuperset(map(type, value)):
        return ["o", value]
    return writer.many("d", items_of(value))


def refill(target, fresh):
    target.clear()
    target.update(fresh)


def replace_list(target, fresh):
    target[:] = fresh


def replace_deque(target, fresh):
    target.clear()
    target.extend(fresh)


def pairs(value):
    return tuple(items_of(value))


MUTABLE = {
    list: Mutable(list_body, replace_list, tuple),
    dict: Mutable(dict_body, refill, pairs),
    set: Mutable(lambda writer, value: writer.many("s", value), refill, frozenset),
    bytearray: Mutable(lambda _, value: ["B", text(value)], replace_list, bytes),
    collections.deque: Mutable(
        lambda writer, value: ["q", value.maxlen] + writer.many("q", value)[1:], replace_deque,
        tuple, lambda target: collections.deque((), target.maxlen)),
    collections.OrderedDict: Mutable(
        lambda writer, value: writer.many("O", items_of(value)), refill, pairs),
    collections.Counter: Mutable(
        lambda writer, value: writer.many("C", items_of(value)), refill, pairs),
    collections.defaultdict: Mutable(
        lambda writer, value: ["D", writer.write(value.default_factory)]
        + writer.many("D", items_of(value))[1:], refill, pairs,
        lambda target: collections.defaultdict(target.default_factory)),
}


def text(value):
    return base64.b64encode(value).decode("ascii")


def zone(writer, value):
    kind = type(value)
    if value is None:
        return None
    if kind is datetime.timezone:
        return [value.utcoffset(None).total_seconds(), value.tzname(None)]
    if kind.__module__ == "zoneinfo" and kind.__name__ == "ZoneInfo":
        return [str(value.key)]
    return writer.write(value)


def read_zone(reader, node):
    if node is None:
        return None
    if len(node) == 2 and type(node[0]) is float:
        shift = datetime.timedelta(seconds=node[0])
        plain = datetime.timezone(shift)
        return plain if plain.tzname(None) == node[1] else datetime.timezone(shift, node[1])
    if len(node) == 1:
        import zoneinfo
        return zoneinfo.ZoneInfo(node[0])
    return reader.read(node)


def tuple_node(writer, value):
    if SCALARS.issuperset(map(type, value)):
        return ["u", value]
    return writer.many("t", value)


WRITERS = {
    tuple: tuple_node,
    frozenset: lambda writer, value: writer.many("f", value),
    bytes: lambda _, value: ["b", text(value)],
    complex: lambda _, value: ["c", value.real, value.imag],
    range: lambda _, value: ["R", value.start, value.stop, value.step],
    slice: lambda writer, value: writer.many("L", (value.start, value.stop, value.step)),
    type(Ellipsis): lambda _, value: ["E"],
    type(NotImplemented): lambda _, value: ["N"],
    type({}.keys()): lambda writer, value: writer.many("vk", value),
    type({}.values()): lambda writer, value: writer.many("vv", value),
    type({}.items()): lambda writer, value: writer.many("vi", items_of(dict(value))),
    decimal.Decimal: lambda _, value: ["m", str(value)],
    fractions.Fraction: lambda _, value: ["F", value.numerator, value.denominator],
    datetime.timedelta: lambda _, value: ["i", value.days, value.seconds, value.microseconds],
    datetime.date: lambda _, value: ["y", value.toordinal()],
    datetime.time: lambda writer, value: [
        "T", value.hour, value.minute, value.second, value.microsecond, value.fold,
        zone(writer, value.tzinfo)],
    datetime.datetime: lambda writer, value: [
        "w", value.year, value.month, value.day, value.hour, value.minute, value.second,
        value.microsecond, value.fold, zone(writer, value.tzinfo)],
    uuid.UUID: lambda _, value: ["U", value.int],
    pathlib.PosixPath: lambda _, value: ["p", str(value)],
    pathlib.PurePosixPath: lambda _, value: ["P", str(value)],
}


def plainly(make):
    """A reader of a mutable type whose items come one after the other."""
    def read(reader, node, into=None):
        value = reader.enroll(make()) if into is None else into
        for part in node[1:]:
            put(value, reader.read(part))
        return value
    put = {list: list.append, set: set.add}[make]
    return read


def read_mapping(make):
    def read(reader, node, into=None):
        value = reader.enroll(make()) if into is None else into
        parts = iter(node[1:])
        for key in parts:
            key = reader.read(key)
            value[key] = reader.read(next(parts))
        return value
    return read


def ready(kind):
    """A reader of a container of scalars, which JSON's own reader has already made."""
    def read(reader, node, into=None):
        value = node[1]
        if type(value) is not kind:
            raise Damaged("not what the tag says")
        return reader.enroll(value) if into is None else value
    return read


def read_bytearray(reader, node, into=None):
    value = bytearray(base64.b64decode(node[1]))
    return reader.enroll(value) if into is None else value


def read_deque(reader, node, into=None):
    value = reader.enroll(collections.deque((), node[1])) if into is None else into
    value.extend(map(reader.read, node[2:]))
    return value


def read_default(reader, node, into=None):
    if into is None:
        into = reader.enroll(collections.defaultdict())
        into.default_factory = reader.read(node[1])
    return read_mapping(dict)(reader, node[1:], into)


READERS = {
    "a": ready(list),
    "o": ready(dict),
    "l": plainly(list),
    "s": plainly(set),
    "d": read_mapping(dict),
    "O": read_mapping(collections.OrderedDict),
    "C": read_mapping(collections.Counter),
    "D": read_default,
    "B": read_bytearray,
    "q": read_deque,
    "r": lambda reader, node: reader.shared[node[1]],
    "u": lambda reader, node: tuple(node[1]),
    "t": lambda reader, node: tuple(map(reader.read, node[1:])),
    "f": lambda reader, node: frozenset(map(reader.read, node[1:])),
    "b": lambda reader, node: base64.b64decode(node[1]),
    "c": lambda reader, node: complex(float(node[1]), float(node[2])),
    "R": lambda reader, node: range(*map(int, node[1:4])),
    "L": lambda reader, node: slice(*map(reader.read, node[1:4])),
    "E": lambda reader, node: Ellipsis,
    "N": lambda reader, node: NotImplemented,
    "vk": lambda reader, node: dict.fromkeys(map(reader.read, node[1:])).keys(),
    "vv": lambda reader, node: dict(enumerate(map(reader.read, node[1:]))).values(),
    "vi": lambda reader, node: read_mapping(dict)(reader, node, {}).items(),
    "m": lambda reader, node: decimal.Decimal(str(node[1])),
    "F": lambda reader, node: fractions.Fraction(int(node[1]), int(node[2])),
    "i": lambda reader, node: datetime.timedelta(*map(int, node[1:4])),
    "y": lambda reader, node: datetime.date.fromordinal(int(node[1])),
    "T": lambda reader, node: datetime.time(
        *map(int, node[1:5]), fold=int(node[5]), tzinfo=read_zone(reader, node[6])),
    "w": lambda reader, node: datetime.datetime(
        *map(int, node[1:8]), fold=int(node[8]), tzinfo=read_zone(reader, node[9])),
    "U": lambda reader, node: uuid.UUID(int=int(node[1])),
    "p": lambda reader, node: pathlib.PosixPath(str(node[1])),
    "P": lambda reader, node: pathlib.PurePosixPath(str(node[1])),
}

ARRAY_TAGS = frozenset(("array", "objects", "number", "dtype", "series", "frame", "index", "stamp"))


def learn_arrays(kind):
    """Adds the types of numpy and pandas once they are needed; whether `kind` is among them."""
    if kind is not None and str(kind.__module__).partition(".")[0] not in ("numpy", "pandas"):
        return False
    import isomer_arrays
    isomer_arrays.register(sys.modules)
    return kind in WRITERS or kind in MUTABLE
