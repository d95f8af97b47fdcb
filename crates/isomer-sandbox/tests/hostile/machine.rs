//! Programs that reach for the machine: files, network, kernel, other users.

use crate::program::Expected::Prints;
use crate::program::Row;

/// Each with the way it must end.
pub(crate) const ROWS: &[Row] = &[
    (
        "loopback",
        "import socket\ntry: socket.create_connection(('127.0.0.1', 22), 1); print('connected')\nexcept OSError: print('no')",
        Prints("no"),
    ),
    (
        "abstract unix socket",
        "import socket\ntry: socket.socket(socket.AF_UNIX).connect('\\0x'); print('connected')\nexcept OSError: print('no')",
        Prints("no"),
    ),
    (
        "datagram from a pair to an abstract address",
        "import socket\na, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)\n\
             try: a.sendto(b'x', b'\\0x'); print('sent')\nexcept OSError as e: print(e.errno)",
        Prints("38"),
    ),
    (
        "namespaces and mounts",
        "import ctypes\nc = ctypes.CDLL(None, use_errno=True)\n\
             print(c.unshare(0x10000000), c.setns(0, 0), c.chroot(b'/tmp'), c.mount(b'x', b'/tmp', b'tmpfs', 0, 0), c.umount2(b'/tmp', 2))",
        Prints("-1 -1 -1 -1 -1"),
    ),
    (
        "files of the machine",
        "import os\nprint([p for p in ('/etc/passwd', '/etc/shadow', '/home', '/var', '/sys', '/opt', '/boot', '/root/.ssh', '/dev/shm', '/dev/kmsg') if os.path.exists(p)])",
        Prints("[]"),
    ),
    (
        "environment of the machine",
        "import os\nprint(sorted(os.environ))",
        Prints("['LC_CTYPE', 'PYTHONHASHSEED', 'TMPDIR', 'TZ']"),
    ),
    (
        "writing to system folders",
        "import os, sys\nbad = []\nfor p in ('/', '/usr', '/dev', '/proc', os.path.dirname(os.__file__), os.path.dirname(sys.executable)):\n \
             try: open(p + '/x', 'w'); bad.append(p)\n except OSError: pass\nprint(bad)",
        Prints("[]"),
    ),
    (
        "devices and privileged calls",
        "import os\nout = []\nfor f in (lambda: os.mknod('/tmp/d', 0o20666, os.makedev(1, 1)), lambda: os.setuid(0), lambda: os.chown('/tmp', 0, 0), lambda: os.setgroups([0])):\n \
             try: f(); out.append('done')\n except OSError: pass\nprint(out)",
        Prints("[]"),
    ),
    (
        "capabilities",
        "s = dict(l.split(':', 1) for l in open('/proc/self/status') if ':' in l)\n\
             print({int(s[k], 16) for k in ('CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb')}, s['NoNewPrivs'].strip(), s['Groups'].split())",
        Prints("{0} 1 []"),
    ),
    (
        "other processes, parent and siblings",
        "import os\nprint([p for p in os.listdir('/proc') if p.isdigit() and int(p) not in (1, os.getpid())])",
        Prints("[]"),
    ),
    (
        "escape by dots",
        "import os\nos.chdir('../' * 50)\nprint(sorted(set(os.listdir('.')) - {'usr', 'bin', 'lib', 'lib64', 'root', 'opt', 'home', 'etc', 'work', 'nix'}))",
        Prints("['dev', 'proc', 'tmp']"),
    ),
    (
        "shared memory",
        "import ctypes\nc = ctypes.CDLL(None)\nprint(c.shmget(1, 4096, 0o1777), c.semget(1, 1, 0o1777), c.msgget(1, 0o1777))",
        Prints("-1 -1 -1"),
    ),
    (
        "memory files",
        "import os\ntry: os.memfd_create('x'); print('made')\nexcept OSError: print('no')",
        Prints("no"),
    ),
    (
        "packages of the machine",
        "import sys\nsys.path += ['/usr/lib/python3/dist-packages'] + [p + '/site-packages' for p in sys.path]\ntry: import pip; print('found')\nexcept ImportError: print('no')",
        Prints("no"),
    ),
    (
        "raw sockets and strange families",
        r"
import socket
made = []
for family in range(48):
    for kind in (1, 2, 3, 5, 10):
        try: socket.socket(family, kind).close(); made.append((family, kind))
        except OSError: pass
print(made)
",
        Prints("[]"),
    ),
    (
        "abstract unix socket that listens",
        "import socket\ntry: socket.socket(socket.AF_UNIX).bind('\\0isomer'); print('bound')\nexcept OSError: print('no')",
        Prints("no"),
    ),
    (
        "server on the loopback",
        r"
import asyncio
async def listen():
    try: print(len((await asyncio.start_server(print, '127.0.0.1', 8000)).sockets))
    except OSError: print(0)
asyncio.run(listen())
",
        Prints("0"),
    ),
    (
        "names of the network",
        "import socket\ntry: print(socket.getaddrinfo('localhost', 80))\nexcept OSError: print('no')",
        Prints("no"),
    ),
    (
        "posix shared memory",
        r"
try:
    from multiprocessing import shared_memory
    shared_memory.SharedMemory('isomer', True, 64)
    print('made')
except (OSError, ImportError): print('no')
",
        Prints("no"),
    ),
    (
        "named semaphores and queues",
        r"
import ctypes
c = ctypes.CDLL(None)
print(c.sem_open(b'/isomer', 64, 0o600, 1), c.syscall(240, b'isomer', 64, 0o600, 0))
",
        Prints("0 -1"),
    ),
    (
        "home",
        "import os\nhome = os.path.expanduser('~')\nprint(os.environ.get('HOME'), os.path.isdir(home) and os.listdir(home))",
        Prints("None False"),
    ),
    ("users", "import pwd\nprint(pwd.getpwall())", Prints("[]")),
    (
        "expected outputs on disk",
        r"
import os
found = []
for top, folders, files in os.walk('/'):
    folders[:] = [name for name in folders if os.path.join(top, name) not in ('/proc', '/usr', '/root', '/opt', '/home')]
    found += [name for name in files if any(word in name.lower() for word in ('expect', 'answer', 'solution', 'verdict'))]
print(found)
",
        Prints("[]"),
    ),
    (
        "devices that are there",
        "import os\nprint(sorted(os.listdir('/dev')))",
        Prints("['fd', 'null', 'random', 'stderr', 'stdin', 'stdout', 'urandom', 'zero']"),
    ),
    (
        "terminals",
        "made = []\nfor name in ('tty', 'ptmx', 'console', 'tty0', 'pts/0'):\n try: open('/dev/' + name); made.append(name)\n except OSError: pass\nprint(made)",
        Prints("[]"),
    ),
    (
        "ctypes into libc: calls of the superuser and of the kernel's back doors",
        r"
import ctypes
c = ctypes.CDLL(None)
# mount, pivot_root, sethostname, reboot, swapon, iopl, settimeofday, init_module, kexec_load, add_key, keyctl, acct,
# open_by_handle_at, perf_event_open, bpf, userfaultfd, seccomp, memfd_create, execveat, io_uring_setup, open_tree,
# move_mount, fsopen, mount_setattr, landlock_create_ruleset, memfd_secret, io_setup, splice, tee, vmsplice, syslog,
# fanotify_init, quotactl, modify_ldt, personality, kcmp, unshare, setns, clone3, pidfd_open, process_madvise
calls = (165, 155, 170, 169, 167, 172, 164, 175, 246, 248, 250, 163, 304, 298, 321, 323, 317, 319, 322, 425, 428,
         429, 430, 442, 444, 447, 206, 275, 276, 278, 103, 300, 179, 154, 135, 312, 272, 308, 435, 434, 440)
print([number for number in calls if c.syscall(number, 0, 0, 0, 0, 0, 0) != -1])
",
        Prints("[]"),
    ),
    (
        "ctypes into libc: mount and unshare by name",
        r"
import ctypes
c = ctypes.CDLL(None)
print(c.unshare(0x00020000), c.unshare(0x20000000), c.mount(b'/', b'/tmp', b'none', 4096, 0), c.umount(b'/tmp'), c.chroot(b'.'))
",
        Prints("-1 -1 -1 -1 -1"),
    ),
    (
        "control groups of the machine",
        r"
print({line.strip().split(':')[2] for line in open('/proc/self/cgroup')})
",
        Prints("{'/'}"),
    ),
    (
        "names and clocks of the machine",
        r"
import os, socket, time
print(socket.gethostname(), os.uname().nodename)
try: time.clock_settime(time.CLOCK_REALTIME, 0); print('set')
except OSError: pass
",
        Prints("jail jail"),
    ),
];
