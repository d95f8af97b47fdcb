//! `isomer sandbox` from outside.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail like tests")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use common::outcome;

mod common;

fn isomer(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_isomer"));
    command.current_dir(dir).arg("sandbox");
    command
}

/// Under a limit of the shell that started it.
fn limited(dir: &Path, limit: &str, args: &str) -> (i32, String, String) {
    let script = format!("ulimit {limit} && exec \"$0\" sandbox {args}");
    let isomer = env!("CARGO_BIN_EXE_isomer");
    outcome(Command::new("bash").current_dir(dir).args(["-c", &script, isomer]))
}

#[test]
fn a_limit_that_is_too_low_is_told_and_never_a_verdict() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
    file("long.py", "print(len(input()) * 'x')");
    file("long.txt", &"1".repeat(1 << 20));
    for (limit, allowed, needed) in [
        ("-f 100", "102400 bytes in a file", 64 << 20),
        ("-f 0", "0 bytes in a file", 64 << 20),
        ("-n 20", "20 open files", 64),
        ("-u 10", "10 processes", 96),
        ("-v 1000000", "1024000000 bytes of address space", 1 << 30),
        ("-d 500000", "512000000 bytes of data", 1 << 30),
        ("-t 3", "3 seconds of processor time", 12),
        ("-s 64", "65536 bytes of stack", 1 << 30),
    ] {
        let (code, out, err) = limited(dir.path(), limit, "run long.py --stdin long.txt");
        assert_eq!((code, out.as_str()), (6, ""), "{limit}: {err}");
        let option = &limit[..2];
        let cause = format!(
            "no more than {allowed} are allowed here (`ulimit {option}`), and {needed} are needed"
        );
        assert!(
            err.contains(&cause) && err.contains("help: raise the hard limit"),
            "{limit}: {err}"
        );
    }
    // A soft one is for others than jails.
    for limit in ["-S -f 100", "-S -n 20", "-S -t 2", "-S -s 64", "-S -d 100000"] {
        let (code, out, err) = limited(dir.path(), limit, "run long.py --stdin long.txt");
        assert_eq!((code, out.len()), (0, (1 << 20) + 1), "{limit}: {err}");
    }
    let (code, _, err) = limited(dir.path(), "-v 1500000", "run long.py --memory-mib 2048");
    assert!(
        err.contains(" address space are allowed here (`ulimit -v`), and 2147483648 are needed")
    );
    assert_eq!(code, 1, "{err}");
}

#[test]
fn a_program_is_run_and_judged() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
    file(
        "sum.py",
        "import sys\nprint(sum(map(int, input().split())))\nprint('e', file=sys.stderr)",
    );
    file(
        "twice.cpp",
        "#include <bits/stdc++.h>\nint main() { int n; std::cin >> n; std::cout << 2 * n << std::endl; }",
    );
    file("add.py", "def add(a, b):\n    return a + b");
    for (name, text) in [("in", "1 2\n"), ("three", "3"), ("four", "4")] {
        file(name, text);
    }
    for (args, code, output, errors) in [
        ("sum.py --stdin in", 0, "3\n", "e\nfinished; cpu "),
        ("sum.py --stdin in --expected three", 0, "3\n", "e\naccepted: finished; cpu "),
        ("sum.py --stdin in --expected four", 8, "3\n", "e\nwrong answer: finished; cpu "),
        ("sum.py", 8, "", "Traceback (most recent call last):\n"),
        ("add.py --fn add --args [1,2] --expected three", 0, "3\n", "accepted: finished; cpu "),
        ("add.py --fn sub --args [1,2] -q", 8, "", "the wanted function is not defined; cpu "),
        ("add.py --fn add --args [1,2] -q", 0, "3\n", ""),
        ("add.py --fn add --args 1", 2, "", "error: `1` is not a JSON array"),
        ("add.py --package nowhere", 1, "", "error: the sandbox failed"),
        ("sum.py --language klingon", 2, "", "error: no language is called `klingon`"),
        ("twice.cpp --stdin in", 0, "2\n", "finished; cpu "),
        ("none.py", 2, "", "error: failed to read `none.py`"),
        ("sum.py --args [1]", 2, "", "error: the following required arguments"),
        ("- --stdin -", 2, "", "error: source and input cannot both be standard input"),
    ] {
        let (found, out, err) = outcome(isomer(dir.path()).arg("run").args(args.split(' ')));
        assert_eq!((found, out.as_str()), (code, output), "{args}: {err}");
        assert!(err.starts_with(errors), "{args}: {err}");
    }
    let (code, out, err) = outcome(
        isomer(dir.path()).args(["run", "add.py", "--fn", "add", "--args", "[[], {}]", "--json"]),
    );
    let shown: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, err.as_str()), (8, ""));
    assert_eq!(shown["ending"]["exception"], "TypeError");
}

#[test]
fn strangers_are_not_served_by_accident() {
    let dir = tempfile::tempdir().unwrap();
    let (code, out, err) = outcome(isomer(dir.path()).args(["serve", "--addr", "0.0.0.0:0"]));
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("there is no authentication") && err.contains("--public"), "{err}");
}

/// Starts a server and finds out where.
fn server(dir: &Path) -> (Child, BufReader<std::process::ChildStderr>, String) {
    let mut command = isomer(dir);
    command.args(["serve", "--addr", "127.0.0.1:0", "--jobs", "1"]).stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    let mut errors = BufReader::new(process.stderr.take().unwrap());
    let mut line = String::new();
    errors.read_line(&mut line).unwrap();
    let address = line.strip_prefix("serving on http://").unwrap().split(' ').next().unwrap();
    (process, errors, address.to_owned())
}

fn signal(process: &Child, name: &str) {
    let id = process.id().to_string();
    assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
}

fn send(address: &str, code: &str) -> TcpStream {
    let body = serde_json::json!({"code": code, "language": "python"}).to_string();
    let mut connection = TcpStream::connect(address).unwrap();
    let head = "POST /run_code HTTP/1.1\r\nhost: x\r\nconnection: close\r\n";
    write!(connection, "{head}content-length: {}\r\n\r\n{body}", body.len()).unwrap();
    connection
}

/// Waits until the server works on something.
fn until_busy(address: &str) {
    let mut health = String::new();
    while !health.contains("\"busy\":1") {
        health.clear();
        let mut connection = TcpStream::connect(address).unwrap();
        write!(connection, "GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        connection.read_to_string(&mut health).unwrap();
    }
}

#[test]
fn a_server_finishes_what_it_accepted_before_it_ends() {
    let dir = tempfile::tempdir().unwrap();
    let (mut process, mut errors, address) = server(dir.path());
    let mut slow = send(&address, "import time; time.sleep(1); print('do' + 'ne')");
    until_busy(&address);
    signal(&process, "TERM");
    let mut answer = String::new();
    slow.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("\"stdout\":\"done\\n\""), "{answer}");
    assert_eq!(process.wait().unwrap().code(), Some(0));
    let mut rest = String::new();
    errors.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "finishing what was accepted; Ctrl-C again stops at once\n");
}

#[test]
fn a_second_interrupt_ends_it_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let (mut process, mut errors, address) = server(dir.path());
    let _slow = send(&address, "import time; time.sleep(9)");
    until_busy(&address);
    let mut line = String::new();
    signal(&process, "INT");
    errors.read_line(&mut line).unwrap();
    signal(&process, "INT");
    errors.read_line(&mut line).unwrap();
    assert!(line.ends_with("stopping at once\n"), "{line}");
    assert_eq!(process.wait().unwrap().code(), Some(4));
}
