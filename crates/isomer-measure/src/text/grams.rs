//! Runs of words that a text has in common with known ones: how benchmarks are kept out of data.

use std::collections::BTreeSet;

use hashbrown::HashMap;

use super::Words;
use super::words::joined;

/// Known texts shorter than this say too little to be recognised by.
const FEWEST_WORDS: usize = 5;

/// All runs of `size` words of known texts. A text with fewer words is one run of its own length.
#[derive(Debug)]
pub struct GramIndex {
    size: usize,
    most_texts: u32,
    grams: HashMap<u64, Known>,
    /// Lengths of the runs there are.
    lengths: BTreeSet<usize>,
    /// Different runs of each text.
    runs: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    first: u32,
    last: u32,
    texts: u32,
}

/// What a text shares with the known text of which it has the most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overlap {
    /// The known text, counted from 0.
    pub known: u32,
    /// Its share of runs that are in the other text.
    pub share: f64,
    /// Where the first of them begins in the other text, in words.
    pub at: usize,
    /// Its length in words.
    pub length: usize,
}

impl GramIndex {
    /// An empty index. Runs that more than `most_texts` known texts have in common are turns of
    /// phrase that prove nothing, as in Brown et al. (*Language Models are Few-Shot Learners*, 2020,
    /// appendix C).
    pub fn new(size: usize, most_texts: u32) -> Self {
        Self {
            size: size.max(1),
            most_texts,
            grams: HashMap::new(),
            lengths: BTreeSet::new(),
            runs: Vec::new(),
        }
    }

    /// Adds a known text and returns its number.
    pub fn add(&mut self, words: &Words<'_>) -> u32 {
        let text = u32::try_from(self.runs.len()).unwrap_or(u32::MAX);
        let hashes = words.hashes();
        let mut runs = 0;
        if hashes.len() >= FEWEST_WORDS.min(self.size) {
            let length = self.size.min(hashes.len());
            self.lengths.insert(length);
            for run in hashes.windows(length) {
                let fresh = Known { first: text, last: u32::MAX, texts: 0 };
                let known = self.grams.entry(joined(run)).or_insert(fresh);
                if known.last != text {
                    known.last = text;
                    known.texts += 1;
                    runs += 1;
                }
            }
        }
        self.runs.push(runs);
        text
    }

    /// Number of known texts.
    pub fn len(&self) -> usize {
        self.runs.len()
    }

    /// Whether no text is known.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// What a text shares, if anything, with the known text of which it has most runs. A run of
    /// several known texts counts for the first of them.
    pub fn overlap(&self, words: &Words<'_>) -> Option<Overlap> {
        let mut found: Vec<(u32, u64, usize, usize)> = Vec::new();
        let hashes = words.hashes();
        for length in self.lengths.iter().filter(|length| **length <= hashes.len()) {
            for (at, run) in hashes.windows(*length).enumerate() {
                let gram = joined(run);
                let Some(known) = self.grams.get(&gram) else { continue };
                if known.texts <= self.most_texts {
                    found.push((known.first, gram, at, *length));
                }
            }
        }
        found.sort_unstable();
        found.dedup_by_key(|(known, gram, ..)| (*known, *gram));
        let of_one = found.chunk_by(|one, other| one.0 == other.0);
        // Of several with as many the first counts, so that the order of texts decides.
        let most = of_one.reduce(|best, next| if next.len() > best.len() { next } else { best })?;
        let (known, _, at, length) = most.iter().min_by_key(|(_, _, at, _)| *at).copied()?;
        let runs = self.runs.get(known as usize).copied().unwrap_or_default().max(1);
        let shared = u32::try_from(most.len()).unwrap_or(u32::MAX);
        let share = (f64::from(shared) / f64::from(runs)).min(1.0);
        Some(Overlap { known, share, at, length })
    }
}

#[cfg(test)]
mod tests {
    use super::{GramIndex, Overlap};
    use crate::text::Words;

    fn index(most_texts: u32, texts: &[&str]) -> GramIndex {
        let mut index = GramIndex::new(6, most_texts);
        for text in texts {
            index.add(&Words::of(text));
        }
        index
    }

    #[test]
    fn a_run_in_common_is_found_with_its_place() {
        let index =
            index(10, &["one two three", "The ships a lighthouse keeper sees are all counted"]);
        let text = "Say how many ships: a lighthouse keeper sees, are counted twice";
        let found = index.overlap(&Words::of(text)).unwrap();
        assert_eq!(found, Overlap { known: 1, share: 0.25, at: 3, length: 6 });
        assert_eq!(Words::of(text).passage(3, 6), "ships: a lighthouse keeper sees, are");
        assert_eq!(index.overlap(&Words::of("one two three four five six seven")), None);
    }

    #[test]
    fn a_short_text_is_found_whole() {
        let index = index(10, &["find the largest common divisor"]);
        let found =
            index.overlap(&Words::of("Now find the largest common divisor of two")).unwrap();
        assert!((found.share - 1.0).abs() < 1e-12);
        assert_eq!((found.at, found.length), (1, 5));
        assert_eq!(index.overlap(&Words::of("find the largest common")), None);
    }

    #[test]
    fn turns_of_phrase_prove_nothing() {
        let phrase = "the first line contains an integer";
        let texts = [phrase, "in each case the first line contains an integer n"];
        assert!(index(2, &texts).overlap(&Words::of(phrase)).is_some());
        assert!(index(1, &texts).overlap(&Words::of(phrase)).is_none());
        // The same text twice is not two texts that share a phrase by chance, but it counts as such.
        assert!(index(1, &[phrase, phrase]).overlap(&Words::of(phrase)).is_none());
    }

    #[test]
    fn runs_of_one_text_count_once() {
        let index = index(10, &["a b c d e f a b c d e f"]);
        let found = index.overlap(&Words::of("a b c d e f a b c d e f a b c d e f")).unwrap();
        assert!((found.share - 1.0).abs() < 1e-12, "{found:?}");
    }
}
