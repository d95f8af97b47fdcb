//! What comes back.

use serde::{Deserialize, Serialize};

/// Why the model stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Finish {
    /// It had said all.
    Stop,
    /// It ran into the limit of tokens.
    Length,
    /// The provider's filter cut in.
    ContentFilter,
    /// Anything else, in the server's own word; empty when it gave none.
    Other(String),
}

impl From<String> for Finish {
    fn from(word: String) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "stop" | "eos" | "end_turn" => Self::Stop,
            "length" | "max_tokens" | "model_length" => Self::Length,
            "content_filter" | "safety" => Self::ContentFilter,
            _ => Self::Other(word),
        }
    }
}

impl From<Finish> for String {
    fn from(finish: Finish) -> Self {
        match finish {
            Finish::Stop => "stop".into(),
            Finish::Length => "length".into(),
            Finish::ContentFilter => "content_filter".into(),
            Finish::Other(word) => word,
        }
    }
}

/// Tokens of one call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// Tokens of the question, cached ones included.
    pub prompt_tokens: u64,
    /// Tokens of the answer, thinking included.
    pub completion_tokens: u64,
    /// Tokens of the question that the server had cached (and bills for less).
    pub cached_tokens: u64,
    /// The server gave no numbers, these are estimated from the texts' lengths.
    pub estimated: bool,
}

impl Usage {
    /// Question and answer together.
    pub const fn total(&self) -> u64 {
        self.prompt_tokens.saturating_add(self.completion_tokens)
    }
}

/// Where a reply came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The endpoint, just now.
    Live,
    /// The ledger: it was paid for in an earlier start of this run.
    Ledger,
    /// A recording.
    Recording,
}

/// A model's answer with what it cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The answer without the thinking that led to it.
    pub text: String,
    /// The thinking, where the server shows it.
    pub reasoning: Option<String>,
    /// Why the model stopped.
    pub finish: Finish,
    /// Tokens used.
    pub usage: Usage,
    /// The model that answered, as the server names it.
    pub model: String,
    /// Price of the call in US dollars; `None` when no price is known.
    pub cost_usd: Option<f64>,
    /// Time the endpoint took, in milliseconds.
    pub elapsed_ms: u64,
    /// Where the reply came from.
    pub source: Source,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_finish_words_survive_a_round_trip() {
        for word in ["stop", "length", "content_filter", "tool_calls", "", "insufficient_resource"]
        {
            let finish = Finish::from(word.to_owned());
            let json = serde_json::to_string(&finish).unwrap();
            assert_eq!(json, format!("\"{word}\""));
            assert_eq!(serde_json::from_str::<Finish>(&json).unwrap(), finish);
        }
    }
}
