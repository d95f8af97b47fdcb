//! Whether results can be written, found out before anything is worked or paid for.

use std::path::Path;

use crate::failure::Failure;

/// Refuses a file that cannot be written.
pub(super) fn file(path: &Path) -> Result<(), Failure> {
    if path.is_dir() {
        return Err(Failure::usage(format!("`{}` is a folder", path.display())));
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    probe(parent.unwrap_or(Path::new(".")), path)
}

/// Refuses a new folder that cannot be made, with all that is missing above it.
pub(super) fn folder(path: &Path) -> Result<(), Failure> {
    let there = path.ancestors().skip(1).find(|folder| folder.is_dir());
    probe(there.unwrap_or(Path::new(".")), path)
}

fn probe(folder: &Path, wanted: &Path) -> Result<(), Failure> {
    tempfile::tempfile_in(folder).map(drop).map_err(|error| {
        Failure::because(format!("failed to write `{}`", wanted.display()), &error)
    })
}
