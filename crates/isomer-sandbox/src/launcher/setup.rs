//! What the host tells the launcher.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::Isolation;
use crate::groups::Group;

/// Everything the launcher needs to build one jail.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Setup {
    /// How strong the walls are.
    pub(crate) isolation: Isolation,
    /// The interpreter's own binary.
    pub(crate) python: PathBuf,
    /// Source of the driver.
    pub(crate) driver: String,
    /// What of the file system the interpreter needs.
    pub(crate) binds: Vec<Bind>,
    /// The private folder, with [`Isolation::Reduced`].
    pub(crate) folder: Option<PathBuf>,
    /// `PYTHONHASHSEED`.
    pub(crate) hash_seed: u32,
    /// Size of the private `/tmp`, in bytes.
    pub(crate) file_bytes: u64,
    /// Control groups to make and to join.
    pub(crate) groups: Vec<Group>,
    /// The system call filter, as the kernel reads it.
    pub(crate) filter: Vec<u8>,
}

/// A path of the host that is visible in the jail, read-only and at the same place if nothing else
/// is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Bind {
    /// A folder with all below it.
    Folder(PathBuf),
    /// A file.
    File(PathBuf),
    /// A symbolic link, by path and target.
    Link(PathBuf, PathBuf),
    /// A folder below another one, shown empty.
    Empty(PathBuf),
    /// A folder of the host, by path there and in the jail. Only with a root of one's own.
    Shown(PathBuf, PathBuf),
}
