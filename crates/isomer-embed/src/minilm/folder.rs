//! A sentence-transformers folder: which files it has and what they say about the model.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::product::PANEL;
use crate::error::EmbedError;

/// The part of `config.json` that the computation depends on.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Architecture {
    pub(super) model_type: String,
    pub(super) hidden_act: String,
    pub(super) hidden_size: usize,
    pub(super) intermediate_size: usize,
    pub(super) layer_norm_eps: f32,
    pub(super) max_position_embeddings: usize,
    pub(super) num_attention_heads: usize,
    pub(super) num_hidden_layers: usize,
    pub(super) type_vocab_size: usize,
    pub(super) vocab_size: usize,
    #[serde(default)]
    pub(super) position_embedding_type: Option<String>,
}

/// The files of a model.
#[derive(Debug)]
pub(super) struct Folder {
    root: PathBuf,
}

#[derive(Deserialize)]
struct Module {
    path: PathBuf,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct SentenceSettings {
    max_seq_length: Option<usize>,
}

impl Folder {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    pub(super) fn read(&self, name: &str) -> Result<Vec<u8>, EmbedError> {
        let path = self.path(name);
        fs::read(&path).map_err(|source| EmbedError::Read { path, source })
    }

    fn parse<T: DeserializeOwned>(&self, name: &str) -> Result<T, EmbedError> {
        serde_json::from_slice(&self.read(name)?)
            .map_err(|error| self.malformed(name, error.to_string()))
    }

    pub(super) fn malformed(&self, name: &str, message: String) -> EmbedError {
        EmbedError::Malformed { path: self.path(name), message }
    }

    fn unsupported(&self, name: &str, message: String) -> EmbedError {
        EmbedError::Unsupported { path: self.path(name), message }
    }

    /// What `config.json` says, if it is a model that is implemented here.
    pub(super) fn architecture(&self) -> Result<Architecture, EmbedError> {
        let name = "config.json";
        let found: Architecture = self.parse(name)?;
        let positions = found.position_embedding_type.as_deref().unwrap_or("absolute");
        for (field, value, expected) in [
            ("model_type", found.model_type.as_str(), "bert"),
            ("hidden_act", found.hidden_act.as_str(), "gelu"),
            ("position_embedding_type", positions, "absolute"),
        ] {
            if value != expected {
                let message = format!("`{field}` is `{value}` and not `{expected}`");
                return Err(self.unsupported(name, message));
            }
        }
        let heads = found.num_attention_heads.max(1);
        if !found.hidden_size.is_multiple_of(heads) {
            let message = format!("`hidden_size` is not a multiple of {heads} heads");
            return Err(self.malformed(name, message));
        }
        let sizes = [
            ("hidden_size", found.hidden_size),
            ("hidden_size / num_attention_heads", found.hidden_size / heads),
            ("intermediate_size", found.intermediate_size),
        ];
        for (field, size) in sizes {
            if size == 0 || !size.is_multiple_of(PANEL) {
                let message = format!("`{field}` is {size} and not a multiple of {PANEL}");
                return Err(self.unsupported(name, message));
            }
        }
        Ok(found)
    }

    /// Refuses models whose tokens are not averaged to make the sentence.
    pub(super) fn check_pooling(&self) -> Result<(), EmbedError> {
        let modules: Vec<Module> = self.parse("modules.json")?;
        let pooling = modules.iter().find(|module| module.kind.ends_with(".Pooling"));
        let Some(pooling) = pooling else {
            return Err(self.unsupported("modules.json", "it has no pooling".into()));
        };
        let name = pooling.path.join("config.json").display().to_string();
        let settings: serde_json::Map<String, Value> = self.parse(&name)?;
        // One name in newer folders, a flag for every way in older ones.
        let mean = settings.iter().all(|(field, value)| match field.as_str() {
            "pooling_mode" => value == "mean",
            "pooling_mode_mean_tokens" => value == true,
            other => !other.starts_with("pooling_mode_") || value != true,
        });
        let named = ["pooling_mode", "pooling_mode_mean_tokens"];
        if mean && named.iter().any(|field| settings.contains_key(*field)) {
            return Ok(());
        }
        Err(self.unsupported(&name, "its pooling is not the mean of all tokens".into()))
    }

    /// Most tokens of a text that are read, the two at its ends included.
    pub(super) fn longest(&self, architecture: &Architecture) -> Result<usize, EmbedError> {
        let name = "sentence_bert_config.json";
        let settings: SentenceSettings = self.parse(name)?;
        let longest = settings.max_seq_length.unwrap_or(architecture.max_position_embeddings);
        if longest <= 2 || longest > architecture.max_position_embeddings {
            return Err(self.malformed(name, format!("`max_seq_length` is {longest}")));
        }
        Ok(longest)
    }
}
