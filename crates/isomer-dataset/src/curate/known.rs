//! Seeds and benchmarks, read in any of the shapes in which seeds are.

use std::io;
use std::path::PathBuf;

use isomer_flow::seeds::{BadRow, SeedError, SeedReader, SeedSettings};
use isomer_measure::text::{GramIndex, Words};

use super::near::Near;

/// Why known texts cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KnownError {
    /// Reading cannot start.
    #[error("failed to read seeds or benchmarks")]
    Open(#[source] SeedError),
    /// A row has no statement: a benchmark that is only partly known would keep nothing out.
    #[error("a row of seeds or benchmarks cannot be used")]
    Row(#[source] BadRow),
    /// The system refused.
    #[error("failed to keep what is known")]
    Io(#[source] io::Error),
}

impl KnownError {
    /// What a user can do about it.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Open(error) => error.help(),
            Self::Row(row) => row.reason.help(),
            Self::Io(_) => None,
        }
    }
}

/// A text of a benchmark: its id and file.
pub(super) type Named = (String, String);

/// Everything that rows are held against.
pub(super) struct Known {
    /// Runs of words of benchmarks.
    pub(super) grams: GramIndex,
    /// Texts of benchmarks, in the order of their numbers.
    pub(super) benchmarks: Vec<Named>,
    /// Seeds that were read.
    pub(super) seeds: u64,
}

impl Known {
    /// Reads benchmarks first, then seeds; with `near` also as whole texts.
    pub(super) fn read(
        against: &[PathBuf],
        seeds: &[PathBuf],
        mut grams: GramIndex,
        mut near: Option<&mut Near>,
    ) -> Result<Self, KnownError> {
        let mut benchmarks = Vec::new();
        each(against, |id, file, words| {
            grams.add(words);
            benchmarks.push((id.to_owned(), file.to_owned()));
            add(near.as_deref_mut(), id, file, words)
        })?;
        let mut count = 0;
        each(seeds, |id, file, words| {
            count += 1;
            add(near.as_deref_mut(), id, file, words)
        })?;
        if let Some(near) = near {
            near.settle().map_err(KnownError::Io)?;
        }
        Ok(Self { grams, benchmarks, seeds: count })
    }
}

fn add(near: Option<&mut Near>, id: &str, file: &str, words: &Words<'_>) -> Result<(), KnownError> {
    let Some(near) = near else { return Ok(()) };
    let print = near.printer.print(words);
    near.add(id, file, print).map_err(KnownError::Io)
}

fn each(
    paths: &[PathBuf],
    mut on: impl FnMut(&str, &str, &Words<'_>) -> Result<(), KnownError>,
) -> Result<(), KnownError> {
    if paths.is_empty() {
        return Ok(());
    }
    for seed in SeedReader::open(paths, SeedSettings::default()).map_err(KnownError::Open)? {
        let seed = seed.map_err(KnownError::Row)?;
        on(&seed.id, &seed.origin.file, &Words::of(&seed.statement))?;
    }
    Ok(())
}
