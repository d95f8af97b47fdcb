//! A sample that does not depend on the order of tasks: those whose ids have the least hashes.

use std::collections::BTreeMap;

use crate::digest::digest;

/// Of what came by, as much as fits, drawn by id.
#[derive(Debug)]
pub(super) struct Sample<T> {
    /// By hash, and by number among equal ones.
    chosen: BTreeMap<([u8; 16], u64), T>,
    most: usize,
    seen: u64,
}

impl<T> Sample<T> {
    /// Of at most so many.
    pub(super) fn new(most: usize) -> Self {
        Self { chosen: BTreeMap::new(), most, seen: 0 }
    }

    /// Allows at most so many from now on, if that is less.
    pub(super) fn at_most(&mut self, most: usize) {
        self.most = self.most.min(most);
        while self.chosen.len() > self.most {
            self.chosen.pop_last();
        }
    }

    /// Offers a task; `value` is asked for only if it is drawn.
    pub(super) fn offer(&mut self, id: &str, value: impl FnOnce() -> T) {
        let key = (digest(id.as_bytes()), self.seen);
        self.seen += 1;
        let last = self.chosen.last_key_value().map(|(key, _)| *key);
        if self.chosen.len() < self.most || last.is_some_and(|last| key < last) {
            self.chosen.insert(key, value());
            self.at_most(self.most);
        }
    }

    /// What was drawn, in the order in which it came.
    pub(super) fn finish(self) -> Vec<T> {
        let mut chosen: Vec<((_, u64), T)> = self.chosen.into_iter().collect();
        chosen.sort_by_key(|((_, number), _)| *number);
        chosen.into_iter().map(|(_, value)| value).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Sample;

    #[test]
    fn the_order_of_tasks_does_not_matter() {
        let draw = |ids: &mut dyn Iterator<Item = u32>| {
            let mut sample = Sample::new(30);
            ids.for_each(|id| sample.offer(&id.to_string(), || id));
            sample.at_most(20);
            sample.at_most(40);
            sample.finish()
        };
        let (forth, mut back) = (draw(&mut (0..1_000)), draw(&mut (0..1_000).rev()));
        assert_eq!(forth.len(), 20);
        assert!(forth.is_sorted());
        back.reverse();
        assert_eq!(forth, back);
        // Spread over all of them, and not the first.
        assert!(forth[0] < 200 && forth[19] > 800, "{forth:?}");
        assert_eq!(draw(&mut (0..3)), [0, 1, 2]);
    }
}
