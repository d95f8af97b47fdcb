"""Runs untrusted programs inside the jail: one process for each input.

Started by the launcher as the first process of the jail. Frames come on descriptor 0 and go to
descriptor 1: four bytes of length, then a marshalled tuple. A job's source is compiled by the
process of its first input, which hands the code over before anything of the program runs. How a
process ended is read from the kernel and never from what it says. This process executes and
unmarshals nothing that a program made, and holds nothing that a program may not read: every
program starts as a copy of it.
"""

import _signal
import ctypes
import gc
import marshal
import os
import resource
import select
import stat
import sys
import time
from _thread import stack_size

DESCRIPTORS = 64
NAME = "solution.py"
FOLDER = os.environ["TMPDIR"]
# The first process of a process namespace takes all others with it when it ends.
FIRST = os.getpid() == 1
FOLDER_MODE = os.stat(FOLDER).st_mode
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP = 1, 4, 22
STACK = 16 << 20
MESSAGE = 300
COMPILED = 64 << 20
DIAGNOSTICS = 1 << 20
REPORT, CODE = 3, 4
# What nearly every program imports: loaded once here instead of in each process.
USUAL = ("array bisect collections copy dataclasses datetime decimal fractions functools heapq itertools "
         "json math operator random re statistics string time typing").split()

# What a child touches first it must copy first: everything it calls is looked up and made ready
# here, and the plainest form of each call is taken.
libc = ctypes.PyDLL(None)
none = ctypes.c_ulong(0)


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
    return parts[0] if len(parts) == 1 else b"".join(parts)


def read_frame():
    return marshal.loads(read_exactly(int.from_bytes(read_exactly(4), "little")))


def write_frame(frame):
    content = marshal.dumps(frame, 2)
    content = memoryview(len(content).to_bytes(4, "little") + content)
    while content:
        content = content[os.write(1, content):]


def prctl(option, value):
    if libc.prctl(option, ctypes.c_ulong(value), none, none, none):
        raise OSError("prctl %d" % option)


def read_all(descriptor, limit):
    """The first bytes of a file, one more than allowed when there are more."""
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


class Policy:
    """A system call filter in memory that children inherit ready to be installed."""

    def __init__(self, code):
        self.code = ctypes.create_string_buffer(code, len(code))
        self.filter = Filter(len(code) // 8, ctypes.addressof(self.code))
        self.arguments = PR_SET_SECCOMP, ctypes.c_ulong(2), ctypes.byref(self.filter), none, none
        self.prctl = libc.prctl

    def install(self):
        if self.prctl(*self.arguments):
            raise OSError("prctl %d" % PR_SET_SECCOMP)


class Job:
    """One program with its limits, and nothing of its inputs."""

    def __init__(self, setup):
        (self.kind, self.source, self.function, self.cpu_ms, self.wall_ms, self.memory, self.output,
         self.file_bytes, self.files, self.fetch) = setup
        # Shorter than to ask which modules lead there, and wrong only for who hides the word.
        self.random = "rand" in self.source
        self.task = run_call if self.kind == "call" else run_stdio
        self.policy = policies["program"]
        self.code = b""

    def watch(self, pid):
        """Waits for the child; returns why it must be stopped: 0 not, 1 processor, 2 clock."""
        handle = os.pidfd_open(pid)
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        deadline = time.monotonic() + self.wall_ms / 1000
        try:
            cpu, wall = self.cpu_ms / 1000, self.wall_ms / 1000
            while not poll.poll(min(cpu, wall) * 1000 + 1):
                cpu = self.cpu_ms / 1000 - processor_time(pid)
                wall = deadline - time.monotonic()
                if cpu <= 0 or wall <= 0:
                    return 0 if poll.poll(0) else 1 if cpu <= 0 else 2
            return 0
        finally:
            os.close(handle)

    def run(self, text):
        """Runs the program on one input and tells how it ended."""
        lay_out(self.files)
        stdio = self.kind == "stdio"
        given = memory_file(text) if stdio else os.open("/dev/null", os.O_RDONLY)
        taken = memory_file() if stdio else os.open("/dev/null", os.O_WRONLY)
        errors, report = memory_file(), memory_file()
        code = -1 if self.code else memory_file()
        confined, confirm = os.pipe()
        started = time.monotonic()
        pid = os.fork()
        if pid == 0:
            try:
                self.enter(given, taken, errors, report, code, confirm)
                self.task(self, text)
            except BaseException as error:
                tell_exception(error)
            os._exit(1)
        os.close(given)
        os.close(confirm)
        stopped = self.watch(pid)
        if stopped:
            os.kill(pid, _signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
        wall = time.monotonic() - started
        sweep()
        entered = os.read(confined, 1)
        os.close(confined)
        if code >= 0:
            self.code = read_all(code, COMPILED)
            os.close(code)
        compiled = bool(self.code)
        words = read_all(report, max(self.output, MESSAGE) + 1024)
        output = read_all(taken, self.output) if stdio else b""
        errors_said = read_all(errors, DIAGNOSTICS)[:DIAGNOSTICS]
        for descriptor in (taken, errors, report):
            os.close(descriptor)
        if not entered:
            return ("program confinement", repr(words[:MESSAGE]))
        if len(self.code) > COMPILED:
            self.code, compiled = b"", False
        fetched = tuple(fetch(self.fetch, self.file_bytes))
        cpu = int((usage.ru_utime + usage.ru_stime) * 1e6)
        return (status, cpu, int(wall * 1e6), usage.ru_maxrss, stopped, int(clean()), int(compiled),
                output, words, errors_said, fetched)

    def enter(self, given, taken, errors, report, code, confirm):
        """Turns the forked copy of the driver into the program's own, confined process."""
        if not FIRST:
            prctl(PR_SET_PDEATHSIG, _signal.SIGKILL)
        _signal.signal(_signal.SIGINT, _signal.default_int_handler)
        for kind, limit in (
            (resource.RLIMIT_CPU, self.cpu_ms // 1000 + 2),
            (resource.RLIMIT_FSIZE, max(COMPILED if code >= 0 else 0, DIAGNOSTICS, self.output + 2048,
                                        self.file_bytes)),
            (resource.RLIMIT_AS, self.memory),
        ):
            resource.setrlimit(kind, (limit, limit))
        os.dup2(given, 0)
        os.dup2(taken, 1)
        os.dup2(errors, 2)
        self.policy.install()
        # Said before any of the program runs, so that it can neither forge nor withhold it.
        os.write(confirm, b"1")
        os.dup2(report, REPORT)
        if code >= 0:
            os.dup2(code, CODE)
        os.closerange(CODE + (code >= 0), DESCRIPTORS)
        gc.enable()


def sweep():
    """Kills and reaps whatever is left in the jail. Only the first process of a jail may do that."""
    if not FIRST:
        return
    try:
        os.kill(-1, _signal.SIGKILL)
    except ProcessLookupError:
        return
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        pass


def lay_out(files):
    """Writes a job's files into the empty working folder."""
    for path, content in files:
        folder = os.path.dirname(path)
        if folder:
            os.makedirs(folder, exist_ok=True)
        with open(path, "xb") as file:
            file.write(content)


def fetch(paths, most):
    """Reads files that a program left, following no link, opening nothing but plain files."""
    for path in paths:
        opened = []
        try:
            at, names = None, path.split("/")
            for name in names:
                last = name is names[-1]
                kind = os.O_NONBLOCK if last else os.O_DIRECTORY
                at = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | kind, dir_fd=at)
                opened.append(at)
            if stat.S_ISREG(os.fstat(at).st_mode):
                content = read_all(at, most)[:most]
                most -= len(content)
                yield path, content
        except OSError:
            pass
        finally:
            for descriptor in opened:
                os.close(descriptor)


def clean():
    """Empties the working folder; whether that failed, so that the jail is used up."""
    try:
        if os.stat(FOLDER).st_mode != FOLDER_MODE:
            os.chmod(FOLDER, stat.S_IMODE(FOLDER_MODE))
        if not os.listdir(FOLDER):
            return False
        remove_below(FOLDER, None, 0)
        return bool(os.listdir(FOLDER))
    except (OSError, RecursionError):
        return True


def remove_below(name, parent, depth):
    if depth > 100:
        raise RecursionError
    folder = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=parent)
    try:
        for child in os.listdir(folder):
            if stat.S_ISDIR(os.lstat(child, dir_fd=folder).st_mode):
                os.chmod(child, 0o700, dir_fd=folder)
                remove_below(child, folder, depth + 1)
                os.rmdir(child, dir_fd=folder)
            else:
                os.unlink(child, dir_fd=folder)
    finally:
        os.close(folder)


def tell(words):
    """Leaves the child's report; a report that is too long is cut and thereby seen."""
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
            # A private folder with a name of its own would make the same failure look different.
            message = str(error).replace(FOLDER, "/tmp")[:MESSAGE]
        except Exception:
            message = ""
        tell(b"X" + marshal.dumps((kind, message, line), 2))
        sys.__excepthook__(type(error), error.with_traceback(first), first)
    except BaseException:
        pass


def tell_refusal(message):
    tell(b"X" + marshal.dumps(("ResultNotEncodable", message, None), 2))


def compiled(job):
    """The program's code: compiled here if this is the first process of its job."""
    if job.code:
        return marshal.loads(job.code)
    try:
        code = compile(job.source, NAME, "exec", dont_inherit=True)
        words, at = marshal.dumps(code), 0
        while at < len(words):
            at += os.pwrite(CODE, words[at:], at)
        os.close(CODE)
        return code
    except SyntaxError as error:
        tell(b"S" + marshal.dumps((type(error).__name__, str(error.msg)[:MESSAGE], error.lineno), 2))
        sys.__excepthook__(type(error), error.with_traceback(None), None)
    except Exception as error:
        tell(b"S" + marshal.dumps((type(error).__name__, str(error)[:MESSAGE], None), 2))
    os._exit(1)


def reseed():
    """Gives a child random numbers of its own, instead of those that all its siblings have."""
    for function in reseeders:
        function()
    module = sys.modules.get("numpy.random")
    if module is not None:
        module.seed()


def load(job, name):
    """Runs the program's top level as a fresh module."""
    code = compiled(job)
    if job.random:
        reseed()
    module = type(sys)(name)
    names = module.__dict__
    names["__file__"] = NAME
    names["__builtins__"] = __builtins__
    sys.modules["__main__"] = sys.modules[name] = module
    sys.argv = [NAME]
    job.code = job.source = job.files = None
    job.names = names
    exec(code, names)
    return names


def leave(job, status):
    """What the interpreter does at its end: wait for threads, call exit handlers, flush."""
    if "threading" in sys.modules:
        sys.modules["threading"]._shutdown()
    if "atexit" in sys.modules:
        sys.modules["atexit"]._run_exitfuncs()
    # Files that nobody closed write what they still hold when the last name for them goes.
    streams = sys.stdout, sys.__stdout__
    job.names.clear()
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


def run_stdio(job, _):
    status = 0
    try:
        load(job, "__main__")
    except SystemExit as error:
        status = exit_status(error)
    except BaseException as error:
        tell_exception(error)
        status = 1
    leave(job, status)


def run_call(job, text):
    try:
        names = load(job, "solution")
        function = names.get(job.function)
        if function is None and "Solution" in names:
            function = getattr(names["Solution"](), job.function, None)
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


def warm_up(sites, packages):
    """Loads what programs are about to import; a package that is missing is told by name."""
    import builtins
    from _sitebuiltins import Quitter, _Helper
    builtins.exit, builtins.quit, builtins.help = Quitter("exit", "Ctrl-D"), Quitter("quit", "Ctrl-D"), _Helper()
    sys.path.extend(sites)
    # Takes a tenth of a small program's time, so that only programs that want it shall pay.
    register, os.register_at_fork = os.register_at_fork, lambda **hooks: reseeders.extend(hooks.values())
    __import__("random")
    os.register_at_fork = register
    for name in USUAL:
        __import__(name)
    for name in packages:
        __import__(name)
    # A collection in a child would write to, and so copy, every page that all children share.
    gc.collect()
    gc.disable()
    gc.freeze()


def main():
    prctl(PR_SET_DUMPABLE, 0)
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    sys.path[:] = [path for path in sys.path if path]
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)
    stack_size(STACK)
    filters, sites, packages = read_frame()
    policies.update((name, Policy(code)) for name, code in filters)
    try:
        warm_up(sites, packages)
    except Exception as error:
        write_frame(("packages", ("%s: %s" % (type(error).__name__, error))[:MESSAGE]))
        os._exit(1)
    write_frame(("ready",))
    job = None
    while True:
        frame = read_frame()
        if type(frame) is tuple:
            job = Job(frame)
        else:
            write_frame(job.run(frame))


policies = {}
reseeders = []
main()
