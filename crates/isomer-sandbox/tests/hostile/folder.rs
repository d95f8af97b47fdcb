//! Programs that leave traps in the working folder for the driver that cleans and fetches.

use crate::program::Expected::{Ends, Prints};
use crate::program::Row;

/// Each with the way it must end.
pub(crate) const ROWS: &[Row] = &[
    (
        "symlink tricks",
        r"
import os
for number, target in enumerate(('/', '/proc/1', '/proc/self', '/dev', '/tmp', '.', '..', 'loop', '/usr/lib', '/nonexistent')):
    os.symlink(target, 'link%d' % number)
os.symlink('loop', 'loop')
os.symlink('/tmp/link0/tmp/link0/tmp', 'round')
os.mkdir('folder')
os.symlink('/', 'folder/brought')
os.symlink('/proc/1/environ', 'brought')
print('laid')
",
        Prints("laid"),
    ),
    (
        "hardlink tricks",
        r"
import os, sys
out = []
for path in (sys.executable, '/dev/null', os.__file__, '/proc/self/status'):
    try: os.link(path, 'x'); out.append(path)
    except OSError: pass
open('file', 'w').write('1')
for number in range(1000): os.link('file', 'hard%d' % number)
print(out)
",
        Prints("[]"),
    ),
    (
        "deep folders",
        r"
import os
for number in range(300):
    os.mkdir('d')
    os.chdir('d')
print('deep')
",
        Prints("deep"),
    ),
    (
        "wide folders",
        "import os\nfor number in range(3000): os.mkdir(str(number))\nprint('wide')",
        Prints("wide"),
    ),
    (
        "folders nobody may enter",
        r"
import os
os.makedirs('a/b/c')
for path in ('a/b/c', 'a/b', 'a'): os.chmod(path, 0)
open('brought', 'w').close()
os.chmod('brought', 0)
print('closed')
",
        Prints("closed"),
    ),
    (
        "working folder nobody may enter",
        "import os\nos.mkdir('a')\nos.chmod('/tmp', 0)\nprint('closed')",
        Ends("finished|PermissionError"),
    ),
    (
        "working folder taken away",
        "import os\nout = []\nfor act in (lambda: os.rename('/tmp', '/x'), lambda: os.rmdir('/tmp'), lambda: os.symlink('/', '/x')):\n try: act(); out.append('done')\n except OSError: pass\nprint(out)",
        Prints("[]"),
    ),
    (
        "names that are none",
        r"
import os
for name in (b'\xff\xfe', b'\x1b[2J', b'a\nb', b'-rf', b' ', b'x' * 255, '\u202e'.encode(), b'$(reboot)', b'..' * 100):
    os.mkdir(name)
    open(name + b'/' + name, 'w').close()
print('named')
",
        Prints("named"),
    ),
    (
        "pipes, sockets and devices in the folder",
        r"
import os, socket, stat
out = []
for act in (lambda: os.mkfifo('brought'), lambda: os.mknod('brought', stat.S_IFSOCK), lambda: os.mknod('brought', stat.S_IFCHR, 259),
            lambda: socket.socket(socket.AF_UNIX).bind('brought')):
    try: act(); out.append('made')
    except OSError: pass
print(out)
",
        Prints("[]"),
    ),
    (
        "huge file without content",
        "import os\nos.truncate(os.open('brought', os.O_CREAT | os.O_RDWR), 1 << 40)",
        Ends("OSError: [Errno 27]"),
    ),
    (
        "exchanged names",
        r"
import ctypes, os
c = ctypes.CDLL(None)
os.mkdir('a')
open('b', 'w').close()
# renameat2 with RENAME_EXCHANGE, with RENAME_WHITEOUT
print(c.syscall(316, -100, b'a', -100, b'b', 2), c.syscall(316, -100, b'a', -100, b'c', 4))
",
        Ends("finished"),
    ),
    (
        "time of the folder",
        "import os\nopen('x', 'w').close()\nos.utime('/tmp', (0, 0))\nos.chmod('/tmp', 0o1777)\nprint('set')",
        Ends("finished|PermissionError"),
    ),
    (
        "file still being written when killed",
        r"
f = open('brought', 'wb')
while True: f.seek(0); f.write(b'x' * 65536)
",
        Ends("time limit"),
    ),
];
