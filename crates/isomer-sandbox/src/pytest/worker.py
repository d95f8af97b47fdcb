"""The driver's part in judging by pytest: two processes, each the other's only company.

The process of the solution is forked first: before anything of the tests is in any memory that it
could read, and before the file of the report exists. How the processes ended is the kernel's word.
"""

import _signal
import os
import resource
import select
import socket
import sys
import time

import isomer_session
import isomer_solution

driver = sys.modules["__main__"]
# Out of the way of descriptors that were opened while warming up and are still referred to.
WIRE, REPORT, CONFIRM = 50, 51, 52
MOST_REPORT = 16 << 20
DESCRIPTORS = resource.getrlimit(resource.RLIMIT_NOFILE)[1]


def enter(limits, policy, descriptors, confirm):
    """Confines this process, which keeps only these descriptors, given by their new numbers."""
    driver.begin()
    driver.limit(*limits)
    for number, descriptor in sorted(descriptors.items(), reverse=True):
        os.dup2(descriptor, number)
    os.dup2(confirm, CONFIRM)
    for descriptor in range(3, DESCRIPTORS):
        if descriptor not in descriptors and descriptor not in WARM and descriptor != CONFIRM:
            os.closerange(descriptor, descriptor + 1)
    driver.confine(driver.policies[policy], CONFIRM)
    sys.modules["__main__"] = type(sys)("__main__")
    driver.reseed()


def is_open(descriptor):
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def read_whole(descriptor):
    return driver.read_part(descriptor, os.fstat(descriptor).st_size).decode("utf-8", "replace")


def start(task, limits, policy, descriptors):
    """Forks a process that confines itself; whether it did can be read from the second value."""
    confined, confirm = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            task(lambda: enter(limits, policy, descriptors, confirm))
        except BaseException as error:
            sys.stderr = sys.__stderr__
            sys.__excepthook__(type(error), error, error.__traceback__)
        os._exit(1)
    os.close(confirm)
    return pid, confined


def session(frame):
    """Runs one test file against one solution and tells what the kernel and the report say."""
    (_, cpu_ms, wall_ms, memory, file_bytes, apart, shift, solution_size, tests_size, head, files_size) = frame
    # Of both processes together; memory and files of each.
    limits = cpu_ms, max(file_bytes, MOST_REPORT), memory
    solution = driver.receive(solution_size)
    null = os.open("/dev/null", os.O_RDWR)
    near, far = socket.socketpair()
    started = time.monotonic()
    running = []

    def run_solution(enter):
        source = read_whole(solution)
        enter()
        isomer_solution.serve(WIRE, source)

    def run_tests(enter):
        source = read_whole(tests)
        given = None if apart else read_whole(solution)
        (laid_out,) = driver.marshal.loads(driver.read_part(files, head))
        driver.lay_out(laid_out, files, head)
        enter()
        isomer_session.run(REPORT, WIRE if apart else None, source, given, shift)
        os._exit(0)

    if apart:
        kept = {0: null, 1: null, 2: null, WIRE: far.fileno()}
        running.append(start(run_solution, limits, "solution", kept))
    far.close()
    tests, files = driver.receive(tests_size), driver.receive(files_size)
    errors, report = os.memfd_create("isomer"), os.memfd_create("isomer")
    kept = {0: null, 1: null, 2: errors, WIRE: near.fileno(), REPORT: report}
    if not apart:
        del kept[WIRE]
    running.insert(0, start(run_tests, limits, "program", kept))
    stopped = driver.watch(cpu_ms, wall_ms, *(pid for pid, _ in running))
    ended = finish(running)
    # Not before: the solution's process ends with its wire, and has to be seen to be there still.
    near.close()
    wall = time.monotonic() - started
    failed = False
    for (_, confined), (status, alive, _) in zip(running, ended):
        # One that was killed, by us or by its company, before it came so far has run nothing.
        failed |= not os.read(confined, 1) and not alive and os.WIFEXITED(status)
        os.close(confined)
    if failed:
        driver.send(driver.unconfined(errors))
        os._exit(1)
    answer(ended, wall, stopped, report, errors)
    for descriptor in (solution, tests, files, null, errors, report):
        os.close(descriptor)


def finish(running):
    """Ends and reaps all processes; for each its status, whether it was still alive, and its use."""
    ended = []
    for at, (pid, _) in enumerate(running):
        handle = os.pidfd_open(pid)
        alive = not select.select([handle], [], [], 0)[0]
        os.close(handle)
        if alive:
            os.kill(pid, _signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
        ended.append((status, alive, usage))
    driver.sweep()
    return ended


def answer(ended, wall, stopped, report, errors):
    status = ended[0][0]
    cpu = sum(int((usage.ru_utime + usage.ru_stime) * 1e6) for _, _, usage in ended)
    resident = sum(usage.ru_maxrss for _, _, usage in ended)
    # Of the solution: nothing if it was there to the end.
    left = b"" if len(ended) == 1 or ended[1][1] else str(ended[1][0]).encode("ascii")
    numbers = (status, cpu, int(wall * 1e6), resident, stopped, int(driver.clean()), 1)
    driver.send([
        *driver.numbers_head(numbers, 4), driver.marshal.dumps(left, 2),
        *driver.sized(report, MOST_REPORT), *driver.sized(errors, driver.DIAGNOSTICS),
        driver.tuple_head(0),
    ])


isomer_session.warm()
WARM = frozenset(filter(is_open, range(3, DESCRIPTORS)))
driver.extensions["pytest"] = session
