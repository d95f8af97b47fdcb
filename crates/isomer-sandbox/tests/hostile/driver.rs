//! Programs that reach for the driver, for siblings and for what they inherit.

use crate::program::Expected::{Ends, Prints, Shows};
use crate::program::Row;

/// Each with the way it must end.
pub(crate) const ROWS: &[Row] = &[
    (
        "signals to the driver, the parent and everybody",
        "import os, signal\nsignal.signal(15, signal.SIG_IGN)\nfor pid in (1, os.getppid()):\n \
             for number in (9, 15, 19, 2, 6, 11): os.kill(pid, number)\nprint('alive')",
        Prints("alive"),
    ),
    ("kill everybody, who is nobody", "import os\nos.kill(-1, 9)", Ends("ProcessLookupError")),
    ("kill the group", "import os\nos.killpg(0, 9)", Ends("killed by SIGKILL")),
    (
        "limits of the driver",
        "import resource\ntry: print(resource.prlimit(1, resource.RLIMIT_CPU, (0, 0)))\nexcept OSError: print('no')",
        Prints("no"),
    ),
    (
        "memory, environment and descriptors of the driver",
        "import os\nfor path in ('mem', 'environ', 'fd/0', 'fd/1', 'maps', 'cmdline', 'root', 'cwd'):\n \
             try: open('/proc/1/' + path, 'rb').read(1); print('read', path)\n except OSError: pass\n\
             try: print(os.listdir('/proc/1/fd'))\nexcept OSError: print('no')",
        Prints("no"),
    ),
    (
        "ptrace and its cousins",
        "import ctypes\nc = ctypes.CDLL(None, use_errno=True)\n\
             print({c.syscall(n, 16, 1, 0, 0, 0, 0) for n in (101, 310, 311, 312, 438, 440, 448)})",
        Prints("{-1}"),
    ),
    (
        "descriptors that were left open",
        "import os\nfound = []\nfor fd in range(4, 1024):\n try: os.fstat(fd); found.append(fd)\n except OSError: pass\nprint(found)",
        Prints("[]"),
    ),
    (
        "other filters and dumps",
        "import ctypes\nc = ctypes.CDLL(None, use_errno=True)\n\
             print(c.prctl(4, 1, 0, 0, 0), c.prctl(1, 0, 0, 0, 0), c.syscall(317, 1, 0, 0))",
        Prints("-1 -1 -1"),
    ),
    (
        "signals to the driver by way of a pipe",
        r"
import fcntl, os
end, other = os.pipe()
for process in {1, os.getppid()}:
    for number in (9, 19, 15, 0):
        # F_SETOWN, F_SETSIG, and F_SETFL with O_ASYNC.
        for command, value in ((8, process), (10, number), (4, 0o24000)):
            fcntl.fcntl(end, command, value)
        os.write(other, b'x')
print('alive')
",
        Prints("alive"),
    ),
    (
        "signals to every number",
        r"
import os
for process in range(1, 3000):
    if process != os.getpid():
        for number in (9, 19):
            try: os.kill(process, number)
            except OSError: pass
print('alive')
",
        Prints("alive"),
    ),
    (
        "limits, priority and processors of others",
        r"
import os, resource
done = []
for process in {1, os.getppid()}:
    for name, act in (
        ('limit', lambda: resource.prlimit(process, resource.RLIMIT_AS, (0, 0))),
        ('priority', lambda: os.setpriority(os.PRIO_PROCESS, process, 19)),
        ('processors', lambda: os.sched_setaffinity(process, {0})),
        ('scheduler', lambda: os.sched_setscheduler(process, 0, os.sched_param(0))),
    ):
        try: act(); done.append(name)
        except (OSError, ValueError): pass
print(done)
",
        Prints("[]"),
    ),
    (
        "handles of the driver",
        r"
import ctypes, os
c = ctypes.CDLL(None)
handle = c.syscall(434, 1, 0)
print(handle, c.syscall(438, handle, 0, 0), c.syscall(424, handle, 9, 0, 0))
",
        Prints("-1 -1 -1"),
    ),
    (
        "memory of the parent and of siblings",
        r"
import os
found = []
for process in os.listdir('/proc'):
    if process.isdigit() and int(process) != os.getpid():
        for name in ('mem', 'maps', 'environ', 'stack', 'syscall', 'auxv', 'io', 'fd/0', 'task/%s/mem' % process):
            try: open('/proc/%s/%s' % (process, name), 'rb').read(1); found.append(name)
            except OSError: pass
print(found)
",
        Prints("[]"),
    ),
    (
        "writing to /proc/self",
        r"
import os
done = []
for name in ('mem', 'oom_score_adj', 'oom_adj', 'coredump_filter', 'clear_refs', 'attr/current', 'setgroups', 'uid_map',
             'gid_map', 'projid_map', 'loginuid', 'autogroup', 'timens_offsets', 'sched', 'ns/mnt'):
    try:
        descriptor = os.open('/proc/self/' + name, os.O_WRONLY)
        os.write(descriptor, b'0')
        done.append(name)
    except OSError: pass
print(done)
",
        Prints("[]"),
    ),
    (
        "way out through /proc/self",
        r"
import os
here = sorted(os.listdir('/'))
print([path for path in ('/proc/self/root', '/proc/self/cwd/..', '/proc/thread-self/root', '/proc/self/root/proc/self/root/..')
       if sorted(os.listdir(path)) != here])
",
        Prints("[]"),
    ),
    (
        "/proc/self names no path of the machine's own",
        r"
import os
words = open('/proc/self/environ', 'rb').read() if os.access('/proc/self/environ', os.R_OK) else b''
print([word for word in (b'HOME', b'PATH', b'KEY', b'TOKEN', b'USER') if word in words])
",
        Prints("[]"),
    ),
    (
        "writing to inherited descriptors",
        r"
import os
for descriptor in [*range(4, 64), 1000]:
    for act in (lambda: os.write(descriptor, b'\x01\0\0\0N'), lambda: os.ftruncate(descriptor, 0), lambda: os.read(descriptor, 1)):
        try: act(); os.write(1, b'done')
        except OSError: pass
print('none')
",
        Prints("none"),
    ),
    (
        "descriptors duplicated from oneself",
        r"
import os
print([name for name in os.listdir('/proc/self/fd') if int(name) > 4])
",
        Prints("[]"),
    ),
    (
        "closing stdio",
        r"
import os
for descriptor in range(64):
    try: os.close(descriptor)
    except OSError: pass
os.open('/dev/null', os.O_RDWR)
print('x')
",
        Ends("finished|exit status 120|OSError"),
    ),
    (
        "swapping stdio",
        "import os\nos.dup2(0, 1)\nos.dup2(2, 0)\nprint('x')",
        Shows("finished", ""),
    ),
    (
        "standard output that fights",
        "import sys\nclass W:\n closed = False\n write = flush = lambda *a: 1 / 0\nsys.stdout = W()\nprint(1)",
        Ends("ZeroDivisionError"),
    ),
    (
        "standard output that is none",
        "import sys\nsys.stdout = sys.__stdout__ = None\nprint(1)",
        Shows("finished", ""),
    ),
    ("os._exit(0) before an answer", "import os\nprint('x')\nos._exit(0)", Shows("finished", "")),
    (
        "sys.exit in atexit",
        "import atexit, sys\natexit.register(sys.exit, 3)\nprint('x')",
        Shows("finished", "x\n"),
    ),
    (
        "os._exit in atexit",
        "import atexit, os\natexit.register(os._exit, 7)\nprint('x')",
        Ends("exit status 7"),
    ),
];
