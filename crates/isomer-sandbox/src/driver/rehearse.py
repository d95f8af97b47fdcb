"""The way of a child, gone by the driver before it forks, and the gaps between objects filled.

A child copies each page that it writes to first, makes each look-up that nobody made before, and
runs functions as slowly as they run at first. All of that is done here once for all children.
"""

import _signal
import marshal
import os
import resource
import sys

# After this many calls an interpreter has made of a function what it can.
TIMES = 10
# Of the interpreter's own allocator, with the head of a pool.
POOL, POOL_HEAD = 14 if sys.version_info >= (3, 10) else 12, 48
# Most bytes that are taken to fill the gaps between objects of one size.
MOST_FILLING = 1 << 19

fillings = []


class Rehearsed(BaseException):
    """Instead of the end of a process."""


def end(status):
    raise Rehearsed


def nothing(*words):
    return None


def rehearse(source):
    """Runs a program as a child does, without the steps that nobody can go back."""
    # Asks the kernel for a number instead of installing a filter.
    policy = Policy(bytes(8))
    policy.arguments = PR_GET_DUMPABLE, *policy.arguments[1:]
    policies["none"] = policy
    head = marshal.dumps((source, "solve", ()), 2)
    job = Job(("stdio", 1000, 1000, 1 << 30, 1 << 20, 1 << 20, (), len(head), 0, "none", 0))
    del policies["none"]
    os.pwrite(SOURCE, head, 0)
    modules = dict(sys.modules)
    pwrite = os.pwrite
    stand_ins = {
        (os, "_exit"): end, (os, "close"): nothing, (os, "closerange"): nothing, (os, "dup2"): nothing,
        (os, "write"): nothing, (os, "pwrite"): lambda _, words, at: pwrite(CODE, words, at),
        (resource, "setrlimit"): nothing, (_signal, "signal"): nothing, (sys, "argv"): sys.argv,
    }
    if "atexit" in modules:
        stand_ins[modules["atexit"], "_run_exitfuncs"] = nothing
    with open(os.devnull) as empty, open(os.devnull, "w") as lost:
        stand_ins.update({(sys, "stdin"): empty, (sys, "stdout"): lost, (sys, "__stdout__"): lost})
        kept = [(module, name, getattr(module, name)) for module, name in stand_ins]
        for (module, name), one in stand_ins.items():
            setattr(module, name, one)
        try:
            for job.compiled in [False] * TIMES + [True] * TIMES:
                until_end(rehearse_program, job)
            job.compiled = False
            for _ in range(TIMES):
                until_end(rehearse_function, job)
        finally:
            for module, name, one in kept:
                setattr(module, name, one)
            sys.modules.clear()
            sys.modules.update(modules)


def until_end(task, job):
    try:
        task(job)
    except Rehearsed:
        pass


def rehearse_program(job):
    job.enter(0, 1, 2, REPORT, CONFIRM)
    job.task(job)


def rehearse_function(job):
    job.enter(0, 1, 2, REPORT, CONFIRM)
    run_function(compiled(job), job.function, (["1", "20"],))


def fill_gaps():
    """Takes the free places between objects, so that what a child makes lies together."""
    for size in range(16, 513, 16):
        whole = ((1 << POOL) - POOL_HEAD) // size
        made, pools = [], {}
        for number in range(MOST_FILLING // size):
            # The smallest sizes are too small for bytes.
            one = object() if size == 16 else float(number) if size == 32 else bytes(size - 33)
            made.append(one)
            pool = id(one) >> POOL
            pools[pool] = pools.get(pool, 0) + 1
            if pools[pool] == whole:
                # From here on there are no gaps; this pool is given back.
                fillings.append([one for one in made if id(one) >> POOL != pool])
                break
