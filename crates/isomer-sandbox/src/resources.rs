//! Limits that this process was started with and that no jail can raise.
//!
//! What a program may take decides its verdict, which must not depend on the shell that a sandbox
//! was started from: limits that are too low are told instead of lowering those of programs.

use nix::sys::resource::{Resource, getrlimit};

use crate::{Isolation, Limits, SandboxError};

/// The layer of the wall that limits of the kernel are.
pub(crate) const LAYER: &str = "resource limits";

/// Stack of the interpreter, in bytes. Address space is not spent on it before it grows, and deep
/// recursion of a right program must not crash.
pub(crate) const STACK_BYTES: u64 = 1 << 30;

/// Open files, the driver's included.
pub(crate) const DESCRIPTORS: u64 = 64;

/// Threads of a program. The limit is per user, and every jail is a user of its own.
pub(crate) const TASKS: u64 = 96;

/// Largest compiled source that a driver keeps, in bytes; it has the same number.
const COMPILED: u64 = 64 << 20;

/// What the driver writes beyond a program's output, in bytes.
const REPORT: u64 = 2048;

/// Processor time beyond a program's own after which the kernel stops it, in seconds.
const GRACE_S: u64 = 2;

/// What jails need of a limit of the kernel.
struct Need {
    resource: Resource,
    /// The letter by which shells set it, and what it counts.
    option: &'static str,
    unit: &'static str,
    least: u64,
}

impl Need {
    fn check(&self) -> Result<(), SandboxError> {
        let (_, allowed) = getrlimit(self.resource).map_err(|error| SandboxError::System {
            action: "read the limits of this process",
            source: error.into(),
        })?;
        let Self { option, unit, least, .. } = *self;
        if allowed >= least {
            return Ok(());
        }
        Err(SandboxError::Resources { option, unit, allowed, needed: least })
    }
}

/// Refuses to start jails in a process that may not give them what every one has.
pub(crate) fn check_jails(isolation: Isolation) -> Result<(), SandboxError> {
    const NEEDS: [Need; 2] = [
        Need {
            resource: Resource::RLIMIT_NOFILE,
            option: "-n",
            unit: "open files",
            least: DESCRIPTORS,
        },
        Need {
            resource: Resource::RLIMIT_STACK,
            option: "-s",
            unit: "bytes of stack",
            least: STACK_BYTES,
        },
    ];
    const THREADS: Need =
        Need { resource: Resource::RLIMIT_NPROC, option: "-u", unit: "processes", least: TASKS };
    NEEDS.iter().try_for_each(Need::check)?;
    // Without namespaces a jail shares this limit with all else that its user runs, and sets none.
    if isolation == Isolation::Full { THREADS.check() } else { Ok(()) }
}

/// Refuses limits of a program that this process may not give it.
pub(crate) fn check(limits: &Limits) -> Result<(), SandboxError> {
    let file = COMPILED.max(limits.output_bytes + REPORT).max(limits.file_bytes);
    let memory = limits.memory_bytes;
    let needs = [
        Need {
            resource: Resource::RLIMIT_FSIZE,
            option: "-f",
            unit: "bytes in a file",
            least: file,
        },
        Need {
            resource: Resource::RLIMIT_AS,
            option: "-v",
            unit: "bytes of address space",
            least: memory,
        },
        Need {
            resource: Resource::RLIMIT_DATA,
            option: "-d",
            unit: "bytes of data",
            least: memory,
        },
        Need {
            resource: Resource::RLIMIT_CPU,
            option: "-t",
            unit: "seconds of processor time",
            least: limits.cpu_ms / 1000 + GRACE_S,
        },
    ];
    needs.iter().try_for_each(Need::check)
}

#[cfg(test)]
mod tests {
    use nix::sys::resource::Resource;

    use super::{Need, check, check_jails};
    use crate::{Isolation, Limits, SandboxError};

    #[test]
    fn what_is_too_low_is_named() {
        assert!(check_jails(Isolation::Full).is_ok() && check(&Limits::default()).is_ok());
        // No kernel lets a process have so many files.
        let resource = Resource::RLIMIT_NOFILE;
        let need = Need { resource, option: "-n", unit: "open files", least: u64::MAX - 1 };
        let error = need.check().unwrap_err();
        assert!(matches!(error, SandboxError::Resources { option: "-n", .. }), "{error}");
        let text = error.to_string();
        assert!(text.starts_with("no more than "), "{text}");
        assert!(text.ends_with(
            " open files are allowed here (`ulimit -n`), and 18446744073709551614 are needed"
        ));
        assert!(error.help().is_some());
    }
}
