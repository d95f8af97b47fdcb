//! Counting how often labels occur together: the one place where all estimates come from.

use std::collections::HashMap;

/// A table with at most this many cells for each item is counted in an array, others in a map.
const CELLS_PER_ITEM: usize = 4;
const CELLS_AT_LEAST: usize = 4096;

/// Which items count, and how often.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Items<'a> {
    /// The first so many, once each.
    First(usize),
    /// Each as often as its weight says.
    Weighted(&'a [u32]),
}

/// What a table of counts says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Tally {
    /// Plug-in entropy in nats.
    pub(crate) entropy: f64,
    /// Cells that are not empty.
    pub(crate) cells: usize,
    /// Items, weights counted.
    pub(crate) items: f64,
}

/// Counts `columns` together.
pub(crate) fn tally(columns: &[&[usize]], items: Items<'_>) -> Tally {
    let length = columns.iter().map(|column| column.len()).min().unwrap_or(0);
    let length = match items {
        Items::First(first) => length.min(first),
        Items::Weighted(weights) => length.min(weights.len()),
    };
    let sizes: Vec<usize> = columns
        .iter()
        .map(|column| column[..length].iter().max().map_or(1, |most| most.saturating_add(1)))
        .collect();
    let cells = sizes.iter().try_fold(1_usize, |cells, size| cells.checked_mul(*size));
    let weight = |row: usize| match items {
        Items::First(_) => 1,
        Items::Weighted(weights) => weights[row],
    };
    match cells {
        Some(cells) if cells <= (length * CELLS_PER_ITEM).max(CELLS_AT_LEAST) => {
            let mut counts = vec![0_u32; cells];
            for row in 0..length {
                let cell = columns
                    .iter()
                    .zip(&sizes)
                    .fold(0, |cell, (column, size)| cell * size + column[row]);
                counts[cell] += weight(row);
            }
            summarise(counts)
        }
        _ => {
            let mut counts: HashMap<Vec<usize>, u32> = HashMap::new();
            for row in 0..length {
                let cell = columns.iter().map(|column| column[row]).collect();
                *counts.entry(cell).or_default() += weight(row);
            }
            summarise(counts.into_values().collect())
        }
    }
}

/// `ln n - Σ c ln c / n`, which needs one division less per cell than the definition.
fn summarise(mut counts: Vec<u32>) -> Tally {
    counts.retain(|count| *count > 0);
    // Sums of floats depend on their order: sorted, neither names of labels nor the order of a map
    // can change the last digit.
    counts.sort_unstable();
    let items: f64 = counts.iter().copied().map(f64::from).sum();
    if items == 0.0 {
        return Tally::default();
    }
    let weighted: f64 = counts.iter().map(|count| f64::from(*count) * f64::from(*count).ln()).sum();
    Tally { entropy: (items.ln() - weighted / items).max(0.0), cells: counts.len(), items }
}

/// The combination of entropies that is the information `x` and `y` share, `given` known or not.
pub(crate) fn shared(
    x: &[usize],
    y: &[usize],
    given: Option<&[usize]>,
    items: Items<'_>,
    entropy: impl Fn(Tally) -> f64,
) -> f64 {
    let length = x.len().min(y.len()).min(given.map_or(usize::MAX, <[usize]>::len));
    let items = match items {
        Items::First(first) => Items::First(first.min(length)),
        Items::Weighted(weights) => Items::Weighted(&weights[..length.min(weights.len())]),
    };
    let of = |columns: &[&[usize]]| entropy(tally(columns, items));
    match given {
        None => of(&[x]) + of(&[y]) - of(&[x, y]),
        Some(z) => of(&[x, z]) + of(&[y, z]) - of(&[x, y, z]) - of(&[z]),
    }
}
