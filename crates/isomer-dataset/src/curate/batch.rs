//! Who of a batch stays.
//!
//! What a row is compared with does not depend on where batches begin: the rows of earlier batches
//! are searched by all threads at once, those of the same batch one after the other.

use isomer_measure::text::{Overlap, Words};
use rayon::prelude::*;

use super::mutants::MutantsOf;
use super::near::{Alike, Print, Young};
use super::removal::{Reason, Witness};
use super::row::Row;
use super::run::{CurateError, State};
use super::settings::Band;
use super::tests_of_row::{Shaped, count, shape};
use crate::digest::digest;

/// A line as it was read.
pub(super) struct Line {
    pub(super) number: u64,
    pub(super) bytes: Vec<u8>,
}

/// A row with what is known about it.
struct Candidate {
    line: Line,
    row: Result<Row, String>,
    print: Print,
    overlap: Option<(Overlap, String)>,
    /// Why it goes, as soon as that is known.
    verdict: Option<(Reason, Witness)>,
    mutants: MutantsOf,
    shaped: Shaped,
    vector: Vec<f32>,
}

impl Candidate {
    fn stays(&self) -> bool {
        self.verdict.is_none()
    }
}

/// Decides about a batch and writes what became of it.
pub(super) fn decide(
    state: &mut State<'_>,
    file: &str,
    batch: Vec<Line>,
) -> Result<(), CurateError> {
    let mut candidates: Vec<Candidate> =
        batch.into_par_iter().map(|line| look(state, file, line)).collect();
    state.summary.read += candidates.len() as u64;
    for candidate in &mut candidates {
        candidate.verdict = by_itself(state, candidate);
    }
    let compared = candidates.par_iter_mut().filter(|candidate| candidate.stays());
    compared.try_for_each(|candidate| against_earlier(state, candidate))?;
    embed(state, &mut candidates)?;
    among_themselves(state, file, &mut candidates)?;
    for candidate in candidates {
        write(state, file, candidate)?;
    }
    if let Some(near) = &mut state.near {
        let settled = near.settle();
        settled.map_err(|error| state.failed(error))?;
    }
    Ok(())
}

/// Everything that needs no other row.
fn look(state: &State<'_>, file: &str, line: Line) -> Candidate {
    let row = Row::read(&line.bytes, file, line.number);
    let words = Words::of(row.as_ref().map_or("", |row| row.statement.as_str()));
    let overlap = state.known.grams.overlap(&words);
    let overlap = overlap.filter(|overlap| overlap.share >= state.settings.share);
    let overlap = overlap.map(|found| (found, words.passage(found.at, found.length).to_owned()));
    let print = state.near.as_ref().map(|near| near.printer.print(&words)).unwrap_or_default();
    let (verdict, mutants) = (None, MutantsOf::NotAsked);
    let (shaped, vector) = (Shaped::AsItWas, Vec::new());
    Candidate { line, row, print, overlap, verdict, mutants, shaped, vector }
}

fn by_itself(state: &mut State<'_>, candidate: &mut Candidate) -> Option<(Reason, Witness)> {
    let row = match &candidate.row {
        Ok(row) => row,
        Err(error) => return Some((Reason::Unreadable, Witness::Error { error: error.clone() })),
    };
    if !state.ids.insert(digest(row.id.as_bytes())) {
        let witness = Witness::Text { id: row.id.clone(), file: String::new(), similarity: None };
        return Some((Reason::DuplicateId, witness));
    }
    let passed = match &state.passes {
        Some(passes) => passes.get(&row.id).copied(),
        None => row.pass_rate,
    };
    let settings = state.settings;
    outside(settings.kill_rate, row.kill_rate)
        .map(|witness| (Reason::KillRate, witness))
        .or_else(|| outside(settings.pass_rate, passed).map(|witness| (Reason::PassRate, witness)))
        .or_else(|| {
            let (overlap, words) = candidate.overlap.take()?;
            let (id, file) = state.known.benchmarks.get(overlap.known as usize)?.clone();
            Some((Reason::InBenchmark, Witness::Words { id, file, words, share: overlap.share }))
        })
}

fn outside(band: Option<Band>, found: Option<f64>) -> Option<Witness> {
    let band = band?;
    let within = found.is_some_and(|found| band.holds(found));
    (!within).then_some(Witness::Number { found, low: band.low, high: band.high })
}

fn against_earlier(state: &State<'_>, candidate: &mut Candidate) -> Result<(), CurateError> {
    if let Some(near) = &state.near {
        let alike = near.first_alike(&candidate.print).map_err(|error| state.failed(error))?;
        candidate.verdict = alike.map(|Alike { member, id, file, similarity }| {
            let benchmarks = state.known.benchmarks.len() as u64;
            let reason = match u64::from(member) {
                member if member < benchmarks => Reason::LikeBenchmark,
                member if member < benchmarks + state.known.seeds => Reason::LikeSeed,
                _ => Reason::LikeTask,
            };
            (reason, Witness::Text { id, file, similarity: Some(similarity) })
        });
    }
    if candidate.stays() && !state.settings.suites.is_nothing() {
        let line = &candidate.line.bytes;
        if let (Some(mutants), Ok(row)) = (&state.mutants, &candidate.row) {
            let found = mutants.of(&row.id, line).map_err(|error| state.failed(error))?;
            candidate.mutants = found;
        }
        candidate.shaped = shape(line, state.settings.suites, &candidate.mutants);
    }
    Ok(())
}

fn embed(state: &State<'_>, candidates: &mut [Candidate]) -> Result<(), CurateError> {
    let Some(meaning) = &state.meaning else { return Ok(()) };
    let left = || candidates.iter().filter(|candidate| candidate.stays());
    let texts: Vec<&str> = left()
        .filter_map(|candidate| Some(candidate.row.as_ref().ok()?.statement.as_str()))
        .collect();
    let vectors = meaning.embed(&texts).map_err(CurateError::Embed)?;
    let left = candidates.iter_mut().filter(|candidate| candidate.stays());
    for (candidate, vector) in left.zip(vectors) {
        candidate.vector = vector;
    }
    Ok(())
}

/// What is left is decided in order: a row that goes is nobody's witness.
fn among_themselves(
    state: &mut State<'_>,
    file: &str,
    candidates: &mut [Candidate],
) -> Result<(), CurateError> {
    let printer = state.near.as_ref().map(|near| near.printer.clone());
    let mut young = printer.as_ref().map(Young::new);
    for place in 0..candidates.len() {
        let candidate = &candidates[place];
        let (true, Ok(row)) = (candidate.stays(), &candidate.row) else { continue };
        let verdict = like_young(file, candidates, young.as_ref(), place);
        let verdict = match (verdict, &state.meaning) {
            (None, Some(meaning)) => {
                let found = meaning.first_alike(&candidate.vector);
                found.map_err(|error| state.failed(error))?.map(|(record, cosine)| {
                    let similarity = Some(f64::from(cosine));
                    let witness = Witness::Text { id: record.id, file: record.note, similarity };
                    (Reason::MeansTheSame, witness)
                })
            }
            (verdict, _) => verdict,
        };
        let verdict = verdict.or_else(|| match candidate.shaped {
            Shaped::TooLarge { bytes } => {
                let most = state.settings.suites.bytes.unwrap_or_default();
                Some((Reason::TestsTooLarge, Witness::Bytes { bytes, most }))
            }
            _ => None,
        });
        if verdict.is_none() {
            if let Some(young) = &mut young {
                young.add(place, &candidate.print);
            }
            let id = row.id.clone();
            if let Some(meaning) = &mut state.meaning {
                let added = meaning.add(&id, file, &candidate.vector);
                added.map_err(|error| state.failed(error))?;
            }
        }
        candidates[place].verdict = verdict;
    }
    Ok(())
}

fn like_young(
    file: &str,
    candidates: &[Candidate],
    young: Option<&Young<'_>>,
    place: usize,
) -> Option<(Reason, Witness)> {
    let of = |place: usize| candidates.get(place).map(|candidate| &candidate.print);
    let (other, similarity) = young?.first_alike(of(place)?, of)?;
    let id = candidates.get(other)?.row.as_ref().ok()?.id.clone();
    let witness = Witness::Text { id, file: file.to_owned(), similarity: Some(similarity) };
    Some((Reason::LikeTask, witness))
}

fn write(state: &mut State<'_>, file: &str, candidate: Candidate) -> Result<(), CurateError> {
    let place = (file, candidate.line.number);
    let id = candidate.row.ok().map(|row| row.id);
    if let Some((reason, witness)) = candidate.verdict {
        return state.remove(id, place, reason, witness);
    }
    if let Some(near) = &mut state.near {
        let added = near.add(id.as_deref().unwrap_or_default(), file, candidate.print);
        added.map_err(|error| state.failed(error))?;
    }
    let Shaped::Changed { line, kept, dropped } = candidate.shaped else {
        if !state.settings.suites.is_nothing() {
            let tests = count(&candidate.line.bytes);
            state.summary.add_tests(tests, tests, &candidate.mutants);
        }
        return state.keep(&candidate.line.bytes);
    };
    state.summary.shaped += 1;
    let after = kept.len() as u64;
    state.summary.add_tests(after + dropped.len() as u64, after, &candidate.mutants);
    if !dropped.is_empty() {
        state.remove(id, place, Reason::Tests, Witness::Tests { kept, dropped })?;
    }
    state.keep(&line)
}
