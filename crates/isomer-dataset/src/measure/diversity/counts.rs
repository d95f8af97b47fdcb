//! How many tasks have what.

use std::collections::HashMap;

use crate::measure::Counted;

/// Names that are told.
const TOLD: usize = 200;

/// Names that are held. When there are more, those of a single task are forgotten, so that rare names
/// may be undercounted in a dataset of very many names.
const HELD: usize = 1 << 20;

/// Numbers of tasks by name.
#[derive(Debug, Default)]
pub(super) struct Counts {
    tasks: HashMap<String, u64>,
}

impl Counts {
    /// Counts one task for each of these different names.
    pub(super) fn add<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        for name in names {
            match self.tasks.get_mut(name) {
                Some(tasks) => *tasks += 1,
                None => drop(self.tasks.insert(name.to_owned(), 1)),
            }
        }
        if self.tasks.len() > HELD {
            self.tasks.retain(|_, tasks| *tasks > 1);
        }
    }

    /// Names that at least so many tasks have, most common first, then by name.
    pub(super) fn finish(self, least: u64) -> Vec<Counted> {
        let tasks = self.tasks.into_iter().filter(|(_, tasks)| *tasks >= least);
        let mut counted: Vec<Counted> =
            tasks.map(|(name, tasks)| Counted { name, tasks }).collect();
        counted.sort_by(|one, other| {
            other.tasks.cmp(&one.tasks).then_with(|| one.name.cmp(&other.name))
        });
        counted.truncate(TOLD);
        counted
    }
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn the_most_common_come_first() {
        let mut counts = Counts::default();
        counts.add(["b", "a"]);
        counts.add(["c", "a"]);
        counts.add(["b"]);
        let told = |least| {
            let mut counts = Counts { tasks: counts.tasks.clone() };
            counts.add([]);
            let counted = counts.finish(least);
            counted.into_iter().map(|one| (one.name, one.tasks)).collect::<Vec<_>>()
        };
        assert_eq!(told(2), [("a".to_owned(), 2), ("b".to_owned(), 2)]);
        assert_eq!(told(1).last(), Some(&("c".to_owned(), 1)));
    }
}
