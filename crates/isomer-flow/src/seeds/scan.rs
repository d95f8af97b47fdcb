//! Finding where a JSON value ends without building it.
//!
//! Brackets are counted and strings are stepped over; whether the value is right JSON is the
//! parser's question. So a bad row does not take its neighbours with it.

/// A value that is being passed.
#[derive(Debug)]
pub(super) struct Scanner {
    depth: u64,
    place: Place,
}

#[derive(Debug)]
enum Place {
    /// Before the first byte.
    Start,
    /// Between the brackets of an array or object.
    Nested,
    /// In a string; `escaped` after a backslash.
    Text { escaped: bool },
    /// In a number, a word, or whatever else stands where a value should.
    Bare,
}

impl Scanner {
    /// A scanner in front of the first byte of a value (white space is behind us).
    pub(super) fn new() -> Self {
        Self { depth: 0, place: Place::Start }
    }

    /// Passes the next bytes; `Some(n)` says that the value ends after `n` of them, `None` that it
    /// takes them all and may go on.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Option<usize> {
        for (index, &byte) in bytes.iter().enumerate() {
            match self.place {
                Place::Start => self.begin(byte),
                Place::Bare if is_boundary(byte) => return Some(index),
                Place::Bare => {}
                Place::Text { escaped: true } => self.place = Place::Text { escaped: false },
                Place::Text { escaped: false } => match byte {
                    b'\\' => self.place = Place::Text { escaped: true },
                    b'"' if self.depth == 0 => return Some(index + 1),
                    b'"' => self.place = Place::Nested,
                    _ => {}
                },
                Place::Nested => match byte {
                    b'"' => self.place = Place::Text { escaped: false },
                    b'{' | b'[' => self.depth += 1,
                    b'}' | b']' if self.depth == 1 => return Some(index + 1),
                    b'}' | b']' => self.depth -= 1,
                    _ => {}
                },
            }
        }
        None
    }

    /// Whether the end of the file may end the value here.
    pub(super) fn may_end(&self) -> bool {
        matches!(self.place, Place::Bare)
    }

    fn begin(&mut self, byte: u8) {
        self.place = match byte {
            b'{' | b'[' => {
                self.depth = 1;
                Place::Nested
            }
            b'"' => Place::Text { escaped: false },
            _ => Place::Bare,
        };
    }
}

/// White space as JSON knows it.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn is_boundary(byte: u8) -> bool {
    is_space(byte) || matches!(byte, b',' | b':' | b']' | b'}')
}

#[cfg(test)]
mod tests {
    use super::Scanner;

    fn end(text: &str) -> Option<usize> {
        Scanner::new().feed(text.as_bytes())
    }

    #[test]
    fn values_end_where_they_end() {
        for (value, rest) in [
            (r#"{"a": "}\"", "b": [1, {}]}"#, ", 2]"),
            (r#""a\\""#, ": 1"),
            ("[[], {}]", "\n"),
            ("12", ","),
            ("true", "]"),
        ] {
            assert_eq!(end(&format!("{value}{rest}")), Some(value.len()), "{value}");
        }
        assert_eq!(end(r#"{"a": "}"#), None);
        assert_eq!(end("12"), None);
    }

    #[test]
    fn bytes_may_come_one_by_one() {
        let text = br#"{"a": "x\"}", "b": [1]}, "#;
        let mut scanner = Scanner::new();
        let ends: Vec<usize> = (0..text.len())
            .take_while(|index| scanner.feed(&text[*index..=*index]).is_none())
            .collect();
        assert_eq!(ends.len() + 1, text.len() - 2);
    }
}
