//! Programs that want more time, memory, output or files than they may have.

use crate::program::Expected::{Ends, Prints, Shows};
use crate::program::Row;

/// Each with the way it must end.
pub(crate) const ROWS: &[Row] = &[
    ("infinite loop", "while True: pass", Ends("time limit")),
    (
        "loop that swallows everything",
        "while True:\n try:\n  while True: pass\n except BaseException: pass",
        Ends("time limit"),
    ),
    ("loop in C", "sum(range(10**12))", Ends("time limit")),
    ("big power", "x = 7 ** (10 ** 8)", Ends("time limit")),
    ("sleep", "import time; time.sleep(60)", Ends("time limit")),
    (
        "wait for a lock",
        "import threading as t; l=t.Lock(); l.acquire(); l.acquire()",
        Ends("time limit"),
    ),
    ("stop oneself", "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)", Ends("time limit")),
    (
        "thread that never ends",
        "import threading, time\nthreading.Thread(target=lambda: time.sleep(60)).start()",
        Ends("time limit"),
    ),
    (
        "ignore the limit's signal",
        "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass",
        Ends("time limit"),
    ),
    (
        "alarm that keeps ringing",
        "import signal\nsignal.signal(signal.SIGALRM, lambda *a: None)\n\
             signal.setitimer(signal.ITIMER_REAL, .001, .001)\nwhile True: pass",
        Ends("time limit"),
    ),
    (
        "exception whose text never ends",
        "class E(Exception):\n def __str__(self):\n  while True: pass\nraise E",
        Ends("time limit"),
    ),
    (
        "exit handler that never ends",
        "import atexit\n@atexit.register\ndef f():\n while True: pass",
        Ends("time limit"),
    ),
    ("memory bomb", "x = []\nwhile True: x.append(bytearray(1 << 20))", Ends("memory limit")),
    ("one large block", "x = bytearray(1 << 40)", Ends("memory limit")),
    (
        "memory mapped from nothing",
        "import mmap\nx = [mmap.mmap(-1, 1 << 20) for _ in range(10000)]\nx[0][0] = 1",
        Ends("OSError"),
    ),
    ("output bomb", "while True: print('x' * 1000)", Ends("output limit")),
    ("output in one piece", "print('x' * (1 << 21))", Ends("output limit")),
    (
        "output bomb that goes on",
        "import os\nwhile True:\n try: os.write(1, b'x' * 65536)\n except OSError: pass",
        Ends("output limit"),
    ),
    (
        "full disk",
        "for i in range(100):\n open(f'/tmp/{i}', 'wb').write(b'x' * (1 << 20))",
        Ends("OSError: [Errno 28]"),
    ),
    (
        "large file",
        "f = open('/tmp/x', 'wb')\nfor i in range(100): f.write(b'x' * (1 << 20))",
        Ends("OSError"),
    ),
    (
        "no more inodes",
        "for i in range(10**6): open(f'/tmp/{i}', 'w').close()",
        Ends("OSError: [Errno 28]"),
    ),
    (
        "raise one's own limits",
        "import resource as r\nfor k in (r.RLIMIT_CPU, r.RLIMIT_AS, r.RLIMIT_FSIZE, r.RLIMIT_NPROC):\n \
             try: r.setrlimit(k, (1 << 40, 1 << 40)); print('raised', k)\n except (ValueError, OSError): pass\n\
             print('no')",
        Prints("no"),
    ),
    (
        "too many threads",
        "import threading, time\ntry:\n for i in range(1000): \
             threading.Thread(target=time.sleep, args=(9,), daemon=True).start()\n print('all')\n\
             except RuntimeError: print('refused')\nimport sys, os; sys.stdout.flush(); os._exit(0)",
        Prints("refused"),
    ),
    ("compile bomb of constants", "x = (1 << 10**7) ** 10**9", Ends("")),
    (
        "memory bomb of many threads",
        r"
import threading
def grow():
    blocks = []
    while True: blocks.append(bytearray(1 << 16))
threads = [threading.Thread(target=grow) for _ in range(20)]
for thread in threads: thread.start()
",
        // A thread that finds no memory to begin with lets the one that started it wait for ever.
        Ends("finished|memory limit|killed by|RuntimeError|time limit"),
    ),
    ("memory bomb of one string", "x = 'x'\nwhile True: x += x", Ends("memory limit|time limit")),
    (
        "output bomb on standard error",
        "import os\nwhile True: os.write(2, b'x' * 65536)",
        Ends("OSError: [Errno 27]"),
    ),
    (
        "output that pretends to be huge",
        "import os\nos.ftruncate(1, 1 << 40)",
        Ends("OSError: [Errno 27]"),
    ),
    (
        "output beyond the end",
        "import os\nos.ftruncate(1, 1 << 20)\nos.lseek(1, 1 << 20, 0)\nos.write(1, b'xx')",
        Ends("output limit"),
    ),
    (
        "report that never ends",
        "import os\nwhile True: os.write(3, b'x' * 65536)",
        Ends("exit status 1"),
    ),
    ("deep recursion", "def f(): f()\nf()", Ends("RecursionError")),
    (
        "deep recursion without a limit",
        "import sys\nsys.setrecursionlimit(10**9)\ndef f(): f()\nf()",
        Ends("memory limit|RecursionError|killed by SIGSEGV|time limit"),
    ),
    (
        "deep recursion in C",
        r"
import sys
sys.setrecursionlimit(10**9)
class A:
    def __repr__(self): return repr([self])
repr(A())
",
        Ends("memory limit|RecursionError|killed by SIGSEGV|time limit"),
    ),
    (
        "deep recursion of a destructor",
        "x = ()\nfor _ in range(10**6): x = (x,)\ndel x\nprint('done')",
        Prints("done"),
    ),
    (
        "infinite loop in C code",
        "import re; re.match('(a+)+$', 'a' * 60 + 'b')",
        Ends("time limit"),
    ),
    ("keys with one hash", "x = {i * (2**61 - 1): 0 for i in range(10**5)}", Ends("time limit")),
    (
        "all descriptors",
        "x = []\nwhile True: x.append(open('/dev/null'))",
        Ends("OSError: [Errno 24]"),
    ),
    (
        "pipes full of bytes",
        r"
import os
x = []
while True:
    x.append(os.pipe())
    os.set_blocking(x[-1][1], False)
    os.write(x[-1][1], b'x' * (1 << 20))
",
        Ends("OSError: [Errno 24]"),
    ),
    (
        "partial output at a timeout",
        "print('part', flush=True)\nwhile True: pass",
        Shows("time limit", "part\n"),
    ),
    (
        "partial output at a sleep",
        "import time\nprint('part', flush=True)\ntime.sleep(60)",
        Shows("time limit", "part\n"),
    ),
    (
        "output before running out of memory",
        "print('part', flush=True)\nx = bytearray(1 << 40)",
        Shows("memory limit", "part\n"),
    ),
];
