//! Token counts from text lengths, where the real ones are not known (yet).

use crate::message::Message;
use crate::reply::Usage;

/// Tokens that chat templates put around one message, at most.
const PER_MESSAGE: u64 = 8;

/// A likely count: about four bytes of English or code make a token, more in other languages.
pub(crate) fn likely(text: &str) -> u64 {
    (text.len() as u64).div_ceil(4)
}

/// A likely count for a whole conversation.
pub(crate) fn likely_prompt(messages: &[Message]) -> u64 {
    messages.iter().map(|message| likely(&message.content) + PER_MESSAGE).sum()
}

/// A count that common tokenizers do not exceed on prose or code: two bytes a token.
pub(crate) fn most_prompt(messages: &[Message]) -> u64 {
    messages.iter().map(|message| (message.content.len() as u64).div_ceil(2) + PER_MESSAGE).sum()
}

/// Usage of a call whose server gave none.
pub(crate) fn usage(messages: &[Message], answer: &str, reasoning: Option<&str>) -> Usage {
    Usage {
        prompt_tokens: likely_prompt(messages),
        completion_tokens: likely(answer) + reasoning.map_or(0, likely),
        cached_tokens: 0,
        estimated: true,
    }
}
