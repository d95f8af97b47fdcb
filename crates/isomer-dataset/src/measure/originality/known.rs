//! A named set of rows, read once.

use std::path::Path;

use isomer_measure::text::{Words, word_shingles};
use rayon::prelude::*;

use super::closest::cut;
use super::sets::{Sets, SetsBuilder};
use super::vectors::{Vectors, VectorsBuilder};
use crate::measure::{MeasureError, Subject};

/// Words of a shingle, as in most deduplication of text (Lee et al., *Deduplicating Training Data
/// Makes Language Models Better*, 2022) and as `isomer curate` takes them.
const SHINGLE_WORDS: usize = 5;

/// Reads a set.
pub struct KnownSetBuilder {
    name: String,
    rows: u32,
    texts: SetsBuilder,
    trees: SetsBuilder,
    vectors: VectorsBuilder,
}

/// A set that tasks can be compared with.
pub struct KnownSet {
    name: String,
    rows: u32,
    pub(super) texts: Sets,
    pub(super) trees: Sets,
    pub(super) vectors: Vectors,
}

/// A text as a set of hashes.
pub(super) fn shingles(text: &str) -> Vec<u32> {
    word_shingles(&Words::of(text), SHINGLE_WORDS)
}

impl KnownSetBuilder {
    /// An empty set of this name; what does not stay in memory goes into files without a name in
    /// `folder`.
    ///
    /// # Errors
    ///
    /// If the files cannot be made.
    pub fn new(name: impl Into<String>, folder: &Path) -> Result<Self, MeasureError> {
        Ok(Self {
            name: name.into(),
            rows: 0,
            texts: SetsBuilder::new(folder)?,
            trees: SetsBuilder::new(folder)?,
            vectors: VectorsBuilder::new(folder),
        })
    }

    /// Adds rows, some hundred at a time.
    ///
    /// # Errors
    ///
    /// If a file cannot be written, or a vector makes no sense.
    pub fn add(&mut self, rows: &[Subject<'_>]) -> Result<(), MeasureError> {
        let sets: Vec<Vec<u32>> = rows.par_iter().map(|row| shingles(row.statement)).collect();
        for (row, set) in rows.iter().zip(sets) {
            self.texts.add(row.id, cut(row.statement), set)?;
            if let Some(shape) = row.shape {
                self.trees.add(row.id, cut(row.solution), shape.blinded.clone())?;
            }
            if !row.vector.is_empty() {
                self.vectors.add(row.id, self.rows, row.vector)?;
            }
            self.rows += 1;
        }
        Ok(())
    }

    /// The set, ready to be searched.
    ///
    /// # Errors
    ///
    /// If a file cannot be written or read.
    pub fn finish(self) -> Result<KnownSet, MeasureError> {
        Ok(KnownSet {
            name: self.name,
            rows: self.rows,
            texts: self.texts.finish()?,
            trees: self.trees.finish()?,
            vectors: self.vectors.finish()?,
        })
    }
}

impl KnownSet {
    /// What the user calls it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its rows.
    pub fn rows(&self) -> u64 {
        u64::from(self.rows)
    }
}
