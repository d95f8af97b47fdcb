//! What is asked, and the key that identifies it.

use serde::{Deserialize, Serialize};

/// Who speaks in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MessageRole {
    /// Standing instructions.
    System,
    /// The one who asks.
    User,
    /// The model.
    Assistant,
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Who speaks.
    pub role: MessageRole,
    /// What is said.
    pub content: String,
}

impl Message {
    /// Standing instructions.
    pub fn system(content: impl Into<String>) -> Self {
        Self { role: MessageRole::System, content: content.into() }
    }

    /// What the user says.
    pub fn user(content: impl Into<String>) -> Self {
        Self { role: MessageRole::User, content: content.into() }
    }

    /// What the model said earlier.
    pub fn assistant(content: impl Into<String>) -> Self {
        Self { role: MessageRole::Assistant, content: content.into() }
    }
}

/// How the answer is drawn. `None` leaves the choice to the endpoint.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sampling {
    /// 0 draws the most likely answer; usual values reach 2.
    pub temperature: Option<f64>,
    /// Share of the probability mass to draw from, in (0, 1].
    pub top_p: Option<f64>,
    /// Upper bound of the answer's length in tokens, thinking included.
    pub max_tokens: Option<u32>,
    /// Seed for endpoints that promise repeatable answers.
    pub seed: Option<u64>,
}

/// What a call is for: shown in errors and kept in the ledger, never part of a key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purpose {
    /// The stage that asks.
    pub stage: String,
    /// The item it asks for.
    pub item: String,
}

/// One question to a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Who is asked (`designer`, `solver`, …); the settings map it to an endpoint and a model.
    pub role: String,
    /// The conversation so far.
    pub messages: Vec<Message>,
    /// How the answer is drawn.
    pub sampling: Sampling,
    /// Number of the independent answer wanted to the same question, from 0.
    pub sample: u32,
    /// What the call is for.
    pub purpose: Purpose,
}

impl Request {
    /// The recording key: the BLAKE3 digest, in hexadecimal, of the JSON array
    /// `[role, messages, sampling, sample]`.
    ///
    /// Endpoint, model and purpose are left out, so that a recording can be replayed without
    /// either.
    pub fn key(&self) -> String {
        let parts = (&self.role, &self.messages, &self.sampling, self.sample);
        let mut hasher = blake3::Hasher::new();
        // A hasher takes every byte, and strings and finite or missing numbers always serialise.
        let written = serde_json::to_writer(&mut hasher, &parts);
        debug_assert!(written.is_ok(), "a request is plain data");
        hasher.finalize().to_hex().to_string()
    }

    /// The key under which a paid reply is kept: the same question to another model or endpoint
    /// is another call.
    pub(crate) fn cache_key(&self, base_url: &str, model: &str) -> String {
        let mut hasher = blake3::Hasher::new();
        for part in [base_url, model, &self.key()] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        hasher.finalize().to_hex().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        Request {
            role: "solver".into(),
            messages: vec![Message::system("be brief"), Message::user("1 + 1?")],
            sampling: Sampling { temperature: Some(0.7), ..Sampling::default() },
            sample: 0,
            purpose: Purpose { stage: "solve".into(), item: "a".into() },
        }
    }

    #[test]
    fn the_key_is_stable() {
        // A recording made today must be found by every later version.
        let hashed = concat!(
            r#"["solver",[{"role":"system","content":"be brief"},"#,
            r#"{"role":"user","content":"1 + 1?"}],"#,
            r#"{"temperature":0.7,"top_p":null,"max_tokens":null,"seed":null},0]"#,
        );
        assert_eq!(request().key(), blake3::hash(hashed.as_bytes()).to_hex().to_string());
    }

    #[test]
    fn only_what_changes_the_answer_changes_the_key() {
        let key = request().key();
        let changed: [fn(&mut Request); 5] = [
            |r| r.role = "designer".into(),
            |r| r.messages[1].content.push(' '),
            |r| r.messages[1].role = MessageRole::System,
            |r| r.sampling.seed = Some(1),
            |r| r.sample = 1,
        ];
        for change in changed {
            let mut other = request();
            change(&mut other);
            assert_ne!(other.key(), key);
        }
        let mut same = request();
        same.purpose.item = "b".into();
        assert_eq!(same.key(), key);
    }

    #[test]
    fn the_cache_key_knows_endpoint_and_model() {
        let one = request().cache_key("http://a/v1", "m");
        assert_ne!(one, request().cache_key("http://b/v1", "m"));
        assert_ne!(one, request().cache_key("http://a/v1", "n"));
        assert_eq!(one, request().cache_key("http://a/v1", "m"));
    }
}
