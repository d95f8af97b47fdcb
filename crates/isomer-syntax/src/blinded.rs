//! The shapes of a program with everything hidden that its author may choose freely.

use xxhash_rust::xxh3::xxh3_64;

use crate::Program;

/// Tokens that follow each other and make a shape together. Shorter ones are in every program,
/// longer ones break at each change.
const GRAM: usize = 6;

/// Fewest tokens of a subtree that is a shape.
const LEAST_TOKENS: u32 = 3;

impl Program {
    /// Hashes of the shapes of the program, ascending and without repetition: each subtree of at least
    /// three tokens, and each six tokens in a row. Names and literals count by their kind only,
    /// comments and documentation not at all, so that a consistent renaming changes nothing. The
    /// hashes are the same on every machine.
    ///
    /// The Jaccard similarity of two such lists tells how alike two programs are: subtrees see
    /// expressions that were moved, rows of tokens see statements that were kept around a change.
    pub fn blinded(&self) -> Vec<u64> {
        let tokens = self.tokens();
        let mut hashes = self.subtrees(&tokens);
        let kinds: Vec<u64> = tokens.iter().map(|place| self.blind(*place)).collect();
        for gram in kinds.windows(GRAM) {
            let bytes: Vec<u8> = gram.iter().flat_map(|kind| kind.to_le_bytes()).collect();
            hashes.push(xxh3_64(&bytes));
        }
        hashes.sort_unstable();
        hashes.dedup();
        hashes
    }

    /// What is left of a token or node.
    fn blind(&self, place: usize) -> u64 {
        xxh3_64(self.kind(place).as_bytes())
    }

    /// Hashes of the subtrees with enough tokens. Children come after their parents, so that going
    /// backwards knows them.
    fn subtrees(&self, tokens: &[usize]) -> Vec<u64> {
        let mut hashes = Vec::new();
        let mut known: Vec<Option<(u64, u32)>> = vec![None; self.len()];
        for token in tokens {
            known[*token] = Some((self.blind(*token), 1));
        }
        for place in (0..self.len()).rev() {
            if known[place].is_some() {
                continue;
            }
            let mut parts = self.blind(place).to_le_bytes().to_vec();
            let mut held = 0;
            for (hash, tokens) in self.children(place).filter_map(|child| known[child]) {
                parts.extend_from_slice(&hash.to_le_bytes());
                held += tokens;
            }
            if held > 0 {
                let hash = xxh3_64(&parts);
                known[place] = Some((hash, held));
                if held >= LEAST_TOKENS {
                    hashes.push(hash);
                }
            }
        }
        hashes
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use crate::Program;

    const SOURCE: &str = "import sys\n\ndef best(values, limit):\n    \"\"\"Finds it.\"\"\"\n    \
        total = 0\n    for value in sorted(values):\n        if total + value > limit:\n            \
        break\n        total += value\n    return f'{total}!' + 'x'\n\n\
        print(best([1, 2, 3], 4.5))\n";

    fn blinded(source: &str) -> Vec<u64> {
        Program::parse(source).unwrap().blinded()
    }

    fn jaccard(one: &str, other: &str) -> f64 {
        let [one, other] = [one, other].map(|source| blinded(source).into_iter().collect());
        let (one, other): (BTreeSet<u64>, BTreeSet<u64>) = (one, other);
        let number = |count: usize| f64::from(u32::try_from(count).unwrap());
        number(one.intersection(&other).count()) / number(one.union(&other).count())
    }

    #[test]
    fn names_literals_and_comments_are_hidden() {
        let other = SOURCE
            .replace("total", "sum_so_far")
            .replace("value", "item")
            .replace("4.5", "7.25")
            .replace("[1, 2, 3]", "[7, 0xff, 1_000]")
            .replace("'x'", "\"a longer text\"")
            .replace("Finds it.", "Says something else")
            .replace("import sys\n", "# A comment\nimport sys  # another\n\n");
        assert_eq!(blinded(SOURCE), blinded(&other));
    }

    #[test]
    fn another_program_is_another() {
        assert!(jaccard(SOURCE, &SOURCE.replace("> limit", ">= limit")) < 1.0);
        let moved = "def g():\n    pass\n".to_owned() + SOURCE;
        assert!(jaccard(SOURCE, &moved) > 0.8, "{}", jaccard(SOURCE, &moved));
        let other = "class A:\n    def __init__(self):\n        self.a = {}\n\n    def put(self, k, v):\n        \
            self.a.setdefault(k, []).append(v)\n";
        assert!(jaccard(SOURCE, other) < 0.15, "{}", jaccard(SOURCE, other));
        assert!(blinded("x = 1\n") != blinded("x = 1.0\n"), "kinds of literals differ");
        assert!(blinded("").is_empty());
    }

    /// Others have kept these numbers.
    #[test]
    fn hashes_do_not_change() {
        assert_eq!(
            blinded("a = b + 1\n"),
            [
                758_595_019_303_436_379,
                3_784_105_768_837_624_759,
                9_210_096_754_111_494_725,
                13_947_976_843_907_975_153
            ]
        );
    }

    const NAMES: [&str; 5] = ["values", "limit", "total", "value", "best"];

    proptest! {
        #[test]
        fn a_consistent_renaming_changes_nothing(
            // Longer than any word of the language, and unlike it.
            names in prop::collection::btree_set("[a-z]{3}_[a-z0-9_é]{4,9}", 5),
        ) {
            let mut renamed = SOURCE.to_owned();
            for (old, new) in NAMES.iter().zip(&names) {
                let words: Vec<String> = renamed
                    .split_inclusive(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
                    .map(|piece| {
                        let word = piece.trim_end_matches(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
                        if word == *old { piece.replacen(old, new, 1) } else { piece.to_owned() }
                    })
                    .collect();
                renamed = words.concat();
            }
            prop_assert!(renamed != SOURCE);
            prop_assert_eq!(blinded(SOURCE), blinded(&renamed));
        }

        #[test]
        fn whatever_parses_has_hashes(source in "(([a-c]( = [a-c0-9]| \\+= [0-9]|\\([a-c]\\))|if [a-c]: [a-c]\\(\\))\n){0,8}") {
            let program = Program::parse(&source);
            if let Some(program) = program {
                let hashes = program.blinded();
                prop_assert!(hashes.windows(2).all(|pair| pair[0] < pair[1]));
            }
        }
    }
}
