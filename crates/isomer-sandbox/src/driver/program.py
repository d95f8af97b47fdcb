"""What a program means, wherever it runs: as a module of its own, with a report of how it ended.

Put before a driver's own source, which says in `plain` how the places of its machine look to
everybody. A report is one letter and what it stands for, marshalled: `S`yntax, e`X`ception, memory
`L`imit, `M`issing function, `R`esult.
"""

import marshal
import os
import resource
import sys
import time
from _thread import _count as other_threads, stack_size

NAME = "solution.py"
STACK = 16 << 20
MESSAGE = 300
DIAGNOSTICS = 1 << 20
REPORT = 3


def make_ready():
    """Makes the interpreter what programs expect it to be."""
    import builtins
    from _sitebuiltins import Quitter, _Helper
    builtins.exit, builtins.quit, builtins.help = Quitter("exit", "Ctrl-D"), Quitter("quit", "Ctrl-D"), _Helper()
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)
    stack_size(STACK)


def unusable(error):
    """The frame that says that a package cannot be loaded."""
    return "packages", ("%s: %s" % (type(error).__name__, error))[:MESSAGE]


def limit(cpu_ms, file_bytes, memory):
    """Sets the limits of this process by the kernel's means."""
    for kind, most in (
        (resource.RLIMIT_CPU, cpu_ms // 1000 + 2),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_AS, memory),
    ):
        resource.setrlimit(kind, (most, most))


def processor_time(pid):
    """Seconds used by all threads of a process (the kernel's clock id of a process)."""
    try:
        return time.clock_gettime((~pid) << 3 | 2)
    except OSError:
        return 0.0


def tell(words):
    """Leaves the program's report; one that is too long is cut and thereby seen."""
    at = 0
    try:
        while at < len(words):
            at += os.pwrite(REPORT, words[at:], at)
    except OSError:
        pass


def tell_exception(error):
    """Describes an exception in the program's own words, which may be lies and may not even end."""
    try:
        if isinstance(error, MemoryError):
            return tell(b"L")
        line = first = None
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == NAME:
                first = first or trace
                line = trace.tb_lineno
            trace = trace.tb_next
        kind = str(type(error).__name__)
        try:
            message = plain(str(error))[:MESSAGE]
        except Exception:
            message = ""
        tell(b"X" + marshal.dumps((kind, message, line), 2))
        sys.__excepthook__(type(error), error.with_traceback(first), first)
    except BaseException:
        pass


def tell_refusal(message):
    tell(b"X" + marshal.dumps(("ResultNotEncodable", message, None), 2))


def compile_source(source, compiled):
    """The program's code, which `compiled` is told of; a program without is at its end."""
    try:
        code = compile(source, NAME, "exec", dont_inherit=True)
        compiled(code)
        return code
    except SyntaxError as error:
        tell(b"S" + marshal.dumps((type(error).__name__, str(error.msg)[:MESSAGE], error.lineno), 2))
        sys.__excepthook__(type(error), error.with_traceback(None), None)
    except Exception as error:
        tell(b"S" + marshal.dumps((type(error).__name__, str(error)[:MESSAGE], None), 2))
    os._exit(1)


def fresh_module(name):
    """The names of a new module, which is the main one as well."""
    module = type(sys)(name)
    names = module.__dict__
    names["__file__"] = NAME
    names["__builtins__"] = __builtins__
    sys.modules["__main__"] = sys.modules[name] = module
    sys.argv = [NAME]
    return names


def leave(names, status):
    """What the interpreter does at its end: wait for threads, call exit handlers, flush."""
    if "threading" in sys.modules and other_threads():
        sys.modules["threading"]._shutdown()
    if "atexit" in sys.modules:
        sys.modules["atexit"]._run_exitfuncs()
    # Files that nobody closed write what they still hold when the last name for them goes.
    streams = sys.stdout, sys.__stdout__
    names.clear()
    for stream in streams:
        try:
            if stream is not None and not stream.closed:
                stream.flush()
        except (AttributeError, ValueError):
            pass
        except OSError:
            status = status or 120
    os._exit(status)


def exit_status(error):
    code = error.code
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 255
    try:
        print(code, file=sys.stderr)
    except Exception:
        pass
    return 1


def run_program(code):
    """Runs a program that reads its input and writes its output."""
    status = 0
    names = fresh_module("__main__")
    try:
        exec(code, names)
    except SystemExit as error:
        status = exit_status(error)
    except BaseException as error:
        tell_exception(error)
        status = 1
    leave(names, status)


def run_function(code, wanted, arguments):
    """Calls a function that a program defines, or that the class `Solution` has, and tells its result."""
    names = fresh_module("solution")
    try:
        exec(code, names)
        function = names.get(wanted)
        if function is None and "Solution" in names:
            function = getattr(names["Solution"](), wanted, None)
        if not callable(function):
            tell(b"M")
            os._exit(1)
        result = function(*arguments)
    except SystemExit as error:
        os._exit(exit_status(error))
    try:
        words = marshal.dumps(result, 2)
    except ValueError:
        name = strange(result)
        tell_refusal("it contains `%s`, which is not a plain value" % name if name
                     else "it is nested too deep or contains itself")
        os._exit(1)
    tell(b"R" + words)
    os._exit(0)


def strange(result):
    """Name of the first type in a result that is not a plain value, to help whoever repairs it."""
    waiting = [result]
    for _ in range(100000):
        if not waiting:
            break
        item = waiting.pop()
        kind = type(item)
        if kind is list or kind is tuple:
            waiting.extend(item)
        elif kind is dict:
            waiting.extend(item.keys())
            waiting.extend(item.values())
        elif kind not in (int, float, str, bool, type(None)):
            return str(type.__dict__["__name__"].__get__(kind))
    return None
