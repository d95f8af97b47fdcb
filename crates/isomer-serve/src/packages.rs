//! Which packages a program of a peer's protocol gets: those of the server that its source names.
//!
//! Peers see everything that is installed. Here a program sees the standard library alone unless it
//! needs more, because loaded packages make every run of it dearer.

use isomer_sandbox::Language;

/// The packages whose names occur in `source` as words; only Python has any.
pub(crate) fn for_program(source: &str, language: Language, packages: &[String]) -> Vec<String> {
    let named = packages.iter().filter(|package| has_word(source, package));
    if language == Language::PYTHON { named.cloned().collect() } else { Vec::new() }
}

fn has_word(text: &str, word: &str) -> bool {
    let inside = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(inside) && !text[at + word.len()..].starts_with(inside)
    })
}

#[cfg(test)]
mod tests {
    use isomer_sandbox::Language;

    use super::for_program;

    #[test]
    fn whole_words_count() {
        let packages = ["numpy".to_owned(), "pandas".to_owned()];
        for (source, named) in [
            ("import numpy as np", &["numpy"][..]),
            ("from pandas.core import x; __import__('numpy')", &["numpy", "pandas"]),
            ("import numpy_like\nxpandas = 1", &[]),
            ("", &[]),
        ] {
            assert_eq!(for_program(source, Language::PYTHON, &packages), named, "{source}");
        }
    }
}
