//! Who embeds: hashing, a model in a folder, or an endpoint.

use std::path::Path;
use std::sync::Arc;

use isomer_embed::{Embedder, Hashing, MiniLm};
use isomer_model::{ClientSettings, EmbeddingClient, EndpointSettings};

use super::{Setting, live};
use crate::cli::{AnswerArgs, RunArgs};
use crate::failure::Failure;
use crate::settings::{Operation, SettingsFile};

const HASHING: &str = "hashing";
const ENDPOINT: &str = "endpoint";

/// What a user says about embeddings.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// `hashing`, `endpoint` or a folder.
    pub(super) embedder: &'a str,
    /// The endpoint's model.
    pub(super) model: Option<&'a str>,
    /// The endpoint.
    pub(super) url: Option<&'a str>,
    /// The endpoint where nothing else names one.
    pub(super) last_url: Option<&'a str>,
    /// The settings file.
    pub(super) config: Option<&'a Path>,
}

/// Turns texts into vectors.
pub(super) enum Source {
    /// On this machine.
    Local(Arc<dyn Embedder>),
    /// Elsewhere.
    Endpoint(Box<Remote>),
}

/// An endpoint's embeddings.
pub(super) struct Remote {
    name: String,
    client: EmbeddingClient,
    operation: Operation,
}

/// Opens an embedder on this machine: `hashing`, or the folder of a model.
pub(super) fn local(name: &str) -> Result<Arc<dyn Embedder>, Failure> {
    if name == HASHING {
        return Ok(Arc::new(Hashing::new()));
    }
    if name == ENDPOINT {
        return Err(Failure::usage("an endpoint's embeddings cannot be used here")
            .help("name the folder of a model, or `hashing`"));
    }
    if !Path::new(name).is_dir() {
        return Err(Failure::usage(format!("there is no embedder and no folder `{name}`")).help(
            "`hashing` needs nothing; `endpoint` asks /v1/embeddings, where a command can;\n\
             a folder holds a sentence-transformers model, such as all-MiniLM-L6-v2",
        ));
    }
    let model = MiniLm::load(Path::new(name)).map_err(|error| {
        Failure::because(format!("failed to load the model in `{name}`"), &error).help(error.help())
    })?;
    Ok(Arc::new(model))
}

impl Source {
    /// Opens what the user names; nothing is embedded yet.
    pub(super) fn open(wanted: Wanted<'_>, setting: Setting<'_>) -> Result<Self, Failure> {
        match wanted.embedder {
            ENDPOINT => Remote::open(wanted, setting).map(Box::new).map(Self::Endpoint),
            name => local(name).map(Self::Local),
        }
    }

    /// What vectors are kept under: another model has another name.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Local(embedder) => embedder.name(),
            Self::Endpoint(remote) => &remote.name,
        }
    }

    /// Whether embedding again is as fast as reading what was kept.
    pub(super) fn is_instant(&self) -> bool {
        matches!(self, Self::Local(embedder) if embedder.name().starts_with(HASHING))
    }

    /// One vector for each text.
    pub(super) async fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Failure> {
        match self {
            Self::Local(embedder) => embedder.embed(texts).map_err(|error| {
                Failure::because("failed to embed texts", &error).help(error.help())
            }),
            Self::Endpoint(remote) => match remote.client.embed(texts).await {
                Ok(embeddings) => Ok(embeddings.vectors),
                Err(error) => Err(live::model_failure(&error, &remote.operation)),
            },
        }
    }
}

impl Remote {
    fn open(wanted: Wanted<'_>, setting: Setting<'_>) -> Result<Self, Failure> {
        let Some(model) = wanted.model else {
            return Err(Failure::usage("the endpoint's embedding model has no name")
                .help("name it with --embedding-model"));
        };
        let file = SettingsFile::load(wanted.config)?;
        let answers =
            AnswerArgs { base_url: wanted.url.map(str::to_owned), ..AnswerArgs::default() };
        let wishes = RunArgs { answers, ..RunArgs::default() };
        let operation = Operation::merge(&wishes, setting.environment, &file, wanted.last_url);
        operation.require_keys()?;
        let mut endpoint = EndpointSettings::new(&operation.base_url, model);
        endpoint.api_key = operation.endpoints.get("decomposer").and_then(|role| role.key.clone());
        endpoint.price = operation.prices.get(model).copied();
        let mut settings = ClientSettings::new(endpoint);
        settings.jobs = operation.jobs as usize;
        let client = EmbeddingClient::connect(&settings, None)
            .map_err(|error| live::model_failure(&error, &operation))?;
        let name = format!("endpoint {} {model}", operation.base_url);
        Ok(Self { name, client, operation })
    }
}
