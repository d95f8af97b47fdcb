"""Runs one program on one input where no jail of ours stands.

Started by a server of other people in a folder with `setup.json`, `solution.py`, `input` and the
working folder `work`, under the hash seed that the job wants. Leaves `report`: a secret of this
request, then a tuple in the form of our own driver, which is read by the rules for our own driver;
so what a program means, how it ends and what is told of it are the same in both.

The program runs in a child and is watched from here, because servers of this kind tell neither
processor time nor values, and cut long output. Nothing here is out of the program's reach: what it
does to this process it does to its own answer.
"""
import _thread
import json
import marshal
import os
import resource
import signal
import stat
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
WORK = os.path.join(HERE, "work")
NAME = "solution.py"
STACK = 16 << 20
MESSAGE = 300
DIAGNOSTICS = 1 << 20
WORDS, READY = 3, 4


def read(name):
    with open(os.path.join(HERE, name), "rb") as file:
        return file.read()


def leave_report(frame):
    path = os.path.join(HERE, "report")
    with open(path + ".part", "wb") as file:
        file.write(SETUP["secret"].encode() + marshal.dumps(frame, 2))
    os.rename(path + ".part", path)


def processor_time(pid):
    """Seconds used by all threads of a process (the kernel's clock id of a process)."""
    try:
        return time.clock_gettime((~pid) << 3 | 2)
    except OSError:
        return 0.0


def watch(pid):
    """Waits for the child; returns whether it must be stopped."""
    deadline = time.monotonic() + SETUP["wall_ms"] / 1000
    cpu, wall = SETUP["cpu_ms"] / 1000, SETUP["wall_ms"] / 1000
    while True:
        signal.sigtimedwait([signal.SIGCHLD], min(cpu, wall) + 0.001)
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return False
        cpu = SETUP["cpu_ms"] / 1000 - processor_time(pid)
        wall = deadline - time.monotonic()
        if cpu <= 0 or wall <= 0:
            return True


def main():
    given = os.open(os.path.join(HERE, "input"), os.O_RDONLY)
    kinds = os.O_RDWR | os.O_CREAT | os.O_TRUNC
    taken, errors, words = (os.open(os.path.join(HERE, name), kinds, 0o600) for name in ("output", "errors", "words"))
    compiled, ready = os.pipe()
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        try:
            enter(given, taken, errors, words, ready)
            run_call() if SETUP["function"] is not None else run_stdio()
        except BaseException as error:
            tell_exception(error)
        os._exit(1)
    os.close(ready)
    stopped = watch(pid)
    if stopped:
        os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic() - started
    try:
        os.killpg(pid, signal.SIGKILL)
    except OSError:
        pass
    leave_report((
        status, int((usage.ru_utime + usage.ru_stime) * 1e6), int(wall * 1e6), usage.ru_maxrss,
        int(stopped), 0, len(os.read(compiled, 1)),
        os.pread(taken, SETUP["output_bytes"] + 1, 0),
        os.pread(words, max(SETUP["output_bytes"], MESSAGE) + 1025, 0),
        plain(os.pread(errors, DIAGNOSTICS, 0)),
        tuple(fetched()),
    ))


def plain(text):
    """A text without the places of this machine."""
    return text.replace(WORK.encode(), b"/tmp").replace(sys.base_prefix.encode(), b"<python>")


def fetched():
    """Files that the program left; follows no link in its last name, opens nothing but plain files."""
    left = SETUP["file_bytes"]
    for path in SETUP["fetch"]:
        try:
            file = os.open(os.path.join(WORK, path), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            continue
        if stat.S_ISREG(os.fstat(file).st_mode):
            content = os.pread(file, left, 0)
            left -= len(content)
            yield path, content
        os.close(file)


def enter(given, taken, errors, words, ready):
    """Makes the fork the program's own process."""
    os.setsid()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
    for target, descriptor in enumerate((given, taken, errors, words, ready)):
        os.dup2(descriptor, target)
    os.closerange(READY + 1, 4096)
    os.chdir(WORK)
    sys.path[:] = [path for path in sys.path if path and os.path.abspath(path) != HERE]
    output, files = SETUP["output_bytes"], SETUP["file_bytes"]
    for kind, limit in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, SETUP["cpu_ms"] // 1000 + 2),
        (resource.RLIMIT_FSIZE, max(DIAGNOSTICS, output + 2048, files)),
        (resource.RLIMIT_AS, SETUP["memory_bytes"]),
    ):
        resource.setrlimit(kind, (limit, limit))


def tell(words):
    """Leaves the program's report; one that is too long is cut and thereby seen."""
    at = 0
    try:
        while at < len(words):
            at += os.pwrite(WORDS, words[at:], at)
    except OSError:
        pass


def tell_exception(error):
    """Describes an exception in the program's own words."""
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
        try:
            message = str(error).replace(WORK, "/tmp").replace(sys.base_prefix, "<python>")[:MESSAGE]
        except Exception:
            message = ""
        tell(b"X" + marshal.dumps((str(type(error).__name__), message, line), 2))
        sys.__excepthook__(type(error), error.with_traceback(first), first)
    except BaseException:
        pass


def tell_refusal(message):
    tell(b"X" + marshal.dumps(("ResultNotEncodable", message, None), 2))


def load(name):
    """Runs the program's top level as a fresh module."""
    try:
        code = compile(SOURCE, NAME, "exec", dont_inherit=True)
    except SyntaxError as error:
        tell(b"S" + marshal.dumps((type(error).__name__, str(error.msg)[:MESSAGE], error.lineno), 2))
        sys.__excepthook__(type(error), error.with_traceback(None), None)
        os._exit(1)
    except Exception as error:
        tell(b"S" + marshal.dumps((type(error).__name__, str(error)[:MESSAGE], None), 2))
        os._exit(1)
    # Said before any of the program runs, so that it can neither forge nor withhold it.
    os.write(READY, b"1")
    os.close(READY)
    module = type(sys)(name)
    names = module.__dict__
    names["__file__"] = NAME
    names["__builtins__"] = __builtins__
    sys.modules["__main__"] = sys.modules[name] = module
    sys.argv = [NAME]
    exec(code, names)
    return names


def leave(names, status):
    """What the interpreter does at its end: wait for threads, call exit handlers, flush."""
    if "threading" in sys.modules:
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


def run_stdio():
    status = 0
    try:
        load("__main__")
    except SystemExit as error:
        status = exit_status(error)
    except BaseException as error:
        tell_exception(error)
        status = 1
    leave(sys.modules["__main__"].__dict__, status)


def run_call():
    with open(0, "rb", closefd=False) as file:
        arguments = json.loads(file.read())
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)
    try:
        names = load("solution")
        function = names.get(SETUP["function"])
        if function is None and "Solution" in names:
            function = getattr(names["Solution"](), SETUP["function"], None)
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


def prepare():
    """Makes the interpreter what it is in our jails; a package that is missing is told by name."""
    import builtins
    from _sitebuiltins import Quitter, _Helper
    builtins.exit, builtins.quit, builtins.help = Quitter("exit", "Ctrl-D"), Quitter("quit", "Ctrl-D"), _Helper()
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)
    _thread.stack_size(STACK)
    for name in SETUP["packages"]:
        __import__(name)


SETUP = json.loads(read("setup.json"))
SOURCE = read(NAME)
try:
    prepare()
except Exception as error:
    leave_report(("packages", ("%s: %s" % (type(error).__name__, error))[:MESSAGE]))
else:
    main()
