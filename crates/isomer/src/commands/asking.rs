//! Asking a model outside of a run: the same settings, client, recordings and budget.

use std::path::PathBuf;
use std::sync::Arc;

use isomer_flow::domain::{InferError, Inferred, MOST_EXAMPLES, infer};
use isomer_flow::seeds::{SeedReader, SeedSettings};
use isomer_model::{Model, NoLedger, Sampling};
use isomer_record::Seed;
use isomer_store::Spent;

use super::{Setting, live};
use crate::cli::AskArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::settings::{self, Operation, RoleModel, SettingsFile, Wishes};

/// Who takes examples apart, and so proposes what they are made of.
const ROLE: &str = "decomposer";

/// Attempts of one question where the settings do not say: somebody waits for the answer.
const ATTEMPTS: u32 = 4;

/// Asks for the elements of tasks like those in `files`.
pub(super) async fn elements(
    files: &[PathBuf],
    task_type: &str,
    args: &AskArgs,
    setting: Setting<'_>,
) -> Result<Inferred, Failure> {
    let examples = examples(files)?;
    let asked = args.as_run();
    let file = SettingsFile::load(args.config.as_deref())?;
    let operation = Operation::merge(&asked, setting.environment, &file, None);
    let roles = settings::roles(&Wishes::merge(&asked, setting.environment, &file), None);
    let own = roles.get(ROLE).cloned().unwrap_or_default();
    let model = model(&operation, &roles)?;
    let sampling = Sampling {
        temperature: own.temperature,
        top_p: own.top_p,
        max_tokens: own.max_tokens,
        seed: None,
    };
    infer(model.as_ref(), task_type, &examples, &sampling)
        .await
        .map_err(|error| failure(&error, &operation))
}

/// The first few examples; a row that is none is an error, because so few of them matter.
fn examples(files: &[PathBuf]) -> Result<Vec<Seed>, Failure> {
    let reader = SeedReader::open(files, SeedSettings::default()).map_err(|error| {
        let failure = Failure::because("failed to read the examples", &error).exit(Exit::Usage);
        match error.help() {
            Some(help) => failure.help(help),
            None => failure,
        }
    })?;
    let read = reader.take(MOST_EXAMPLES).collect::<Result<_, _>>();
    read.map_err(|bad| Failure::usage(format!("one of the examples cannot be used: {bad}")))
}

fn model(
    operation: &Operation,
    roles: &std::collections::BTreeMap<String, RoleModel>,
) -> Result<Arc<dyn Model>, Failure> {
    let failed = |error| live::model_failure(&error, operation);
    if let Some(path) = &operation.replay {
        return live::replay(path, operation);
    }
    operation.require_keys()?;
    let mut settings = live::client_settings(operation, roles, Spent::default());
    if operation.retries.is_none() {
        settings.retry.attempts = ATTEMPTS;
    }
    let client = isomer_model::connect(settings, Arc::new(NoLedger)).map_err(failed)?;
    match &operation.record {
        Some(path) => Ok(isomer_model::recorder(client, path).map_err(failed)?),
        None => Ok(client),
    }
}

fn failure(error: &InferError, operation: &Operation) -> Failure {
    match error {
        InferError::Model(error) => live::model_failure(error, operation),
        InferError::TooFewExamples(_) => Failure::usage(error.to_string()),
        InferError::Unusable { reply, .. } => {
            let shown: String = reply.chars().take(2000).collect();
            Failure::new(error.to_string())
                .cause(format!("its last answer:\n{shown}"))
                .help("ask another model with --model, or write the schema by hand")
        }
        InferError::Template(_) => Failure::because("failed to write the question", error),
    }
}
