//! The layers merged: what the user asked for, without what was left open.

use std::path::PathBuf;

use super::environment::Environment;
use super::file::{SamplingTable, SettingsFile};
use super::identity::RoleModel;
use crate::cli::RunArgs;

/// What flags, environment and file say about the result, in that order of weight. `None` is left
/// open: the run's own `run.toml` decides, or the default.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Wishes {
    pub(crate) pack: Option<String>,
    pub(crate) schema: Option<PathBuf>,
    pub(crate) core: Option<Vec<String>>,
    pub(crate) samples: Option<u32>,
    pub(crate) seed: Option<u64>,
    pub(crate) repairs: Option<u32>,
    pub(crate) near_misses: Option<u32>,
    pub(crate) harden_rounds: Option<u32>,
    /// Whether answers come from a recording.
    pub(crate) replay: bool,
    /// One entry per role, in the order of [`super::ROLES`].
    pub(crate) roles: Vec<RoleWish>,
}

/// What is asked of one role.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RoleWish {
    pub(crate) name: String,
    pub(crate) model: Option<String>,
    pub(crate) sampling: SamplingTable,
}

impl Wishes {
    /// Merges the layers.
    pub(crate) fn merge(args: &RunArgs, environment: &Environment, file: &SettingsFile) -> Self {
        let core =
            if args.core_element.is_empty() { None } else { Some(args.core_element.clone()) };
        Self {
            pack: args.pack.clone().or_else(|| file.pack.clone()),
            schema: args.schema.clone().or_else(|| file.schema.clone()),
            core: core.or_else(|| file.core_elements.clone()),
            samples: args.samples.or(file.samples),
            seed: args.seed.or(file.seed),
            repairs: args.repair.or(file.repairs),
            near_misses: args.near_misses.or(file.near_misses),
            harden_rounds: args.harden_rounds.or(file.harden_rounds),
            replay: args.answers.replay.is_some(),
            roles: super::ROLES.iter().map(|role| wish(role, args, environment, file)).collect(),
        }
    }
}

/// A role of its own in the file is more specific than a model for all, wherever that is named.
fn wish(role: &str, args: &RunArgs, environment: &Environment, file: &SettingsFile) -> RoleWish {
    let own = file.roles.get(role).cloned().unwrap_or_default();
    let model = own
        .model
        .or_else(|| args.model.clone())
        .or_else(|| environment.model().map(str::to_owned))
        .or_else(|| file.model.clone());
    let sampling = SamplingTable {
        temperature: own.temperature.or(file.sampling.temperature),
        top_p: own.top_p.or(file.sampling.top_p),
        max_tokens: own.max_tokens.or(file.sampling.max_tokens),
    };
    RoleWish { name: role.to_owned(), model, sampling }
}

impl RoleWish {
    /// The wish completed by `base`.
    pub(crate) fn over(&self, base: &RoleModel) -> RoleModel {
        RoleModel {
            model: self.model.clone().unwrap_or_else(|| base.model.clone()),
            temperature: self.sampling.temperature.or(base.temperature),
            top_p: self.sampling.top_p.or(base.top_p),
            max_tokens: self.sampling.max_tokens.or(base.max_tokens),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Wishes;
    use crate::cli::RunArgs;
    use crate::settings::{Environment, SettingsFile};

    fn models(flag: Option<&str>, variable: &[(&str, &str)], file: &str) -> Vec<Option<String>> {
        let args = RunArgs { model: flag.map(str::to_owned), ..RunArgs::default() };
        let file = SettingsFile::parse(file, "isomer.toml").unwrap();
        let wishes = Wishes::merge(&args, &Environment::of(variable), &file);
        wishes.roles.into_iter().map(|role| role.model).collect()
    }

    #[test]
    fn flags_win_over_environment_over_file() {
        let variable = [("ISOMER_MODEL", "from-environment")];
        let file = "model = 'from-file'";
        assert_eq!(models(None, &[], "")[0], None);
        assert_eq!(models(None, &[], file)[0].as_deref(), Some("from-file"));
        assert_eq!(models(None, &variable, file)[0].as_deref(), Some("from-environment"));
        assert_eq!(models(Some("from-flag"), &variable, file)[0].as_deref(), Some("from-flag"));
        assert_eq!(models(None, &[("ISOMER_MODEL", " ")], file)[0].as_deref(), Some("from-file"));
    }

    #[test]
    fn a_role_of_its_own_keeps_its_model() {
        let file = "model = 'all'\n[roles.solver]\nmodel = 'strong'\ntemperature = 0.2\n";
        let found = models(Some("from-flag"), &[], file);
        assert_eq!(found[0].as_deref(), Some("from-flag"));
        assert_eq!(found[3].as_deref(), Some("strong"));
    }

    #[test]
    fn counts_come_from_the_flag_first() {
        let file = SettingsFile::parse("samples = 3\nseed = 7\nrepairs = 0", "f").unwrap();
        let args = RunArgs { samples: Some(2), ..RunArgs::default() };
        let wishes = Wishes::merge(&args, &Environment::default(), &file);
        assert_eq!(wishes.samples, Some(2));
        assert_eq!((wishes.seed, wishes.repairs, wishes.near_misses), (Some(7), Some(0), None));
    }
}
