"""Keeps what the solution writes into files from running in the process of the tests.

Both processes share the private folder, since tests read what solutions write. Code that comes from
there would be the solution's own: pickles, modules and scripts are refused by an audit hook, which
cannot be removed; a test file that needs them runs in one interpreter.
"""

import sys

from isomer_mirror import Unsupported

# What builds containers, arrays and frames in a pickle, and nothing that calls what it is given.
FUNCTIONS = frozenset((
    ("copyreg", "_reconstructor"), ("_codecs", "encode"), ("builtins", "getattr"),
    ("numpy.core.multiarray", "_reconstruct"), ("numpy._core.multiarray", "_reconstruct"),
    ("numpy.core.multiarray", "scalar"), ("numpy._core.multiarray", "scalar"),
    ("numpy._core.numeric", "_frombuffer"), ("numpy.core.numeric", "_frombuffer"),
    ("pandas._libs.internals", "_unpickle_block"), ("pandas.core.indexes.base", "_new_Index"),
    ("pandas._libs.arrays", "__pyx_unpickle_NDArrayBacked"),
)) - {("builtins", "getattr")}
CLASSES = frozenset(("builtins", "collections", "datetime", "decimal", "fractions", "numpy", "pandas",
                     "uuid", "pathlib"))
UNSAFE = frozenset(("eval", "exec", "compile", "open", "__import__", "getattr", "setattr", "delattr",
                    "input", "breakpoint", "type", "object", "map", "filter", "property", "super",
                    "globals", "vars"))


def guard(folder, tests):
    """From now on refuses code that does not come from the tests or from what is installed."""
    places = (folder.rstrip("/") + "/",)

    def hook(event, arguments):
        if event == "pickle.find_class":
            module, name = arguments
            if not harmless(module, name):
                raise Unsupported("the tests may not unpickle `%s.%s`" % (module, name))
        elif event == "exec":
            code = arguments[0]
            name = code.co_filename
            if type(name) is str and name.startswith(places) and name != tests:
                raise Unsupported("the tests may not run code from `%s`" % name)
            if name != tests and code.co_name == "<module>" and by_tests():
                raise Unsupported("the tests may not run code that they made")
        elif event in ("marshal.loads", "marshal.load") and by_tests():
            raise Unsupported("the tests may not read marshalled code")

    def by_tests():
        frame = sys._getframe(2)
        return frame.f_code.co_filename == tests

    def harmless(module, name):
        root = module.partition(".")[0]
        if (module, name) in FUNCTIONS:
            return True
        if root not in CLASSES or name in UNSAFE or "." in name:
            return False
        return isinstance(getattr(sys.modules.get(module), name, None), type)

    sys.addaudithook(hook)
