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
import os
import sys

extensions = {}


def main():
    prctl(PR_SET_DUMPABLE, 0)
    # Has had its effect, and is none of a program's business.
    os.environ.pop("LD_BIND_NOW", None)
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    sys.path[:] = [path for path in sys.path if path]
    make_ready()
    filters, door[:], sites, program, packages, modules = read_frame()
    policies.update((name, Policy(code)) for name, code in filters)
    try:
        warm_up(sites, program, packages, modules)
    except Exception as error:
        write_frame(unusable(error))
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


main()
