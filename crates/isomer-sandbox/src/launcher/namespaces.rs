//! New namespaces for processes, mounts, network, IPC, host name and control groups.

use std::fs;

use nix::sched::{CloneFlags, unshare};
use nix::unistd::{Gid, Uid};

use super::{Layer, Missing};

/// Enters the namespaces. Children of this process are in the new process namespace.
///
/// Returns whether that was done as the real superuser; anybody else, the superuser of a container
/// included, gets a user namespace first and is superuser only in there.
pub(super) fn enter() -> Result<bool, Missing> {
    let (user, group) = (Uid::effective(), Gid::effective());
    let privileged = user.is_root() && sees_all_users();
    if !privileged {
        unshare(CloneFlags::CLONE_NEWUSER).layer("user namespace")?;
        fs::write("/proc/self/setgroups", "deny").layer("user namespace")?;
        fs::write("/proc/self/uid_map", format!("1000 {user} 1\n")).layer("user namespace")?;
        fs::write("/proc/self/gid_map", format!("1000 {group} 1\n")).layer("user namespace")?;
    }
    for (layer, flag) in [
        ("mount namespace", CloneFlags::CLONE_NEWNS),
        ("process namespace", CloneFlags::CLONE_NEWPID),
        ("network namespace", CloneFlags::CLONE_NEWNET),
        ("IPC namespace", CloneFlags::CLONE_NEWIPC),
        ("host name namespace", CloneFlags::CLONE_NEWUTS),
    ] {
        unshare(flag).layer(layer)?;
    }
    nix::unistd::sethostname("jail").layer("host name namespace")?;
    Ok(privileged)
}

/// Makes the control groups that this process is in the only ones it can see.
pub(super) fn hide_groups() -> Result<(), Missing> {
    unshare(CloneFlags::CLONE_NEWCGROUP).layer("control group namespace")
}

/// Whether this is the machine's own user namespace, where a process can become any user.
fn sees_all_users() -> bool {
    fs::read_to_string("/proc/self/uid_map")
        .is_ok_and(|map| map.split_whitespace().eq(["0", "0", "4294967295"]))
}
