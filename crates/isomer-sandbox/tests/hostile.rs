//! Hostile programs: a table of attacks, each with the way it must end.
//!
//! Run behind an outer wall while working on the jail: `scripts/walled cargo test -p isomer-sandbox`.

mod common;

use common::{LIMITS, call, once, sandbox};
use isomer_record::{Comparison, JudgeMode, Verdict};
use isomer_sandbox::{Ending, Entry, Execution, Isolation, Output, Sandbox, judge};
use serde_json::json;

/// A program and how it must end: `Ending::describe` starts with this, or it must print it.
enum Expected {
    Ends(&'static str),
    Prints(&'static str),
}

use Expected::{Ends, Prints};

async fn check(sandbox: &Sandbox, name: &str, source: &str, expected: &Expected) -> Vec<String> {
    let started = std::time::Instant::now();
    let execution = once(sandbox, source, Entry::Stdio, json!("7\n")).await;
    let mut complaints = Vec::new();
    let described = execution.ending.describe();
    match expected {
        Ends(start) if !described.starts_with(start) => {
            complaints
                .push(format!("{name}: `{described}`, not `{start}`: {:?}", execution.output));
        }
        Prints(text) if execution.output != Output::Text(format!("{text}\n")) => {
            complaints.push(format!("{name}: {described} {:?}, not `{text}`", execution.output));
        }
        _ => {}
    }
    let verdict = judge(JudgeMode::Stdio, Comparison::Exact, &json!("right"), &execution);
    if verdict == Verdict::Accepted {
        complaints.push(format!("{name}: accepted"));
    }
    if started.elapsed().as_millis() > 2 * u128::from(LIMITS.wall_ms) {
        complaints.push(format!("{name}: took {:?}", started.elapsed()));
    }
    complaints
}

async fn check_all(table: &[(&str, &str, Expected)]) {
    let sandbox = sandbox(Isolation::Full).await;
    let mut complaints = Vec::new();
    for (name, source, expected) in table {
        complaints.extend(check(&sandbox, name, source, expected).await);
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[tokio::test]
async fn limits_hold() {
    check_all(&[
        ("infinite loop", "while True: pass", Ends("time limit")),
        (
            "loop that swallows everything",
            "while True:\n try:\n  while True: pass\n except BaseException: pass",
            Ends("time limit"),
        ),
        ("loop in C", "sum(range(10**12))", Ends("time limit")),
        ("big power", "x = 7 ** (10 ** 8)", Ends("time limit")),
        ("sleep", "import time; time.sleep(60)", Ends("time limit")),
        ("wait for a lock", "import threading as t; l=t.Lock(); l.acquire(); l.acquire()", Ends("time limit")),
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
        ("compile bomb", &format!("x = {}", "-".repeat(400_000) + "1"), Ends("does not compile")),
        ("compile bomb of constants", "x = (1 << 10**7) ** 10**9", Ends("")),
    ])
    .await;
}

#[tokio::test]
async fn processes_cannot_be_made() {
    check_all(&[
        ("fork", "import os\nos.fork()", Ends("OSError")),
        ("fork bomb", "import os\nwhile True: os.fork()", Ends("OSError")),
        ("vfork and exec", "import subprocess; subprocess.run(['/bin/true'])", Ends("OSError")),
        ("system", "import os; print(os.system('true') != 0)", Prints("True")),
        ("exec", "import os; os.execv('/bin/true', ['true'])", Ends("OSError")),
        ("spawn", "import os; os.posix_spawn('/bin/true', ['true'], {})", Ends("OSError")),
        ("multiprocessing", "import multiprocessing as m\nm.get_context('fork').Process(target=print).start()", Ends("OSError")),
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
    ])
    .await;
}

#[tokio::test]
async fn the_driver_cannot_be_reached() {
    check_all(&[
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
    ])
    .await;
}

#[tokio::test]
async fn the_machine_cannot_be_reached() {
    check_all(&[
        (
            "inet socket",
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
            "import os\nprint([p for p in ('/etc/passwd', '/etc/shadow', '/home', '/var', '/sys', '/work', '/boot', '/root/.ssh', '/dev/shm', '/dev/kmsg') if os.path.exists(p)])",
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
        ("other processes", "import os\nprint([p for p in os.listdir('/proc') if p.isdigit() and int(p) not in (1, os.getpid())])", Prints("[]")),
        ("escape by dots", "import os\nos.chdir('../' * 50)\nprint(sorted(set(os.listdir('.')) - {'usr', 'bin', 'lib', 'lib64', 'root', 'opt', 'home', 'etc', 'work', 'nix'}))", Prints("['dev', 'proc', 'tmp']")),
        ("shared memory", "import ctypes\nc = ctypes.CDLL(None)\nprint(c.shmget(1, 4096, 0o1777), c.semget(1, 1, 0o1777), c.msgget(1, 0o1777))", Prints("-1 -1 -1")),
        ("memory files", "import os\ntry: os.memfd_create('x'); print('made')\nexcept OSError: print('no')", Prints("no")),
        ("packages of the machine", "import sys\nsys.path += ['/usr/lib/python3/dist-packages'] + [p + '/site-packages' for p in sys.path]\ntry: import pip; print('found')\nexcept ImportError: print('no')", Prints("no")),
    ])
    .await;
}

fn forged(execution: &Execution) -> Verdict {
    judge(JudgeMode::Call, Comparison::Exact, &json!(42), execution)
}

#[tokio::test]
async fn verdicts_cannot_be_forged() {
    let sandbox = sandbox(Isolation::Full).await;
    let not_encodable = "ResultNotEncodable";
    let table = [
        ("leave at once", "import os\ndef f(x): os._exit(0)", "exit status 0"),
        ("leave politely", "import sys\ndef f(x): sys.exit(0)", "exit status 0"),
        ("leave while loading", "raise SystemExit", "exit status 0"),
        (
            "equal to everything",
            "class A:\n __eq__ = lambda a, b: True\n __hash__ = None\ndef f(x): return A()",
            not_encodable,
        ),
        (
            "integer that lies",
            "class I(int):\n __eq__ = lambda a, b: True\ndef f(x): return I(1)",
            not_encodable,
        ),
        (
            "string that lies",
            "class S(str):\n __eq__ = lambda a, b: True\ndef f(x): return [S()]",
            not_encodable,
        ),
        ("list that lies", "class L(list): pass\ndef f(x): return {'a': L()}", not_encodable),
        ("bytes", "def f(x): return b'42'", not_encodable),
        ("set", "def f(x): return {42}", not_encodable),
        ("generator", "def f(x): yield 42", "ResultNotEncodable: it contains `generator`"),
        ("coroutine", "async def f(x): return 42", "ResultNotEncodable: it contains `coroutine`"),
        ("code", "def f(x): return f.__code__", not_encodable),
        ("list in itself", "def f(x):\n a = []; a.append(a); return a", not_encodable),
        (
            "deep list",
            "def f(x):\n a = []\n for i in range(100000): a = [a]\n return a",
            not_encodable,
        ),
        ("no function", "def g(x): return 42", "the wanted function is not defined"),
        ("function that is none", "f = 42", "the wanted function is not defined"),
        ("crash", "import ctypes\ndef f(x): ctypes.string_at(0)", "killed by SIGSEGV"),
        ("abort", "import os\ndef f(x): os.abort()", "killed by SIGABRT"),
        ("kill oneself", "import os\ndef f(x): os.kill(os.getpid(), 9)", "killed by SIGKILL"),
        (
            "damaged report",
            "import os\ndef f(x): os.write(3, b'R[\\xff\\xff\\xff\\x7f'); os._exit(0)",
            not_encodable,
        ),
        ("empty report", "import os\ndef f(x): os.write(3, b'R'); os._exit(0)", not_encodable),
        (
            "report of an exception that is none",
            "import os\ndef f(x): os.write(3, b'Xgarbage'); os._exit(1)",
            "exit status 1",
        ),
        (
            "right report, wrong status",
            "import os\ndef f(x): os.write(3, b'Ri*\\0\\0\\0'); os._exit(3)",
            "exit status 3",
        ),
        (
            "report of foreign type",
            "import os\ndef f(x): os.write(3, b'Rc'); os._exit(0)",
            not_encodable,
        ),
        ("large result", "def f(x): return 'x' * (1 << 21)", "output limit"),
        ("huge result", "def f(x): return ['x' * 1000] * 10**6", ""),
        (
            "garbage everywhere",
            "import os\ndef f(x):\n for fd in range(1000):\n  try: os.write(fd, b'\\x01\\0\\0\\0N')\n  except OSError: pass\n os._exit(0)",
            "exit status 0",
        ),
        (
            "forged frames",
            "import os, sys\ndef f(x):\n for fd in range(3): os.close(fd)\n while True: raise KeyError(sys._getframe(5))",
            "ValueError",
        ),
        (
            "patched modules",
            "import marshal, json, os, builtins\nmarshal.dumps = lambda *a: b'R'\nos._exit = lambda s: None\nbuiltins.type = lambda x: int\ndef f(x): return object()",
            "",
        ),
        ("patched exit", "import os\nos._exit = lambda s: 1/0\ndef f(x): raise SystemExit(0)", ""),
    ];
    let mut complaints = Vec::new();
    for (name, source, expected) in table {
        let execution = once(&sandbox, source, call(), json!([7])).await;
        let described = execution.ending.describe();
        if !described.starts_with(expected) {
            complaints.push(format!("{name}: `{described}`, not `{expected}`"));
        }
        if forged(&execution) == Verdict::Accepted {
            complaints.push(format!("{name}: accepted"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    let right = once(&sandbox, "def f(x): return 6 * x", call(), json!([7])).await;
    assert_eq!((forged(&right), right.ending), (Verdict::Accepted, Ending::Finished));
}
