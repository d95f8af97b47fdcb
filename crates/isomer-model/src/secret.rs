//! An API key that cannot be shown by accident.

use std::fmt;

/// What stands in place of a key wherever text may be read by someone.
const MASK: &str = "***";

/// An API key. `Debug` and `Display` show `***`, it has no serde implementations, and
/// [`Secret::redact`] takes it out of texts of others, such as error pages that echo it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a key; white space around it (a newline of the file it came from) is dropped.
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into().trim().to_owned())
    }

    /// The key itself, for the request's header and for nothing else.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Replaces every occurrence of the key in `text`.
    pub fn redact(&self, text: &str) -> String {
        if self.0.is_empty() { text.to_owned() } else { text.replace(&self.0, MASK) }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(MASK)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(MASK)
    }
}

/// Masks every word that looks like a key, whole or partly masked by the server (`sk-ab***yz`):
/// endpoints echo a wrong key, and that key may belong to another account of the user.
pub(crate) fn redact_key_like(text: &str) -> String {
    const PREFIX: &str = "sk-";
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(PREFIX) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let end = from
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '*')))
            .unwrap_or(from.len());
        let inside_word = before.ends_with(|c: char| c.is_ascii_alphanumeric());
        if inside_word || end < PREFIX.len() + 4 {
            out.push_str(&from[..end]);
        } else {
            out.push_str(MASK);
        }
        rest = &from[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_never_shown() {
        let secret = Secret::new(" key-1234\n");
        assert_eq!(secret.expose(), "key-1234");
        assert_eq!(format!("{secret} {secret:?} {:?}", Some(&secret)), "*** *** Some(***)");
        assert_eq!(secret.redact("bad key key-1234!"), "bad key ***!");
    }

    #[test]
    fn an_empty_key_masks_nothing() {
        assert_eq!(Secret::new("").redact("abc"), "abc");
    }

    #[test]
    fn words_that_look_like_keys_are_masked() {
        assert_eq!(
            redact_key_like("Incorrect API key provided: sk-proj-ab**yz. See sk-page"),
            "Incorrect API key provided: ***. See ***"
        );
        assert_eq!(redact_key_like("a task-based risk-aware sk-"), "a task-based risk-aware sk-");
    }
}
