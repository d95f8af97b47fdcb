//! The system call filters, compiled from the allow lists in `policy/`.
//!
//! Whatever is not listed answers `ENOSYS`, which the C library takes as an invitation to use an
//! older call. Foreign architectures and the x32 numbers are not listed either.

use std::env::consts::ARCH;
use std::fs::File;
use std::io::Read;

use seccompiler::{BpfProgram, compile_from_json};
use serde_json::{Value, json};

use crate::{Isolation, SandboxError};

/// What a program may ask of the kernel.
const PROGRAM: &str = include_str!("../policy/program.json");

/// What the driver needs beyond that.
const DRIVER: &str = include_str!("../policy/driver.json");

/// What a process needs beyond a program's calls to become another program.
const NATIVE: &str = include_str!("../policy/native.json");

/// What a compiler needs beyond a program's calls.
const COMPILER: &str = include_str!("../policy/compiler.json");

/// Number of the call by which a process becomes a compiled program.
pub(crate) const EXECUTE: i64 = libc::SYS_execveat;

/// All filters, as the kernel reads them.
pub(crate) struct Policies {
    /// For the interpreter with the driver, and so for everything it starts.
    pub(crate) driver: Vec<u8>,
    /// On top of it for a program: takes back what the driver needs and a program may not have.
    /// Each process installs it, so that it is to be short; together they allow exactly what is
    /// listed for programs.
    pub(crate) program: Vec<u8>,
    /// The same for a program that is not alone: it can send no signals.
    pub(crate) solution: Vec<u8>,
    /// Likewise for a program that is another executable.
    pub(crate) native: Vec<u8>,
    /// Where the path must lie that [`EXECUTE`] is given. The program starts without this memory
    /// and without a way to learn of it, so that it cannot become yet another program.
    pub(crate) door: u64,
    /// Likewise for a compiler and all that it starts.
    pub(crate) compiler: Vec<u8>,
}

/// Commands of `fcntl` that make the kernel send a signal to a process of one's choice: `F_SETOWN`,
/// `F_SETSIG` and `F_SETOWN_EX`.
const SIGNALLING: [u32; 3] = [8, 10, 15];

/// Flags of `clone` that begin with `CLONE_NEW`: mounts, control groups, host name, IPC, users,
/// processes, network.
const NAMESPACES: [u32; 7] = [1 << 17, 1 << 25, 1 << 26, 1 << 27, 1 << 28, 1 << 29, 1 << 30];

/// Compiles the filters for this machine.
pub(crate) fn compile(isolation: Isolation) -> Result<Policies, SandboxError> {
    let program = rules(PROGRAM, isolation, ARCH)?;
    let driver = rules(DRIVER, isolation, ARCH)?;
    let door = secret_address()?;
    let second = |refused: &[Value]| Ok(bytes(&filter(refused, ARCH, Listed::Refused)?));
    let signals = SIGNALLING.map(|command| {
        json!({"syscall": "fcntl", "args": [
            {"index": 1, "type": "dword", "op": "eq", "val": command}
        ]})
    });
    // In a process namespace of its own a program can reach nobody but the first process, which
    // the kernel spares.
    let reaching = if isolation == Isolation::Full { &[] } else { signals.as_slice() };
    let alone = |refused: Vec<Value>| second(&[refused.as_slice(), reaching].concat());
    let with = |more: Vec<Value>| alone(taken_back(&driver, &beyond(more, &program)));
    let mut together = taken_back(&driver, &rules(PROGRAM, Isolation::Reduced, ARCH)?);
    together.push(json!({"syscall": "tkill"}));
    together.extend(signals.iter().cloned());
    Ok(Policies {
        program: with(Vec::new())?,
        solution: second(&together)?,
        native: with(through(rules(NATIVE, isolation, ARCH)?, door))?,
        door,
        compiler: alone(for_compilers(&driver, &program, isolation)?)?,
        driver: bytes(&filter(&beyond(driver.clone(), &program), ARCH, Listed::Allowed)?),
    })
}

/// What a compiler may not do. Processes of its own must not come with namespaces of their own.
fn for_compilers(
    driver: &[Value],
    program: &[Value],
    isolation: Isolation,
) -> Result<Vec<Value>, SandboxError> {
    let mut refused = taken_back(driver, &beyond(rules(COMPILER, isolation, ARCH)?, program));
    refused.extend(NAMESPACES.map(|flag| {
        json!({"syscall": "clone", "args": [
            {"index": 0, "type": "qword", "op": {"masked_eq": flag}, "val": flag}
        ]})
    }));
    Ok(refused)
}

/// The rules for programs, with the address from where another one may be executed.
fn through(mut rules: Vec<Value>, door: u64) -> Vec<Value> {
    for rule in &mut rules {
        rule["args"][0]["val"] = json!(door);
    }
    rules
}

/// Any address that a process can have.
fn secret_address() -> Result<u64, SandboxError> {
    let mut bytes = [0; 8];
    let read = File::open("/dev/urandom").and_then(|mut source| source.read_exact(&mut bytes));
    read.map_err(|source| SandboxError::System { action: "read random numbers", source })?;
    let (lowest, bits) = (1 << 32, if ARCH == "x86_64" { 46 } else { 38 });
    Ok(lowest + u64::from_ne_bytes(bytes) % ((1 << bits) - lowest))
}

/// A list with all that a program may do and the list says nothing about.
fn beyond(mut list: Vec<Value>, program: &[Value]) -> Vec<Value> {
    let named: Vec<Value> = list.iter().map(|rule| rule["syscall"].clone()).collect();
    list.extend(program.iter().filter(|rule| !named.contains(&rule["syscall"])).cloned());
    list
}

/// For each call of the driver, when a program's is refused: always if it is not in the program's
/// list, and if it is there with a condition, when that does not hold.
fn taken_back(driver: &[Value], program: &[Value]) -> Vec<Value> {
    let refused = |rule: &Value| {
        let call = &rule["syscall"];
        let mut same = program.iter().filter(|other| other["syscall"] == *call);
        let Some(condition) = same.next() else { return Some(json!({"syscall": call})) };
        let condition = condition["args"].get(0)?;
        // Conditions here are an equality or the presence of one bit.
        let opposite = match condition["op"].as_str() {
            Some(_) => json!({"op": "ne", "val": condition["val"]}),
            None => json!({"op": condition["op"], "val": 0}),
        };
        let args = json!([{
            "index": condition["index"], "type": condition["type"],
            "op": opposite["op"], "val": opposite["val"],
        }]);
        Some(json!({"syscall": call, "args": args}))
    };
    driver.iter().filter_map(refused).collect()
}

/// What being in a list of rules means.
#[derive(Clone, Copy)]
enum Listed {
    Allowed,
    Refused,
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

fn filter(rules: &[Value], architecture: &str, listed: Listed) -> Result<BpfProgram, SandboxError> {
    let (allow, refuse) = (json!("allow"), json!({"errno": libc::ENOSYS}));
    let (matching, others) = match listed {
        Listed::Allowed => (allow, refuse),
        Listed::Refused => (refuse, allow),
    };
    let policy = json!({"policy": {
        "mismatch_action": others, "match_action": matching, "filter": rules,
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
mod tests;
#[cfg(test)]
mod trial;
