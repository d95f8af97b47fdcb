"""The process of the tests: the trusted end of the wire.

The solution's answers are read strictly, and it may ask for little: to call what a test gave it, to
use public attributes of objects that a test gave it, and for the next line of standard input. What a
stand-in cannot do raises `Unsupported`, and with the reference solution leads to one interpreter.
"""

import base64
import builtins
import importlib.util
import io
import logging
import os
import pickle
import sys
import types
import warnings

from isomer_export import FUNCTIONS, OPERATORS, importable, is_installed, is_place_of_packages
from isomer_mirror import MARK, TEXTS, Mirror, Unsupported
from isomer_peer import Side
from isomer_place import place
from isomer_values import Damaged

NAME = "test_solution"
KNOWN = frozenset(OPERATORS)
# Runners and mocks decide what passes; numbers and containers travel by value or not at all.
WITHHELD = frozenset(("pytest", "_pytest", "pluggy", "unittest", "isomer_wire", NAME, "solution",
                      "__main__"))
# Packages whose objects are told by their class and not by their value.
CLAIMED = frozenset(("sklearn", "matplotlib", "seaborn", "statsmodels", "networkx", "re", "io",
                     "logging", "threading", "argparse", "sqlite3", "string", "configparser"))
# Modules of which either side may name any class.
NAMED = ("builtins", "datetime", "decimal")
GIVEN = (io.IOBase, *FUNCTIONS)
# Members that stand for each other: a class may have any of a group for the same use.
GROUPS = {
    **dict.fromkeys(("__len__", "__bool__", "__iter__", "__getitem__", "__contains__", "__reversed__",
                     "__length_hint__"), "[]"),
    **dict.fromkeys(("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"), "=="),
    **dict.fromkeys(("__next__", "__hash__", "__repr__", "__str__", "__format__"), None),
}
MOST_NOTES = 20000
ITERATORS = frozenset(("builtins", "itertools"))


class Tests(Side):
    """The end of the wire where the tests are."""

    def __init__(self, descriptor, source, shift):
        super().__init__(descriptor)
        self.readers["@g"] = self.read_module
        self.needed = needed_names(source) if "import *" in source else set()
        self.shift = shift
        self.environment = dict(os.environ._data)
        self.folder = os.getcwd()
        self.arguments = list(sys.argv)
        self.level = logging.getLogger().level
        self.test = ""
        self.named = set()
        self.asked = set()

    def note(self, kind, member):
        """What a test leaves to the solution's own objects: where it does not with the reference
        solution, an object stands in the place of a plain value."""
        member = GROUPS.get(member, member)
        if member is not None and len(self.asked) < MOST_NOTES:
            name = kind.__name__ if vars(kind).get("_isomer_class") in self.named else "*"
            self.asked.add("%s: %s.%s" % (self.test, name[:80], member[:80]))

    def aside_of_request(self):
        aside = {}
        if os.environ._data != self.environment:
            self.environment = dict(os.environ._data)
            aside["environment"] = dict(os.environ)
        folder = os.getcwd()
        if folder != self.folder:
            self.folder = aside["folder"] = folder
        if sys.argv != self.arguments:
            self.arguments = aside["arguments"] = list(map(str, sys.argv))
        level = logging.getLogger().level
        if level != self.level:
            self.level = aside["level"] = level
        return aside or None

    def hear_answer(self, aside):
        """Shows what the solution printed, logged or warned of as if it had happened here."""
        __tracebackhide__ = True
        for entry in aside or ():
            try:
                kind, words = entry
                if kind == "out":
                    sys.stdout.write(words)
                elif kind == "err":
                    sys.stderr.write(words)
                elif kind == "log":
                    name, level, message = words
                    logging.getLogger(name).log(level, "%s", message)
                elif kind == "warning":
                    category = getattr(builtins, words[0], UserWarning)
                    message = str(words[1])
                else:
                    continue
            except (TypeError, ValueError, AttributeError) as error:
                self.lose("an answer is damaged: %s" % error)
            if kind == "warning" and isinstance(category, type) and issubclass(category, Warning):
                warnings.warn(message, category, stacklevel=5)

    hear_request = hear_answer

    def perform(self, operation, number, operands):
        if number is None and operation not in ("input", "readline", "read"):
            raise PermissionError("the solution may not ask for this")
        return super().perform(operation, number, operands)

    def do_input(self, prompt):
        return builtins.input(prompt)

    def do_readline(self):
        return sys.stdin.readline()

    def do_read(self):
        return sys.stdin.read()

    def permit(self, target, operation, operands):
        if operation in ("call", "describe"):
            return
        fine = False
        if operation in ("resume", "await"):
            fine = type(target) in (types.GeneratorType, types.CoroutineType) or is_iterator(target)
        elif operation == "operator":
            fine = operands[0][0] in KNOWN or operands[0][0] in ("__eq__", "__ne__", "__hash__",
                                                               "__repr__", "__str__")
        elif operation in ("get", "method"):
            name = operands[0] if operation == "get" else operands[0][0]
            fine = is_open(target, name)
        elif operation == "set":
            name = operands[0]
            fine = (is_open(target, name) and type(target).__module__ == NAME
                    and not hasattr(type(target), name) and not is_mock(target))
        elif operation == "dir":
            fine = type(target).__module__ == NAME
        if not fine:
            raise AttributeError("the solution may not use this of an object of the tests")

    def export_more(self, writer, value):
        kind = type(value)
        if kind is types.ModuleType and is_installed(value):
            return ["@g", value.__name__]
        if isinstance(value, (type,) + FUNCTIONS):
            names = importable(value)
            if names:
                return ["@i"] + names
        elif isinstance(value, BaseException):
            return self.export_exception(writer, value)
        given = (isinstance(value, GIVEN) or is_mock(value) or callable(value)
                 or isinstance(value, type) or kind.__module__ == NAME or kind is object
                 or kind in (types.GeneratorType, types.CoroutineType)
                 or is_iterator(value))
        if given:
            return self.export_own(writer, value)
        try:
            return ["@k", base64.b64encode(pickle.dumps(value)).decode("ascii")]
        except Exception as error:
            raise Unsupported("`%s` cannot be given to the solution: %s" % (kind.__name__, error))

    def read_importable(self, _, node):
        _, module, name = node
        if not allowed(module):
            return Exception
        value = importlib.import_module(module)
        for part in name.split("."):
            if part.startswith("_"):
                return Exception
            value = getattr(value, part)
        if not isinstance(value, type):
            raise Damaged("no class")
        if issubclass(value, BaseException):
            return value if issubclass(value, (Exception, SystemExit)) else Exception
        if module not in NAMED:
            raise Damaged("no class to name")
        return value

    def read_module(self, _, node):
        if not allowed(node[1]):
            raise Damaged("no module to name")
        return importlib.import_module(node[1])

    def claim(self, name, module, names):
        """An object may pass for one of a class that the tests have loaded themselves, unless that
        class is of values: those are compared, and travel by value."""
        if allowed(module) and module.partition(".")[0] in CLAIMED:
            kind = getattr(sys.modules.get(module), name, None)
            values = (int, float, complex, str, bytes, tuple, list, dict, set, frozenset)
            if isinstance(kind, type) and not issubclass(kind, values + (type, BaseException)):
                names["__class__"] = property(lambda _: kind)


def allowed(module):
    """Whether the solution may name a module: one that is installed and judges nothing."""
    if type(module) is not str or module.partition(".")[0] in WITHHELD \
            or not all(part.isidentifier() for part in module.split(".")):
        return False
    if module in sys.modules:
        return is_installed(sys.modules[module])
    return is_place_of_packages(importlib.util.find_spec(module.partition(".")[0]))


def is_iterator(value):
    return type(value).__module__ in ITERATORS and hasattr(type(value), "__next__")


def is_mock(value):
    mocks = sys.modules.get("unittest.mock")
    return mocks is not None and isinstance(value, mocks.NonCallableMock)


def is_open(target, name):
    """Whether the solution may use an attribute of an object that a test gave it."""
    if type(name) is not str or name.startswith("_"):
        return False
    if is_mock(target):
        return not name.startswith("assert") and name not in (
            "return_value", "side_effect", "reset_mock", "configure_mock", "mock_calls",
            "call_args", "call_args_list", "call_count", "called", "method_calls", "attach_mock",
            "mock_add_spec")
    return type(target) not in (types.GeneratorType, types.CoroutineType, types.FrameType)


def needed_names(source):
    """Global names that a test file uses and does not bind: all that `import *` may give it."""
    import ast
    used, bound = set(), set(dir(builtins))
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return used
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            bound.update((one.asname or one.name.partition(".")[0]) for one in node.names)
    return used - bound


class SolutionModule(types.ModuleType):
    """Stands for the solution's module."""

    def __getattr__(self, name):
        __tracebackhide__ = True
        if name == "__all__":
            return sorted(set(SIDE.ask("dir", None)) & SIDE.needed)
        if name.startswith(MARK) or (name.startswith("__") and name not in TEXTS):
            raise AttributeError("module 'solution' has no attribute %r" % name)
        value = SIDE.ask("get", 0, name)
        if isinstance(value, Mirror):
            SIDE.named.add(value._isomer_class)
        return value

    def __setattr__(self, name, value):
        if name.startswith("__"):
            super().__setattr__(name, value)
        else:
            SIDE.ask("set", 0, name, value)

    def __delattr__(self, name):
        SIDE.ask("delete", 0, name)

    def __dir__(self):
        return SIDE.ask("dir", None)


def run_elsewhere(module):
    """Runs the solution in its own process."""
    __tracebackhide__ = True
    SIDE.ask("import", None, SIDE.shift)


SIDE = None


def connect(descriptor, source, shift):
    """Puts the stand-in of the solution in place."""
    global SIDE
    SIDE = Tests(descriptor, source, shift)
    place(run_elsewhere, SolutionModule)
    return SIDE
