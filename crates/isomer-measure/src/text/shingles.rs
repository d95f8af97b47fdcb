//! Sets of overlapping pieces of a text: what similarity is measured by (Broder 1997).

use xxhash_rust::xxh3::xxh3_64;

use super::Words;
use super::words::joined;

/// All runs of `size` words, as sorted hashes; a shorter text is one shingle.
pub fn word_shingles(words: &Words<'_>, size: usize) -> Vec<u32> {
    let hashes = words.hashes();
    if hashes.is_empty() {
        return Vec::new();
    }
    let size = size.clamp(1, hashes.len());
    set(hashes.windows(size).map(joined))
}

/// All runs of `size` characters, as sorted hashes, of the text in lower case with single spaces;
/// a shorter text is one shingle.
pub fn character_shingles(text: &str, size: usize) -> Vec<u32> {
    let mut plain = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.extend(word.chars().flat_map(char::to_lowercase));
    }
    let mut starts: Vec<usize> = plain.char_indices().map(|(at, _)| at).collect();
    if starts.is_empty() {
        return Vec::new();
    }
    let size = size.clamp(1, starts.len());
    starts.push(plain.len());
    set(starts.windows(size + 1).map(|window| {
        let (first, last) = (window.first(), window.last());
        let piece = first.zip(last).and_then(|(first, last)| plain.get(*first..*last));
        xxh3_64(piece.unwrap_or_default().as_bytes())
    }))
}

/// 32 bits do: sets hold some hundred shingles, of which two collide once in some ten thousand texts.
fn set(hashes: impl Iterator<Item = u64>) -> Vec<u32> {
    let mut set: Vec<u32> = hashes.map(|hash| (hash >> 32) as u32).collect();
    set.sort_unstable();
    set.dedup();
    set
}

#[cfg(test)]
mod tests {
    use super::{character_shingles, word_shingles};
    use crate::text::Words;

    fn by_words(text: &str, size: usize) -> usize {
        word_shingles(&Words::of(text), size).len()
    }

    #[test]
    fn runs_are_counted_once() {
        assert_eq!(by_words("a b c d", 2), 3);
        assert_eq!(by_words("a b a b a", 2), 2);
        assert_eq!(by_words("a b", 5), 1);
        assert_eq!(by_words("", 5), 0);
        assert_eq!(character_shingles("aé b\n c", 3).len(), 4);
        assert_eq!(character_shingles("ab", 3).len(), 1);
        assert_eq!(character_shingles(" ", 3).len(), 0);
    }

    #[test]
    fn layout_does_not_count() {
        assert_eq!(character_shingles("Ab  c\n", 2), character_shingles("ab c", 2));
        let (one, other) = (Words::of("a, b! C"), Words::of("A b c"));
        assert_eq!(word_shingles(&one, 2), word_shingles(&other, 2));
    }
}
