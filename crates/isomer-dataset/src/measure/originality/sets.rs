//! Rows of a known set as sets of hashes: words of statements, pieces of syntax trees.

use std::io;
use std::path::Path;

use isomer_measure::text::{Found, Shared, SharedIndex, SharedIndexBuilder, containment, jaccard};

use crate::shelf::{Record, Shelf};

/// Hashes that an index holds at most, 8 bytes each: all of some hundred thousand statements, and of
/// more statements a sketch.
const MOST_HASHES: usize = 32 << 20;

/// Rows that are compared exactly for each task and measure where the index is not exact.
const COMPARED: usize = 8;

/// The nearest row by one measure.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Near {
    pub(super) row: u32,
    pub(super) value: f64,
}

impl Near {
    /// The nearer one; of equally near ones the first.
    fn or(self, row: u32, value: f64) -> Self {
        let nearer = value > self.value || (value >= self.value && row < self.row);
        if nearer && value > 0.0 { Self { row, value } } else { self }
    }
}

/// The nearest rows of one task; a value of 0 means that no row shares anything.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct NearestSets {
    pub(super) containment: Near,
    pub(super) jaccard: Near,
}

/// Collects the sets of rows.
pub(super) struct SetsBuilder {
    index: SharedIndexBuilder,
    shelf: Shelf,
}

/// Sets of rows that can be searched.
pub(super) struct Sets {
    index: SharedIndex,
    shelf: Shelf,
}

impl SetsBuilder {
    pub(super) fn new(folder: &Path) -> io::Result<Self> {
        Self::with(folder, MOST_HASHES)
    }

    pub(super) fn with(folder: &Path, most: usize) -> io::Result<Self> {
        Ok(Self { index: SharedIndexBuilder::new(most), shelf: Shelf::in_folder(folder)? })
    }

    pub(super) fn add(&mut self, id: &str, text: &str, set: Vec<u32>) -> io::Result<()> {
        self.index.add(&set);
        self.shelf.add(&Record { id: id.to_owned(), note: text.to_owned(), set })
    }

    pub(super) fn finish(mut self) -> io::Result<Sets> {
        self.shelf.settle()?;
        Ok(Sets { index: self.index.finish(), shelf: self.shelf })
    }
}

impl Sets {
    pub(super) fn len(&self) -> usize {
        self.index.len()
    }

    /// Id and text of a row.
    pub(super) fn row(&self, row: u32) -> io::Result<(String, String)> {
        let record = self.shelf.read(row)?;
        Ok((record.id, record.note))
    }

    /// The rows of which one holds the largest share of this set, and one is most like it.
    pub(super) fn nearest(&self, set: &[u32]) -> io::Result<NearestSets> {
        let found = self.index.find(set);
        let mut nearest = NearestSets::default();
        if found.exact {
            for Shared { set: row, shared } in found.sets {
                let (part, union) = self.shares(set.len(), row, f64::from(shared), 1.0);
                nearest.containment = nearest.containment.or(row, part);
                nearest.jaccard = nearest.jaccard.or(row, union);
            }
            return Ok(nearest);
        }
        for row in self.promising(set.len(), &found) {
            let record = self.shelf.read(row)?;
            let (part, union) = (containment(set, &record.set), jaccard(set, &record.set));
            nearest.containment = nearest.containment.or(row, part);
            nearest.jaccard = nearest.jaccard.or(row, union);
        }
        Ok(nearest)
    }

    /// Containment and Jaccard similarity of a set of `size` that shares so many of the members held.
    #[expect(clippy::cast_precision_loss, reason = "sets are far smaller than 2^52")]
    fn shares(&self, size: usize, row: u32, shared: f64, held: f64) -> (f64, f64) {
        let (one, other) = (size as f64 * held, f64::from(self.index.size(row)) * held);
        let ratio = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        (ratio(shared, one), ratio(shared, one + other - shared))
    }

    /// The rows that seem nearest by either measure, in their order.
    fn promising(&self, size: usize, found: &Found) -> Vec<u32> {
        let held = self.index.held();
        let seems = |found: &Shared| self.shares(size, found.set, f64::from(found.shared), held);
        let mut seeming: Vec<(f64, f64, u32)> = found
            .sets
            .iter()
            .map(|found| {
                let (part, union) = seems(found);
                (part, union, found.set)
            })
            .collect();
        let mut rows = Vec::new();
        seeming.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.2.cmp(&other.2)));
        rows.extend(seeming.iter().take(COMPARED).map(|(.., row)| *row));
        seeming.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.2.cmp(&other.2)));
        rows.extend(seeming.iter().take(COMPARED).map(|(.., row)| *row));
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}
