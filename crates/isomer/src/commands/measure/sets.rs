//! What tasks are held against: the seeds of runs, and whatever the user names.

use std::path::{Path, PathBuf};

use isomer_dataset::measure::{KnownSet, KnownSetBuilder, Shape, Subject};
use isomer_flow::seeds::{RowReader, SeedSettings, seed_in};
use isomer_record::Seed;
use rayon::prelude::*;

use super::axes::{failed, program};
use super::embedding::Embedding;
use super::gather::{LARGEST_ROW, damaged, unreadable};
use crate::commands::dataset;
use crate::failure::Failure;
use crate::report;
use crate::settings::RunFile;

/// What the seeds of the measured runs are called.
const SEEDS: &str = "seeds";

/// Rows looked at together.
const BATCH: usize = 512;

/// The seeds of the runs among the datasets; nothing if there is no run.
pub(super) async fn seeds(
    datasets: &[PathBuf],
    scratch: &Path,
    embedding: &mut Embedding,
) -> Result<Option<KnownSet>, Failure> {
    let runs: Vec<&PathBuf> =
        datasets.iter().filter(|path| RunFile::path(path).is_file()).collect();
    if runs.is_empty() {
        return Ok(None);
    }
    let mut set = KnownSetBuilder::new(SEEDS, scratch).map_err(|error| failed(&error))?;
    for run in runs {
        let reader = report::open(run)?;
        let mut from = 0;
        loop {
            let page = reader.decomposed_seeds(from, BATCH);
            let page =
                page.map_err(|error| Failure::because("failed to read the run's seeds", &error))?;
            let Some(last) = page.last() else { break };
            from = last.position + 1;
            let page: Vec<Seed> = page.into_iter().map(|one| one.seed).collect();
            add(&mut set, &page, embedding).await?;
        }
    }
    set.finish().map(Some).map_err(|error| failed(&error))
}

/// The rows of a file, or the tasks of a run. A row that cannot be used is an error: a set that is
/// known in part would make tasks look more original than they are.
pub(super) async fn named(
    path: &Path,
    scratch: &Path,
    embedding: &mut Embedding,
) -> Result<KnownSet, Failure> {
    let name = path.display().to_string();
    let mut set = KnownSetBuilder::new(name, scratch).map_err(|error| failed(&error))?;
    let settings = SeedSettings { row_limit: LARGEST_ROW };
    let rows = RowReader::open(&[dataset::tasks_of(path)], settings);
    let mut batch: Vec<Seed> = Vec::with_capacity(BATCH);
    for row in rows.map_err(|error| unreadable(&error))? {
        let row = row.map_err(|bad| damaged(&bad))?;
        let place = format!("{}:{}", row.origin.file, row.origin.row);
        let seed = seed_in(&row.value, row.key.as_deref(), row.origin);
        batch.push(seed.map_err(|reason| {
            Failure::usage(format!("`{place}` cannot be compared with")).cause(reason.to_string())
        })?);
        if batch.len() == BATCH {
            add(&mut set, &batch, embedding).await?;
            batch.clear();
        }
    }
    add(&mut set, &batch, embedding).await?;
    set.finish().map_err(|error| failed(&error))
}

async fn add(
    set: &mut KnownSetBuilder,
    seeds: &[Seed],
    embedding: &mut Embedding,
) -> Result<(), Failure> {
    let texts: Vec<&str> = seeds.iter().map(|seed| seed.statement.as_str()).collect();
    let vectors = embedding.vectors(&texts).await?;
    let shapes: Vec<Option<Shape>> = seeds
        .par_iter()
        .map(|seed| program(seed.solution.as_deref().unwrap_or_default()).0)
        .collect();
    let subjects: Vec<Subject<'_>> = seeds
        .iter()
        .zip(&vectors)
        .zip(&shapes)
        .map(|((seed, vector), shape)| Subject { vector, shape: shape.as_ref(), ..seed.into() })
        .collect();
    set.add(&subjects).map_err(|error| failed(&error))
}
