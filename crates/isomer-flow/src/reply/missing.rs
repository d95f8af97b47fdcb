//! What a reply lacked.

/// What a reply lacked, in words meant for the model that wrote it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct Missing {
    /// Complete sentences, addressed to the model.
    pub text: String,
    /// Whether the reply looks like the model declined: it is short and has no block at all.
    pub refusal: bool,
}

impl Missing {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), refusal: false }
    }
}

/// The longest reply, in characters, that is taken for a refusal when it has no block.
const LONGEST_REFUSAL: usize = 600;

/// A reply without the one block that matters. It is a refusal when it is short, has no other
/// block, and says so: a task may well contain such words, a reply without any block may not.
pub(super) fn no_block(reply: &str, no_block_at_all: bool, text: &str) -> Missing {
    const WORDS: [&str; 12] = [
        "i can't",
        "i can’t",
        "i cannot",
        "i won't",
        "i won’t",
        "i'm sorry",
        "i’m sorry",
        "i am sorry",
        "unable to",
        "not able to",
        "decline",
        "against my",
    ];
    let said = reply.trim().to_lowercase();
    let short = !said.is_empty() && said.chars().count() <= LONGEST_REFUSAL;
    let refusal = no_block_at_all && short && WORDS.iter().any(|word| said.contains(word));
    Missing { text: text.to_owned(), refusal }
}
