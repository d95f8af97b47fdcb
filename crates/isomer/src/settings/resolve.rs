//! From the layers and what a run already is to the settings it goes on with.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use isomer_flow::pack::{Pack, PackError};

use super::identity::{Answers, Difference, Identity, PackIdentity, RoleModel, SeedsIdentity};
use super::layers::Wishes;
use super::{ROLES, defaults};
use crate::exit::Exit;
use crate::failure::Failure;

/// The pack with everything that was asked of it.
pub(crate) struct ResolvedPack {
    /// As the flow wants it.
    pub(crate) pack: Pack,
    /// As `run.toml` stores it.
    pub(crate) identity: PackIdentity,
}

/// Loads the pack: the wished one, else that of the run, else the first of the built-in ones.
pub(crate) fn pack(wishes: &Wishes, run: Option<&Identity>) -> Result<ResolvedPack, Failure> {
    let run = run.map(|identity| &identity.pack);
    let source = match &wishes.pack {
        Some(named) => full_source(named)?,
        None => run.map_or_else(default_pack, |pack| pack.source.clone()),
    };
    let same_pack = run.is_some_and(|pack| pack.source == source);
    let schema = match &wishes.schema {
        Some(file) => Some(absolute(file)?),
        None => run.filter(|_| same_pack).and_then(|pack| pack.schema.clone()),
    };
    let core = wishes.core.clone().or_else(|| run.filter(|_| same_pack).map(|p| p.core.clone()));
    let mut pack = load(&source)?;
    if let Some(file) = &schema {
        pack = pack.with_schema(file).map_err(|error| pack_failure(&error))?;
    }
    if let Some(names) = &core {
        pack = pack.with_core(names).map_err(|error| pack_failure(&error))?;
    }
    let identity =
        PackIdentity { source, digest: pack.digest.clone(), schema, core: pack.core.clone() };
    Ok(ResolvedPack { pack, identity })
}

/// The pack of people who name none.
pub(crate) fn default_pack() -> String {
    Pack::names().first().map(|name| (*name).to_owned()).unwrap_or_default()
}

/// A name of a built-in pack stays as it is; anything that looks like a folder is made absolute.
fn full_source(named: &str) -> Result<String, Failure> {
    let looks_like_folder = named.contains(std::path::MAIN_SEPARATOR) || named.starts_with('.');
    let built_in = Pack::names().contains(&named);
    if built_in || (!looks_like_folder && !Path::new(named).is_dir()) {
        return Ok(named.to_owned());
    }
    Ok(absolute(Path::new(named))?.to_string_lossy().into_owned())
}

fn load(source: &str) -> Result<Pack, Failure> {
    let path = Path::new(source);
    let pack = if path.is_absolute() { Pack::load(path) } else { Pack::embedded(source) };
    pack.map_err(|error| pack_failure(&error))
}

fn pack_failure(error: &PackError) -> Failure {
    let failure = Failure::because("failed to load the pack", error).exit(Exit::Usage);
    match &error.help {
        Some(help) => failure.help(help.clone()),
        None => failure,
    }
}

/// A path that stays right when the run is resumed from another folder.
pub(crate) fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path).map_err(|error| {
        Failure::because(format!("failed to resolve `{}`", path.display()), &error)
    })
}

/// What decides the result: the wishes, completed by the run's own settings or the defaults.
pub(crate) fn identity(
    wishes: &Wishes,
    run: Option<&Identity>,
    pack: &ResolvedPack,
    seeds: SeedsIdentity,
) -> Identity {
    let number = |wish: Option<u32>, of_run: fn(&Identity) -> u32, default: u32| {
        wish.or_else(|| run.map(of_run)).unwrap_or(default)
    };
    let answers = if wishes.replay { Some(Answers::Recording) } else { run.map(|run| run.answers) };
    Identity {
        answers: answers.unwrap_or(Answers::Live),
        samples: number(wishes.samples, |run| run.samples, defaults::SAMPLES),
        seed: wishes.seed.or_else(|| run.map(|run| run.seed)).unwrap_or_default(),
        repairs: number(wishes.repairs, |run| run.repairs, defaults::REPAIRS),
        near_misses: number(
            wishes.near_misses,
            |run| run.near_misses,
            pack.pack.harden.near_misses,
        ),
        harden_rounds: number(
            wishes.harden_rounds,
            |run| run.harden_rounds,
            defaults::HARDEN_ROUNDS,
        ),
        seeds,
        pack: pack.identity.clone(),
        roles: roles(wishes, run),
    }
}

/// Who answers for each role, and how.
pub(crate) fn roles(wishes: &Wishes, run: Option<&Identity>) -> BTreeMap<String, RoleModel> {
    let default = RoleModel { model: defaults::MODEL.to_owned(), ..RoleModel::default() };
    let base = |role: &str| run.and_then(|run| run.roles.get(role)).unwrap_or(&default);
    let wish = |role: &str| wishes.roles.iter().find(|wish| wish.name == role);
    ROLES
        .iter()
        .map(|role| {
            let resolved = wish(role).map_or_else(|| base(role).clone(), |w| w.over(base(role)));
            ((*role).to_owned(), resolved)
        })
        .collect()
}

/// Refuses a resume that would mix two different runs.
pub(crate) fn expect_same(run_dir: &Path, differences: &[Difference]) -> Result<(), Failure> {
    if differences.is_empty() {
        return Ok(());
    }
    let list: Vec<String> = differences.iter().map(|one| format!("  {one}")).collect();
    let message =
        format!("run `{}` was started with other settings\n{}", run_dir.display(), list.join("\n"));
    Err(Failure::usage(message).help(format!(
        "to go on with that run:   isomer run -o {}\n\
         to use the new settings:  name another folder with -o",
        run_dir.display()
    )))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{ROLES, expect_same};
    use crate::output::Paint;
    use crate::settings::testing::identity;

    #[test]
    fn every_difference_is_named_with_what_to_do() {
        let run = identity();
        let mut now = run.clone();
        now.seed = 8;
        now.samples = 1;
        now.seeds.digest = "feedfacefeedface0000".to_owned();
        if let Some(solver) = now.roles.get_mut("solver") {
            solver.model = "other-model".to_owned();
            solver.temperature = None;
        }
        let failure = expect_same(Path::new("runs/a"), &run.differences(&now)).unwrap_err();
        insta::assert_snapshot!(failure.render(Paint::default()), @r"
        error: run `runs/a` was started with other settings
          `samples` is `2` in the run and `1` now
          `seed` is `7` in the run and `8` now
          `seeds.digest` is `0123456789abcdef` in the run and `feedfacefeedface` now
          `roles.solver.model` is `strong-model` in the run and `other-model` now
          `roles.solver.temperature` is `0.2` in the run and unset now
        help: to go on with that run:   isomer run -o runs/a
          to use the new settings:  name another folder with -o
        ");
    }

    #[test]
    fn what_differs_for_every_role_is_said_once() {
        let run = identity();
        let mut now = run.clone();
        for role in now.roles.values_mut() {
            role.max_tokens = Some(100);
        }
        let lines: Vec<String> = run.differences(&now).iter().map(ToString::to_string).collect();
        assert_eq!(lines, ["`roles.*.max_tokens` is unset in the run and `100` now"]);
    }

    #[test]
    fn the_same_seeds_elsewhere_are_no_difference() {
        let run = identity();
        let mut now = run.clone();
        now.seeds.files = vec!["/moved/seeds.json".into()];
        assert!(run.differences(&now).is_empty());
        now.harden_rounds += 1;
        assert_eq!(run.differences(&now).len(), 1);
    }

    #[test]
    fn a_recording_has_models_of_its_own() {
        let mut run = identity();
        run.answers = crate::settings::Answers::Recording;
        let mut now = run.clone();
        if let Some(solver) = now.roles.get_mut("solver") {
            solver.model = "whatever".to_owned();
        }
        assert!(run.differences(&now).is_empty());
    }

    #[test]
    fn roles_are_those_of_the_prompts() {
        for prompt in isomer_flow::pack::Prompt::ALL {
            assert!(prompt.role().is_none_or(|role| ROLES.contains(&role)), "{prompt:?}");
        }
    }
}
