//! The words of a text, whatever their case and what stands between them.

use xxhash_rust::xxh3::xxh3_64;

/// The words of a text: letters and digits that follow one another, in lower case. In scripts
/// without spaces between words each sign is a word.
#[derive(Clone, Debug)]
pub struct Words<'a> {
    text: &'a str,
    spans: Vec<(usize, usize)>,
    hashes: Vec<u64>,
}

impl<'a> Words<'a> {
    /// Finds the words.
    pub fn of(text: &'a str) -> Self {
        let mut words = Self { text, spans: Vec::new(), hashes: Vec::new() };
        let mut lower = String::new();
        let mut start = None;
        for (at, sign) in text.char_indices() {
            let alone = stands_alone(sign);
            if alone || !sign.is_alphanumeric() {
                words.end(&mut lower, start.take(), at);
            }
            if alone {
                lower.push(sign);
                words.end(&mut lower, Some(at), at + sign.len_utf8());
            } else if sign.is_alphanumeric() {
                start.get_or_insert(at);
                lower.extend(sign.to_lowercase());
            }
        }
        words.end(&mut lower, start, text.len());
        words
    }

    fn end(&mut self, lower: &mut String, start: Option<usize>, end: usize) {
        let Some(start) = start else { return };
        self.spans.push((start, end));
        self.hashes.push(xxh3_64(lower.as_bytes()));
        lower.clear();
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Whether there is no word.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// A hash of each word.
    pub fn hashes(&self) -> &[u64] {
        &self.hashes
    }

    /// The text from one word to the last of `count`, as it stands there.
    pub fn passage(&self, first: usize, count: usize) -> &'a str {
        let last = (first + count).clamp(1, self.len().max(1)) - 1;
        match (self.spans.get(first), self.spans.get(last)) {
            (Some((start, _)), Some((_, end))) if start < end => &self.text[*start..*end],
            _ => "",
        }
    }
}

/// Han, Hiragana, Katakana: no spaces tell their words apart.
const fn stands_alone(sign: char) -> bool {
    matches!(sign as u32,
        0x3040..=0x30FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3134F)
}

/// One hash for words in a row.
pub(super) fn joined(hashes: &[u64]) -> u64 {
    // The length goes in, so that a short run is never a long one's beginning.
    hashes.iter().fold(hashes.len() as u64, |state, word| {
        (state.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    })
}

#[cfg(test)]
mod tests {
    use super::Words;

    fn words(text: &str) -> Vec<&str> {
        let words = Words::of(text);
        (0..words.len()).map(|at| words.passage(at, 1)).collect()
    }

    #[test]
    fn words_are_letters_and_digits_in_a_row() {
        assert_eq!(words("Sum of `a_1`, B2!\nÉté"), ["Sum", "of", "a", "1", "B2", "Été"]);
        assert_eq!(words("求a和"), ["求", "a", "和"]);
        assert_eq!(words(" \n--"), Vec::<&str>::new());
    }

    #[test]
    fn case_and_what_is_between_do_not_count() {
        let (one, other) = (Words::of("The SUM, of Été"), Words::of("the sum of été."));
        assert_eq!(one.hashes(), other.hashes());
        assert_eq!(one.passage(1, 2), "SUM, of");
        assert_eq!(one.passage(3, 9), "Été");
        assert_eq!(Words::of("").passage(0, 1), "");
    }
}
