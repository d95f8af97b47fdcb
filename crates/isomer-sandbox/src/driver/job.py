"""One process for each input: confined, watched and told of."""

import _signal
import ctypes
import fcntl
import gc
import marshal
import os
import resource
import select
import time

# What other executables find in their environment.
FOREIGN = ("LC_ALL=C", "PATH=/usr/local/bin:/usr/bin:/bin", "TZ=UTC", "TMPDIR=")
F_ADD_SEALS, ALL_SEALS, AT_EMPTY_PATH = 1033, 15, 0x1000
COMPILED = 64 << 20
CONFIRM, SOURCE, CODE = 4, 62, 63

policies = {}
# Number of a system call and a secret address.
door = []


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
        stopped = watch(self.cpu_ms, self.wall_ms, pid)
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
            send(unconfined(report))
            os._exit(1)
        fetched = fetch(self.fetch, self.file_bytes)
        cpu = int((usage.ru_utime + usage.ru_stime) * 1e6)
        numbers = (status, cpu, int(wall * 1e6), usage.ru_maxrss, stopped, int(clean()), int(self.compiled))
        send([
            *numbers_head(numbers, 4),
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
        begin()
        if self.kind == "exec":
            os.setpgid(0, 0)
            for number in (_signal.SIGPIPE, _signal.SIGXFSZ):
                _signal.signal(number, _signal.SIG_DFL)
            # With a limit each thread would take as much address space as the limit says.
            most = resource.getrlimit(resource.RLIMIT_STACK)[1]
            resource.setrlimit(resource.RLIMIT_STACK, (most, most))
        for target, descriptor in enumerate((given, taken, errors, report, confirm)):
            os.dup2(descriptor, target)
        self.source, self.function, files = marshal.loads(os.pread(SOURCE, self.head, 0))
        lay_out(files, SOURCE, self.head)
        if self.kind == "call":
            self.text = read_part(0, os.fstat(0).st_size)
            os.close(0)
            os.open("/dev/null", os.O_RDONLY)
        most = max(0 if self.compiled else COMPILED, DIAGNOSTICS, self.output + 2048, self.file_bytes)
        limit(self.cpu_ms, most, self.memory)
        # What is left is the place for the program's code, which is closed before it runs.
        os.closerange(CONFIRM + 1, CODE)
        confine(self.policy, CONFIRM)


def watch(cpu_ms, wall_ms, first, *others):
    """Waits for the first process; returns why all must be stopped: 0 not, 1 processor, 2 clock."""
    handle = os.pidfd_open(first)
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    deadline = time.monotonic() + wall_ms / 1000
    try:
        cpu, wall = cpu_ms / 1000, wall_ms / 1000
        while not poll.poll(min(cpu, wall) * 1000 + 1):
            cpu = cpu_ms / 1000 - sum(map(processor_time, (first, *others)))
            wall = deadline - time.monotonic()
            if cpu <= 0 or wall <= 0:
                return 0 if poll.poll(0) else 1 if cpu <= 0 else 2
        return 0
    finally:
        os.close(handle)


def begin():
    """What a fork does first: it dies with the driver, and interrupts are what Python makes of them."""
    if not FIRST:
        prctl(PR_SET_PDEATHSIG, _signal.SIGKILL)
    _signal.signal(_signal.SIGINT, _signal.default_int_handler)


def confine(policy, confirm):
    """Installs a filter and says so."""
    policy.install()
    # Before any of the program runs, so that it can neither forge nor withhold it.
    os.write(confirm, b"1")
    os.close(confirm)
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


def compiled(job):
    """The program's code: compiled here if this is the first process of its job."""
    # Shorter than to ask which modules lead there, and wrong only for who hides the word.
    if "rand" in job.source:
        reseed()
    if job.compiled:
        code = marshal.loads(read_part(CODE, os.fstat(CODE).st_size - 1, 1))
        os.close(CODE)
    else:
        code = compile_source(job.source, hand_over)
    job.source = None
    return code


def hand_over(code):
    words, at = marshal.dumps(code), 0
    while at < len(words):
        at += os.pwrite(CODE, words[at:], at + 1)
    # Says that it is complete.
    os.pwrite(CODE, b"\1", 0)
    os.close(CODE)


def run_stdio(job):
    run_program(compiled(job))


def run_call(job):
    run_function(compiled(job), job.function, marshal.loads(job.text))


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
