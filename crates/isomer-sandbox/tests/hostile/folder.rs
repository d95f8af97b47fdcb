//! Programs that leave traps in the working folder for the driver that cleans and fetches.

use isomer_sandbox::{Ending, Entry, Isolation, Job, Output};
use serde_json::json;

use crate::common::{job, sandbox};
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

/// Nothing comes back through links, from other places or of other kinds than plain files, and the
/// next program finds an empty folder in the same jail.
#[tokio::test]
async fn traps_bring_nothing_back() {
    let sandbox = sandbox(Isolation::Full).await;
    let fetch = "brought folder/brought link0/usr/bin/env link6/brought loop round/x folder a/b/c d/d plain";
    let fetch: Vec<_> = fetch.split(' ').map(str::to_owned).collect();
    let look = "import os; print(os.listdir('.'))";
    for (name, source, _) in ROWS {
        if *name == "file still being written when killed" {
            continue;
        }
        let source = format!("{source}\nimport os\nopen('/tmp/plain', 'w').write('mine')");
        let trap = Job { fetch: fetch.clone(), ..job(&source, Entry::Stdio, vec![json!("")]) };
        let left = sandbox.run(trap).await.unwrap().remove(0);
        let expected = if left.ending == Ending::Finished { "mine" } else { "" };
        for (path, content) in &left.files {
            let content = String::from_utf8_lossy(content);
            let own =
                path == "plain" && content == expected || path == "brought" && content.is_empty();
            assert!(own, "{name}: {path} {content:?} {left:?}");
        }
        let next = sandbox.run(job(look, Entry::Stdio, vec![json!("")])).await.unwrap().remove(0);
        assert_eq!(next.output, Output::Text("[]\n".to_owned()), "{name}: {next:?}");
    }
}
