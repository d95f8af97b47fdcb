//! `isomer.toml` as it is written by people. Every key is optional, an unknown one is an error.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use isomer_model::Price;
use serde::Deserialize;

use super::file_error;
use crate::failure::Failure;

/// The name looked for in the working directory.
pub(crate) const FILE_NAME: &str = "isomer.toml";

/// The whole file.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettingsFile {
    pub(crate) pack: Option<String>,
    pub(crate) schema: Option<PathBuf>,
    pub(crate) core_elements: Option<Vec<String>>,
    pub(crate) samples: Option<u32>,
    pub(crate) seed: Option<u64>,
    pub(crate) repairs: Option<u32>,
    pub(crate) near_misses: Option<u32>,
    pub(crate) harden_rounds: Option<u32>,
    pub(crate) strict: Option<bool>,
    pub(crate) model: Option<String>,
    pub(crate) base_url: Option<String>,
    pub(crate) api_key_env: Option<String>,
    pub(crate) jobs: Option<u32>,
    #[serde(default)]
    pub(crate) sampling: SamplingTable,
    #[serde(default)]
    pub(crate) roles: BTreeMap<String, RoleTable>,
    #[serde(default)]
    /// US dollars per million tokens, by model.
    pub(crate) prices: BTreeMap<String, Price>,
    #[serde(default)]
    pub(crate) limits: LimitsTable,
    #[serde(default)]
    pub(crate) budget: BudgetTable,
    #[serde(default)]
    pub(crate) timeouts: TimeoutsTable,
    #[serde(default)]
    pub(crate) sandbox: SandboxTable,
}

/// `[sampling]`: sent with every request unless a role says otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SamplingTable {
    pub(crate) temperature: Option<f64>,
    pub(crate) top_p: Option<f64>,
    pub(crate) max_tokens: Option<u32>,
}

/// `[roles.NAME]`: who answers for one role.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleTable {
    pub(crate) base_url: Option<String>,
    pub(crate) model: Option<String>,
    pub(crate) api_key_env: Option<String>,
    pub(crate) temperature: Option<f64>,
    pub(crate) top_p: Option<f64>,
    pub(crate) max_tokens: Option<u32>,
}

/// `[limits]`: what the endpoint allows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LimitsTable {
    pub(crate) requests_per_minute: Option<u32>,
    pub(crate) tokens_per_minute: Option<u32>,
    pub(crate) retries: Option<u32>,
}

/// `[budget]`: what a run may cost over all its starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BudgetTable {
    pub(crate) usd: Option<f64>,
    pub(crate) tokens: Option<u64>,
}

/// `[timeouts]` of one attempt, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TimeoutsTable {
    pub(crate) connect: Option<u64>,
    pub(crate) first_token: Option<u64>,
    pub(crate) idle: Option<u64>,
    pub(crate) total: Option<u64>,
}

/// `[sandbox]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SandboxTable {
    pub(crate) isolation: Option<IsolationName>,
    pub(crate) slots: Option<u32>,
    pub(crate) python: Option<PathBuf>,
    /// Remote sandboxes.
    pub(crate) url: Option<Vec<String>>,
}

/// The isolation levels by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum IsolationName {
    Full,
    Reduced,
}

impl SettingsFile {
    /// Reads the file the user named, or the one in the working directory if there is one.
    pub(crate) fn load(named: Option<&Path>) -> Result<Self, Failure> {
        let path = named.unwrap_or_else(|| Path::new(FILE_NAME));
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text, &path.display().to_string()),
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
                Ok(Self::default())
            }
            Err(error) => Err(Failure::because(
                format!("failed to read settings file `{}`", path.display()),
                &error,
            )
            .exit(crate::exit::Exit::Usage)),
        }
    }

    /// Parses and checks `text`; `name` is what errors call the file.
    pub(crate) fn parse(text: &str, name: &str) -> Result<Self, Failure> {
        let file: Self =
            toml::from_str(text).map_err(|error| file_error::explain(&error, text, name))?;
        file.check(text, name)?;
        Ok(file)
    }

    /// What serde cannot say: names of roles, and numbers that make no sense.
    fn check(&self, text: &str, name: &str) -> Result<(), Failure> {
        for role in self.roles.keys() {
            if !super::ROLES.contains(&role.as_str()) && role != super::TARGET {
                let known: Vec<&str> =
                    super::ROLES.iter().copied().chain([super::TARGET]).collect();
                return Err(file_error::unknown_name("role", role, &known, text, name));
            }
        }
        let counts = [
            ("samples", self.samples),
            ("jobs", self.jobs),
            ("slots", self.sandbox.slots),
            ("requests_per_minute", self.limits.requests_per_minute),
            ("tokens_per_minute", self.limits.tokens_per_minute),
        ];
        for (key, value) in counts {
            if value == Some(0) {
                return Err(file_error::bad_value(key, "must be at least 1", text, name));
            }
        }
        if self.budget.usd.is_some_and(|usd| !usd.is_finite() || usd <= 0.0) {
            return Err(file_error::bad_value("usd", "must be an amount above zero", text, name));
        }
        Ok(())
    }
}
