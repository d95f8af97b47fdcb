//! What is said of single tasks before everything is known, in a file without a name.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use isomer_dataset::measure::{Nearest, Size};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// What a pass over texts and sources says of one task.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct OfTask {
    pub(super) nearest: Vec<Nearest>,
    pub(super) size: Option<Size>,
}

/// The file while it grows.
pub(super) struct EachTaskWriter {
    file: BufWriter<File>,
    ends: Vec<u64>,
}

/// The file when it is complete.
pub(super) struct EachTask {
    file: File,
    /// Where each task's part ends.
    ends: Vec<u64>,
}

impl EachTaskWriter {
    pub(super) fn new(folder: &Path) -> Result<Self, Failure> {
        let file = tempfile::tempfile_in(folder).map_err(|error| failed(&error))?;
        Ok(Self { file: BufWriter::new(file), ends: Vec::new() })
    }

    pub(super) fn add(&mut self, of: &OfTask) -> Result<(), Failure> {
        let bytes = serde_json::to_vec(of).map_err(|error| failed(&error.into()))?;
        self.file.write_all(&bytes).map_err(|error| failed(&error))?;
        let end = self.ends.last().copied().unwrap_or_default();
        self.ends.push(end + bytes.len() as u64);
        Ok(())
    }

    pub(super) fn finish(self) -> Result<EachTask, Failure> {
        let file = self.file.into_inner().map_err(|error| failed(error.error()))?;
        Ok(EachTask { file, ends: self.ends })
    }
}

impl EachTask {
    /// What is said of the task at this place.
    pub(super) fn get(&self, task: usize) -> Result<OfTask, Failure> {
        let Some(end) = self.ends.get(task) else { return Ok(OfTask::default()) };
        let start = task.checked_sub(1).map_or(0, |before| self.ends[before]);
        let mut bytes = vec![0; usize::try_from(end - start).unwrap_or_default()];
        self.file.read_exact_at(&mut bytes, start).map_err(|error| failed(&error))?;
        serde_json::from_slice(&bytes).map_err(|error| failed(&error.into()))
    }
}

fn failed(error: &std::io::Error) -> Failure {
    Failure::because("failed to keep what is said of single tasks in a temporary file", error)
}

#[cfg(test)]
mod tests {
    use isomer_dataset::measure::{Nearest, Similarity};

    use super::{EachTaskWriter, OfTask};

    #[test]
    fn every_task_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = EachTaskWriter::new(folder.path()).unwrap();
        let nearest = Nearest { set: 1, by: Similarity::Syntax, value: 0.5, other: "b".to_owned() };
        let all = [
            OfTask::default(),
            OfTask { nearest: vec![nearest], size: None },
            OfTask { size: Some(isomer_dataset::measure::Size::default()), nearest: Vec::new() },
        ];
        for one in &all {
            writer.add(one).unwrap();
        }
        let each = writer.finish().unwrap();
        for place in [2, 0, 1] {
            assert_eq!(each.get(place).unwrap(), all[place]);
        }
        assert_eq!(each.get(3).unwrap(), OfTask::default());
    }
}
