//! Words that say what a task is about: single ones, and two in a row.

use std::collections::BTreeSet;

/// Words that say nothing alone.
const EMPTY: &str = include_str!("empty_words.txt");

/// Fewest characters of a word.
const SHORTEST: usize = 3;

/// The words of some texts in lower case, each once, and pairs of neighbours of which both say
/// something. Numbers are no words.
pub(super) fn words<'a>(texts: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    let empty: BTreeSet<&str> = EMPTY.lines().collect();
    let mut words = BTreeSet::new();
    for text in texts {
        let mut before: Option<String> = None;
        // Signs between words part pairs; blanks and hyphens do not.
        for part in text.split(|sign: char| !sign.is_alphanumeric() && !" -_\n".contains(sign)) {
            for word in part.split(|sign: char| !sign.is_alphanumeric()) {
                let word = word.to_lowercase();
                let says = word.chars().count() >= SHORTEST
                    && word.chars().any(char::is_alphabetic)
                    && !empty.contains(word.as_str());
                if let (Some(before), true) = (&before, says) {
                    words.insert(format!("{before} {word}"));
                }
                if says {
                    words.insert(word.clone());
                }
                // Two blanks in a row make an empty word, which parts nothing.
                if !word.is_empty() {
                    before = says.then_some(word);
                }
            }
            before = None;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn pairs_need_two_words_that_say_something() {
        let found =
            words(["A Binary search, then the disjoint-set forest\nof 12 trees."].into_iter());
        let found: Vec<&str> = found.iter().map(String::as_str).collect();
        assert_eq!(
            found,
            [
                "binary",
                "binary search",
                "disjoint",
                "disjoint set",
                "forest",
                "search",
                "set",
                "set forest",
                "trees"
            ]
        );
        assert!(words(["", "a 1 of"].into_iter()).is_empty());
    }
}
