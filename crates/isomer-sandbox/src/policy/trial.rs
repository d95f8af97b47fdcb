//! The filters at work: each on top of the driver's, in an interpreter without any other wall.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::json;

use super::{COMPILER, DRIVER, NAMESPACES, NATIVE, SIGNALLING, compile, rules};
use crate::Isolation;

/// Installs filters, makes calls and returns their `errno` (0 is none).
const TRIAL: &str = r"
import ctypes, json, sys

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long

class Filter(ctypes.Structure):
    _fields_ = [('length', ctypes.c_ushort), ('code', ctypes.c_void_p)]

def answer(words):
    ctypes.set_errno(0)
    return ctypes.get_errno() if libc.syscall(*map(ctypes.c_long, words)) == -1 else 0

filters, calls = json.load(sys.stdin)
libc.prctl(38, ctypes.c_ulong(1), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0))
for code in filters:
    code = bytes(code)
    kept = ctypes.create_string_buffer(code, len(code))
    words = Filter(len(code) // 8, ctypes.addressof(kept))
    assert libc.prctl(22, ctypes.c_ulong(2), ctypes.byref(words)) == 0
print(json.dumps([answer(words) for words in calls]))
";

/// A call whose arguments the kernel refuses: its name, its number, the first of them.
type Call<'name> = (&'name str, i64, Vec<i64>);

/// What the driver may do beyond a program. Not tried are `fork` and `vfork`, which would fork the
/// trial.
fn of_the_driver() -> Vec<Call<'static>> {
    let plain = [
        ("execve", libc::SYS_execve),
        ("setpgid", libc::SYS_setpgid),
        ("execveat", libc::SYS_execveat),
        ("prctl", libc::SYS_prctl),
        ("pidfd_open", libc::SYS_pidfd_open),
        ("splice", libc::SYS_splice),
        ("memfd_create", libc::SYS_memfd_create),
        ("close_range", libc::SYS_close_range),
    ];
    let mut calls: Vec<_> = plain.map(|(name, number)| (name, number, vec![])).to_vec();
    calls.push(("clone", libc::SYS_clone, vec![libc::CLONE_SIGHAND.into()]));
    calls.extend(signals());
    calls
}

/// The question whether there is a process that is not there.
fn signals() -> Vec<Call<'static>> {
    let nobody = i64::from(i32::MAX);
    vec![
        ("kill", libc::SYS_kill, vec![nobody, 0]),
        ("tgkill", libc::SYS_tgkill, vec![nobody, nobody, 0]),
    ]
}

/// What the calls answer behind these filters.
fn answers(filters: &[&[u8]], calls: &[Call<'_>]) -> Vec<i32> {
    let words = calls.iter().map(|(_, number, first)| {
        let mut words = vec![*number];
        words.extend(first);
        words.resize(7, -1);
        words
    });
    let mut child = Command::new("python3")
        .args(["-I", "-c", TRIAL])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let given = json!([filters, words.collect::<Vec<_>>()]).to_string();
    child.stdin.take().unwrap().write_all(given.as_bytes()).unwrap();
    serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap()
}

/// Names and arguments of the calls that reach the kernel.
fn reaching<'name>(filters: &[&[u8]], calls: &[Call<'name>]) -> Vec<(&'name str, Vec<i64>)> {
    let answers = answers(filters, calls);
    assert_eq!(answers.len(), calls.len());
    let answered = calls.iter().zip(answers).filter(|(_, answer)| *answer != libc::ENOSYS);
    answered.map(|((name, _, first), _)| (*name, first.clone())).collect()
}

fn names(calls: &[Call<'_>]) -> BTreeSet<String> {
    calls.iter().map(|(name, ..)| (*name).to_owned()).collect()
}

fn listed(policy: &str) -> BTreeSet<String> {
    let rules = rules(policy, Isolation::Full, std::env::consts::ARCH).unwrap();
    let names = rules.iter().filter_map(|rule| rule["syscall"].as_str().map(str::to_owned));
    names.filter(|name| !matches!(name.as_str(), "fork" | "vfork")).collect()
}

#[test]
fn the_driver_may_do_what_its_list_says_and_no_more() {
    let calls = of_the_driver();
    assert_eq!(names(&calls), listed(DRIVER), "a rule without a row");
    let driver = compile(Isolation::Full).unwrap().driver;
    assert_eq!(reaching(&[&driver], &calls).len(), calls.len());
    let others = [
        ("socket", libc::SYS_socket, vec![]),
        ("ptrace", libc::SYS_ptrace, vec![]),
        ("mount", libc::SYS_mount, vec![]),
        ("unshare", libc::SYS_unshare, vec![]),
        ("clone3", libc::SYS_clone3, vec![]),
    ];
    assert_eq!(reaching(&[], &others).len(), others.len(), "without a filter");
    assert_eq!(reaching(&[&driver], &others), []);
}

#[test]
fn a_program_in_company_sends_no_signals() {
    let policies = compile(Isolation::Full).unwrap();
    let mut calls = of_the_driver();
    calls.push(("tkill", libc::SYS_tkill, vec![i64::from(i32::MAX), 0]));
    let descriptor = |command: u32| ("fcntl", libc::SYS_fcntl, vec![-1, i64::from(command)]);
    calls.extend(SIGNALLING.map(descriptor));
    assert_eq!(reaching(&[&policies.driver], &calls).len(), calls.len());
    assert_eq!(reaching(&[&policies.driver, &policies.solution], &calls), []);
    let question = [descriptor(libc::F_GETFD.cast_unsigned())];
    assert_eq!(reaching(&[&policies.driver, &policies.solution], &question).len(), 1);
}

#[test]
fn a_process_becomes_a_program_through_the_door_alone() {
    let policies = compile(Isolation::Full).unwrap();
    let filters = [policies.driver.as_slice(), &policies.native];
    let door = policies.door.cast_signed();
    let through = |address: i64| ("execveat", libc::SYS_execveat, vec![-1, address]);
    assert_eq!(listed(NATIVE), BTreeSet::from(["execveat".to_owned()]), "a rule without a row");
    assert_eq!(reaching(&filters, &[through(door)]).len(), 1);
    let beside = [through(door + 1), through(door ^ 1 << 32), through(0)];
    assert_eq!(reaching(&filters[..1], &beside).len(), beside.len());
    assert_eq!(reaching(&filters, &beside), []);
    let refused: Vec<_> =
        of_the_driver().into_iter().filter(|call| !signals().contains(call)).collect();
    assert_eq!(reaching(&filters, &refused), []);
}

#[test]
fn a_compiler_starts_programs_without_walls_of_their_own() {
    let policies = compile(Isolation::Full).unwrap();
    let filters = [policies.driver.as_slice(), &policies.compiler];
    let wanted = listed(COMPILER);
    let (allowed, refused): (Vec<_>, Vec<_>) = of_the_driver()
        .into_iter()
        .filter(|call| !signals().contains(call))
        .partition(|(name, ..)| wanted.contains(*name));
    assert_eq!(names(&allowed), wanted, "a rule without a row");
    assert_eq!(reaching(&filters, &allowed).len(), allowed.len());
    assert_eq!(reaching(&filters, &refused), []);
    // The kernel refuses all of these too, for `CLONE_SIGHAND` alone.
    let namespaces = NAMESPACES.map(|flag| {
        ("clone", libc::SYS_clone, vec![i64::from(flag) | i64::from(libc::CLONE_SIGHAND)])
    });
    assert_eq!(reaching(&filters[..1], &namespaces).len(), namespaces.len());
    assert_eq!(reaching(&filters, &namespaces), []);
}
