"""Arrays, numbers and types of numpy as plain values: type, shape and bytes.

Records and anything else without an exact form stay where they are, as a handle.
"""

import base64
import re
import sys

from isomer_values import MUTABLE, READERS, WRITERS, Damaged, Mutable, text

DTYPE = re.compile(r"[<>|](b1|[iu][1248]|f[248]|c8|c16|[SU]\d{1,9}|[mM]8(\[\d{0,9}\w{1,2}\])?)")


def exact(dtype):
    """Name of a type of numbers, times or characters of fixed size; `None` for any other."""
    return dtype.str if dtype.fields is None and DTYPE.fullmatch(dtype.str) else None


def register(modules):
    """Adds numpy's types, and those of pandas as soon as that is loaded."""
    if "array" not in READERS:
        try:
            import numpy
        except ImportError:
            return
        register_numpy(numpy)
    if "pandas" in modules and "frame" not in READERS:
        import isomer_frames
        isomer_frames.register(modules["numpy"], modules["pandas"])


def register_numpy(numpy):
    def named(name):
        if not DTYPE.fullmatch(name):
            raise Damaged("no type of numbers")
        return numpy.dtype(name)

    def array(writer, value):
        name = exact(value.dtype)
        if name is not None:
            return ["array", name, list(value.shape), text(numpy.ascontiguousarray(value).tobytes())]
        if value.dtype == object:
            return ["objects", list(value.shape)] + writer.many("", value.ravel().tolist())[1:]
        return writer.peer.export(writer, value)

    def filled(name, content):
        """An array of bytes that are what their type says: some are not flags, some not letters."""
        kind = named(name)
        value = numpy.frombuffer(base64.b64decode(content), kind)
        if kind.kind == "b":
            return value.view("u1") != 0
        if kind.kind == "U" and value.size and value.view(kind.byteorder + "u4").max() > sys.maxunicode:
            raise Damaged("no text")
        return value.copy()

    def read_array(reader, node, into=None):
        value = filled(node[1], node[3]).reshape(tuple(map(int, node[2])))
        return reader.enroll(value) if into is None else value

    def read_objects(reader, node, into=None):
        flat = numpy.empty(len(node) - 2, object)
        value = flat.reshape(tuple(map(int, node[1])))
        if into is None:
            reader.enroll(value)
        for at, part in enumerate(node[2:]):
            flat[at] = reader.read(part)
        return value

    def replace(target, fresh):
        if target.shape != fresh.shape or target.dtype != fresh.dtype:
            raise Damaged("an array changed its shape")
        target[...] = fresh

    def snapshot(value):
        if value.dtype == object:
            return tuple(value.ravel().tolist())
        return repr((value.shape, value.dtype.str, value.tobytes()))

    def number(writer, value):
        name = exact(value.dtype)
        if name is None:
            return writer.peer.export(writer, value)
        return ["number", name, text(value.tobytes())]

    def read_number(reader, node):
        return filled(node[1], node[2])[0]

    def dtype(writer, value):
        name = exact(value)
        return writer.peer.export(writer, value) if name is None else ["dtype", name]

    MUTABLE[numpy.ndarray] = Mutable(array, replace, snapshot, lambda target: target)
    kinds = [numpy.generic]
    while kinds:
        kind = kinds.pop()
        kinds.extend(kind.__subclasses__())
        if kind.__module__ == "numpy" and not kind.__subclasses__():
            WRITERS[kind] = number
            WRITERS[type(numpy.dtype(kind))] = dtype
    WRITERS[type(numpy.dtype(object))] = lambda _, value: ["dtype", None]
    READERS["array"] = read_array
    READERS["objects"] = read_objects
    READERS["number"] = read_number
    READERS["dtype"] = lambda _, node: numpy.dtype(object) if node[1] is None else named(node[1])
