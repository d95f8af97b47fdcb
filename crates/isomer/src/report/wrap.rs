//! Text cut and set in for a terminal of 80 columns.

use std::fmt::Write as _;

/// The first line, cut to `width` letters.
pub(crate) fn shorten(text: &str, width: usize) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    if line.chars().count() <= width {
        return line.to_owned();
    }
    let mut short: String = line.chars().take(width.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// All lines set in by two; lines after `most` are only counted.
pub(crate) fn block(text: &str, most: usize) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    let mut block = String::new();
    for line in lines.iter().take(most) {
        let _ = writeln!(block, "{}", format!("  {line}").trim_end());
    }
    if lines.len() > most {
        let _ = writeln!(block, "  … and {} lines more (--json shows all)", lines.len() - most);
    }
    block
}

#[cfg(test)]
mod tests {
    use super::{block, shorten};

    #[test]
    fn long_texts_are_cut_and_say_so() {
        assert_eq!(shorten("abcdef\nx", 4), "abc…");
        assert_eq!(shorten(" ab ", 4), "ab");
        assert_eq!(block("a\nb\nc\n", 2), "  a\n  b\n  … and 1 lines more (--json shows all)\n");
    }
}
