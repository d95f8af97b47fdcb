//! Near-duplicates inside a dataset, by the rule of `isomer curate`: a task repeats another if it is
//! as alike as the threshold to some task before it that repeats none.

use std::path::Path;

use isomer_measure::proportion::Proportion;
use isomer_measure::text::Words;
use rayon::prelude::*;

use crate::curate::near::{Near, Print, Young};
use crate::measure::{MeasureError, Subject};

/// Jaccard similarity of word 5-grams from which on two texts count as one, the threshold of BigCode's
/// and datatrove's pipelines.
pub(super) const FROM: f64 = 0.7;

/// What was seen so far.
pub(super) struct Repeats {
    near: Near,
    seen: u64,
    repeated: u64,
}

impl Repeats {
    pub(super) fn new(folder: &Path) -> Result<Self, MeasureError> {
        Ok(Self { near: Near::new(FROM, folder)?, seen: 0, repeated: 0 })
    }

    pub(super) fn add(&mut self, tasks: &[Subject<'_>]) -> Result<(), MeasureError> {
        let look = |task: &Subject<'_>| {
            let print = self.near.printer.print(&Words::of(task.statement));
            let earlier = self.near.first_alike(&print)?.is_some();
            Ok::<_, std::io::Error>((print, earlier))
        };
        let looks = tasks.par_iter().map(look).collect::<Result<Vec<_>, _>>()?;
        self.seen += looks.len() as u64;
        let mut young = Young::new(&self.near.printer);
        let of = |place: usize| looks.get(place).map(|(print, _)| print);
        let mut fresh = Vec::new();
        for (place, (print, earlier)) in looks.iter().enumerate() {
            if *earlier || young.first_alike(print, of).is_some() {
                self.repeated += 1;
            } else {
                young.add(place, print);
                fresh.push(place);
            }
        }
        for place in fresh {
            let (print, _) = &looks[place];
            self.near.add("", "", Print::clone(print))?;
        }
        Ok(self.near.settle()?)
    }

    pub(super) fn finish(self) -> Proportion {
        Proportion::of(self.repeated, self.seen)
    }
}
