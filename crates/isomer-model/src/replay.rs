//! Answers from a recording, and from nothing else.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use serde::Deserialize;

use crate::client::Model;
use crate::error::ModelError;
use crate::message::Request;
use crate::recording::{KeyOfLine, failed, for_each_line};
use crate::reply::{Reply, Source};

/// What is read back of a line.
#[derive(Deserialize)]
struct Line {
    reply: Reply,
    #[serde(default)]
    error: Option<String>,
}

/// Where a line is.
#[derive(Clone, Copy, Debug)]
struct Place {
    offset: u64,
    length: usize,
}

enum Tape {
    File(Mutex<File>),
    Bytes(&'static [u8]),
}

/// A model that answers from a recording. Only the keys are held in memory.
pub struct Replay {
    path: PathBuf,
    tape: Tape,
    index: HashMap<String, Place>,
}

/// Opens the recording at `path`.
pub fn replay(path: &Path) -> Result<Arc<Replay>, ModelError> {
    let open = || {
        let file = File::open(path)?;
        let index = index(&mut BufReader::new(&file))?;
        Ok(Replay { path: path.to_owned(), tape: Tape::File(Mutex::new(file)), index })
    };
    open().map(Arc::new).map_err(|error| failed(path, &error))
}

/// Opens a recording that is part of the program; `name` stands for its path in errors.
pub fn replay_embedded(name: &str, bytes: &'static [u8]) -> Result<Arc<Replay>, ModelError> {
    let path = PathBuf::from(name);
    match index(&mut &*bytes) {
        Ok(index) => Ok(Arc::new(Replay { path, tape: Tape::Bytes(bytes), index })),
        Err(error) => Err(failed(&path, &error)),
    }
}

fn index(reader: &mut dyn std::io::BufRead) -> std::io::Result<HashMap<String, Place>> {
    let mut index = HashMap::new();
    for_each_line(reader, |offset, line| {
        match serde_json::from_slice::<KeyOfLine>(line) {
            Ok(read) => {
                let place = Place { offset, length: line.len() };
                index.entry(read.key).or_insert(place);
            }
            // An empty line is no harm, nor is a last one that a crash has torn.
            Err(_) if line.trim_ascii().is_empty() || !line.ends_with(b"\n") => {}
            Err(error) => return Err(std::io::Error::other(error)),
        }
        Ok(())
    })?;
    Ok(index)
}

impl Replay {
    /// Number of replies in the recording.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether the recording has no replies.
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    fn line(&self, place: Place) -> std::io::Result<Line> {
        let from_slice =
            |line: &[u8]| serde_json::from_slice::<Line>(line).map_err(std::io::Error::other);
        match &self.tape {
            Tape::Bytes(bytes) => {
                let start = usize::try_from(place.offset).unwrap_or(usize::MAX);
                let line = bytes.get(start..).and_then(|rest| rest.get(..place.length));
                from_slice(line.unwrap_or_default())
            }
            Tape::File(file) => {
                let mut line = vec![0; place.length];
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(place.offset))?;
                file.read_exact(&mut line)?;
                drop(file);
                from_slice(&line)
            }
        }
    }
}

#[async_trait]
impl Model for Replay {
    async fn ask(&self, request: Request) -> Result<Reply, ModelError> {
        let key = request.key();
        let Some(place) = self.index.get(&key) else {
            let purpose = request.purpose;
            return Err(ModelError::MissingRecording {
                stage: purpose.stage,
                item: purpose.item,
                key,
            });
        };
        let line = self.line(*place).map_err(|error| failed(&self.path, &error))?;
        let reply = Reply { source: Source::Recording, ..line.reply };
        match line.error {
            None => Ok(reply),
            Some(kind) => Err(as_recorded(&kind, reply)),
        }
    }
}

/// The error that a reply was to those who recorded it.
fn as_recorded(kind: &str, reply: Reply) -> ModelError {
    let partial = Box::new(reply);
    match kind {
        "truncated" => ModelError::Truncated { partial },
        "null_content" => ModelError::NullContent { partial },
        "empty_content" => ModelError::EmptyContent { partial },
        _ => ModelError::Refused { reason: "as recorded".into(), partial: Some(partial) },
    }
}
