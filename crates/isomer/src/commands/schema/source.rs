//! Who embeds: hashing, a model in a folder, or an endpoint.

use std::path::Path;

use isomer_embed::{Embedder, Hashing, MiniLm};
use isomer_model::{ClientSettings, EmbeddingClient, EndpointSettings};

use crate::cli::{LensArgs, RunArgs};
use crate::commands::{Setting, live};
use crate::failure::Failure;
use crate::settings::{Operation, RunFile, SettingsFile};

const HASHING: &str = "hashing";
const ENDPOINT: &str = "endpoint";

/// Turns texts into vectors.
pub(super) enum Source {
    /// On this machine.
    Local(Box<dyn Embedder>),
    /// Elsewhere.
    Endpoint(Box<Remote>),
}

/// An endpoint's embeddings.
pub(super) struct Remote {
    name: String,
    client: EmbeddingClient,
    operation: Operation,
}

impl Source {
    /// Opens what `--embedder` names; nothing is embedded yet.
    pub(super) fn open(
        run: &Path,
        args: &LensArgs,
        config: Option<&Path>,
        setting: Setting<'_>,
    ) -> Result<Self, Failure> {
        match args.embedder.as_str() {
            HASHING => Ok(Self::Local(Box::new(Hashing::new()))),
            ENDPOINT => Remote::open(run, args, config, setting).map(Box::new).map(Self::Endpoint),
            folder if Path::new(folder).is_dir() => {
                let model = MiniLm::load(Path::new(folder)).map_err(|error| {
                    Failure::because(format!("failed to load the model in `{folder}`"), &error)
                        .help(error.help())
                })?;
                Ok(Self::Local(Box::new(model)))
            }
            other => Err(Failure::usage(format!("there is no embedder and no folder `{other}`"))
                .help(
                    "`hashing` needs nothing; `endpoint` asks /v1/embeddings;\n\
                     a folder holds a sentence-transformers model, such as all-MiniLM-L6-v2",
                )),
        }
    }

    /// What vectors are kept under: another model has another name.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Local(embedder) => embedder.name(),
            Self::Endpoint(remote) => &remote.name,
        }
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
    fn open(
        run: &Path,
        args: &LensArgs,
        config: Option<&Path>,
        setting: Setting<'_>,
    ) -> Result<Self, Failure> {
        let Some(model) = &args.embedding_model else {
            return Err(Failure::usage("the endpoint's embedding model has no name")
                .help("name it with --embedding-model"));
        };
        let run_file = RunFile::require(run)?;
        let file = SettingsFile::load(config)?;
        let wishes = RunArgs { base_url: args.embedding_url.clone(), ..RunArgs::default() };
        let last_url = Some(run_file.base_url.as_str());
        let operation = Operation::merge(&wishes, setting.environment, &file, last_url);
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
