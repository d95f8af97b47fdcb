//! What is wrong with a candidate, for the author and for whoever repairs it.

use isomer_record::DropReason;
use serde_json::Value;

/// Characters of an input or answer that are shown.
const SHOWN: usize = 300;

/// Why a candidate is not a verified task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flaw {
    /// From the closed list.
    pub(crate) reason: DropReason,
    /// What was seen; the same on every machine.
    pub(crate) detail: String,
}

impl Flaw {
    pub(crate) fn new(reason: DropReason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }
}

/// A value as people and models are shown it: strings as they are, the rest as JSON, cut short.
pub(crate) fn show(value: &Value) -> String {
    match value {
        Value::String(text) => shorten(text),
        other => shorten(&other.to_string()),
    }
}

/// At most [`SHOWN`] characters of `text`.
pub(crate) fn shorten(text: &str) -> String {
    let mut letters = text.chars();
    let short: String = letters.by_ref().take(SHOWN).collect();
    match letters.count() {
        0 => short,
        rest => format!("{short}… ({rest} more characters)"),
    }
}
