//! The system call filters, compiled from the allow lists in `policy/`.
//!
//! Whatever is not listed answers `ENOSYS`, which the C library takes as an invitation to use an
//! older call. Foreign architectures and the x32 numbers are not listed either.

use std::env::consts::ARCH;

use seccompiler::{BpfProgram, compile_from_json};
use serde_json::{Value, json};

use crate::{Isolation, SandboxError};

/// What a program may ask of the kernel.
const PROGRAM: &str = include_str!("../policy/program.json");

/// What the driver needs beyond that.
const DRIVER: &str = include_str!("../policy/driver.json");

/// Both filters, as the kernel reads them.
pub(crate) struct Policies {
    /// For the interpreter with the driver, and so for everything it starts.
    pub(crate) driver: Vec<u8>,
    /// On top of it for a program.
    pub(crate) program: Vec<u8>,
}

/// Compiles the filters for this machine.
pub(crate) fn compile(isolation: Isolation) -> Result<Policies, SandboxError> {
    let program = rules(PROGRAM, isolation, ARCH)?;
    let mut driver = rules(DRIVER, isolation, ARCH)?;
    let named: Vec<Value> = driver.iter().map(|rule| rule["syscall"].clone()).collect();
    driver.extend(program.iter().filter(|rule| !named.contains(&rule["syscall"])).cloned());
    Ok(Policies {
        driver: bytes(&filter(&driver, ARCH)?),
        program: bytes(&filter(&program, ARCH)?),
    })
}

/// The rules that apply here, in the form the compiler reads.
fn rules(
    source: &str,
    isolation: Isolation,
    architecture: &str,
) -> Result<Vec<Value>, SandboxError> {
    let mut rules: Vec<Value> = serde_json::from_str(source).map_err(|error| unusable(&error))?;
    rules.retain_mut(|rule| {
        let only = rule.as_object_mut().and_then(|rule| rule.shift_remove("only"));
        match only.as_ref().and_then(Value::as_str) {
            Some("full") => isolation == Isolation::Full,
            Some(only) => only == architecture,
            None => true,
        }
    });
    Ok(rules)
}

fn filter(rules: &[Value], architecture: &str) -> Result<BpfProgram, SandboxError> {
    let policy = json!({"policy": {
        "mismatch_action": {"errno": libc::ENOSYS}, "match_action": "allow", "filter": rules,
    }});
    let architecture = architecture.try_into().map_err(|error| unusable(&error))?;
    let mut compiled = compile_from_json(policy.to_string().as_bytes(), architecture)
        .map_err(|error| unusable(&error))?;
    compiled.remove("policy").ok_or_else(|| unusable(&"the policy is empty"))
}

/// The filter as the kernel reads it: `struct sock_filter`, eight bytes each.
fn bytes(program: &BpfProgram) -> Vec<u8> {
    program
        .iter()
        .flat_map(|step| {
            let [code_low, code_high] = step.code.to_ne_bytes();
            let [a, b, c, d] = step.k.to_ne_bytes();
            [code_low, code_high, step.jt, step.jf, a, b, c, d]
        })
        .collect()
}

fn unusable(error: &dyn std::fmt::Display) -> SandboxError {
    SandboxError::IsolationMissing {
        layer: "system call filter".to_owned(),
        detail: error.to_string(),
        help: "the jail knows x86_64 and aarch64 only".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{DRIVER, PROGRAM, compile, filter, rules};
    use crate::Isolation;

    #[test]
    fn policies_compile_for_all_machines_and_every_rule_has_a_reason() {
        for isolation in [Isolation::Full, Isolation::Reduced] {
            assert_eq!(compile(isolation).unwrap().program.len() % 8, 0);
            for architecture in ["x86_64", "aarch64"] {
                for list in [PROGRAM, DRIVER] {
                    let rules = rules(list, isolation, architecture).unwrap();
                    assert!(filter(&rules, architecture).unwrap().len() > rules.len());
                    for rule in rules {
                        let reason = rule["comment"].as_str();
                        assert!(reason.is_some_and(|reason| reason.len() > 5), "{rule}");
                    }
                }
            }
        }
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
}
