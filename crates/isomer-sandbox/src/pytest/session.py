"""Runs one test file by pytest and writes down what became of every test.

The interpreter that tests are forked from has a session that is ready to collect: configured, with
all plugins loaded, and once used on a small file. The test file itself is never on disk, where the
solution could reach it.
"""

import ast
import inspect
import io
import json
import linecache
import os
import re
import sys
import types
from pathlib import Path

import isomer_explain
import isomer_place
from isomer_export import INSTALLED

NAME = "test_solution"
FILE = NAME + ".py"
TEXT = 4000
OURS = ("isomer_", "<frozen importlib")
# What differs from machine to machine, and from run to run.
PLACES = sorted(INSTALLED + (os.getcwd() + os.sep,), key=len, reverse=True)
ADDRESS = re.compile(r"0x[0-9a-f]{6,}")
# What tests and their stand-ins import, beside what every program does.
USUAL = "asyncio base64 inspect io logging pathlib pickle unittest.mock uuid warnings zoneinfo".split()
OPTIONS = (
    "-p no:cacheprovider -p no:doctest -p no:junitxml -p no:pastebin -p no:faulthandler "
    "-p no:stepwise --noconftest -c /dev/null --capture=sys --tb=short -qqq"
).split()
FIRST = """
import pytest
@pytest.fixture
def one(): return 1
@pytest.mark.parametrize("number", [1, 2])
def test_first(one, number, tmp_path_factory, capsys, monkeypatch):
    with pytest.raises(ZeroDivisionError): one / 0
    assert number == pytest.approx(number)
def test_second():
    assert [1, 2] == [1, 3]
"""


class Report:
    """Lines of JSON in a file that only the process of the tests has."""

    def __init__(self, descriptor):
        self.descriptor = descriptor
        self.at = 0

    def add(self, **entry):
        if self.descriptor is not None:
            line = json.dumps(entry).encode("ascii") + b"\n"
            self.at += os.pwrite(self.descriptor, line, self.at)


class Plugin:
    """Gives pytest the test file from memory and takes what became of it."""

    def __init__(self, pytest):
        self.pytest = pytest
        self.source = FIRST
        self.report = Report(None)
        self.running = {}
        self.cause = "error"
        self.side = None

    def collect(self, session):
        """What pytest does at its start, with one module that is not on disk."""
        module = module_class(self.pytest).from_parent(
            session, path=Path(os.getcwd()) / FILE, nodeid=FILE)
        module.source, module.plugin = self.source, self
        session.items = []
        session._collection_cache = {}
        session.items.extend(session.genitems(module))
        hook = session.config.hook
        hook.pytest_collection_modifyitems(
            session=session, config=session.config, items=session.items)
        hook.pytest_collection_finish(session=session)
        session.testscollected = len(session.items)

    def pytest_collectreport(self, report):
        if report.failed:
            self.report.add(kind="uncollected", cause=self.cause,
                            message=shorten(report.longreprtext))
        elif report.skipped:
            self.report.add(kind="uncollected", cause="skipped", message=str(report.longrepr[2]))

    def pytest_collection_finish(self, session):
        self.report.add(kind="collected", tests=[item.nodeid for item in session.items])

    def pytest_deselected(self, items):
        self.report.add(kind="deselected", tests=[item.nodeid for item in items])

    def pytest_runtest_logstart(self, nodeid):
        if self.side is not None:
            self.side.test = nodeid

    def pytest_runtest_logreport(self, report):
        entry = self.running.setdefault(report.nodeid, ["passed", 0.0, ""])
        entry[1] += report.duration
        if report.failed:
            entry[0] = "failed" if report.when == "call" else "error"
            entry[2] = entry[2] or shorten(report.longreprtext)
        elif report.skipped:
            entry[0] = "skipped"
            entry[2] = str(report.longrepr[2] if isinstance(report.longrepr, tuple)
                           else getattr(report, "wasxfail", ""))
        if report.when == "teardown":
            self.finish(report.nodeid)

    def finish(self, test):
        outcome, seconds, message = self.running.pop(test)
        self.report.add(kind="test", id=test, outcome=outcome, microseconds=int(seconds * 1e6),
                        message=message[:TEXT])

    def run_plainly(self, item):
        """Runs a test that has nothing to be set up: without that, it takes a fifth of the time."""
        self.pytest_runtest_logstart(item.nodeid)
        stops = self.pytest.exit.Exception, KeyboardInterrupt
        call = self.pytest.CallInfo.from_call(item.runtest, "call", reraise=stops)
        if call.excinfo is None:
            self.running[item.nodeid] = ["passed", call.duration, ""]
        else:
            self.pytest_runtest_logreport(
                item.ihook.pytest_runtest_makereport(item=item, call=call))
        self.finish(item.nodeid)


def shorten(text):
    """The last lines of a failure, without the steps that are ours."""
    lines, ours = [], False
    for line in text.splitlines():
        ours = line.startswith(OURS) or (ours and line.startswith("    "))
        if not ours:
            lines.append(line)
    text = "\n".join(lines)
    for place in PLACES:
        text = text.replace(place, "")
    return ADDRESS.sub("0x..", text)[-TEXT:]


def module_class(pytest):
    """A module of tests whose source is in memory."""
    class Module(pytest.Module):
        def _getobj(self):
            name = str(self.path)
            content = self.source.encode("utf-8", "surrogatepass")
            linecache.cache[name] = (len(content), None, self.source.splitlines(True), name)
            try:
                tree = isomer_explain.explained(ast.parse(content, name))
                code = compile(tree, name, "exec", dont_inherit=True)
            except (SyntaxError, ValueError, RecursionError) as error:
                raise self.CollectError("%s: %s" % (type(error).__name__, error))
            module = types.ModuleType(NAME)
            module.__file__ = name
            setattr(module, isomer_explain.EXPLAIN, isomer_explain.explainer(self.config))
            sys.modules[NAME] = module
            try:
                exec(code, module.__dict__)
            except SyntaxError as error:
                self.plugin.cause = "compile" if error.filename == "solution.py" else "error"
                raise
            except ImportError as error:
                self.plugin.cause = "missing" if error.name == "solution" else "error"
                raise
            return module

    return Module


class Session:
    """A pytest session that is ready to collect."""

    def __init__(self):
        import pytest
        from _pytest.config import _prepareconfig
        from _pytest.main import Session as Main
        self.plugin = Plugin(pytest)
        options = OPTIONS + ["--rootdir=" + os.getcwd()]
        self.config = _prepareconfig(options, [self.plugin])
        self.main = Main.from_config(self.config)
        self.main.exitstatus = 0
        self.config._do_configure()
        self.config.hook.pytest_sessionstart(session=self.main)

    def run(self):
        """Collects and runs all; returns why that ended early, if it did.

        What pytest does at its end is left out: there is no summary, and the folder is emptied."""
        try:
            self.plugin.collect(self.main)
            if self.main.testsfailed or not all(map(self.is_plain, self.main.items)):
                self.config.hook.pytest_runtestloop(session=self.main)
            else:
                for item in self.main.items:
                    self.plugin.run_plainly(item)
        except BaseException as error:
            return "%s: %s" % (type(error).__name__, error)
        return None

    def is_plain(self, item):
        """Whether a test is a function without arguments, fixtures and marks."""
        return (type(item) is self.plugin.pytest.Function
                and not item.fixturenames and next(item.iter_markers(), None) is None
                and not inspect.iscoroutinefunction(item.obj))


READY = None


def warm():
    """Runs a session on a small file, so that everything is loaded, and prepares the next one."""
    global READY
    streams = sys.stdout, sys.stderr
    # What pytest says of its course is for nobody; plugins are not a matter of what is installed.
    sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        for name in USUAL:
            __import__(name)
        Session().run()
        READY = Session()
    finally:
        del os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
        sys.stdout, sys.stderr = streams
    linecache.cache.clear()
    sys.modules.pop(NAME, None)


def run(descriptor, wire, tests, solution, shift):
    """Runs a test file. Without a wire the solution is a module of the same interpreter."""
    report = Report(descriptor)
    session = READY
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)
    session.plugin.report, session.plugin.source = report, tests
    side = None
    name = os.path.join(os.getcwd(), FILE)
    if wire is None:
        place(solution, shift)
    else:
        import isomer_follow
        import isomer_guard
        import isomer_tests
        if shift:
            import isomer_shift
            isomer_shift.shift(shift)
        side = session.plugin.side = isomer_tests.connect(wire, tests, shift)
        isomer_follow.follow(side)
        isomer_guard.guard(os.getcwd(), name)
    stopped = session.run()
    report.add(kind="end", stopped=stopped, gone=side and side.gone,
               asked=sorted(side.asked) if side else [])


def place(source, shift):
    """Makes the solution importable in this interpreter."""
    if shift:
        import isomer_shift
        isomer_shift.shift(shift)
    linecache.cache["solution.py"] = (len(source), None, source.splitlines(True), "solution.py")

    def execute(module):
        module.__file__ = "solution.py"
        exec(compile(source, "solution.py", "exec", dont_inherit=True), module.__dict__)

    isomer_place.place(execute)
