"""The process of the solution: it does what the tests ask for and owns no secret.

Everything in here is at the mercy of the solution; nothing that the tests conclude relies on it.
"""

import base64
import builtins
import importlib
import io
import logging
import os
import pickle
import sys
import warnings

from isomer_export import importable, is_installed
from isomer_peer import Side
from isomer_wire import Gone

PRINTED = 1 << 20


class Printed(io.TextIOBase):
    """A standard stream whose text travels to the tests."""

    encoding = "utf-8"

    def __init__(self, side, name):
        self.side, self.name = side, name

    def write(self, words):
        if not isinstance(words, str):
            raise TypeError("write() argument must be str, not " + type(words).__name__)
        self.side.tell(self.name, words)
        return len(words)

    def writable(self):
        return True


class Asked(io.TextIOBase):
    """Standard input as the tests have set it."""

    encoding = "utf-8"

    def __init__(self, side):
        self.side = side

    def readable(self):
        return True

    def readline(self, size=-1):
        return self.side.ask("readline", None)

    def read(self, size=-1):
        return self.side.ask("read", None)


class Logged(logging.Handler):
    """Hands what is logged to the tests, whose own handlers look at it."""

    def __init__(self, side):
        super().__init__(0)
        self.side = side

    def emit(self, record):
        self.side.tell("log", [str(record.name), int(record.levelno), record.getMessage()])


class Solution(Side):
    """The end of the wire where the solution is."""

    def __init__(self, descriptor, source):
        super().__init__(descriptor)
        self.source = source
        self.told = []
        self.size = 0
        self.patched = {}
        self.replaced = {}
        self.loop = None
        self.readers["@k"] = self.read_pickled

    def tell(self, kind, words):
        self.size += len(words)
        if self.size <= PRINTED:
            if kind != "log" and self.told and self.told[-1][0] == kind:
                self.told[-1][1] += str(words)
            else:
                self.told.append([kind, words])

    def aside_of_request(self):
        return self.aside_of_answer()

    def aside_of_answer(self):
        told, self.told, self.size = self.told, [], 0
        return told or None

    def hear_request(self, aside):
        """Follows the tests' environment, working folder and arguments."""
        if aside is None:
            return
        for name, value in aside.items():
            if name == "environment":
                os.environ.clear()
                os.environ.update(value)
            elif name == "folder":
                os.chdir(value)
            elif name == "arguments":
                sys.argv[:] = value
            elif name == "level":
                logging.getLogger().setLevel(value)

    def export_more(self, writer, value):
        if type(value) is type(sys) and value.__name__ != "solution" and is_installed(value):
            return ["@g", value.__name__]
        if isinstance(value, type):
            names = importable(value)
            if names and (names[0] in ("builtins", "datetime", "decimal")
                          or issubclass(value, BaseException)):
                return ["@i"] + names
        return self.export_own(writer, value)

    def read_importable(self, _, node):
        value = importlib.import_module(node[1])
        for part in node[2].split("."):
            value = getattr(value, part)
        return value

    def on_set(self, target, name, value):
        if isinstance(target, (type, type(sys))) and name in vars(target):
            self.replaced.setdefault((id(target), name), vars(target)[name])
        setattr(target, name, value)

    def on_delete(self, target, name):
        """Undoes a replacement: a patch does not know what is only here."""
        if (id(target), name) in self.replaced:
            setattr(target, name, self.replaced.pop((id(target), name)))
        else:
            delattr(target, name)

    def read_pickled(self, _, node):
        return pickle.loads(base64.b64decode(node[1]))

    def do_import(self, shift):
        """Runs the solution's top level."""
        if shift:
            import isomer_shift
            isomer_shift.shift(shift)
        warnings.simplefilter("always")
        warnings.showwarning = self.warn
        logging.getLogger().addHandler(Logged(self))
        builtins.input = lambda prompt="": self.ask("input", None, str(prompt))
        solution = type(sys)("solution")
        solution.__file__ = "solution.py"
        sys.modules["solution"] = solution
        self.exports[0] = [solution, 1 << 60]
        self.numbers[id(solution)] = 0
        exec(compile(self.source, "solution.py", "exec", dont_inherit=True), solution.__dict__)

    def warn(self, message, category, *_, **__):
        name = category.__name__ if category.__module__ == "builtins" else "UserWarning"
        self.tell("warning", [name, str(message)])

    def do_patch(self, module, name, value):
        owner = importlib.import_module(module)
        self.patched.setdefault((module, name), getattr(owner, name, self))
        setattr(owner, name, value)

    def do_restore(self, module, name):
        if (module, name) in self.patched:
            value = self.patched.pop((module, name))
            owner = importlib.import_module(module)
            if value is self:
                delattr(owner, name)
            else:
                setattr(owner, name, value)

    def do_seed(self, module, value):
        importlib.import_module(module).seed(value)

    def on_await(self, target):
        import asyncio
        if self.loop is None:
            self.loop = asyncio.new_event_loop()

        async def wait():
            return await target
        return self.loop.run_until_complete(wait())

    def do_dir(self):
        solution = self.exports[0][0]
        return [name for name in getattr(solution, "__all__", dir(solution))
                if type(name) is str]


def serve(descriptor, source):
    """Runs until the tests' end of the wire is closed."""
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)
    side = Solution(descriptor, source)
    sys.stdout, sys.stderr = Printed(side, "out"), Printed(side, "err")
    sys.stdin = Asked(side)
    sys.argv = ["solution.py"]
    try:
        while True:
            side.serve(side.receive())
    except Gone:
        os._exit(0)
