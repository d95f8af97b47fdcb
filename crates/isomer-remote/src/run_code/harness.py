"""Runs one program on one input where no jail of ours stands.

Started by a server of other people in a folder with `setup.json`, `solution.py`, `input` and the
working folder `work`, under the hash seed that the job wants. A program means what it means to our
own driver, because the source that says so stands before this one. Leaves `report`: a secret of
this request, then a tuple in the form of our own driver, which is read by the rules for it.

The program runs in a child and is watched from here, because servers of this kind tell neither
processor time nor values, and cut long output. Nothing here is out of the program's reach: what it
does to this process it does to its own answer.
"""
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
READY = 4


def read(name):
    with open(os.path.join(HERE, name), "rb") as file:
        return file.read()


def leave_report(frame):
    path = os.path.join(HERE, "report")
    with open(path + ".part", "wb") as file:
        file.write(SETUP["secret"].encode() + marshal.dumps(frame, 2))
    os.rename(path + ".part", path)


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
        plain(os.pread(errors, DIAGNOSTICS, 0).decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape"),
        tuple(fetched()),
    ))


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
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limit(SETUP["cpu_ms"], max(DIAGNOSTICS, output + 2048, files), SETUP["memory_bytes"])


def plain(text):
    """A text without the places of this machine."""
    return text.replace(WORK, "/tmp").replace(sys.base_prefix, "<python>")


def ready(code):
    # Said before any of the program runs, so that it can neither forge nor withhold it.
    os.write(READY, b"1")
    os.close(READY)


def run_stdio():
    run_program(compile_source(SOURCE, ready))


def run_call():
    with open(0, "rb", closefd=False) as file:
        arguments = json.loads(file.read())
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)
    run_function(compile_source(SOURCE, ready), SETUP["function"], arguments)


SETUP = json.loads(read("setup.json"))
SOURCE = read(NAME)
try:
    make_ready()
    for name in SETUP["packages"]:
        __import__(name)
except Exception as error:
    leave_report(unusable(error))
else:
    main()
