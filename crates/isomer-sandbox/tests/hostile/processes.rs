//! Programs that want to be many.

use crate::program::Expected::{Ends, Prints};
use crate::program::Row;

/// Each with the way it must end.
pub(crate) const ROWS: &[Row] = &[
    ("fork", "import os\nos.fork()", Ends("OSError")),
    ("fork bomb", "import os\nwhile True: os.fork()", Ends("OSError")),
    ("vfork and exec", "import subprocess; subprocess.run(['/bin/true'])", Ends("OSError")),
    ("system", "import os; print(os.system('true') != 0)", Prints("True")),
    ("exec", "import os; os.execv('/bin/true', ['true'])", Ends("OSError")),
    ("spawn", "import os; os.posix_spawn('/bin/true', ['true'], {})", Ends("OSError")),
    (
        "multiprocessing",
        "import multiprocessing as m\nm.get_context('fork').Process(target=print).start()",
        Ends("OSError"),
    ),
    (
        "raw clone",
        "import ctypes\nc = ctypes.CDLL(None, use_errno=True)\nprint(c.syscall(56, 17, 0, 0, 0, 0), c.syscall(435, 0, 0), c.syscall(57))",
        Prints("-1 -1 -1"),
    ),
    (
        "x32 numbers",
        "import ctypes\nc = ctypes.CDLL(None, use_errno=True)\nprint(c.syscall(0x40000000 + 57), ctypes.get_errno())",
        Prints("-1 38"),
    ),
    (
        "memory bomb of many small processes",
        "import os\nwhile True:\n if os.fork() == 0: x = bytearray(1 << 24)",
        Ends("OSError"),
    ),
    (
        "daemon by a double fork",
        r"
import os
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True: pass
print('made')
",
        Ends("OSError"),
    ),
    (
        "session of its own",
        "import os\ntry: os.setsid(); print('made')\nexcept OSError: print('no')",
        Prints("no"),
    ),
    (
        "group of its own",
        "import os\ntry: os.setpgid(0, 0); print('made')\nexcept OSError: print('no')",
        Prints("no"),
    ),
    ("terminal of its own", "import pty\npty.fork()", Ends("OSError")),
    (
        "pool of processes",
        "from concurrent.futures import ProcessPoolExecutor as P\nprint(list(P(2).map(abs, [1])))",
        Ends("OSError|ImportError|PermissionError|FileNotFoundError|NotImplementedError"),
    ),
    (
        "program laid into the folder",
        r"
import os
open('x', 'w').write('#!/bin/sh\necho ran\n')
os.chmod('x', 0o4777)
os.execv('/tmp/x', ['x'])
",
        Ends("OSError"),
    ),
];
