//! `isomer verify`: solutions before the tests of their tasks.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use isomer_dataset::verify::{self, Checked, Conditions, Plan, Progress, VerifyError};
use isomer_dataset::{DatasetError, tasks_file};
use isomer_flow::pack::Pack;
use isomer_flow::runner::StopLevel;
use isomer_sandbox::Limits;

use super::{Setting, conditions, live, python, remote, signals, write};
use crate::cli::VerifyArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::managed::Need;
use crate::output;
use crate::progress;
use crate::report::{self, Verification};
use crate::settings::{Operation, SettingsFile};

/// Runs the command.
pub(super) async fn run(args: &VerifyArgs, setting: Setting<'_>) -> Result<Exit, Failure> {
    let results = args.output.clone().unwrap_or_else(|| beside(&args.solutions));
    let packs = packs(args.pack.as_deref())?;
    let plan = Plan {
        tasks: tasks_file(&args.tasks),
        solutions: args.solutions.clone(),
        results: results.clone(),
        conditions: conditions(args, &packs),
    };
    let checked = tokio::task::spawn_blocking(|| verify::check(plan)).await;
    let checked = checked
        .map_err(|error| Failure::because("failed to read tasks and solutions", &error))?
        .map_err(|error| unusable(&error))?;
    if checked.solutions() == 0 {
        let file = args.solutions.display();
        return Err(Failure::usage(format!("`{file}` holds no solutions")));
    }
    let mut operation = operation(args, setting)?;
    // The managed environment must not be replaced while it is in use.
    let _held = choose_python(&packs, &checked, &mut operation, setting)?;
    let programs = remote::programs(&operation, checked.modes(), setting).await?;
    let template = "{wide_bar} {human_pos} of {human_len} judged, {per_sec}, {eta} left";
    let bar = progress::bar(Some(checked.solutions()), template, setting);
    let mut level = signals::listen({
        let bar = bar.clone();
        move |_| bar.suspend(|| output::note("Stopping: what is in flight is judged to its end."))
    })?;
    let mut now = level.clone();
    let stop = async move {
        let _ = level.wait_for(|level| *level >= StopLevel::Drain).await;
    };
    let judging = verify::run(checked, programs.sandbox, programs.slots, stop, |progress| {
        show(&bar, progress);
    });
    let ended = tokio::select! {
        ended = judging => ended.map_err(|error| failed(&error))?,
        _ = now.wait_for(|level| *level >= StopLevel::Now) => return Ok(Exit::Interrupted),
    };
    bar.finish_and_clear();
    let rates = verify::rates(&results).map_err(|error| unusable(&error))?;
    let verification = Verification::new(args, &results, &ended, rates);
    if args.json {
        write(output::json(&verification))?;
    } else {
        write(output::data(&report::verification(&verification, setting.data_paint)))?;
    }
    Ok(match ended.progress {
        Progress { judged, all, .. } if judged >= all => Exit::Complete,
        Progress { unjudged, .. } if unjudged > 0 => Exit::Unjudged,
        _ => Exit::Interrupted,
    })
}

/// `samples.jsonl.gz` gives `samples.verdicts.jsonl`.
fn beside(solutions: &Path) -> PathBuf {
    let name = solutions.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let name = [".gz", ".zst"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
    solutions.with_file_name(name).with_extension("verdicts.jsonl")
}

/// The pack named for all tasks, or all that are built in.
pub(super) fn packs(named: Option<&str>) -> Result<Vec<Pack>, Failure> {
    let Some(name) = named else {
        return Ok(Pack::names()
            .into_iter()
            .filter_map(|name| Pack::embedded(name).ok())
            .collect());
    };
    let folder = Path::new(name);
    let pack = if folder.is_dir() { Pack::load(folder) } else { Pack::embedded(name) };
    let pack = pack.map_err(|error| {
        Failure::because(format!("failed to load pack `{name}`"), &error).exit(Exit::Usage)
    })?;
    Ok(vec![pack])
}

/// The limits and libraries of each pack, with flags above them.
fn conditions(args: &VerifyArgs, packs: &[Pack]) -> Box<dyn Fn(&str) -> Conditions + Send + Sync> {
    let limits = |limits: Limits| Limits {
        cpu_ms: args.cpu_ms.unwrap_or(limits.cpu_ms),
        wall_ms: args.wall_ms.unwrap_or(limits.wall_ms).max(args.cpu_ms.unwrap_or_default()),
        memory_bytes: args.memory_mib.map_or(limits.memory_bytes, |mib| mib << 20),
        ..limits
    };
    let otherwise = match (&args.pack, packs) {
        (Some(_), [named]) => Some(named),
        _ => None,
    };
    conditions::of_packs(packs, otherwise, &args.programs.walls.packages, limits)
}

/// The Python that has what the tasks' packs need.
fn choose_python(
    packs: &[Pack],
    checked: &Checked,
    operation: &mut Operation,
    setting: Setting<'_>,
) -> Result<Option<File>, Failure> {
    let used = |pack: &&Pack| packs.len() == 1 || checked.packs().contains(&pack.name);
    let needs: Vec<Need> = packs.iter().filter(used).map(Need::of).collect();
    python::choose(&needs, operation, setting)
}

fn operation(args: &VerifyArgs, setting: Setting<'_>) -> Result<Operation, Failure> {
    let file = SettingsFile::load(args.programs.walls.config.as_deref())?;
    Ok(Operation::merge(&args.programs.as_run(), setting.environment, &file, None))
}

fn show(bar: &ProgressBar, progress: Progress) {
    if bar.position() == 0 {
        // What an earlier start judged says nothing about the speed of this one.
        bar.set_position(progress.judged);
        bar.reset_eta();
    }
    bar.set_position(progress.judged);
}

fn unusable(error: &DatasetError) -> Failure {
    let exit = match error {
        DatasetError::Io { action: "read", source, .. } if source.kind() == ErrorKind::NotFound => {
            Exit::Usage
        }
        DatasetError::Io { .. } | DatasetError::Busy { .. } => Exit::Error,
        _ => Exit::Usage,
    };
    let failure = Failure::because("failed to judge the solutions", error).exit(exit);
    match error.help() {
        Some(help) => failure.help(help),
        None => failure,
    }
}

fn failed(error: &VerifyError) -> Failure {
    match error {
        VerifyError::Dataset(error) => unusable(error),
        VerifyError::Sandbox(error) => live::sandbox_failure(error),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::beside;

    #[test]
    fn results_are_named_after_the_solutions() {
        for (solutions, results) in [
            ("a/samples.jsonl", "a/samples.verdicts.jsonl"),
            ("samples.jsonl.gz", "samples.verdicts.jsonl"),
            ("samples.zst", "samples.verdicts.jsonl"),
            ("samples", "samples.verdicts.jsonl"),
        ] {
            assert_eq!(beside(Path::new(solutions)), Path::new(results));
        }
    }
}
