//! Programs by what they were made from.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OnceCell;

use super::Build;

/// Memory that programs may take while nobody runs them, in bytes.
const MOST_BYTES: usize = 128 << 20;

/// Most programs and refusals.
const MOST_ENTRIES: usize = 4096;

/// Holds the result of one compilation, which many jobs may wait for.
type Place = Arc<OnceCell<Build>>;

/// Programs and refusals, the longest unused first.
#[derive(Default)]
pub(super) struct Cache {
    places: Mutex<Vec<(blake3::Hash, Place)>>,
}

impl Cache {
    /// The place for the program with this key.
    pub(super) fn place(&self, key: blake3::Hash) -> Place {
        let mut places = self.places();
        let known = places.iter().rposition(|(other, _)| *other == key);
        let entry = known.map_or_else(|| (key, Place::default()), |at| places.remove(at));
        let place = Arc::clone(&entry.1);
        places.push(entry);
        place
    }

    /// Forgets what has not been used for longest until the rest is small enough.
    pub(super) fn trim(&self) {
        let mut places = self.places();
        let mut bytes: usize = places.iter().map(|(_, place)| size(place)).sum();
        while (bytes > MOST_BYTES || places.len() > MOST_ENTRIES) && !places.is_empty() {
            bytes -= size(&places.remove(0).1);
        }
    }

    fn places(&self) -> MutexGuard<'_, Vec<(blake3::Hash, Place)>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn size(place: &Place) -> usize {
    match place.get() {
        Some(Build::Program(program)) => program.content.len(),
        Some(Build::Refused(execution)) => execution.stderr.len(),
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Build, Cache, MOST_BYTES};
    use crate::task::Program;

    fn fill(cache: &Cache, name: &str, bytes: usize) {
        let content = vec![0; bytes];
        let program = Program { content, command: &[], memory_bytes: 0 };
        let place = cache.place(blake3::hash(name.as_bytes()));
        assert!(place.set(Build::Program(Arc::new(program))).is_ok(), "{name} is known already");
        cache.trim();
    }

    fn knows(cache: &Cache, name: &str) -> bool {
        cache.places().iter().any(|(key, _)| *key == blake3::hash(name.as_bytes()))
    }

    #[test]
    fn what_was_not_used_for_longest_is_forgotten_first() {
        let cache = Cache::default();
        fill(&cache, "a", MOST_BYTES / 2);
        fill(&cache, "b", MOST_BYTES / 4);
        assert!(cache.place(blake3::hash(b"a")).get().is_some());
        fill(&cache, "c", MOST_BYTES / 2);
        assert!(knows(&cache, "a") && !knows(&cache, "b") && knows(&cache, "c"));
        fill(&cache, "d", MOST_BYTES + 1);
        assert_eq!(cache.places().len(), 0);
    }
}
