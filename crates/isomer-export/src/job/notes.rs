//! What an export has judged so far, kept so that a later start goes on from there.
//!
//! Rows and left-out tasks are appended to plain files; from time to time their lengths are noted in
//! one small file that is replaced as a whole. Whatever lies behind the noted lengths was being
//! written when the process died and is cut off.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::plan::Plan;
use super::tally::Tally;
use crate::error::ExportError;
use crate::left_out::LeftOut;

/// Tasks between two notes.
const EVERY: u64 = 64;

#[derive(Default, Serialize, Deserialize)]
struct State {
    fingerprint: String,
    /// Lines of the dataset that are done.
    lines: u64,
    formats: BTreeMap<String, FormatState>,
}

#[derive(Clone, Default, Serialize, Deserialize)]
struct FormatState {
    rows_bytes: u64,
    left_out_bytes: u64,
    tally: Tally,
}

/// The notes of an export.
pub(super) struct Notes {
    folder: PathBuf,
    state: State,
    files: BTreeMap<String, Files>,
}

struct Files {
    rows: BufWriter<File>,
    left_out: BufWriter<File>,
}

impl Notes {
    /// Opens the notes of an unfinished export, or new ones.
    pub(super) fn open(plan: &Plan) -> Result<Self, ExportError> {
        let folder = plan.notes.clone();
        fs::create_dir_all(&folder).map_err(ExportError::io("create", &folder))?;
        let mut state = read_state(&folder)?;
        if state.fingerprint != plan.fingerprint {
            state = State { fingerprint: plan.fingerprint.clone(), ..State::default() };
        }
        let mut files = BTreeMap::new();
        for target in &plan.targets {
            let name = target.format.as_str().to_owned();
            let known = state.formats.entry(name.clone()).or_default();
            let rows = open_at(&rows_path(&folder, &name), known.rows_bytes)?;
            let left_out = open_at(&left_out_path(&folder, &name), known.left_out_bytes)?;
            files.insert(name, Files { rows, left_out });
        }
        Ok(Self { folder, state, files })
    }

    /// Lines of the dataset that are done.
    pub(super) fn lines(&self) -> u64 {
        self.state.lines
    }

    /// The counts of a format.
    pub(super) fn tally(&mut self, format: &str) -> &mut Tally {
        &mut self.state.formats.entry(format.to_owned()).or_default().tally
    }

    /// Adds the rows of a task.
    pub(super) fn add_rows(&mut self, format: &str, rows: &[Value]) -> Result<(), ExportError> {
        let Some(files) = self.files.get_mut(format) else { return Ok(()) };
        let known = self.state.formats.entry(format.to_owned()).or_default();
        for row in rows {
            let line = format!("{row}\n");
            files
                .rows
                .write_all(line.as_bytes())
                .map_err(ExportError::io("write", rows_path(&self.folder, format)))?;
            known.rows_bytes += line.len() as u64;
            known.tally.rows += 1;
        }
        Ok(())
    }

    /// Adds a task that is left out.
    pub(super) fn add_left_out(
        &mut self,
        format: &str,
        left_out: &LeftOut,
    ) -> Result<(), ExportError> {
        let Some(files) = self.files.get_mut(format) else { return Ok(()) };
        let path = left_out_path(&self.folder, format);
        let mut line = serde_json::to_string(left_out).unwrap_or_default();
        line.push('\n');
        files.left_out.write_all(line.as_bytes()).map_err(ExportError::io("write", path))?;
        self.state.formats.entry(format.to_owned()).or_default().left_out_bytes +=
            line.len() as u64;
        Ok(())
    }

    /// One more line of the dataset is done.
    pub(super) fn line_done(&mut self) -> Result<(), ExportError> {
        self.state.lines += 1;
        if self.state.lines.is_multiple_of(EVERY) { self.save() } else { Ok(()) }
    }

    /// Makes everything so far durable.
    pub(super) fn save(&mut self) -> Result<(), ExportError> {
        for files in self.files.values_mut() {
            for file in [&mut files.rows, &mut files.left_out] {
                file.flush()
                    .and_then(|()| file.get_ref().sync_data())
                    .map_err(ExportError::io("write", &self.folder))?;
            }
        }
        let text = serde_json::to_vec(&self.state)
            .map_err(|source| ExportError::Notes { path: self.folder.clone(), source })?;
        let path = state_path(&self.folder);
        let temporary = path.with_extension("new");
        fs::write(&temporary, text).map_err(ExportError::io("write", &temporary))?;
        fs::rename(&temporary, &path).map_err(ExportError::io("replace", &path))
    }

    /// The rows of a format, to be read from the start.
    pub(super) fn rows(&self, format: &str) -> PathBuf {
        rows_path(&self.folder, format)
    }

    /// The left-out tasks of a format.
    pub(super) fn left_out(&self, format: &str) -> PathBuf {
        left_out_path(&self.folder, format)
    }

    /// Removes the notes, once the files are whole.
    pub(super) fn remove(self) -> Result<(), ExportError> {
        drop(self.files);
        fs::remove_dir_all(&self.folder).map_err(ExportError::io("remove", &self.folder))
    }
}

fn state_path(folder: &Path) -> PathBuf {
    folder.join("state.json")
}

fn rows_path(folder: &Path, format: &str) -> PathBuf {
    folder.join(format!("{format}.rows.jsonl"))
}

fn left_out_path(folder: &Path, format: &str) -> PathBuf {
    folder.join(format!("{format}.left-out.jsonl"))
}

fn read_state(folder: &Path) -> Result<State, ExportError> {
    let path = state_path(folder);
    match fs::read(&path) {
        Ok(text) => serde_json::from_slice(&text)
            .map_err(|source| ExportError::Notes { path: folder.to_path_buf(), source }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(State::default()),
        Err(error) => Err(ExportError::io("read", path)(error)),
    }
}

/// Opens a file for appending after its first `length` bytes.
fn open_at(path: &Path, length: u64) -> Result<BufWriter<File>, ExportError> {
    let io = |action| ExportError::io(action, path);
    let mut options = OpenOptions::new();
    let mut file =
        options.create(true).write(true).truncate(false).open(path).map_err(io("open"))?;
    file.set_len(length).map_err(io("cut"))?;
    file.seek(SeekFrom::End(0)).map_err(io("open"))?;
    Ok(BufWriter::new(file))
}
