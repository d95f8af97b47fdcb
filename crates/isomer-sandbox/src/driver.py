"""Runs one untrusted program on many inputs, inside the jail.

Started by the launcher as the first process of the jail. Frames come on descriptor 0 and go to
descriptor 1: four bytes of length, then a marshalled tuple. The source is compiled once, in a
process of its own; each input is run in another one, whose status is read from the kernel and
never from what it says. This process executes and unmarshals nothing that the program made.
"""

import ctypes
import marshal
import os
import resource
import select
import signal
import sys
import time
from _thread import stack_size

DESCRIPTORS = 64
NAME = "solution.py"
FOLDER = os.environ["TMPDIR"]
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP = 1, 4, 22
STACK = 16 << 20
MESSAGE = 300
COMPILED = 64 << 20

libc = ctypes.CDLL(None, use_errno=True)


class Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]


def read_exactly(count):
    parts = []
    while count:
        part = os.read(0, min(count, 1 << 20))
        if not part:
            os._exit(0)
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def read_frame():
    return marshal.loads(read_exactly(int.from_bytes(read_exactly(4), "little")))


def write_frame(frame):
    content = marshal.dumps(frame, 2)
    content = memoryview(len(content).to_bytes(4, "little") + content)
    while content:
        content = content[os.write(1, content):]


def prctl(option, value, pointer=None):
    if libc.prctl(option, ctypes.c_ulong(value), pointer, ctypes.c_ulong(0), ctypes.c_ulong(0)):
        raise OSError(ctypes.get_errno(), "prctl %d" % option)


def read_all(descriptor, limit):
    """The first bytes of a memory file, one more than allowed when there are more."""
    parts, at = [], 0
    while at <= limit:
        part = os.pread(descriptor, min(limit + 1 - at, 1 << 20), at)
        if not part:
            break
        parts.append(part)
        at += len(part)
    return b"".join(parts)


def memory_file(content=b""):
    descriptor = os.memfd_create("isomer")
    at = 0
    while at < len(content):
        at += os.pwrite(descriptor, content[at:], at)
    return descriptor


def processor_time(pid):
    """Seconds used by all threads of a process (the kernel's clock id of a process)."""
    try:
        return time.clock_gettime((~pid) << 3 | 2)
    except OSError:
        return 0.0


class Run:
    """What a child needs to know, and nothing of other inputs."""

    def __init__(self, setup):
        (self.kind, self.source, self.function, self.cpu_ms, self.wall_ms, self.memory,
         self.output, self.files, self.policy) = setup
        self.code = b""

    def watch(self, pid):
        """Waits for the child; returns why it must be stopped: 0 not, 1 processor, 2 clock."""
        handle = os.pidfd_open(pid)
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        deadline = time.monotonic() + self.wall_ms / 1000
        try:
            while True:
                cpu = self.cpu_ms / 1000 - processor_time(pid)
                wall = deadline - time.monotonic()
                if cpu <= 0 or wall <= 0:
                    return 0 if poll.poll(0) else 1 if cpu <= 0 else 2
                if poll.poll(min(cpu, wall) * 1000 + 1):
                    return 0
        finally:
            os.close(handle)

    def run(self, task, text):
        """Runs `task` in a child and tells how it ended."""
        stdio = task is run_stdio
        most = COMPILED if task is compile_source else self.output + 1024
        given = memory_file(text) if stdio else os.open("/dev/null", os.O_RDONLY)
        taken = memory_file() if stdio else os.open("/dev/null", os.O_WRONLY)
        report = memory_file()
        confined, confirm = os.pipe()
        started = time.monotonic()
        pid = os.fork()
        if pid == 0:
            try:
                self.enter(given, taken, report, confirm, most)
                task(self, text)
            except BaseException as error:
                tell_exception(error)
            os._exit(1)
        os.close(given)
        os.close(confirm)
        stopped = self.watch(pid)
        if stopped:
            os.kill(pid, signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
        wall = time.monotonic() - started
        sweep()
        entered = os.read(confined, 1)
        os.close(confined)
        output = read_all(taken, self.output) if stdio else b""
        words = read_all(report, most)
        os.close(taken)
        os.close(report)
        if not entered:
            return ("program confinement", repr(words[:MESSAGE]))
        cpu = int((usage.ru_utime + usage.ru_stime) * 1e6)
        return (status, cpu, int(wall * 1e6), usage.ru_maxrss, stopped, int(bool(os.listdir("."))),
                output, words)

    def enter(self, given, taken, report, confirm, most):
        """Turns the forked copy of the driver into the program's own, confined process."""
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        stack_size(STACK)
        for kind, limit in (
            (resource.RLIMIT_CPU, self.cpu_ms // 1000 + 2),
            (resource.RLIMIT_FSIZE, max(most, self.output + 1024, self.files)),
            (resource.RLIMIT_AS, self.memory),
        ):
            resource.setrlimit(kind, (limit, limit))
        os.dup2(given, 0)
        os.dup2(taken, 1)
        os.dup2(os.open("/dev/null", os.O_WRONLY), 2)
        code = ctypes.create_string_buffer(self.policy, len(self.policy))
        policy = Filter(len(self.policy) // 8, ctypes.addressof(code))
        prctl(PR_SET_SECCOMP, 2, ctypes.byref(policy))
        # Said before any of the program runs, so that it can neither forge nor withhold it.
        os.write(confirm, b"1")
        os.dup2(report, 3)
        os.closerange(4, DESCRIPTORS)


def sweep():
    """Kills and reaps whatever is left in the jail. Only the first process of a jail may do that."""
    if os.getpid() != 1:
        return
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        return
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        pass


def tell(words):
    """Leaves the child's report; a report that is too long is cut and thereby seen."""
    at = 0
    try:
        while at < len(words):
            at += os.pwrite(3, words[at:], at)
    except OSError:
        pass


def tell_exception(error):
    """Describes an exception in the program's own words, which may be lies and may not even end."""
    try:
        if isinstance(error, MemoryError):
            return tell(b"L")
        line = None
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == NAME:
                line = trace.tb_lineno
            trace = trace.tb_next
        kind = str(type(error).__name__)
        try:
            # A private folder with a name of its own would make the same failure look different.
            message = str(error).replace(FOLDER, "/tmp")[:MESSAGE]
        except Exception:
            message = ""
        tell(b"X" + marshal.dumps((kind, message, line), 2))
    except BaseException:
        pass


def tell_refusal(message):
    tell(b"X" + marshal.dumps(("ResultNotEncodable", message, None), 2))


def compile_source(run, _):
    try:
        code = compile(run.source, NAME, "exec", dont_inherit=True)
        tell(b"C" + marshal.dumps(code))
    except SyntaxError as error:
        tell(b"S" + marshal.dumps((type(error).__name__, str(error.msg)[:MESSAGE], error.lineno), 2))
    except Exception as error:
        tell(b"S" + marshal.dumps((type(error).__name__, str(error)[:MESSAGE], None), 2))
    os._exit(0)


def load(run, name):
    """Runs the program's top level as a fresh module."""
    module = type(sys)(name)
    names = module.__dict__
    names["__file__"] = NAME
    names["__builtins__"] = __builtins__
    sys.modules["__main__"] = sys.modules[name] = module
    sys.argv = [NAME]
    code = marshal.loads(run.code)
    run.code = run.source = None
    run.names = names
    exec(code, names)
    return names


def leave(run, status):
    """What the interpreter does at its end: wait for threads, call exit handlers, flush."""
    if "threading" in sys.modules:
        sys.modules["threading"]._shutdown()
    if "atexit" in sys.modules:
        sys.modules["atexit"]._run_exitfuncs()
    # Files that nobody closed write what they still hold when the last name for them goes.
    streams = sys.stdout, sys.__stdout__
    run.names.clear()
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
    return code & 255 if isinstance(code, int) else 1


def run_stdio(run, _):
    status = 0
    try:
        load(run, "__main__")
    except SystemExit as error:
        status = exit_status(error)
    except BaseException as error:
        tell_exception(error)
        status = 1
    leave(run, status)


def run_call(run, text):
    try:
        names = load(run, "solution")
        function = names.get(run.function)
        if function is None and "Solution" in names:
            function = getattr(names["Solution"](), run.function, None)
        if not callable(function):
            tell(b"M")
            os._exit(1)
        result = function(*marshal.loads(text))
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


def main():
    prctl(PR_SET_DUMPABLE, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.path[:] = [path for path in sys.path if path]
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)
    run = Run(read_frame())
    outcome = run.run(compile_source, b"")
    write_frame(outcome)
    run.code = outcome[-1][1:]
    task = run_call if run.kind == "call" else run_stdio
    while True:
        write_frame(run.run(task, read_frame()))


main()
