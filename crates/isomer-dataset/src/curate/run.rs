//! From files of rows to one file, batch by batch.

use std::collections::{HashMap, HashSet};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use isomer_measure::text::GramIndex;
use tempfile::NamedTempFile;

use super::known::{Known, KnownError};
use super::meaning::Meaning;
use super::mutants::{MutantCounts, Mutants};
use super::near::Near;
use super::passes::passes;
use super::removal::{Reason, Removed, Witness};
use super::settings::Settings;
use super::source::Source;
use super::summary::Summary;
use crate::DatasetError;
use crate::curate::batch::{self, Line};

/// Rows of a batch, at most.
const BATCH_ROWS: usize = 1024;

/// Bytes of a batch from which on no row is added.
const BATCH_BYTES: usize = 64 << 20;

/// Why a curation ended early. Nothing was written then.
#[derive(Debug, thiserror::Error)]
pub enum CurateError {
    /// A file of rows cannot be read.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// Seeds or benchmarks cannot be used.
    #[error(transparent)]
    Known(#[from] KnownError),
    /// The embedder failed.
    #[error("failed to embed statements")]
    Embed(#[source] isomer_embed::EmbedError),
    /// The system refused.
    #[error("failed to write beside `{}`", .path.display())]
    Io {
        /// The file of results.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Everything that rows are held against, and what is written.
pub(super) struct State<'a> {
    pub(super) settings: &'a Settings,
    pub(super) known: Known,
    pub(super) near: Option<Near>,
    pub(super) meaning: Option<Meaning>,
    /// Short digests of the ids that were seen.
    pub(super) ids: HashSet<[u8; 16]>,
    /// Pass rates by id, where results of `verify` were named.
    pub(super) passes: Option<HashMap<String, f64>>,
    /// Kills of mutants by id, where a measurement was named.
    pub(super) mutants: Option<Mutants>,
    pub(super) summary: Summary,
    kept: BufWriter<NamedTempFile>,
    removed: BufWriter<NamedTempFile>,
}

/// The file of removals beside a result: `a.jsonl` has `a.removed.jsonl`.
pub fn removals_file(output: &Path) -> PathBuf {
    output.with_extension("removed.jsonl")
}

/// Curates; `on` hears of each batch. Blocks, on all threads of rayon's pool.
///
/// # Errors
///
/// If something cannot be read or written. There is no new file then.
pub fn curate(settings: &Settings, mut on: impl FnMut(&Summary)) -> Result<Summary, CurateError> {
    let fail = |source| CurateError::Io { path: settings.output.clone(), source };
    let mut state = State::new(settings)?;
    for input in &settings.inputs {
        let file = input.display().to_string();
        let mut source = Source::open(input)?;
        loop {
            let batch = read(&mut source)?;
            if batch.is_empty() {
                break;
            }
            batch::decide(&mut state, &file, batch)?;
            on(&state.summary);
        }
    }
    let removed = complete(state.removed).map_err(fail)?;
    let kept = complete(state.kept).map_err(fail)?;
    // Removals first: a result never stands there without its reasons.
    let place =
        |file: NamedTempFile, path: &Path| file.persist(path).map_err(|error| fail(error.error));
    place(removed, &removals_file(&settings.output))?;
    place(kept, &settings.output)?;
    Ok(state.summary)
}

fn read(source: &mut Source) -> Result<Vec<Line>, DatasetError> {
    let mut batch = Vec::new();
    let mut bytes = 0;
    while batch.len() < BATCH_ROWS && bytes < BATCH_BYTES {
        let Some(line) = source.advance()? else { break };
        bytes += line.bytes.len();
        batch.push(line);
    }
    Ok(batch)
}

impl<'a> State<'a> {
    fn new(settings: &'a Settings) -> Result<Self, CurateError> {
        let fail = |source| CurateError::Io { path: settings.output.clone(), source };
        let parent = settings.output.parent().filter(|parent| !parent.as_os_str().is_empty());
        let folder = parent.unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(fail)?;
        let mut near = settings.similarity.map(|similarity| Near::new(similarity, folder));
        let mut near = near.take().transpose().map_err(fail)?;
        let grams = GramIndex::new(settings.words, settings.phrase);
        let known = Known::read(&settings.against, &settings.seeds, grams, near.as_mut())?;
        let mutants = settings.kills.as_deref().map(|path| Mutants::read(path, folder));
        let mutants = mutants.transpose()?;
        let meaning = settings.meaning.clone();
        let meaning = meaning.map(|(embedder, cosine)| Meaning::new(embedder, cosine, folder));
        let temporary = || {
            let file = NamedTempFile::with_prefix_in(".isomer-curate-", folder).map_err(fail)?;
            Ok::<_, CurateError>(BufWriter::with_capacity(1 << 20, file))
        };
        let summary = Summary {
            benchmarks: known.benchmarks.len() as u64,
            seeds: known.seeds,
            mutants: settings.kills.is_some().then(MutantCounts::default),
            ..Summary::default()
        };
        Ok(Self {
            settings,
            known,
            near,
            meaning: meaning.transpose().map_err(fail)?,
            ids: HashSet::new(),
            passes: settings.verdicts.as_deref().map(passes).transpose()?,
            mutants,
            summary,
            kept: temporary()?,
            removed: temporary()?,
        })
    }

    /// Writes a row that stays.
    pub(super) fn keep(&mut self, line: &[u8]) -> Result<(), CurateError> {
        self.summary.kept += 1;
        let written = self.kept.write_all(line).and_then(|()| self.kept.write_all(b"\n"));
        written.map_err(|source| self.failed(source))
    }

    /// Writes why a row, or some of its tests, do not stay.
    pub(super) fn remove(
        &mut self,
        id: Option<String>,
        (file, line): (&str, u64),
        reason: Reason,
        witness: Witness,
    ) -> Result<(), CurateError> {
        self.summary.remove(reason);
        let removed = Removed { id, file: file.to_owned(), line, reason, witness };
        let written = serde_json::to_writer(&mut self.removed, &removed).map_err(io::Error::from);
        let written = written.and_then(|()| self.removed.write_all(b"\n"));
        written.map_err(|source| self.failed(source))
    }

    pub(super) fn failed(&self, source: io::Error) -> CurateError {
        CurateError::Io { path: self.settings.output.clone(), source }
    }
}

/// Brings all of a file to the disk.
fn complete(file: BufWriter<NamedTempFile>) -> io::Result<NamedTempFile> {
    use std::os::unix::fs::PermissionsExt as _;
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    // Temporary files are for their owner alone; a result is like any other file.
    file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
    file.as_file().sync_all()?;
    Ok(file)
}
