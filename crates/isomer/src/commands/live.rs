//! Plain settings become what the flow works with: model, sandbox and its own settings.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use isomer_flow::runner::StoreLedger;
use isomer_flow::stages::FlowSettings;
use isomer_model::{
    BudgetSettings, Client, ClientSettings, EndpointSettings, Model, ModelError, Sampling,
};
use isomer_sandbox::{Isolation, Sandbox, SandboxError};
use isomer_store::Spent;

use super::replayed::Replayed;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::settings::{Identity, IsolationName, Operation, RoleModel};

/// Where answers come from.
pub(super) enum Recording {
    /// A file.
    File(PathBuf),
    /// Inside the program: a name for errors, and the bytes.
    BuiltIn(String, &'static [u8]),
}

/// Who answers, and the client whose live figures can be shown, if there is one.
pub(super) struct Voice {
    /// The whole stack.
    pub(super) model: Arc<dyn Model>,
    /// The part that talks to endpoints.
    pub(super) client: Option<Arc<Client>>,
}

/// Connects to the endpoints, or opens the recording.
pub(super) fn voice(
    recording: Option<&Recording>,
    operation: &Operation,
    identity: &Identity,
    ledger: StoreLedger,
    spent: Spent,
) -> Result<Voice, Failure> {
    let ledger = Arc::new(ledger);
    if let Some(recording) = recording {
        let inner = match recording {
            Recording::File(path) => isomer_model::replay(path),
            Recording::BuiltIn(name, bytes) => isomer_model::replay_embedded(name, bytes),
        };
        let inner = inner.map_err(|error| model_failure(&error, operation))?;
        return Ok(Voice { model: Arc::new(Replayed::new(inner, ledger)), client: None });
    }
    let settings = client_settings(operation, &identity.roles, spent);
    let client = isomer_model::connect(settings, ledger)
        .map_err(|error| model_failure(&error, operation))?;
    let mut model: Arc<dyn Model> = Arc::clone(&client) as _;
    if let Some(path) = &operation.record {
        model = isomer_model::recorder(model, path)
            .map_err(|error| model_failure(&error, operation))?;
    }
    Ok(Voice { model, client: Some(client) })
}

/// Refuses a recording that is not there, before anything is created.
pub(super) fn expect_recording(path: &Path) -> Result<(), Failure> {
    if path.is_file() {
        return Ok(());
    }
    Err(Failure::usage(format!("there is no recording `{}`", path.display()))
        .help("--record FILE writes one"))
}

/// Opens the recording that the user named.
pub(super) fn replay(path: &Path, operation: &Operation) -> Result<Arc<dyn Model>, Failure> {
    expect_recording(path)?;
    Ok(isomer_model::replay(path).map_err(|error| model_failure(&error, operation))?)
}

/// A model error with what one can do; where a key is wrong, the variable it came from.
pub(super) fn model_failure(error: &ModelError, operation: &Operation) -> Failure {
    let failure = match error {
        ModelError::Recording { .. } => Failure::because("failed to use the recording", error),
        _ => Failure::because("failed to ask the model", error),
    };
    let variable = match error {
        ModelError::Unauthorized { endpoint, .. } | ModelError::Forbidden { endpoint, .. } => {
            let mut all = operation.endpoints.values();
            all.find(|one| endpoint.starts_with(&one.base_url)).map(|one| &one.key_variable)
        }
        _ => None,
    };
    match (error.help(), variable) {
        (Some(help), Some(variable)) => {
            failure.help(format!("{help}; it was taken from {variable}"))
        }
        (Some(help), None) => failure.help(help),
        (None, _) => failure,
    }
}

pub(super) fn client_settings(
    operation: &Operation,
    roles: &BTreeMap<String, RoleModel>,
    spent: Spent,
) -> ClientSettings {
    let mut endpoints: BTreeMap<String, EndpointSettings> = operation
        .endpoints
        .iter()
        .filter_map(|(role, endpoint)| {
            let model = &roles.get(role)?.model;
            let mut settings = EndpointSettings::new(&endpoint.base_url, model);
            settings.api_key.clone_from(&endpoint.key);
            settings.price = operation.prices.get(model).copied();
            Some((role.clone(), settings))
        })
        .collect();
    // Every role has an endpoint of its own; the client still wants one for others.
    let fallback = endpoints.pop_first();
    let default = fallback.as_ref().map_or_else(
        || EndpointSettings::new(&operation.base_url, crate::settings::defaults::MODEL),
        |(_, endpoint)| endpoint.clone(),
    );
    endpoints.extend(fallback);
    let mut settings = ClientSettings::new(default);
    settings.endpoints = endpoints;
    settings.jobs = operation.jobs as usize;
    settings.requests_per_minute = operation.requests_per_minute;
    settings.tokens_per_minute = operation.tokens_per_minute;
    if let Some(retries) = operation.retries {
        settings.retry.attempts = retries.saturating_add(1);
    }
    let limits = &mut settings.timeouts;
    let seconds = &operation.timeouts;
    for (limit, wish) in [
        (&mut limits.connect, seconds.connect),
        (&mut limits.first_token, seconds.first_token),
        (&mut limits.idle, seconds.idle),
        (&mut limits.total, seconds.total),
    ] {
        if let Some(wish) = wish {
            *limit = Duration::from_secs(wish);
        }
    }
    settings.budget = BudgetSettings {
        usd: operation.budget_usd,
        tokens: operation.budget_tokens,
        spent_usd: spent.cost_usd,
        spent_tokens: spent.prompt_tokens + spent.completion_tokens,
    };
    settings
}

/// What the flow is told.
pub(super) fn flow_settings(
    operation: &Operation,
    identity: &Identity,
    sandbox_slots: usize,
) -> FlowSettings {
    let sampling = |role: &RoleModel| Sampling {
        temperature: role.temperature,
        top_p: role.top_p,
        max_tokens: role.max_tokens,
        seed: None,
    };
    FlowSettings {
        samples: identity.samples,
        seed: identity.seed,
        repairs: identity.repairs,
        harden_rounds: identity.harden_rounds,
        near_misses: Some(identity.near_misses),
        sampling: identity
            .roles
            .iter()
            .map(|(name, role)| (name.clone(), sampling(role)))
            .collect(),
        jobs: operation.jobs as usize,
        sandbox_slots,
        ..FlowSettings::default()
    }
}

/// How many jails at once: as wished, or one per processor.
pub(super) fn slots(wish: Option<u32>) -> usize {
    let processors = || std::thread::available_parallelism().map_or(1, NonZero::get);
    wish.map_or_else(processors, |slots| slots as usize)
}

/// Opens the sandbox, with the reason and the way out when that fails.
pub(super) async fn sandbox(operation: &Operation) -> Result<Sandbox, Failure> {
    let settings = sandbox_settings(
        operation.isolation,
        operation.python.as_deref(),
        slots(operation.sandbox_slots),
    )?;
    Sandbox::open(settings).await.map_err(|error| sandbox_failure(&error))
}

pub(super) fn sandbox_failure(error: &SandboxError) -> Failure {
    let failure = Failure::because("failed to open the sandbox", error).exit(Exit::Isolation);
    match error.help() {
        Some(help) => failure.help(format!("{help}\nsee also `isomer doctor`")),
        None => failure.help("see `isomer doctor`"),
    }
}

/// The sandbox as settings name it; the launcher is this very program.
pub(super) fn sandbox_settings(
    isolation: IsolationName,
    python: Option<&Path>,
    slots: usize,
) -> Result<isomer_sandbox::Settings, Failure> {
    let launcher = std::env::current_exe()
        .map_err(|error| Failure::because("failed to find this program on disk", &error))?;
    Ok(isomer_sandbox::Settings {
        launcher,
        python: python.map(Path::to_path_buf),
        slots,
        isolation: match isolation {
            IsolationName::Full => Isolation::Full,
            IsolationName::Reduced => Isolation::Reduced,
        },
    })
}
