//! `str.strip`, `str.split` and `str.splitlines`.

/// What Python takes for white space: four more control characters than Unicode does.
pub(super) fn is_space(character: char) -> bool {
    character.is_whitespace() || ('\x1c'..='\x1f').contains(&character)
}

/// `str.strip()`.
pub(in crate::judge) fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// `str.split()`.
pub(in crate::judge) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_space).filter(|word| !word.is_empty())
}

/// `str.splitlines()`.
pub(in crate::judge) fn lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(ends_line) {
        let (line, end) = rest.split_at(at);
        lines.push(line);
        let width = end.chars().next().map_or(0, char::len_utf8);
        rest = end.strip_prefix("\r\n").unwrap_or(&end[width..]);
    }
    if !rest.is_empty() {
        lines.push(rest);
    }
    lines
}

fn ends_line(character: char) -> bool {
    matches!(character, '\n'..='\r' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::{lines, strip, words};

    #[test]
    fn white_space() {
        assert_eq!(strip("\x1f\u{3000}a b\x1c\n"), "a b");
        assert_eq!(words(" 1\x1f2\u{a0}3\n\n4 ").collect::<Vec<_>>(), ["1", "2", "3", "4"]);
        assert_eq!(words(" \n").count(), 0);
    }

    #[test]
    fn line_ends() {
        assert_eq!(lines("a\r\nb\rc\n\nd"), ["a", "b", "c", "", "d"]);
        assert_eq!(lines("a\x0bb\u{2028}c\n"), ["a", "b", "c"]);
        assert_eq!(lines("a\n\r\n"), ["a", ""]);
        assert!(lines("").is_empty());
    }
}
