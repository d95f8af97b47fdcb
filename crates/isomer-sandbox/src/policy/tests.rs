//! What the lists say of each other.

use super::{
    COMPILER, DRIVER, Listed, NAMESPACES, NATIVE, PROGRAM, beyond, compile, filter, rules,
    taken_back, through,
};
use crate::Isolation;

#[test]
fn policies_compile_for_all_machines_and_every_rule_has_a_reason() {
    for isolation in [Isolation::Full, Isolation::Reduced] {
        assert_eq!(compile(isolation).unwrap().program.len() % 8, 0);
        for architecture in ["x86_64", "aarch64"] {
            for list in [PROGRAM, DRIVER, NATIVE, COMPILER] {
                let rules = rules(list, isolation, architecture).unwrap();
                assert!(filter(&rules, architecture, Listed::Allowed).unwrap().len() > rules.len());
                for rule in rules {
                    let reason = rule["comment"].as_str();
                    assert!(reason.is_some_and(|reason| reason.len() > 5), "{rule}");
                }
            }
        }
    }
}

#[test]
fn everything_of_the_driver_is_taken_back_from_programs() {
    for isolation in [Isolation::Full, Isolation::Reduced] {
        let program = rules(PROGRAM, isolation, "x86_64").unwrap();
        let driver = rules(DRIVER, isolation, "x86_64").unwrap();
        let refused = taken_back(&driver, &program);
        for rule in &driver {
            let of = |list: &[serde_json::Value]| -> Vec<serde_json::Value> {
                list.iter().filter(|one| one["syscall"] == rule["syscall"]).cloned().collect()
            };
            let (allowed, refused) = (of(&program), of(&refused));
            match allowed.as_slice() {
                [] => assert!(refused[0].get("args").is_none(), "{rule}"),
                [one] if one.get("args").is_none() => assert!(refused.is_empty(), "{rule}"),
                [one] => {
                    // More conditions than one would need more than one rule to refuse.
                    assert_eq!(one["args"].as_array().unwrap().len(), 1, "{rule}");
                    let (one, opposite) = (&one["args"][0], &refused[0]["args"][0]);
                    assert_eq!(one["index"], opposite["index"]);
                    assert!(one["op"] == "eq" || one["op"]["masked_eq"] == one["val"], "{rule}");
                    assert!(one["val"].as_u64().unwrap().is_power_of_two() || one["op"] == "eq");
                    assert_ne!((&one["op"], &one["val"]), (&opposite["op"], &opposite["val"]));
                }
                _ => panic!("several rules cannot be taken back: {rule}"),
            }
        }
    }
}

#[test]
fn only_compilers_start_processes_and_only_what_replaces_itself_executes() {
    let refused = |more: &str| {
        let program = rules(PROGRAM, Isolation::Full, "x86_64").unwrap();
        let driver = rules(DRIVER, Isolation::Full, "x86_64").unwrap();
        let more = rules(more, Isolation::Full, "x86_64").unwrap();
        let refused = taken_back(&driver, &beyond(more, &program));
        let name = |rule: serde_json::Value| rule["syscall"].as_str().map(str::to_owned);
        refused.into_iter().filter_map(name).collect::<Vec<_>>()
    };
    let common = ["prctl", "pidfd_open", "memfd_create", "close_range", "splice", "setpgid"];
    let processes = ["execve", "clone", "fork", "vfork"];
    let is = |refused: &[String], expected: &[&[&str]]| {
        let mut expected = expected.concat();
        let mut refused: Vec<&str> = refused.iter().map(String::as_str).collect();
        expected.sort_unstable();
        refused.sort_unstable();
        assert_eq!(refused, expected);
    };
    is(&refused("[]"), &[&common, &processes, &["execveat"]]);
    is(&refused(NATIVE), &[&common, &processes, &["execveat"]]);
    is(&refused(COMPILER), &[&common]);
    let flags: u32 = NAMESPACES.iter().sum();
    let known = libc::CLONE_NEWNS | libc::CLONE_NEWCGROUP | libc::CLONE_NEWUTS;
    let known = known | libc::CLONE_NEWIPC | libc::CLONE_NEWUSER;
    let known = known | libc::CLONE_NEWPID | libc::CLONE_NEWNET;
    assert_eq!(flags, known.cast_unsigned());
    let native = through(rules(NATIVE, Isolation::Full, "x86_64").unwrap(), 7 << 40);
    assert_eq!(native.len(), 1);
    assert_eq!(taken_back(&native, &native)[0]["args"][0]["op"], "ne");
    assert_eq!(taken_back(&native, &native)[0]["args"][0]["val"], 7_u64 << 40);
}

#[test]
fn signals_need_a_namespace_of_their_own() {
    let named = |isolation| {
        let rules = rules(PROGRAM, isolation, "x86_64").unwrap();
        rules.iter().any(|rule| rule["syscall"] == "kill")
    };
    assert!(named(Isolation::Full));
    assert!(!named(Isolation::Reduced));
}
