//! The pairs that are most alike.

use crate::measure::{Closest, Similarity, Spread};

/// Pairs that are shown for each set and measure.
const SHOWN: usize = 10;

/// Characters of a text that are shown.
const CHARACTERS: usize = 4_000;

/// The beginning of a text.
pub(super) fn cut(text: &str) -> &str {
    text.char_indices().nth(CHARACTERS).map_or(text, |(at, _)| &text[..at])
}

/// Values of all tasks by one measure, and the largest of them with their texts.
#[derive(Debug)]
pub(super) struct Track {
    by: Similarity,
    values: Vec<f64>,
    closest: Vec<Pair>,
}

#[derive(Debug)]
struct Pair {
    value: f64,
    task: String,
    text: String,
    row: u32,
}

impl Track {
    pub(super) fn new(by: Similarity) -> Self {
        Self { by, values: Vec::new(), closest: Vec::new() }
    }

    /// Notes a task's nearest row; of pairs equally alike the first stay.
    pub(super) fn add(&mut self, value: f64, task: &str, text: &str, row: u32) {
        self.values.push(value);
        let place = self.closest.partition_point(|pair| pair.value >= value);
        if value > 0.0 && place < SHOWN {
            let (task, text) = (task.to_owned(), cut(text).to_owned());
            self.closest.insert(place, Pair { value, task, text, row });
            self.closest.truncate(SHOWN);
        }
    }

    /// The spread of all values from `low` to 1, and the closest pairs with what `other` says of rows.
    pub(super) fn finish<E>(
        self,
        low: f64,
        mut other: impl FnMut(u32) -> Result<(String, String), E>,
    ) -> Result<(Option<Spread>, Vec<Closest>), E> {
        let mut closest = Vec::new();
        for Pair { value, task, text, row } in self.closest {
            let (id, other_text) = other(row)?;
            closest.push(Closest {
                by: self.by,
                value,
                task,
                other: id,
                task_text: text,
                other_text: cut(&other_text).to_owned(),
            });
        }
        Ok((Spread::of(self.values, low, 1.0), closest))
    }
}
