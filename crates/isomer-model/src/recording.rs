//! Replies written to a file, to be replayed without any endpoint.
//!
//! A recording is JSON Lines: `{"key", "request", "reply"}` with [`Request::key`] and, for replies
//! that were no use (truncated, refused, empty), the kind of `error` they are replayed as.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::client::Model;
use crate::error::ModelError;
use crate::message::Request;
use crate::reply::Reply;

/// A line as it is written.
#[derive(Serialize)]
struct Written<'a> {
    key: &'a str,
    request: &'a Request,
    reply: &'a Reply,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

/// What the index needs of a line.
#[derive(Deserialize)]
pub(crate) struct KeyOfLine {
    pub(crate) key: String,
}

/// Writes every reply of another model to a recording, each request once.
pub struct Recorder {
    inner: Arc<dyn Model>,
    path: PathBuf,
    state: Mutex<Tape>,
}

struct Tape {
    file: File,
    keys: HashSet<String>,
}

/// Opens (or starts) the recording at `path` for what `inner` answers, from wherever it answers.
///
/// A last line that was torn by a crash is removed; requests that are in the file already are not
/// written again.
pub fn recorder(inner: Arc<dyn Model>, path: &Path) -> Result<Arc<Recorder>, ModelError> {
    let tape = open(path).map_err(|error| failed(path, &error))?;
    Ok(Arc::new(Recorder { inner, path: path.to_owned(), state: Mutex::new(tape) }))
}

fn open(path: &Path) -> std::io::Result<Tape> {
    let mut file =
        OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
    let mut keys = HashSet::new();
    let (mut end, mut ends_line) = (0, true);
    for_each_line(&mut BufReader::new(&file), |offset, line| {
        let whole = line.ends_with(b"\n");
        match serde_json::from_slice::<KeyOfLine>(line) {
            Ok(read) => {
                keys.insert(read.key);
            }
            Err(_) if !whole => return Ok(()),
            Err(_) if line.trim_ascii().is_empty() => {}
            Err(error) => return Err(std::io::Error::other(error)),
        }
        (end, ends_line) = (offset + line.len() as u64, whole);
        Ok(())
    })?;
    file.set_len(end)?;
    file.seek(SeekFrom::End(0))?;
    if !ends_line {
        file.write_all(b"\n")?;
    }
    Ok(Tape { file, keys })
}

/// Visits the lines with their offsets; a last line may lack its newline.
pub(crate) fn for_each_line(
    reader: &mut dyn BufRead,
    mut visit: impl FnMut(u64, &[u8]) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let (mut offset, mut line) = (0, Vec::new());
    for number in 1_u64.. {
        line.clear();
        let read = reader.read_until(b'\n', &mut line)?;
        if read == 0 {
            break;
        }
        visit(offset, &line).map_err(|error| {
            std::io::Error::new(error.kind(), format!("line {number}: {error}"))
        })?;
        offset += read as u64;
    }
    Ok(())
}

pub(crate) fn failed(path: &Path, error: &std::io::Error) -> ModelError {
    ModelError::Recording { path: path.display().to_string(), message: error.to_string() }
}

impl Recorder {
    fn keep(&self, request: &Request, reply: &Reply, error: Option<&str>) -> std::io::Result<()> {
        let key = request.key();
        let mut line = serde_json::to_vec(&Written { key: &key, request, reply, error })?;
        line.push(b'\n');
        let mut tape = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if tape.keys.insert(key) {
            tape.file.write_all(&line)?;
            tape.file.flush()?;
        }
        Ok(())
    }
}

#[async_trait]
impl Model for Recorder {
    async fn ask(&self, request: Request) -> Result<Reply, ModelError> {
        let outcome = self.inner.ask(request.clone()).await;
        let kept = match &outcome {
            Ok(reply) => self.keep(&request, reply, None),
            Err(error) => match error.partial() {
                Some(partial) => self.keep(&request, partial, Some(error.kind())),
                None => Ok(()),
            },
        };
        kept.map_err(|error| failed(&self.path, &error))?;
        outcome
    }
}
