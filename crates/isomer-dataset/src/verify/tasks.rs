//! Tasks by id: an index in memory, the tasks themselves on disk.

use std::collections::HashMap;
use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use isomer_record::{JudgeMode, Suite, TaskLine};
use serde::Deserialize;

use crate::digest::digest;
use crate::error::Problems;
use crate::{DatasetError, Lines};

/// Bytes of lines whose tasks are kept ready; two such generations are held at most.
const GENERATION_BYTES: u64 = 32 << 20;

/// A task that solutions can be judged by.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) task: TaskLine,
    /// Empty in pytest mode.
    pub(crate) suite: Suite,
}

/// Where a task lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Its line, from 1.
    pub(super) line: u64,
    /// Digest of its line.
    pub(super) digest: [u8; 16],
    offset: u64,
    length: u64,
}

/// All tasks of a file, by id.
pub(super) struct Tasks {
    path: PathBuf,
    /// The file itself, or what was inside it.
    plain: File,
    places: HashMap<[u8; 16], Place>,
    young: HashMap<u64, Arc<Held>>,
    old: HashMap<u64, Arc<Held>>,
    young_bytes: u64,
}

impl Tasks {
    /// Reads all ids.
    pub(super) fn open(path: &Path) -> Result<Self, DatasetError> {
        #[derive(Deserialize)]
        struct Head {
            id: String,
        }
        let fail = DatasetError::io("copy", path);
        // Offsets count in what a compressed file holds, so that has to be laid out once.
        let spool = tempfile::tempfile().map_err(&fail)?;
        let mut spool = std::io::BufWriter::with_capacity(1 << 20, spool);
        let mut places: HashMap<[u8; 16], Place> = HashMap::new();
        let mut problems = Problems::of(path);
        let mut lines = Lines::open(path)?;
        let mut offset = 0;
        while let Some(line) = lines.advance()? {
            let head: Head = match serde_json::from_slice(line.bytes) {
                Ok(head) => head,
                Err(error) => {
                    problems.add(line.number, format!("not a task: {error}"));
                    continue;
                }
            };
            let length = line.bytes.len() as u64;
            let place = Place { line: line.number, digest: digest(line.bytes), offset, length };
            if let Some(first) = places.insert(digest(head.id.as_bytes()), place) {
                let what = format!("the id `{}` is already that of line {}", head.id, first.line);
                problems.add(line.number, what);
            }
            spool.write_all(line.bytes).map_err(&fail)?;
            offset += length;
        }
        problems.check()?;
        let plain = spool.into_inner().map_err(|error| fail(error.into_error()))?;
        Ok(Self {
            path: path.to_owned(),
            plain,
            places,
            young: HashMap::new(),
            old: HashMap::new(),
            young_bytes: 0,
        })
    }

    /// Number of tasks.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn find(&self, id: &str) -> Option<Place> {
        self.places.get(&digest(id.as_bytes())).copied()
    }

    /// The task at a place; those used lately are at hand.
    pub(super) fn load(&mut self, place: Place) -> Result<Arc<Held>, DatasetError> {
        if let Some(held) = self.young.get(&place.line) {
            return Ok(Arc::clone(held));
        }
        let held = match self.old.remove(&place.line) {
            Some(held) => held,
            None => Arc::new(self.read(place)?),
        };
        if self.young_bytes > GENERATION_BYTES {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        self.young_bytes += place.length;
        self.young.insert(place.line, Arc::clone(&held));
        Ok(held)
    }

    fn read(&self, place: Place) -> Result<Held, DatasetError> {
        let mut bytes = vec![0; usize::try_from(place.length).unwrap_or_default()];
        let read = self.plain.read_exact_at(&mut bytes, place.offset);
        read.map_err(DatasetError::io("read again", &self.path))?;
        let mut problems = Problems::of(&self.path);
        let unusable = match serde_json::from_slice::<TaskLine>(&bytes) {
            Ok(task) => match usable(task) {
                Ok(held) => return Ok(held),
                Err(what) => what,
            },
            Err(error) => format!("not a task: {error}"),
        };
        problems.add(place.line, unusable);
        Err(DatasetError::Lines { problems })
    }
}

/// A task with everything that judging needs, or what is missing.
pub(crate) fn usable(task: TaskLine) -> Result<Held, String> {
    if task.judge_mode == JudgeMode::Pytest {
        return match (&task.pytest, &task.expected) {
            (None, _) => Err("the task has no `pytest`".to_owned()),
            (_, None) => {
                Err("the task has no `expected`: what its tests are is not known".to_owned())
            }
            _ => Ok(Held { task, suite: Suite::default() }),
        };
    }
    if task.judge_mode == JudgeMode::Call && task.fn_name.is_none() {
        return Err("the task is judged by calls and has no `fn_name`".to_owned());
    }
    let suite = task.suite().unwrap_or_default();
    if suite.is_empty() {
        return Err("the task has no tests".to_owned());
    }
    if suite.input.len() != suite.output.len() {
        let (inputs, outputs) = (suite.input.len(), suite.output.len());
        return Err(format!("the task has {inputs} inputs but {outputs} outputs"));
    }
    let fits = |value: &serde_json::Value| match task.judge_mode {
        JudgeMode::Stdio => value.is_string(),
        JudgeMode::Call | JudgeMode::Pytest => value.is_array(),
    };
    if let Some(test) = suite.input.iter().position(|input| !fits(input)) {
        return Err(format!(
            "input {} does not fit the mode `{}`: {} is needed",
            test + 1,
            task.judge_mode.as_str(),
            if task.judge_mode == JudgeMode::Stdio { "a string" } else { "a list of arguments" },
        ));
    }
    Ok(Held { task, suite })
}
