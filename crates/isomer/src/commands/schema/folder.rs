//! `RUN/schema`: what is measured and tried about a run's schema.

use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The folder of a run.
pub(super) fn path(run: &Path) -> PathBuf {
    run.join("schema")
}

/// The folder, made if need be.
pub(super) fn make(run: &Path) -> Result<PathBuf, Failure> {
    let path = path(run);
    std::fs::create_dir_all(&path).map_err(|error| {
        Failure::because(format!("failed to make `{}`", path.display()), &error)
    })?;
    Ok(path)
}

/// Writes a file as a whole or not at all.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let part = path.with_extension("part");
    std::fs::write(&part, bytes)
        .and_then(|()| std::fs::rename(&part, path))
        .map_err(|error| Failure::because(format!("failed to write `{}`", path.display()), &error))
}
