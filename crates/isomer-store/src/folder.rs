//! The run's folder: what it must and must not hold, and who may write to it.

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::StoreError;

/// Name of the database in the run's folder.
pub(crate) const DATABASE: &str = "run.db";
const LOCK: &str = "run.lock";
const SETTINGS: &str = "run.toml";

pub(crate) fn database(dir: &Path) -> PathBuf {
    dir.join(DATABASE)
}

/// Makes the folder if need be and refuses one that belongs to somebody else.
pub(crate) fn adopt(dir: &Path) -> Result<(), StoreError> {
    match fs::metadata(dir) {
        Ok(metadata) if metadata.is_dir() => refuse_foreign_files(dir),
        Ok(_) => Err(not_a_run(dir, "it is a file")),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            fs::create_dir_all(dir).map_err(StoreError::io("create the folder", dir))
        }
        Err(error) => Err(StoreError::io("look at", dir)(error)),
    }
}

fn refuse_foreign_files(dir: &Path) -> Result<(), StoreError> {
    if database(dir).exists() {
        return Ok(());
    }
    for entry in fs::read_dir(dir).map_err(StoreError::io("list", dir))? {
        let name = entry.map_err(StoreError::io("list", dir))?.file_name();
        let name = name.to_string_lossy();
        // A start that was killed early leaves the lock, or the settings half written.
        if name != LOCK && !name.starts_with(SETTINGS) {
            return Err(not_a_run(
                dir,
                &format!("it has no `{DATABASE}` but other files, such as `{name}`"),
            ));
        }
    }
    Ok(())
}

/// Checks that there is a run to read.
pub(crate) fn expect_run(dir: &Path) -> Result<(), StoreError> {
    if !dir.exists() {
        return Err(not_a_run(dir, "there is no such folder"));
    }
    if !dir.is_dir() {
        return Err(not_a_run(dir, "it is a file"));
    }
    if !database(dir).is_file() {
        return Err(not_a_run(dir, &format!("it has no `{DATABASE}`")));
    }
    Ok(())
}

/// Locks the run against other writers until the file is dropped. The kernel releases the lock of a
/// killed process, so the file itself may stay behind.
pub(crate) fn lock(dir: &Path) -> Result<File, StoreError> {
    let path = dir.join(LOCK);
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(StoreError::io("open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked { path: dir.to_owned() }),
        Err(TryLockError::Error(error)) => Err(StoreError::io("lock", path)(error)),
    }
}

pub(crate) fn not_a_run(dir: &Path, why: &str) -> StoreError {
    StoreError::NotARun { path: dir.to_owned(), why: why.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{adopt, expect_run, lock};
    use crate::StoreError;

    #[test]
    fn a_folder_with_other_files_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        adopt(dir.path()).unwrap();
        fs::write(dir.path().join("run.toml"), "").unwrap();
        adopt(dir.path()).unwrap();
        fs::write(dir.path().join("thesis.tex"), "").unwrap();
        let error = adopt(dir.path()).unwrap_err();
        assert!(error.to_string().contains("`thesis.tex`"), "{error}");
        assert!(matches!(adopt(&dir.path().join("thesis.tex")), Err(StoreError::NotARun { .. })));
    }

    #[test]
    fn folders_are_made_with_their_parents() {
        let dir = tempfile::tempdir().unwrap();
        adopt(&dir.path().join("a/b/c")).unwrap();
        assert!(dir.path().join("a/b/c").is_dir());
    }

    #[test]
    fn what_is_no_run_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let missing = expect_run(&dir.path().join("x")).unwrap_err().to_string();
        assert!(missing.ends_with("there is no such folder"), "{missing}");
        let empty = expect_run(dir.path()).unwrap_err().to_string();
        assert!(empty.ends_with("it has no `run.db`"), "{empty}");
    }

    #[test]
    fn the_lock_ends_with_its_file() {
        let dir = tempfile::tempdir().unwrap();
        let held = lock(dir.path()).unwrap();
        assert!(matches!(lock(dir.path()), Err(StoreError::Locked { .. })));
        drop(held);
        lock(dir.path()).unwrap();
    }
}
