//! Thinking apart from the answer.
//!
//! Servers show a reasoning model's thinking in a field of its own or as a `<think>` block in front
//! of the answer. Only a *leading* block is thinking: a tag further on belongs to the answer, which
//! may well be about such tags.

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

/// A reply's content, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parted {
    pub(crate) answer: String,
    pub(crate) thinking: Option<String>,
    /// The block was opened and never closed: the model was cut off while it thought.
    pub(crate) unclosed: bool,
}

/// Splits `content`; `field` is what the server gave apart as `reasoning_content` or `reasoning`.
pub(crate) fn part(content: &str, field: Option<String>) -> Parted {
    let field = field.filter(|text| !text.trim().is_empty());
    let Some(inner) = content.trim_start().strip_prefix(OPEN) else {
        return Parted { answer: content.to_owned(), thinking: field, unclosed: false };
    };
    let (thought, answer, unclosed) = match inner.split_once(CLOSE) {
        Some((thought, answer)) => (thought, answer.trim_start_matches(['\n', '\r', ' ']), false),
        None => (inner, "", true),
    };
    let thought = Some(thought.trim().to_owned()).filter(|text| !text.is_empty());
    Parted { answer: answer.to_owned(), thinking: joined(field, thought), unclosed }
}

fn joined(first: Option<String>, second: Option<String>) -> Option<String> {
    match (first, second) {
        (Some(first), Some(second)) => Some(format!("{first}\n{second}")),
        (first, second) => first.or(second),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(content: &str, field: Option<&str>, answer: &str, thinking: Option<&str>) {
        let parted = part(content, field.map(str::to_owned));
        assert_eq!(parted.answer, answer);
        assert_eq!(parted.thinking.as_deref(), thinking);
        assert!(!parted.unclosed);
    }

    #[test]
    fn leading_thinking_is_split_off() {
        check("<think>\nhm\n</think>\n\n42", None, "42", Some("hm"));
        check("\n <think></think>42", None, "42", None);
        check("42", Some("hm"), "42", Some("hm"));
        check("<think>b</think>42", Some("a"), "42", Some("a\nb"));
        check("42", Some("  "), "42", None);
    }

    #[test]
    fn later_tags_are_part_of_the_answer() {
        check("use `</think>` to end", None, "use `</think>` to end", None);
        check(
            "<think>x</think>the tags <think> and </think>",
            None,
            "the tags <think> and </think>",
            Some("x"),
        );
        check("say <think>x</think>", None, "say <think>x</think>", None);
    }

    #[test]
    fn an_unclosed_block_is_no_answer() {
        let parted = part("<think>let me see", None);
        assert!(parted.unclosed);
        assert_eq!(parted.answer, "");
        assert_eq!(parted.thinking.as_deref(), Some("let me see"));
    }
}
