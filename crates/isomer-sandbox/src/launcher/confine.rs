//! What a process can give away for good: identity, capabilities, privileges, resources, calls.

use std::ffi::{CString, OsStr};
use std::os::unix::ffi::OsStrExt;

use nix::errno::Errno;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::unistd::{Gid, Uid, execve, setgroups, setresgid, setresuid};

use super::{Layer, Missing, Setup};
use crate::Isolation;
use crate::resources::{DESCRIPTORS, LAYER, STACK_BYTES, TASKS};

/// First of the user ids that belong to nobody and are given to jails, one each.
const FIRST_USER: u32 = 0x7000_0000;

/// Largest number of processes a kernel supports.
const MOST_PROCESSES: u32 = 1 << 22;

/// Becomes a user without any rights.
pub(super) fn drop_privileges(privileged: bool) -> Result<(), Missing> {
    let layer = "no privileges";
    drop_bounding_set();
    if privileged {
        // Jails with one user in common would share the limit on threads.
        let user = FIRST_USER + unique_number() % MOST_PROCESSES;
        setgroups(&[]).layer(layer)?;
        let group = Gid::from_raw(user);
        setresgid(group, group, group).layer(layer)?;
        let user = Uid::from_raw(user);
        setresuid(user, user, user).layer(layer)?;
    }
    drop_capabilities().layer(layer)
}

/// The number of the process namespace, which no other living jail of this machine has.
fn unique_number() -> u32 {
    std::fs::metadata("/proc/self/ns/pid")
        .map_or(0, |namespace| (std::os::unix::fs::MetadataExt::ino(&namespace) & 0x3f_ffff) as u32)
}

/// Gives up the bounding set, so that no executable could ever give anything back.
pub(super) fn drop_bounding_set() {
    for capability in 0..64_u64 {
        // SAFETY: plain numbers. Numbers without a capability are refused, which is harmless.
        unsafe { libc::prctl(libc::PR_CAPBSET_DROP, capability, 0, 0, 0) };
    }
}

/// Gives up the permitted, effective and inheritable capabilities.
pub(super) fn drop_capabilities() -> Result<(), Errno> {
    /// `_LINUX_CAPABILITY_VERSION_3`: 64 capabilities in two words.
    const VERSION: u32 = 0x2008_0522;
    #[repr(C)]
    struct Header {
        version: u32,
        process: i32,
    }
    let header = Header { version: VERSION, process: 0 };
    let none = [0_u32; 6];
    // SAFETY: header and sets have the layout of this version and live during the call.
    let set = unsafe { libc::syscall(libc::SYS_capset, &raw const header, none.as_ptr()) };
    Errno::result(set).map(|_| ())
}

/// Sets the limits that hold for the driver too; a program gets tighter ones from the driver.
pub(super) fn limit(setup: &Setup) -> Result<(), Missing> {
    let mut limits = vec![
        (Resource::RLIMIT_CORE, 0),
        (Resource::RLIMIT_NOFILE, DESCRIPTORS),
        (Resource::RLIMIT_MEMLOCK, 0),
        (Resource::RLIMIT_MSGQUEUE, 0),
    ];
    if setup.isolation == Isolation::Full {
        limits.push((Resource::RLIMIT_NPROC, TASKS));
    }
    for (resource, value) in limits {
        setrlimit(resource, value, value).layer(LAYER)?;
    }
    // What a shell allows until further notice must not hold for the driver.
    for resource in
        [Resource::RLIMIT_FSIZE, Resource::RLIMIT_AS, Resource::RLIMIT_DATA, Resource::RLIMIT_CPU]
    {
        let (_, most) = getrlimit(resource).layer(LAYER)?;
        setrlimit(resource, most, most).layer(LAYER)?;
    }
    // The hard limit stays: with any other than none, each thread of an executable takes as much.
    let (_, most) = getrlimit(Resource::RLIMIT_STACK).layer(LAYER)?;
    setrlimit(Resource::RLIMIT_STACK, STACK_BYTES, most).layer(LAYER)
}

/// Gives up privileges by execution, ties the process to the launcher, filters its calls and
/// becomes the interpreter.
pub(super) fn become_interpreter(setup: &Setup) -> Result<std::convert::Infallible, Missing> {
    let words = |words: &[&OsStr]| -> Result<Vec<CString>, Missing> {
        words.iter().map(|word| CString::new(word.as_bytes()).layer("interpreter")).collect()
    };
    let python = setup.python.as_os_str();
    // Not `-I`: it would ignore the hash seed. The environment is made here from nothing, and the
    // driver removes the working folder from the module path.
    let flags = ["-s", "-S", "-B", "-X", "utf8", "-c", setup.driver.as_str()].map(OsStr::new);
    let arguments = words(&[&[python], flags.as_slice()].concat())?;
    let seed = format!("PYTHONHASHSEED={}", setup.hash_seed);
    let folder = setup.folder.as_deref().unwrap_or(std::path::Path::new("/tmp"));
    let folder = format!("TMPDIR={}", folder.display());
    // Else each program would find the interpreter's calls of libraries anew.
    let fixed = ["TZ=UTC", "LD_BIND_NOW=1"].map(OsStr::new);
    let environment = words(&[&[seed.as_ref(), folder.as_ref()], fixed.as_slice()].concat())?;
    // SAFETY: plain numbers. The parent's death is watched from here on, after the change of user,
    // which would have undone it.
    let tied = unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL, 0, 0, 0) };
    Errno::result(tied).layer("launcher")?;
    // SAFETY: plain numbers.
    let settled = unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) };
    Errno::result(settled).layer("no new privileges")?;
    filter(&setup.filter).layer("system call filter")?;
    execve(&arguments[0], &arguments, &environment).layer("interpreter")
}

/// Installs a filter given as the kernel reads it.
fn filter(code: &[u8]) -> Result<(), Errno> {
    let steps: Vec<libc::sock_filter> = code
        .chunks_exact(8)
        .map(|step| libc::sock_filter {
            code: u16::from_ne_bytes([step[0], step[1]]),
            jt: step[2],
            jf: step[3],
            k: u32::from_ne_bytes([step[4], step[5], step[6], step[7]]),
        })
        .collect();
    let program = libc::sock_fprog {
        len: u16::try_from(steps.len()).map_err(|_| Errno::EINVAL)?,
        filter: steps.as_ptr().cast_mut(),
    };
    // SAFETY: the program and its steps live during the call, which copies them.
    let set = unsafe {
        libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, 0, &raw const program)
    };
    Errno::result(set).map(|_| ())
}
