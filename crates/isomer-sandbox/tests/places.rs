//! Other users, the weaker walls, and failures of the sandbox itself.
#![expect(clippy::print_stdout, reason = "what was skipped must be seen")]

mod common;

use std::path::Path;
use std::process::Command;

use common::{LIMITS, call, job, once, sandbox, settings};
use isomer_sandbox::{
    Ending, Entry, Isolation, Job, LayerState, Limits, Output, Sandbox, SandboxError, Settings,
    diagnose,
};
use serde_json::json;

#[tokio::test]
async fn weaker_walls_hold_what_they_promise() {
    let sandbox = sandbox(Isolation::Reduced).await;
    let table = [
        ("print(int(input()) * 6)", "42\n"),
        ("open('x', 'w').write('1'); print(open('x').read())", "1\n"),
        ("import tempfile\nprint(tempfile.TemporaryFile().write(b'x'))", "1\n"),
        (
            "import os\nfor p in ('/etc/passwd', '/proc/self/environ', '/tmp', '/root', '/home', '/var'):\n \
             try: os.listdir(p) if os.path.isdir(p) else open(p); print(p)\n except OSError: pass",
            "",
        ),
        (
            "import os\nfor p in ('/tmp/isomer-escape', '/usr/x', '/dev/shm/x'):\n \
             try: open(p, 'w'); print(p)\n except OSError: pass",
            "",
        ),
        ("import os\ntry: os.fork(); print('forked')\nexcept OSError: pass", ""),
        ("import os\ntry: os.kill(os.getppid(), 9); print('killed')\nexcept OSError: pass", ""),
        ("import socket\ntry: socket.socket(); print('made')\nexcept OSError: pass", ""),
        (
            "import fcntl, os\nr, w = os.pipe()\nfor command, value in ((8, os.getppid()), (10, 9), (4, 0o24000)):\n \
             try: fcntl.fcntl(r, command, value); print(command)\n except OSError: pass\n\
             os.write(w, b'x')",
            "4\n",
        ),
    ];
    for (source, expected) in table {
        let execution = once(&sandbox, source, Entry::Stdio, json!("7")).await;
        assert_eq!(execution.output, Output::Text(expected.to_owned()), "{source}: {execution:?}");
        assert_eq!(execution.ending, Ending::Finished);
    }
    let source = "import tempfile; open(tempfile.gettempdir() + '/none')";
    let missing = once(&sandbox, source, Entry::Stdio, json!("")).await.ending.describe();
    assert!(missing.contains(": '/tmp/none'"), "{missing}");
    let slow = once(&sandbox, "while True: pass", Entry::Stdio, json!("")).await;
    assert_eq!(slow.ending, Ending::TimeLimit);
    let value = once(&sandbox, "def f(x): return x", call(), json!([1])).await;
    assert_eq!(value.ending, Ending::Finished);
}

#[tokio::test]
async fn jobs_of_the_wrong_kind_are_refused() {
    let sandbox = sandbox(Isolation::Full).await;
    for (entry, input) in [(Entry::Stdio, json!(1)), (call(), json!("x"))] {
        let error = sandbox.run(job("", entry, vec![input])).await.unwrap_err();
        assert!(matches!(error, SandboxError::Job { .. }));
    }
    assert!(sandbox.run(job("", Entry::Stdio, vec![])).await.unwrap().is_empty());
    for limits in [
        Limits { memory_bytes: 1 << 20, ..LIMITS },
        Limits { cpu_ms: 0, ..LIMITS },
        Limits { output_bytes: u64::MAX, ..LIMITS },
    ] {
        let one = Job { limits, ..job("", Entry::Stdio, vec![json!("")]) };
        assert!(matches!(sandbox.run(one).await, Err(SandboxError::Job { .. })));
    }
}

#[tokio::test]
async fn a_wrong_launcher_is_an_error_of_ours() {
    for launcher in ["/bin/true", "/bin/cat", "/nonexistent"] {
        let wrong = Settings { launcher: launcher.into(), ..settings(Isolation::Full) };
        let Err(error) = Sandbox::open(wrong).await else { panic!("{launcher} was accepted") };
        let ours = matches!(error, SandboxError::Broken { .. } | SandboxError::Launcher { .. });
        assert!(ours, "{launcher}: {error}");
    }
}

#[tokio::test]
async fn every_layer_is_reported() {
    for isolation in [Isolation::Full, Isolation::Reduced] {
        let diagnosis = diagnose(settings(isolation)).await;
        assert!(diagnosis.usable && diagnosis.python.is_ok());
        let needed = |layer: &&LayerState| !layer.optional;
        let mut layers = diagnosis.layers.iter();
        assert!(layers.by_ref().filter(needed).all(|layer| layer.active), "{:?}", diagnosis.layers);
        let groups = diagnosis.layers.last().unwrap();
        assert_eq!((groups.name, groups.optional), ("control groups", true));
        let versions = ["v1: ", "v2: ", "none: "];
        assert!(versions.iter().any(|version| groups.detail.starts_with(version)), "{groups:?}");
    }
}

/// Whatever versions are installed; the driver must suit all of them.
#[tokio::test]
async fn other_versions_of_python_work() {
    for version in 9..=14 {
        let python = Some(format!("python3.{version}").into());
        let sandbox = match Sandbox::open(Settings { python, ..settings(Isolation::Full) }).await {
            Ok(sandbox) => sandbox,
            Err(SandboxError::Python { detail }) => {
                println!("skipped: {detail}");
                continue;
            }
            Err(error) => panic!("3.{version}: {error}"),
        };
        let name = &sandbox.python().version;
        for (source, expected) in [
            ("print(10 ** 5000 > 1)", "finished"),
            (
                "import sys\nsys.setrecursionlimit(10**6)\ndef f(n): return n and 1 + f(n - 1)\nf(100000)",
                "finished",
            ),
            ("import asyncio, threading\nasync def f(): pass\nasyncio.run(f())", "finished"),
            ("1 / 0", "ZeroDivisionError: division by zero (line 1)"),
            ("import os; os.fork()", "OSError"),
            ("x = bytearray(1 << 40)", "memory limit exceeded"),
            ("while True: pass", "time limit exceeded"),
            ("def f(:", "does not compile"),
        ] {
            let described = once(&sandbox, source, Entry::Stdio, json!("")).await.ending.describe();
            assert!(described.starts_with(expected), "{name}: {source:?}: {described}");
        }
        let echo = "def f(x): return [x, (1, 2.5, None), 1 << 100]";
        let execution = once(&sandbox, echo, call(), json!([{"a": "\u{e4}"}])).await;
        let Output::Value(value) = execution.output else { panic!("{name}: no value") };
        assert_eq!(value.to_json().unwrap()[0]["a"], json!("\u{e4}"), "{name}");
        println!("works: {name}");
    }
}

/// The same binary as a user without any rights: namespaces must come from a user namespace.
#[test]
fn an_ordinary_user_has_full_walls() {
    if !nix_is_root() {
        println!("skipped: only the superuser can become an ordinary user");
        return;
    }
    if !Path::new("/usr/bin/python3").exists() {
        println!("skipped: no Python that every user can reach");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let launcher = folder.path().join("isomer-jail");
    std::fs::copy(env!("CARGO_BIN_EXE_isomer-jail"), &launcher).unwrap();
    let itself = folder.path().join("tests");
    std::fs::copy(std::env::current_exe().unwrap(), &itself).unwrap();
    Command::new("chmod").args(["-R", "a+rX"]).arg(folder.path()).status().unwrap();
    let run = Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(&itself)
        .args(["--exact", "ordinary_user_half", "--ignored", "--nocapture"])
        .env("ISOMER_TEST_LAUNCHER", &launcher)
        .output();
    let Ok(output) = run else {
        println!("skipped: `setpriv` is not installed");
        return;
    };
    let words = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}");
    assert!(words.contains("1 passed"), "{words}");
    if let Some(skipped) = words.lines().find(|line| line.contains("skipped:")) {
        println!("{skipped}");
    }
}

#[tokio::test]
#[ignore = "started by `an_ordinary_user_has_full_walls` as another user"]
#[expect(clippy::disallowed_methods, reason = "the launcher's copy has no other way to be named")]
async fn ordinary_user_half() {
    let launcher = std::env::var("ISOMER_TEST_LAUNCHER").unwrap();
    let python = Some("/usr/bin/python3".into());
    let settings = Settings { launcher: launcher.into(), python, ..settings(Isolation::Full) };
    let sandbox = match Sandbox::open(settings).await {
        Ok(sandbox) => sandbox,
        Err(error @ SandboxError::IsolationMissing { .. }) => {
            println!("skipped: {error}; {:?}", error.help());
            return;
        }
        Err(error) => panic!("{error}"),
    };
    let source = "import os\nprint(os.getuid(), os.path.exists('/etc/passwd'), open('/proc/self/status')\
                  .read().count('\\t0000000000000000\\n') >= 5)";
    let execution = once(&sandbox, source, Entry::Stdio, json!("")).await;
    assert_eq!(execution.output, Output::Text("1000 False True\n".to_owned()));
    // Launcher and host are processes of the same user, and in no namespace when it comes to groups.
    let execution = once(&sandbox, "import os; os.kill(0, 9)", Entry::Stdio, json!("")).await;
    assert_eq!(execution.ending, Ending::Signal(9));
}

fn nix_is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0)
}
