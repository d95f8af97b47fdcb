"""Runs untrusted programs inside the jail: one process for each input.

Started by the launcher as the first process of the jail. Frames come on descriptor 0 and go to
descriptor 1: four bytes of length, then a marshalled tuple; sources and inputs follow theirs. A
job's source is compiled by the process of its first input, which hands the code over before
anything of the program runs. How a process ended is read from the kernel and never from what it
says.

This process executes and unmarshals nothing that a program made. Nor does it hold anything that a
program may not read, for every program starts as a copy of it, freed memory included: sources,
inputs, answers and the names of left files never pass through its memory. The kernel moves them
between pipes and files, and only the process they are meant for reads them.
"""

import _signal
import ctypes
import fcntl
import gc
import marshal
import os
import resource
import select
import stat
import sys
import time
from _thread import _count as other_threads, stack_size

NAME = "solution.py"
FOLDER = os.environ["TMPDIR"]
# What other executables find in their environment.
FOREIGN = ("LC_ALL=C", "PATH=/usr/local/bin:/usr/bin:/bin", "TZ=UTC", "TMPDIR=")
# The first process of a process namespace takes all others with it when it ends.
FIRST = os.getpid() == 1
FRESH = os.stat(FOLDER)
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP = 1, 4, 22
F_ADD_SEALS, ALL_SEALS, AT_EMPTY_PATH = 1033, 15, 0x1000
MADV_COLLAPSE, LARGE = 25, 2 << 20
STACK = 16 << 20
MESSAGE = 300
COMPILED = 64 << 20
DIAGNOSTICS = 1 << 20
REPORT, CONFIRM, SOURCE, CODE = 3, 4, 62, 63
# What nearly every program imports: loaded once here instead of in each process.
USUAL = ("array bisect collections copy dataclasses datetime decimal fractions functools heapq itertools "
         "json math operator random re statistics string time typing").split()

# What a child touches first it must copy first: everything it calls is looked up and made ready
# here, and the plainest form of each call is taken.
libc = ctypes.PyDLL(None)
none = ctypes.c_ulong(0)
libc.splice.restype = ctypes.c_ssize_t
libc.mmap.restype = ctypes.c_void_p


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
    send([marshal.dumps(frame, 2)])


def prctl(option, value):
    if libc.prctl(option, ctypes.c_ulong(value), none, none, none):
        raise OSError("prctl %d" % option)


def read_part(descriptor, size, at=0):
    parts = []
    while size:
        part = os.pread(descriptor, min(size, 1 << 20), at)
        parts.append(part)
        at += len(part)
        size -= len(part)
    return b"".join(parts)


def receive(size, flags=os.MFD_CLOEXEC):
    """A memory file with the bytes that come next."""
    descriptor = os.memfd_create("isomer", flags)
    at = ctypes.c_int64(0)
    while size:
        moved = libc.splice(0, None, descriptor, ctypes.byref(at), ctypes.c_size_t(size), 0)
        if moved <= 0:
            os._exit(0)
        size -= moved
    return descriptor


def send(parts):
    """Writes a frame of bytes and of files, the latter given with the size to send."""
    length = sum(part[1] if type(part) is tuple else len(part) for part in parts)
    waiting = [length.to_bytes(4, "little")]
    for part in parts:
        if type(part) is not tuple:
            waiting.append(part)
        elif part[1]:
            write_all(1, b"".join(waiting))
            waiting = []
            copy(part[0], 0, part[1], 1)
    write_all(1, b"".join(waiting))


def copy(source, at, size, target):
    end = at + size
    while at < end:
        moved = os.sendfile(target, source, at, end - at)
        if not moved:
            raise OSError("a file has shrunk")
        at += moved


def write_all(descriptor, content):
    while content:
        content = content[os.write(descriptor, content):]


def sized(descriptor, most):
    """A file's first bytes, as a marshalled `bytes` object in parts."""
    size = min(os.fstat(descriptor).st_size, most)
    return b"s" + size.to_bytes(4, "little"), (descriptor, size)


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
    """One program's limits, and where it lies, but nothing of itself or its inputs."""

    def __init__(self, setup):
        (self.kind, self.cpu_ms, self.wall_ms, self.memory, self.output, self.file_bytes, self.fetch,
         self.head, size, policy, program) = setup
        self.task = {"stdio": run_stdio, "call": run_call, "exec": run_exec}[self.kind]
        self.policy = policies[policy]
        self.compiled = self.kind == "exec"
        # Descriptors of their own, so that those of one input are always the same low ones.
        os.dup2(received := receive(size), SOURCE, False)
        os.close(received)
        os.dup2(made := receive(program, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING), CODE, False)
        os.close(made)
        if program:
            fcntl.fcntl(CODE, F_ADD_SEALS, ALL_SEALS)

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

    def run(self, size):
        """Runs the program on the input that comes next and tells how it ended."""
        given = receive(size)
        taken = os.memfd_create("isomer") if self.kind != "call" else os.open("/dev/null", os.O_WRONLY)
        errors, report = os.memfd_create("isomer"), os.memfd_create("isomer")
        confined, confirm = os.pipe()
        started = time.monotonic()
        pid = os.fork()
        if pid == 0:
            try:
                self.enter(given, taken, errors, report, confirm)
                self.task(self)
            except BaseException as error:
                tell_exception(error)
            os._exit(1)
        os.close(given)
        os.close(confirm)
        stopped = self.watch(pid)
        if self.kind == "exec" and not FIRST:
            # What a compiler has started, which nothing else sweeps away here.
            try:
                os.killpg(pid, _signal.SIGKILL)
            except ProcessLookupError:
                pass
        if stopped:
            os.kill(pid, _signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
        wall = time.monotonic() - started
        sweep()
        entered = os.read(confined, 1)
        os.close(confined)
        if not self.compiled:
            self.compiled = bool(os.pread(CODE, 1, 0)) and os.fstat(CODE).st_size <= COMPILED
        # Another executable never has the report: it was written on the way there.
        failed = self.kind == "exec" and os.fstat(report).st_size
        if failed or not entered and stopped != 1:
            # Nothing of the program ran: this is no verdict, and a reason to try another jail.
            if os.WIFSIGNALED(status):
                raise TimeoutError("a process was not confined in time")
            write_frame(("program confinement", repr(os.pread(report, MESSAGE, 0))))
            os._exit(1)
        fetched = fetch(self.fetch, self.file_bytes)
        cpu = int((usage.ru_utime + usage.ru_stime) * 1e6)
        numbers = (status, cpu, int(wall * 1e6), usage.ru_maxrss, stopped, int(clean()), int(self.compiled))
        send([
            tuple_head(len(numbers) + 4), marshal.dumps(numbers, 2)[5:],
            *sized(taken, self.output + 1),
            *sized(report, max(self.output, MESSAGE) + 1025),
            *sized(errors, DIAGNOSTICS),
            *fetched,
        ])
        for descriptor in (taken, errors, report):
            os.close(descriptor)
        for part in fetched:
            if type(part) is tuple:
                os.close(part[0])

    def enter(self, given, taken, errors, report, confirm):
        """Turns the forked copy of the driver into the program's own, confined process."""
        if not FIRST:
            prctl(PR_SET_PDEATHSIG, _signal.SIGKILL)
        if self.kind == "exec":
            os.setpgid(0, 0)
            for number in (_signal.SIGPIPE, _signal.SIGXFSZ):
                _signal.signal(number, _signal.SIG_DFL)
            # With a limit each thread would take as much address space as the limit says.
            most = resource.getrlimit(resource.RLIMIT_STACK)[1]
            resource.setrlimit(resource.RLIMIT_STACK, (most, most))
        else:
            _signal.signal(_signal.SIGINT, _signal.default_int_handler)
        for target, descriptor in enumerate((given, taken, errors, report, confirm)):
            os.dup2(descriptor, target)
        self.source, self.function, files = marshal.loads(os.pread(SOURCE, self.head, 0))
        lay_out(files, self.head)
        if self.kind == "call":
            self.text = read_part(0, os.fstat(0).st_size)
            os.close(0)
            os.open("/dev/null", os.O_RDONLY)
        for kind, limit in (
            (resource.RLIMIT_CPU, self.cpu_ms // 1000 + 2),
            (resource.RLIMIT_FSIZE, max(0 if self.compiled else COMPILED, DIAGNOSTICS, self.output + 2048,
                                        self.file_bytes)),
            (resource.RLIMIT_AS, self.memory),
        ):
            resource.setrlimit(kind, (limit, limit))
        # What is left is the place for the program's code, which is closed before it runs.
        os.closerange(CONFIRM + 1, CODE)
        self.policy.install()
        # Said before any of the program runs, so that it can neither forge nor withhold it.
        os.write(CONFIRM, b"1")
        os.close(CONFIRM)
        gc.enable()


def sweep():
    """Kills and reaps whatever is left in the jail. Only the first process of a jail may do that."""
    if not FIRST:
        return
    try:
        # Without children the first process is alone: whoever loses a parent becomes its child.
        os.waitpid(-1, os.WNOHANG)
        os.kill(-1, _signal.SIGKILL)
        while True:
            os.waitpid(-1, 0)
    except (ChildProcessError, ProcessLookupError):
        pass


def lay_out(files, at):
    """Writes a job's files into the empty working folder."""
    for path, size in files:
        folder = os.path.dirname(path)
        if folder:
            os.makedirs(folder, exist_ok=True)
        with open(path, "xb", 0) as file:
            copy(SOURCE, at, size, file.fileno())
        at += size


def tuple_head(count):
    return b"(" + count.to_bytes(4, "little")


def fetch(paths, most):
    """Files that a program left, marshalled in parts; follows no link, opens nothing but plain files."""
    if not paths:
        return [tuple_head(0)]
    found = os.memfd_create("isomer")
    count = end = 0
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
                size = min(os.fstat(at).st_size, most)
                write_all(found, tuple_head(2) + marshal.dumps(path, 2) + b"s" + size.to_bytes(4, "little"))
                copy(at, 0, size, found)
                most -= size
                count += 1
        except OSError:
            pass
        finally:
            for descriptor in opened:
                os.close(descriptor)
    return [tuple_head(count), (found, os.fstat(found).st_size)]


def clean():
    """Empties the working folder; whether that failed, so that the jail is used up."""
    try:
        now = os.stat(FOLDER)
        if now.st_mode != FRESH.st_mode:
            os.chmod(FOLDER, stat.S_IMODE(FRESH.st_mode))
        if now.st_size == FRESH.st_size if FIRST else not os.listdir(FOLDER):
            return False
        # Names may be messages from one program to the next: they are read in another process.
        pid = os.fork()
        if pid == 0:
            try:
                remove_below(FOLDER, None, 0)
                os._exit(0)
            finally:
                os._exit(1)
        return os.waitpid(pid, 0)[1] != 0
    except OSError:
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
    if job.compiled:
        code = marshal.loads(read_part(CODE, os.fstat(CODE).st_size - 1, 1))
        os.close(CODE)
        return code
    try:
        code = compile(job.source, NAME, "exec", dont_inherit=True)
        words, at = marshal.dumps(code), 0
        while at < len(words):
            at += os.pwrite(CODE, words[at:], at + 1)
        # Says that it is complete.
        os.pwrite(CODE, b"\1", 0)
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
    # Shorter than to ask which modules lead there, and wrong only for who hides the word.
    if "rand" in job.source:
        reseed()
    module = type(sys)(name)
    names = module.__dict__
    names["__file__"] = NAME
    names["__builtins__"] = __builtins__
    sys.modules["__main__"] = sys.modules[name] = module
    sys.argv = [NAME]
    job.source = None
    job.names = names
    exec(code, names)
    return names


def leave(job, status):
    """What the interpreter does at its end: wait for threads, call exit handlers, flush."""
    if "threading" in sys.modules and other_threads():
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


def run_stdio(job):
    status = 0
    try:
        load(job, "__main__")
    except SystemExit as error:
        status = exit_status(error)
    except BaseException as error:
        tell_exception(error)
        status = 1
    leave(job, status)


def run_call(job):
    try:
        names = load(job, "solution")
        function = names.get(job.function)
        if function is None and "Solution" in names:
            function = getattr(names["Solution"](), job.function, None)
        if not callable(function):
            tell(b"M")
            os._exit(1)
        result = function(*marshal.loads(job.text))
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


def run_exec(job):
    """Becomes another executable: one of the system, or the program in the place for code."""
    os.set_inheritable(REPORT, False)
    if job.policy is policies["compiler"]:
        # A name of its own for the folder would make the same error look different.
        os.execve(job.source[0], job.source, dict(word.split("=") for word in FOREIGN) | {"TMPDIR": "."})
    # With an empty path, which lies at the one address where the filter lets it be.
    call, address = door
    page = ctypes.c_void_p(address & -4096), ctypes.c_size_t(8192)
    # READ | WRITE, PRIVATE | ANONYMOUS | FIXED_NOREPLACE.
    if libc.mmap(*page, 3, 0x100022, -1, none) == page[0].value:
        libc.syscall(ctypes.c_long(call), ctypes.c_long(CODE), ctypes.c_void_p(address), words(job.source),
                     words((*FOREIGN[:-1], FOREIGN[-1] + FOLDER)), ctypes.c_long(AT_EMPTY_PATH))
    raise OSError("a program does not start")


def words(texts):
    return (ctypes.c_char_p * (len(texts) + 1))(*map(os.fsencode, texts))


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


def warm_up(sites, packages, modules):
    """Loads what programs are about to import, and modules of ours that know other kinds of jobs; a
    package that is missing is told by name, one that cannot be used once is left as it is."""
    import builtins
    from _sitebuiltins import Quitter, _Helper
    builtins.exit, builtins.quit, builtins.help = Quitter("exit", "Ctrl-D"), Quitter("quit", "Ctrl-D"), _Helper()
    sys.path.extend(sites)
    # Takes a tenth of a small program's time, so that only programs that want it shall pay.
    register, os.register_at_fork = os.register_at_fork, lambda **hooks: reseeders.extend(hooks.values())
    __import__("random")
    if sites:
        # These guard locks, which are all free whenever a process with one thread forks.
        os.register_at_fork = lambda **hooks: None
        for name in ("threading", "logging", "concurrent.futures.thread"):
            __import__(name)
    os.register_at_fork = register
    for name in USUAL:
        __import__(name)
    if sites:
        # A library that starts a thread for each processor would take a large machine's jail apart:
        # there is no room for their stacks, and a fork takes none of them along.
        os.environ.update((name + "_NUM_THREADS", "1") for name in ("MKL", "OMP", "OPENBLAS"))
    for name, first_use in packages:
        __import__(name)
        try:
            exec(first_use, {})
        except Exception:
            pass
    for name, source in modules:
        sys.modules[name] = module = type(sys)(name)
        exec(compile(source, name + ".py", "exec", dont_inherit=True), module.__dict__)
    # A collection in a child would write to, and so copy, every page that all children share.
    gc.collect()
    gc.disable()
    gc.freeze()
    if sites:
        join_pages()


def join_pages():
    """Puts memory into large pages, of which a fork copies fewer entries: pays for what is large."""
    try:
        with open("/proc/self/maps") as file:
            stretches = [line.split() for line in file]
    except OSError:
        return
    for place, rights, *_, name in stretches:
        if rights == "rw-p" and name in ("0", "[heap]"):
            start, end = (int(word, 16) for word in place.split("-"))
            start, end = -(-start // LARGE) * LARGE, end // LARGE * LARGE
            if start < end:
                # Kernels that do not know how refuse, and all stays as it is.
                libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), MADV_COLLAPSE)


def main():
    prctl(PR_SET_DUMPABLE, 0)
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    sys.path[:] = [path for path in sys.path if path]
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)
    stack_size(STACK)
    filters, door[:], sites, packages, modules = read_frame()
    policies.update((name, Policy(code)) for name, code in filters)
    try:
        warm_up(sites, packages, modules)
    except Exception as error:
        write_frame(("packages", ("%s: %s" % (type(error).__name__, error))[:MESSAGE]))
        os._exit(1)
    write_frame(("ready",))
    job = None
    while True:
        frame = read_frame()
        if type(frame) is not tuple:
            job.run(frame)
        elif frame[0] in extensions:
            extensions[frame[0]](frame)
        else:
            job = Job(frame)


policies = {}
extensions = {}
# Number of a system call and a secret address.
door = []
reseeders = []
main()
