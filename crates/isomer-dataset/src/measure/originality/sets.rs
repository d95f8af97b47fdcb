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
        let (mut by_part, mut by_union) = (Few::default(), Few::default());
        for Shared { set: row, shared } in &found.sets {
            let (part, union) = self.shares(size, *row, f64::from(*shared), held);
            by_part.offer(part, *row);
            by_union.offer(union, *row);
        }
        let mut rows: Vec<u32> =
            by_part.0.into_iter().chain(by_union.0).map(|(_, row)| row).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}

/// The few largest of many values with their rows; of equal ones those that came first.
#[derive(Default)]
struct Few(Vec<(f64, u32)>);

impl Few {
    fn offer(&mut self, value: f64, row: u32) {
        if self.0.len() == COMPARED && self.0.last().is_some_and(|(least, _)| value <= *least) {
            return;
        }
        let place = self.0.partition_point(|(other, _)| *other >= value);
        self.0.insert(place, (value, row));
        self.0.truncate(COMPARED);
    }
}

#[cfg(test)]
mod tests {
    use isomer_measure::text::{Words, containment, jaccard, word_shingles};

    use super::{Near, Sets, SetsBuilder};

    /// Texts of two hundred words that share long passages with some others.
    fn texts(count: usize, seed: usize) -> Vec<Vec<u32>> {
        let passage = |number: usize| {
            (0..20)
                .map(|word| format!("w{}", (number * 31 + word * word * 7) % 1_999))
                .collect::<Vec<_>>()
        };
        let text = |number: usize| {
            let passages =
                (0..10).map(|place| passage((number * (place + seed)) % (count * (place + 1))));
            passages.map(|words| words.join(" ")).collect::<Vec<_>>().join(" ")
        };
        (0..count).map(|number| word_shingles(&Words::of(&text(number)), 5)).collect()
    }

    fn sets(texts: &[Vec<u32>], most: usize) -> Sets {
        let mut builder = SetsBuilder::with(&std::env::temp_dir(), most).unwrap();
        for text in texts {
            builder.add("id", "text", text.clone()).unwrap();
        }
        builder.finish().unwrap()
    }

    /// What a search through all finds; the first of the best.
    fn brute(query: &[u32], texts: &[Vec<u32>], by: impl Fn(&[u32], &[u32]) -> f64) -> Near {
        let all = (0..).zip(texts).map(|(row, text)| Near { row, value: by(query, text) });
        let best = all.reduce(|most, next| if next.value > most.value { next } else { most });
        best.unwrap_or_default()
    }

    #[test]
    fn a_whole_index_finds_what_a_search_through_all_does() {
        let (rows, queries) = (texts(300, 1), texts(300, 2));
        let sets = sets(&rows, usize::MAX);
        for query in &queries {
            let found = sets.nearest(query).unwrap();
            let wanted = brute(query, &rows, containment);
            assert!(wanted.value <= 0.0 || found.containment == wanted, "{found:?} {wanted:?}");
            let wanted = brute(query, &rows, jaccard);
            assert!(wanted.value <= 0.0 || found.jaccard == wanted, "{found:?} {wanted:?}");
        }
    }

    #[test]
    fn sketches_find_nearly_the_same() {
        let (rows, queries) = (texts(300, 1), texts(300, 2));
        let all: usize = rows.iter().map(Vec::len).sum();
        let sets = sets(&rows, all / 5);
        let (mut same, mut short, mut telling) = (0, 0.0_f64, 0);
        for query in &queries {
            let (found, wanted) =
                (sets.nearest(query).unwrap().jaccard, brute(query, &rows, jaccard));
            // What is found is a true value, and no more than the largest.
            assert!(found.value <= wanted.value);
            assert!(found.value <= 0.0 || found.value >= jaccard(query, &rows[found.row as usize]));
            if wanted.value >= 0.1 {
                telling += 1;
                same += u32::from(found.value >= wanted.value);
                short = short.max(wanted.value - found.value);
            }
        }
        assert!(telling > 100, "{telling}");
        assert!(f64::from(same) > 0.97 * f64::from(telling), "{same} of {telling}, by {short}");
    }
}
