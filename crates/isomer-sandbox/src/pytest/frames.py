"""Series, frames and indexes of pandas as plain values, column by column.

What has no exact form here (sparse columns, periods, intervals) stays where it is, as a handle.
Parts are read in the order in which they were written, since containers are numbered by it.
"""

import re

from isomer_values import MUTABLE, READERS, WRITERS, Damaged, Mutable, Writer

EXTENSIONS = re.compile(r"(U?Int(8|16|32|64)|Float(32|64)|boolean|string|str)(\[(python|pyarrow)\])?")
INDEXES = ("Index", "RangeIndex", "MultiIndex", "DatetimeIndex", "TimedeltaIndex",
           "CategoricalIndex")


class NoForm(Exception):
    """Values without an exact form."""


class Silent:
    """Takes the place of a peer where nodes are only compared."""

    @staticmethod
    def export(_, value):
        return ["opaque", id(value)]


def register(numpy, pandas):
    zoned = pandas.DatetimeTZDtype

    def array(writer, values):
        return writer.body(numpy.asarray(values))

    def read_array(reader, node):
        return reader.reader(node)(reader, node, numpy.empty(0))

    def column(writer, values):
        """A series or an index, without its name."""
        dtype = values.dtype
        if isinstance(dtype, numpy.dtype):
            node = array(writer, values)
            if node[0] not in ("array", "objects"):
                raise NoForm(dtype)
            return ["numpy", node]
        if isinstance(dtype, pandas.CategoricalDtype):
            codes = pandas.Categorical(values).codes
            return ["category", array(writer, codes), index(writer, dtype.categories),
                    bool(dtype.ordered)]
        if isinstance(dtype, zoned):
            moments = pandas.DatetimeIndex(values).tz_convert("UTC").tz_localize(None)
            return ["zone", array(writer, moments), str(dtype.tz)]
        if EXTENSIONS.fullmatch(str(dtype)):
            absent = pandas.isna(values)
            return ["extension", str(dtype), writer.write(
                [None if gone else item for item, gone in zip(values.tolist(), absent)])]
        raise NoForm(dtype)

    def read_column(reader, node):
        kind = node[0]
        if kind == "numpy":
            return read_array(reader, node[1])
        if kind == "category":
            codes = read_array(reader, node[1])
            return pandas.Categorical.from_codes(codes, read_index(reader, node[2]), bool(node[3]))
        if kind == "zone":
            moments = pandas.DatetimeIndex(read_array(reader, node[1]))
            return moments.tz_localize("UTC").tz_convert(str(node[2]))
        if kind == "extension" and EXTENSIONS.fullmatch(node[1]):
            return pandas.array(reader.read(node[2]), dtype=node[1])
        raise Damaged("no column")

    def index(writer, value):
        kind = type(value).__name__
        if kind not in INDEXES or type(value) is not getattr(pandas, kind):
            raise NoForm(kind)
        if kind == "RangeIndex":
            return ["index", kind, value.start, value.stop, value.step, writer.write(value.name)]
        if kind == "MultiIndex":
            levels = [index(writer, level) for level in value.levels]
            codes = [array(writer, codes) for codes in value.codes]
            return ["index", kind, levels, codes, [writer.write(name) for name in value.names]]
        name = writer.write(value.name)
        return ["index", kind, name, column(writer, value), getattr(value, "freqstr", None)]

    def read_index(reader, node):
        kind = node[1]
        if kind == "RangeIndex":
            return pandas.RangeIndex(*map(int, node[2:5]), name=reader.read(node[5]))
        if kind == "MultiIndex":
            levels = [read_index(reader, one) for one in node[2]]
            codes = [read_array(reader, one) for one in node[3]]
            return pandas.MultiIndex(levels, codes, names=[reader.read(one) for one in node[4]])
        name = reader.read(node[2])
        value = pandas.Index(read_column(reader, node[3]), name=name, copy=True)
        if type(value).__name__ != kind:
            raise Damaged("another kind of index")
        if node[4] is not None:
            value.freq = str(node[4])
        return value

    def series(writer, value):
        return ["series", index(writer, value.index), writer.write(value.name),
                column(writer, value)]

    def read_series(reader, node, into=None):
        value = pandas.Series([], dtype=object)
        if into is None:
            reader.enroll(value)
        rows = read_index(reader, node[1])
        name = reader.read(node[2])
        replace(value, pandas.Series(read_column(reader, node[3]), index=rows, name=name))
        return value

    def frame(writer, value):
        rows, columns = index(writer, value.index), index(writer, value.columns)
        return ["frame", rows, columns,
                [column(writer, value.iloc[:, at]) for at in range(value.shape[1])]]

    def read_frame(reader, node, into=None):
        value = pandas.DataFrame()
        if into is None:
            reader.enroll(value)
        rows, columns = read_index(reader, node[1]), read_index(reader, node[2])
        parts = {at: pandas.Series(read_column(reader, one), index=rows)
                 for at, one in enumerate(node[3])}
        fresh = pandas.DataFrame(parts, index=rows)
        fresh.columns = columns
        replace(value, fresh)
        return value

    def replace(target, fresh):
        target._update_inplace(fresh)
        if type(target) is pandas.Series:
            target.name = fresh.name

    def or_handle(write):
        def attempt(writer, value):
            try:
                return write(writer, value)
            except NoForm:
                return writer.peer.export(writer, value)
        return attempt

    def snapshot(value):
        return repr(MUTABLE[type(value)].body(Writer(Silent), value))

    for kind, write in ((pandas.DataFrame, frame), (pandas.Series, series)):
        MUTABLE[kind] = Mutable(or_handle(write), replace, snapshot, lambda target: target)
    for name in INDEXES:
        WRITERS[getattr(pandas, name)] = or_handle(index)
    register_moments(pandas)
    READERS["series"] = read_series
    READERS["frame"] = read_frame
    READERS["index"] = read_index


def register_moments(pandas):
    def read(_, node):
        if node[1] == "time":
            value = pandas.Timestamp(int(node[2]), unit="ns").as_unit(str(node[3]))
            return value if node[4] is None else value.tz_localize("UTC").tz_convert(str(node[4]))
        if node[1] == "span":
            return pandas.Timedelta(int(node[2]), unit="ns").as_unit(str(node[3]))
        return pandas.NaT if node[1] == "NaT" else pandas.NA

    WRITERS[pandas.Timestamp] = lambda _, value: [
        "stamp", "time", value.value, value.unit, None if value.tz is None else str(value.tz)]
    WRITERS[pandas.Timedelta] = lambda _, value: ["stamp", "span", value.value, value.unit]
    WRITERS[type(pandas.NaT)] = lambda _, value: ["stamp", "NaT"]
    WRITERS[type(pandas.NA)] = lambda _, value: ["stamp", "NA"]
    READERS["stamp"] = read
