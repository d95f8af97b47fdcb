//! The decomposed seeds of a run, read page by page: only keys of texts stay in memory.

use isomer_store::{DecomposedSeed, Reader, StoreError, TextKey};

use super::lens::Lens;
use crate::failure::Failure;

/// Seeds in memory at once.
const PAGE: usize = 256;

/// With fewer there is nothing to cluster.
const FEWEST: usize = 4;

/// Keys of the texts of a run's seeds.
#[derive(Default)]
pub(super) struct Reading {
    /// Of the problems.
    pub(super) problem: Vec<TextKey>,
    /// Of each element's values, in the schema's order.
    pub(super) elements: Vec<Vec<TextKey>>,
}

impl Reading {
    /// Reads at most `most` seeds and has their texts embedded.
    pub(super) async fn of_run(
        reader: &Reader,
        names: &[String],
        most: usize,
        lens: &mut Lens,
    ) -> Result<Self, Failure> {
        let mut reading = Self { problem: Vec::new(), elements: vec![Vec::new(); names.len()] };
        let mut from = 0;
        while reading.problem.len() < most {
            let page = page(reader, from, PAGE.min(most - reading.problem.len()))?;
            let Some(last) = page.last() else { break };
            from = last.position + 1;
            reading.add(&page, names, lens).await?;
        }
        if reading.problem.len() < FEWEST {
            return Err(Failure::new(format!(
                "the run has {} decomposed seeds, and less than {FEWEST} cannot be measured",
                reading.problem.len()
            ))
            .help("`isomer status RUN` says how far it is"));
        }
        Ok(reading)
    }

    async fn add(
        &mut self,
        page: &[DecomposedSeed],
        names: &[String],
        lens: &mut Lens,
    ) -> Result<(), Failure> {
        let mut texts: Vec<&str> = page.iter().map(|one| one.seed.statement.as_str()).collect();
        for name in names {
            texts.extend(page.iter().map(|one| one.elements.get(name).unwrap_or_default()));
        }
        let keys = lens.keep(&texts).await?;
        let mut parts = keys.chunks(page.len());
        self.problem.extend(parts.next().unwrap_or_default());
        for (element, part) in self.elements.iter_mut().zip(parts) {
            element.extend(part);
        }
        Ok(())
    }
}

fn page(reader: &Reader, from: u64, most: usize) -> Result<Vec<DecomposedSeed>, Failure> {
    reader.decomposed_seeds(from, most).map_err(|error| read_failure(&error))
}

pub(super) fn read_failure(error: &StoreError) -> Failure {
    Failure::because("failed to read the run's seeds", error)
}
