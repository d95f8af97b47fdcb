//! Embeddings by signed feature hashing, which need no model.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::embedder::Embedder;
use crate::error::EmbedError;

/// Components of a vector. The name in [`Embedder::name`] says the same.
const DIMENSIONS: usize = 256;

/// Lengths of the letter sequences inside a word, its two ends included.
const LETTERS: [usize; 2] = [3, 4];

/// Kinds of features; they seed the hash, so that equal letters of different kinds do not collide.
const WORD: u64 = 1;
const PAIR: u64 = 2;
const PART: u64 = 3;

/// Signed feature hashing of words, pairs of words and parts of words.
///
/// Every word, pair of neighbouring words, and sequence of three or four letters inside a word is
/// hashed to a component and a sign (Weinberger, Dasgupta, Langford, Smola and Attenberg, "Feature
/// hashing for large scale multitask learning", ICML 2009: the signs make the expected error of dot
/// products zero). A feature weighs the square root of its count. Texts are alike when they
/// share words; paraphrases without common words are not noticed, which takes a trained model.
///
/// Vectors are equal on all platforms: the hash is XXH3, and all arithmetic is exact or correctly
/// rounded in a fixed order.
///
/// ```
/// use isomer_embed::{Embedder, Hashing};
///
/// # fn example() -> Result<(), isomer_embed::EmbedError> {
/// let vectors = Hashing::new().embed(&["sort the list", "sorting a list", "prime numbers"])?;
/// let cosine = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
/// assert!(cosine(&vectors[0], &vectors[1]) > cosine(&vectors[0], &vectors[2]));
/// # Ok(())
/// # }
/// # example().unwrap();
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Hashing;

impl Hashing {
    /// Makes the embedder.
    pub fn new() -> Self {
        Self
    }
}

impl Embedder for Hashing {
    fn name(&self) -> &'static str {
        "hashing-256"
    }

    fn dimensions(&self) -> usize {
        DIMENSIONS
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        Ok(texts.iter().map(|text| vector(text)).collect())
    }
}

fn vector(text: &str) -> Vec<f32> {
    let mut features = features(text);
    features.sort_unstable();
    let mut sums = vec![0.0_f32; DIMENSIONS];
    for same in features.chunk_by(|one, other| one == other) {
        let (component, sign) = place(same[0]);
        // More than 2^24 occurrences of one feature would only be rounded.
        #[expect(clippy::cast_precision_loss, reason = "a weight")]
        let weight = (same.len() as f32).sqrt();
        sums[component] += sign * weight;
    }
    let length = sums.iter().map(|value| value * value).sum::<f32>().sqrt();
    if length > 0.0 {
        for value in &mut sums {
            *value /= length;
        }
    } else {
        // No words, or words that cancel each other: all such texts are alike.
        sums[0] = 1.0;
    }
    sums
}

/// Hashes of all features, repeated as often as they occur.
fn features(text: &str) -> Vec<u64> {
    let text = text.to_lowercase();
    let mut features = Vec::with_capacity(2 * text.len());
    let mut before: Option<&str> = None;
    let mut marked = String::new();
    for word in text.split(|letter: char| !letter.is_alphanumeric() && letter != '_') {
        if word.is_empty() {
            continue;
        }
        features.push(xxh3_64_with_seed(word.as_bytes(), WORD));
        if let Some(before) = before {
            let first = xxh3_64_with_seed(before.as_bytes(), PAIR);
            features.push(xxh3_64_with_seed(word.as_bytes(), first));
        }
        before = Some(word);
        marked.clear();
        marked.push('<');
        marked.push_str(word);
        marked.push('>');
        parts(&marked, &mut features);
    }
    features
}

/// Adds the sequences of letters of one word.
fn parts(word: &str, features: &mut Vec<u64>) {
    let starts: Vec<usize> =
        word.char_indices().map(|(start, _)| start).chain([word.len()]).collect();
    for length in LETTERS {
        for window in starts.windows(length + 1) {
            let part = &word.as_bytes()[window[0]..window[length]];
            features.push(xxh3_64_with_seed(part, PART));
        }
    }
}

/// Component and sign of a feature, from different bits of its hash.
fn place(hash: u64) -> (usize, f32) {
    let component = usize::from(hash.to_le_bytes()[0]);
    let sign = if hash >> 63 == 0 { 1.0 } else { -1.0 };
    (component, sign)
}

const _: () = assert!(DIMENSIONS == 1 << u8::BITS, "`place` takes the component from one byte");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cosine(one: &str, other: &str) -> f32 {
        vector(one).iter().zip(vector(other)).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn vectors_are_the_same_on_every_machine() {
        let vector = vector("Sort the list, then sort it again: naïve Größe");
        let bytes: Vec<u8> = vector.iter().flat_map(|value| value.to_le_bytes()).collect();
        // Another number means another method, which needs another name.
        assert_eq!(xxh3_64_with_seed(&bytes, 0), 5_742_399_325_572_881_756);
    }

    #[test]
    fn shared_words_and_parts_of_words_make_texts_alike() {
        let text = "Find the shortest path in a weighted graph.";
        assert!(cosine(text, "find the SHORTEST path in a weighted graph") > 0.999);
        let close = cosine(text, "Find the longest path in a directed graph.");
        let parts = cosine(text, "weighting graphs, shortening paths");
        let far = cosine(text, "Parse dates out of an invoice.");
        assert!(close > parts && parts > far, "{close} {parts} {far}");
        assert!(far.abs() < 0.25, "{far}");
    }

    #[test]
    fn the_order_of_words_counts() {
        assert!(cosine("dog bites man", "man bites dog") < 0.99);
    }

    #[test]
    fn texts_without_words_are_alike() {
        assert!((cosine("", "?! --") - 1.0).abs() < f32::EPSILON);
    }

    proptest! {
        #[test]
        fn every_text_has_unit_length(text in ".{0,200}") {
            let vector = vector(&text);
            prop_assert_eq!(vector.len(), Hashing::new().dimensions());
            let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
            prop_assert!((length - 1.0).abs() < 1e-5);
        }
    }
}
