"""What the driver loads before it forks, so that programs find it there."""

import ctypes
import gc
import os
import sys

MADV_COLLAPSE, LARGE = 25, 2 << 20
# What nearly every program imports: loaded once here instead of in each process.
USUAL = ("array bisect collections copy dataclasses datetime decimal fractions functools heapq itertools "
         "json math operator random re statistics string time typing").split()

reseeders = []


def reseed():
    """Gives a child random numbers of its own, instead of those that all its siblings have."""
    for function in reseeders:
        function()
    module = sys.modules.get("numpy.random")
    if module is not None:
        module.seed()


def warm_up(sites, program, packages, modules):
    """Loads what programs are about to import, and modules of ours that know other kinds of jobs; a
    package that is missing is told by name, one that cannot be used once is left as it is."""
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
    rehearse(program)
    gc.collect()
    fill_gaps()
    # A collection in a child would write to, and so copy, every page that all children share.
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
