//! Text cut and set in for a terminal of 80 columns.

use std::fmt::Write as _;

/// Columns of a block without its margin.
const WIDTH: usize = 76;

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

/// As [`block`], for words rather than programs: lines too long for the terminal are broken.
pub(crate) fn prose(text: &str, most: usize) -> String {
    let lines: Vec<String> = text.trim_end().lines().flat_map(wrapped).collect();
    block(&lines.join("\n"), most)
}

/// A line broken at spaces; a word that is too long stays whole.
fn wrapped(line: &str) -> Vec<String> {
    let margin = line.len() - line.trim_start().len();
    let margin = " ".repeat(margin.min(WIDTH / 2));
    let mut lines = vec![margin.clone()];
    for word in line.split_whitespace() {
        let Some(last) = lines.last_mut() else { continue };
        let used = last.chars().count();
        if used == margin.len() {
            last.push_str(word);
        } else if used + 1 + word.chars().count() > WIDTH {
            lines.push(format!("{margin}{word}"));
        } else {
            last.push(' ');
            last.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{WIDTH, block, prose, shorten};

    #[test]
    fn prose_is_broken_at_spaces_and_keeps_every_word() {
        let text = format!("{}\n\n    {}", "word ".repeat(40), "item ".repeat(30));
        let shown = prose(&text, 99);
        assert!(shown.lines().all(|line| line.chars().count() <= WIDTH + 2));
        assert_eq!(shown.split_whitespace().count(), 70);
        assert!(shown.contains("\n\n      item"));
    }

    #[test]
    fn long_texts_are_cut_and_say_so() {
        assert_eq!(shorten("abcdef\nx", 4), "abc…");
        assert_eq!(shorten(" ab ", 4), "ab");
        assert_eq!(block("a\nb\nc\n", 2), "  a\n  b\n  … and 1 lines more (--json shows all)\n");
    }
}
