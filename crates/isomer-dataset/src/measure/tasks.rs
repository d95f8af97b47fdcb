//! Tasks of any datasets, laid out once so that every measure can go through them.
//!
//! Datasets come compressed, as Parquet or on standard input, and rows of other makers have to be
//! read as tasks first. That is done once; what was read goes to an unnamed file, and 32 bytes a task
//! stay in memory.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use isomer_record::TaskLine;

use super::Key;
use crate::DatasetError;

/// Tasks in the order in which they were read.
#[derive(Debug)]
pub struct Tasks {
    folder: PathBuf,
    file: File,
    places: Vec<Place>,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    key: Key,
    offset: u64,
    length: usize,
}

impl Tasks {
    /// Lays out tasks in an unnamed file in `folder`. Blocks.
    ///
    /// # Errors
    ///
    /// If the file cannot be made or written.
    pub fn gather(
        lines: impl IntoIterator<Item = TaskLine>,
        folder: &Path,
    ) -> Result<Self, DatasetError> {
        let fail = DatasetError::io("write a temporary file in", folder);
        let file = tempfile::tempfile_in(folder).map_err(&fail)?;
        let mut writer = BufWriter::with_capacity(1 << 20, file);
        let mut places = Vec::new();
        let mut offset = 0;
        for line in lines {
            let bytes = serde_json::to_vec(&line).map_err(|error| fail(error.into()))?;
            writer.write_all(&bytes).map_err(&fail)?;
            places.push(Place { key: Key::of([&*bytes]), offset, length: bytes.len() });
            offset += bytes.len() as u64;
        }
        let file = writer.into_inner().map_err(|error| fail(error.into_error()))?;
        Ok(Self { folder: folder.to_owned(), file, places })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Stands for everything that the task's line says.
    pub fn key(&self, index: usize) -> Option<Key> {
        self.places.get(index).map(|place| place.key)
    }

    /// Reads a task again; `None` behind the last. Blocks, but not for long.
    ///
    /// # Errors
    ///
    /// If the system cannot read it.
    pub fn get(&self, index: usize) -> Result<Option<TaskLine>, DatasetError> {
        let Some(place) = self.places.get(index) else { return Ok(None) };
        let fail = DatasetError::io("read a temporary file in", &self.folder);
        let mut bytes = vec![0; place.length];
        self.file.read_exact_at(&mut bytes, place.offset).map_err(&fail)?;
        serde_json::from_slice(&bytes).map(Some).map_err(|error| fail(error.into()))
    }

    /// All tasks in order. Blocks.
    pub fn iter(&self) -> impl Iterator<Item = Result<TaskLine, DatasetError>> + '_ {
        (0..self.len()).filter_map(|index| self.get(index).transpose())
    }
}

#[cfg(test)]
mod tests {
    use isomer_record::TaskLine;
    use serde_json::json;

    use super::Tasks;

    fn line(id: &str, statement: &str) -> TaskLine {
        let line = json!({"id": id, "statement": statement, "judge_mode": "stdio"});
        serde_json::from_value(line).unwrap()
    }

    #[test]
    fn tasks_come_back_in_any_order() {
        let folder = tempfile::tempdir().unwrap();
        let lines = [line("a", "Add."), line("b", &"é\n".repeat(999)), line("a", "Add.")];
        let tasks = Tasks::gather(lines.clone(), folder.path()).unwrap();
        assert_eq!((tasks.len(), tasks.is_empty()), (3, false));
        assert_eq!(tasks.get(1).unwrap().as_ref(), Some(&lines[1]));
        assert_eq!(tasks.iter().collect::<Result<Vec<_>, _>>().unwrap(), lines);
        assert_eq!(tasks.get(3).unwrap(), None);
        assert_eq!(tasks.key(0), tasks.key(2));
        assert_ne!(tasks.key(0), tasks.key(1));
        assert!(folder.path().read_dir().unwrap().next().is_none(), "the file has a name");
    }

    #[test]
    fn a_folder_that_is_none_is_named() {
        let error = Tasks::gather([], "/nonexistent/folder".as_ref()).unwrap_err();
        assert!(error.to_string().contains("`/nonexistent/folder`"), "{error}");
    }
}
