//! The launcher's part in control groups: made before the walls, joined by the jail alone, removed
//! when it has ended.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::time::Duration;

use nix::errno::Errno;
use nix::unistd::{UnlinkatFlags, unlinkat};

use super::{Layer, Missing};
use crate::groups::{Group, LAYER};

/// How often a group is tried to be removed: its last member may be on its way out.
const ATTEMPTS: u32 = 100;

/// Groups that were made, removed when dropped.
pub(super) struct Made(Vec<Entry>);

struct Entry {
    /// The folder around it, which stays reachable when this process has another root.
    home: File,
    name: OsString,
    members: File,
}

impl Made {
    /// Makes the groups and sets their limits.
    pub(super) fn new(groups: &[Group]) -> Result<Self, Missing> {
        let mut made = Self(Vec::new());
        for group in groups {
            made.add(group).layer(LAYER)?;
        }
        Ok(made)
    }

    fn add(&mut self, group: &Group) -> std::io::Result<()> {
        let (Some(home), Some(name)) = (group.folder.parent(), group.folder.file_name()) else {
            return Err(ErrorKind::InvalidInput.into());
        };
        let home = File::open(home)?;
        fs::create_dir(&group.folder)?;
        let open = |file: &str| OpenOptions::new().write(true).open(group.folder.join(file));
        let members = open("cgroup.procs").inspect_err(|_| {
            // The error that led here says more than one of this.
            let _ = fs::remove_dir(&group.folder);
        })?;
        self.0.push(Entry { home, name: name.to_owned(), members });
        for setting in &group.settings {
            match open(&setting.file) {
                Ok(mut file) => file.write_all(setting.value.as_bytes())?,
                Err(error) if setting.optional && error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Moves this process into the groups.
    pub(super) fn join(&self) -> Result<(), Missing> {
        self.0.iter().try_for_each(|entry| (&entry.members).write_all(b"0").layer(LAYER))
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for entry in &self.0 {
            for _ in 0..ATTEMPTS {
                match unlinkat(&entry.home, entry.name.as_os_str(), UnlinkatFlags::RemoveDir) {
                    Err(Errno::EBUSY) => std::thread::sleep(Duration::from_millis(10)),
                    _ => break,
                }
            }
        }
    }
}
