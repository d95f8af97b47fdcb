//! Every schema that was tried for a run: one line each, versions beside it, and the command that
//! shows them.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use isomer_flow::pack::ElementDefinition;
use isomer_record::Elements;
use serde::{Deserialize, Serialize};

use super::folder;
use crate::cli::SchemaHistoryArgs;
use crate::commands::{Setting, write};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::report::{self, Attempt, History, Terms};

const FILE: &str = "history.jsonl";

/// The attempts of a run on disk. A line is written when its round is over, so that a killed round
/// begins anew and finds its answers in the ledger.
pub(super) struct Log {
    folder: PathBuf,
    /// What is in it.
    pub(super) history: History,
}

/// A line of the decomposed seeds of a version.
#[derive(Serialize, Deserialize)]
struct Decomposed {
    seed: String,
    elements: Option<Elements>,
}

/// The first line, and all others.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Terms(Terms),
    Attempt(Box<Attempt>),
}

impl Log {
    /// Reads the history of a run; `None` if nothing was ever tried.
    pub(super) fn load(run: &Path) -> Result<Option<Self>, Failure> {
        let folder = folder::path(run);
        let path = folder.join(FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(&path, &error)),
        };
        // A line that was being written when the power went is no line.
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        let mut history: Option<History> = None;
        for line in whole.lines() {
            match (
                serde_json::from_str(line).map_err(|error| unreadable(&path, &error))?,
                &mut history,
            ) {
                (Line::Terms(terms), None) => {
                    history = Some(History {
                        run: run.display().to_string(),
                        terms,
                        attempts: Vec::new(),
                    });
                }
                (Line::Attempt(attempt), Some(history)) => history.attempts.push(*attempt),
                _ => return Err(Failure::new(format!("`{}` is out of order", path.display()))),
            }
        }
        // Without the first attempt, the run's own schema, nothing was tried yet.
        Ok(history
            .filter(|history| !history.attempts.is_empty())
            .map(|history| Self { folder, history }))
    }

    /// Begins a history with the run's own schema.
    pub(super) fn begin(run: &Path, terms: Terms, first: Attempt) -> Result<Self, Failure> {
        let folder = folder::make(run)?;
        let history = History { run: run.display().to_string(), terms, attempts: vec![first] };
        let log = Self { folder, history };
        let [first] = log.history.attempts.as_slice() else {
            return Err(Failure::new("a history begins with one schema"));
        };
        log.write_schema(0, &first.schema)?;
        let lines = [
            line(&Line::Terms(log.history.terms.clone()))?,
            line(&Line::Attempt(Box::new(first.clone())))?,
        ];
        folder::write(&log.folder.join(FILE), lines.concat().as_bytes())?;
        Ok(log)
    }

    /// Adds an attempt, on the disk before this returns.
    pub(super) fn add(&mut self, attempt: Attempt) -> Result<(), Failure> {
        let path = self.folder.join(FILE);
        let kept = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
        let whole = kept.rfind('\n').map_or(0, |end| end + 1);
        let line = line(&Line::Attempt(Box::new(attempt.clone())))?;
        let written = File::options().write(true).open(&path).and_then(|mut file| {
            file.set_len(whole as u64)?;
            std::io::Seek::seek(&mut file, std::io::SeekFrom::End(0))?;
            file.write_all(line.as_bytes())?;
            file.sync_all()
        });
        written.map_err(|error| {
            Failure::because(format!("failed to write `{}`", path.display()), &error)
        })?;
        self.history.attempts.push(attempt);
        Ok(())
    }

    /// The schema file of a version.
    pub(super) fn schema_file(&self, version: u32) -> PathBuf {
        self.folder.join(format!("versions/{version}.json"))
    }

    /// Writes the schema file of a version, and returns where it is.
    pub(super) fn write_schema(
        &self,
        version: u32,
        schema: &[ElementDefinition],
    ) -> Result<PathBuf, Failure> {
        let path = self.schema_file(version);
        self.make_versions()?;
        let text = serde_json::to_string_pretty(schema)
            .map_err(|error| Failure::because("failed to write a schema", &error))?;
        folder::write(&path, format!("{text}\n").as_bytes())?;
        Ok(path)
    }

    /// Keeps what a version made of the seeds, for people to read.
    pub(super) fn write_decomposed<'a>(
        &self,
        version: u32,
        rows: impl Iterator<Item = (&'a str, Option<&'a Elements>)>,
    ) -> Result<(), Failure> {
        let mut text = String::new();
        for (seed, elements) in rows {
            let row = Decomposed { seed: seed.to_owned(), elements: elements.cloned() };
            text.push_str(&line(&row)?);
        }
        folder::write(&self.decomposed_file(version), text.as_bytes())
    }

    /// What a version made of the seeds, in the order of the sample.
    pub(super) fn read_decomposed(&self, version: u32) -> Result<Vec<Option<Elements>>, Failure> {
        let path = self.decomposed_file(version);
        let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
        let rows = text.lines().map(serde_json::from_str::<Decomposed>);
        rows.map(|row| row.map(|row| row.elements).map_err(|error| unreadable(&path, &error)))
            .collect()
    }

    fn decomposed_file(&self, version: u32) -> PathBuf {
        self.folder.join(format!("versions/{version}.decomposed.jsonl"))
    }

    fn make_versions(&self) -> Result<(), Failure> {
        let path = self.folder.join("versions");
        std::fs::create_dir_all(&path).map_err(|error| {
            Failure::because(format!("failed to make `{}`", path.display()), &error)
        })
    }
}

fn line<T: Serialize>(value: &T) -> Result<String, Failure> {
    let text = serde_json::to_string(value)
        .map_err(|error| Failure::because("failed to write the history", &error))?;
    Ok(text + "\n")
}

fn unreadable(path: &Path, error: &dyn std::error::Error) -> Failure {
    Failure::because(format!("failed to read `{}`", path.display()), error)
        .help("remove the run's `schema` folder to begin anew; its answers must then be paid again")
}

/// `isomer schema history`.
pub(super) fn show(args: &SchemaHistoryArgs, setting: Setting<'_>) -> Result<Exit, Failure> {
    let log = Log::load(&args.run)?.ok_or_else(|| {
        Failure::new(format!("no schema was tried for `{}`", args.run.display()))
            .help(format!("isomer schema improve {}", args.run.display()))
            .exit(Exit::Usage)
    })?;
    print(&log, args.json, setting)
}

/// Shows a history on standard output.
pub(super) fn print(log: &Log, json: bool, setting: Setting<'_>) -> Result<Exit, Failure> {
    if json {
        write(output::json(&log.history))?;
    } else {
        write(output::data(&report::schema_history(&log.history, setting.data_paint)))?;
    }
    Ok(Exit::Complete)
}
