"""Keeps what the solution writes into files from running in the process of the tests.

Both processes share the private folder, since tests read what solutions write. Code that comes from
there would be the solution's own: scripts, modules, libraries and pickles of anything but plain values
are refused by an audit hook, which cannot be removed. A test file that needs them runs in one
interpreter.
"""

import os
import sys

from isomer_mirror import Unsupported

# Types that no pickle can patch, and one function, which makes bytes of text.
PLAIN = {
    "builtins": frozenset(("int", "float", "str", "bytes", "bytearray", "complex", "bool", "list",
                           "tuple", "dict", "set", "frozenset", "range", "slice")),
    "collections": frozenset(("OrderedDict", "deque", "defaultdict")),
    "datetime": frozenset(("date", "time", "datetime", "timedelta", "timezone")),
    "decimal": frozenset(("Decimal",)),
    "_codecs": frozenset(("encode",)),
}
HEAP_TYPE, IMMUTABLE_TYPE = 1 << 9, 1 << 8


def guard(folder, tests):
    """From now on refuses code that does not come from the tests or from what is installed."""
    places = folder.rstrip("/") + "/"

    def hook(event, arguments):
        if event == "pickle.find_class":
            if not is_plain(*arguments):
                raise Unsupported("the tests may not unpickle `%s.%s`" % arguments)
        elif event == "exec":
            code = arguments[0]
            if code.co_filename != tests:
                refuse("run", code.co_filename)
                if code.co_name == "<module>" and by_tests():
                    raise Unsupported("the tests may not run code that they made")
        elif event == "import":
            refuse("load", arguments[1])
        elif event == "ctypes.dlopen":
            refuse("load", arguments[0])
        elif event in ("marshal.loads", "marshal.load") and by_tests():
            raise Unsupported("the tests may not read marshalled code")

    def refuse(what, name):
        if type(name) is str and name[:1] not in ("", "<") \
                and (os.path.abspath(name) + "/").startswith(places):
            raise Unsupported("the tests may not %s `%s`" % (what, name))

    def by_tests():
        return sys._getframe(2).f_code.co_filename == tests

    sys.addaudithook(hook)


def is_plain(module, name):
    if name not in PLAIN.get(module, ()):
        return False
    value = getattr(sys.modules.get(module), name, None)
    if not isinstance(value, type):
        return module == "_codecs"
    # A pickle may set attributes of whatever it names.
    flags = value.__flags__
    return not flags & HEAP_TYPE or bool(flags & IMMUTABLE_TYPE)
