//! `pack.toml`: what a pack is called and the numbers it sets.

use std::collections::BTreeMap;

use isomer_model::Sampling;
use isomer_record::JudgeMode;
use serde::{Deserialize, Serialize};
use toml::de::{DeTable, DeValue};

use super::error::line_of;
use super::files::PackFiles;
use super::limits::{HardenPolicy, PackLimits};
use super::nearest::suggest;
use super::{ElementDefinition, PackError, Prompt};

pub(super) const FILE: &str = "pack.toml";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) version: u32,
    pub(super) task_type: String,
    pub(super) core_elements: Vec<String>,
    pub(super) judge_modes: Vec<JudgeMode>,
    pub(super) limits: PackLimits,
    pub(super) harden: HardenPolicy,
    /// Distribution to module: what programs may import beside the standard library.
    #[serde(default)]
    pub(super) libraries: BTreeMap<String, String>,
    pub(super) sampling: BTreeMap<String, RoleSampling>,
}

/// How a role's answers are drawn unless the user says otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleSampling {
    temperature: Option<f64>,
    top_p: Option<f64>,
    max_tokens: Option<u32>,
}

impl RoleSampling {
    pub(super) fn to_sampling(&self) -> Sampling {
        Sampling {
            temperature: self.temperature,
            top_p: self.top_p,
            max_tokens: self.max_tokens,
            seed: None,
        }
    }
}

/// Reads and checks `pack.toml`; the errors are all that can be told apart, at least one.
pub(super) fn read(
    files: &PackFiles,
    elements: &[ElementDefinition],
) -> Result<Manifest, Vec<PackError>> {
    let text = files.text(FILE).map_err(|error| vec![error])?;
    let file = files.path(FILE);
    let manifest: Manifest = toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| line_of(text, span.start));
        vec![PackError::new(&file, error.message()).at(line)]
    })?;
    let failed =
        |path: &[&str], message: String| PackError::new(&file, message).at(key_line(text, path));
    let checked = [
        check_words(&manifest, &failed),
        check_core(&manifest, elements, &failed),
        check_modes(&manifest, &failed),
        check_numbers(&manifest, &failed),
        check_harden(&manifest.harden, &failed),
        check_sampling(&manifest, &failed),
    ];
    let faults: Vec<PackError> = checked.into_iter().filter_map(Result::err).collect();
    if faults.is_empty() { Ok(manifest) } else { Err(faults) }
}

fn check_core(
    manifest: &Manifest,
    elements: &[ElementDefinition],
    failed: Failed<'_>,
) -> Result<(), PackError> {
    match unknown_core(&manifest.core_elements, elements).next() {
        Some(wrong) => {
            Err(failed(&["core_elements"], format!("`{wrong}` is no element of the schema"))
                .help(suggest(wrong, elements.iter().map(|element| element.name.as_str()))))
        }
        None => Ok(()),
    }
}

/// Those of `core` that the schema does not have.
pub(super) fn unknown_core<'a>(
    core: &'a [String],
    elements: &[ElementDefinition],
) -> impl Iterator<Item = &'a str> {
    core.iter()
        .filter(|name| elements.iter().all(|element| element.name != **name))
        .map(String::as_str)
}

type Failed<'a> = &'a dyn Fn(&[&str], String) -> PackError;

fn check_words(manifest: &Manifest, failed: Failed<'_>) -> Result<(), PackError> {
    for (key, value) in
        [("name", &manifest.name), ("title", &manifest.title), ("task_type", &manifest.task_type)]
    {
        if value.trim().is_empty() {
            return Err(failed(&[key], format!("`{key}` is empty")));
        }
    }
    if manifest.core_elements.is_empty() {
        return Err(failed(&["core_elements"], "a pack names at least one core element".into()));
    }
    if has_duplicate(&manifest.core_elements) {
        return Err(failed(&["core_elements"], "a core element is named twice".into()));
    }
    if manifest.judge_modes.is_empty() || has_duplicate(&manifest.judge_modes) {
        return Err(failed(
            &["judge_modes"],
            "`judge_modes` needs at least one mode and names none twice".into(),
        ));
    }
    Ok(())
}

fn has_duplicate<T: PartialEq>(list: &[T]) -> bool {
    list.iter().enumerate().any(|(index, item)| list[..index].contains(item))
}

/// What only generators need is there if the pack has a mode with generators, and else is not.
fn check_modes(manifest: &Manifest, failed: Failed<'_>) -> Result<(), PackError> {
    let generators = manifest.judge_modes.iter().any(|mode| *mode != JudgeMode::Pytest);
    let limits = &manifest.limits;
    let keys: [(&[&str], &str, bool); 3] = [
        (&["limits", "generator"], "[limits.generator]", limits.generator.is_some()),
        (
            &["limits", "suite", "max_test_bytes"],
            "max_test_bytes",
            limits.suite.max_test_bytes.is_some(),
        ),
        (&["harden", "fresh_inputs"], "fresh_inputs", manifest.harden.fresh_inputs.is_some()),
    ];
    for (path, name, present) in keys {
        let fault = match (generators, present) {
            (true, false) => "is missing: the judge modes `stdio` and `call` need it",
            (false, true) => "is not used: the judge mode `pytest` has no generator",
            _ => continue,
        };
        return Err(failed(path, format!("`{name}` {fault}")));
    }
    if !manifest.libraries.is_empty() && !manifest.judge_modes.contains(&JudgeMode::Pytest) {
        let fault = "`[libraries]` is not used: only the judge mode `pytest` has libraries";
        return Err(failed(&["libraries"], fault.to_owned()));
    }
    let unfit = manifest.libraries.iter().find(|(name, module)| {
        let letters = |text: &str, more: &str| {
            !text.is_empty()
                && text
                    .chars()
                    .all(|letter| letter.is_ascii_alphanumeric() || more.contains(letter))
        };
        !letters(name, "-_.") || !letters(module, "_.")
    });
    match unfit {
        Some((name, module)) => Err(failed(
            &["libraries", name],
            format!("`{name} = \"{module}\"` does not name a distribution and its module"),
        )),
        None => Ok(()),
    }
}

/// Each number with its key and the range in which it makes sense.
fn check_numbers(manifest: &Manifest, failed: Failed<'_>) -> Result<(), PackError> {
    let suite = &manifest.limits.suite;
    let mut numbers: Vec<([&str; 3], u64, u64, u64)> = vec![
        (["limits", "suite", "min_tests"], suite.min_tests, 1, 10_000),
        (["limits", "suite", "max_tests"], suite.max_tests, suite.min_tests, 10_000),
        (
            ["limits", "suite", "max_suite_bytes"],
            suite.max_suite_bytes,
            suite.max_test_bytes.unwrap_or(64),
            1 << 30,
        ),
        (["limits", "statement", "min_chars"], manifest.limits.statement.min_chars, 1, 100_000),
    ];
    if let Some(bytes) = suite.max_test_bytes {
        numbers.push((["limits", "suite", "max_test_bytes"], bytes, 64, 1 << 30));
    }
    let solution = Some(("solution", &manifest.limits.solution));
    let generator = manifest.limits.generator.as_ref().map(|run| ("generator", run));
    for (who, run) in solution.into_iter().chain(generator) {
        numbers.extend([
            (["limits", who, "cpu_ms"], run.cpu_ms, 10, 3_600_000),
            (["limits", who, "wall_ms"], run.wall_ms, run.cpu_ms, 7_200_000),
            (["limits", who, "memory_mib"], run.memory_mib, 16, 65_536),
            (["limits", who, "output_kib"], run.output_kib, 1, 1 << 20),
        ]);
    }
    for (path, value, least, most) in numbers {
        if !(least..=most).contains(&value) {
            let message = format!("`{}` is {value}, not in {least}..={most}", path[2]);
            return Err(failed(&path, message));
        }
    }
    Ok(())
}

fn check_harden(harden: &HardenPolicy, failed: Failed<'_>) -> Result<(), PackError> {
    if !(1..=20).contains(&harden.near_misses) {
        return Err(failed(&["harden", "near_misses"], "`near_misses` is not in 1..=20".into()));
    }
    if !(1..=harden.near_misses).contains(&harden.min_counted) {
        let message = format!("`min_counted` is not in 1..={}", harden.near_misses);
        return Err(failed(&["harden", "min_counted"], message));
    }
    if !(0.0..=1.0).contains(&harden.min_kill_rate) {
        return Err(failed(&["harden", "min_kill_rate"], "`min_kill_rate` is not in 0..=1".into()));
    }
    if harden.fresh_inputs.is_some_and(|inputs| inputs > 1_000_000) {
        return Err(failed(&["harden", "fresh_inputs"], "`fresh_inputs` is above 1000000".into()));
    }
    Ok(())
}

fn check_sampling(manifest: &Manifest, failed: Failed<'_>) -> Result<(), PackError> {
    let roles: Vec<&str> = Prompt::ALL.into_iter().filter_map(Prompt::role).collect();
    for (role, sampling) in &manifest.sampling {
        if !roles.contains(&role.as_str()) {
            let mut known = roles.clone();
            known.dedup();
            return Err(failed(&["sampling", role], format!("no prompt is answered by `{role}`"))
                .help(suggest(role, known)));
        }
        let temperature = sampling.temperature.is_none_or(|value| (0.0..=2.0).contains(&value));
        let top_p = sampling.top_p.is_none_or(|value| value > 0.0 && value <= 1.0);
        let max_tokens = sampling.max_tokens != Some(0);
        for (key, fits) in
            [("temperature", temperature), ("top_p", top_p), ("max_tokens", max_tokens)]
        {
            if !fits {
                return Err(failed(
                    &["sampling", role, key],
                    format!("`{key}` of `{role}` is out of range"),
                ));
            }
        }
    }
    Ok(())
}

/// The line of a key, or of the nearest table above it that exists.
fn key_line(text: &str, path: &[&str]) -> Option<usize> {
    let document = DeTable::parse(text).ok()?;
    let mut table = document.get_ref();
    let mut found = None;
    for key in path {
        let Some((name, value)) = table.iter().find(|(name, _)| name.get_ref() == key) else {
            break;
        };
        found = Some(line_of(text, name.span().start));
        match value.get_ref() {
            DeValue::Table(inner) => table = inner,
            _ => break,
        }
    }
    found
}
