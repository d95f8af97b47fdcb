//! `isomer quickstart`: the whole method without a key, from seeds and answers in the binary.

use std::path::Path;

use include_dir::{Dir, include_dir};

use super::live::Recording;
use super::{Setting, run, write};
use crate::cli::{QuickstartArgs, RunArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::report::{self, RunState};
use crate::settings::{self, Answers, BUILT_IN, RunFile, SettingsFile, nearest};

/// Seeds and recordings: those of the default pack on top, of others in a folder of their name.
static EXAMPLES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../examples/quickstart");

const SEEDS: &str = "seeds.jsonl";
const RECORDING: &str = "recording.jsonl";
const SETTINGS: &str = "isomer.toml";

/// Runs the command.
pub(super) async fn quickstart(
    args: &QuickstartArgs,
    setting: Setting<'_>,
) -> Result<Exit, Failure> {
    let pack = args.pack.clone().unwrap_or_else(settings::default_pack);
    let recording = recording(&pack)?;
    let seeds = file(&pack, SEEDS).ok_or_else(|| none_for(&pack))?;
    if args.fresh {
        remove(&args.output)?;
    }
    if let Some(exit) = already_there(args, setting)? {
        return Ok(exit);
    }
    if !args.json && !setting.loudness.quiet {
        output::note("Answers come from a recording inside the program: no key, no cost.");
    }
    // Beside the run, so that a resume finds them and a user can read them.
    let beside = args.output.with_extension("seeds.jsonl");
    write_seeds(&beside, seeds)?;
    let args = RunArgs {
        seeds: vec![beside],
        output: args.output.clone(),
        pack: Some(pack.clone()),
        isolation: args.isolation,
        python: args.python.clone(),
        json: args.json,
        ..RunArgs::default()
    };
    // The settings of the recording, not those of whatever project this is called in.
    let settings = match file(&pack, SETTINGS) {
        Some(text) => SettingsFile::parse(&String::from_utf8_lossy(text), SETTINGS)?,
        None => SettingsFile::default(),
    };
    run::start(&args, &settings, Some(recording), setting).await
}

/// The recording for a pack.
pub(super) fn recording(pack: &str) -> Result<Recording, Failure> {
    let bytes = file(pack, RECORDING).filter(|bytes| !bytes.trim_ascii().is_empty());
    let bytes = bytes.ok_or_else(|| none_for(pack))?;
    Ok(Recording::BuiltIn(format!("quickstart/{pack}"), bytes))
}

fn file(pack: &str, name: &str) -> Option<&'static [u8]> {
    let path =
        if pack == settings::default_pack() { name.to_owned() } else { format!("{pack}/{name}") };
    EXAMPLES.get_file(path).map(include_dir::File::contents)
}

fn none_for(pack: &str) -> Failure {
    let known: Vec<&str> = isomer_flow::pack::Pack::names()
        .into_iter()
        .filter(|name| file(name, RECORDING).is_some_and(|bytes| !bytes.is_empty()))
        .collect();
    let failure = Failure::usage(format!("there is no recording for pack `{pack}`"));
    match nearest(pack, &known) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None if known.is_empty() => failure.help("this build has no recordings at all"),
        None => failure.help(format!("recorded: {}", known.join(", "))),
    }
}

fn write_seeds(path: &Path, seeds: &[u8]) -> Result<(), Failure> {
    let written = path
        .parent()
        .map_or(Ok(()), std::fs::create_dir_all)
        .and_then(|()| std::fs::write(path, seeds));
    written
        .map_err(|error| Failure::because(format!("failed to write `{}`", path.display()), &error))
}

/// A complete run is shown instead of run again.
fn already_there(args: &QuickstartArgs, setting: Setting<'_>) -> Result<Option<Exit>, Failure> {
    let Some(file) = RunFile::load(&args.output)? else { return Ok(None) };
    if !is_quickstart(&file) {
        return Err(not_ours(&args.output));
    }
    let Ok(reader) = report::open(&args.output) else { return Ok(None) };
    if report::collect_state(&args.output, &reader)? != RunState::Complete {
        return Ok(None);
    }
    let summary = report::collect(&args.output, &file)?;
    if args.json {
        write(output::json(&summary))?;
    } else {
        write(output::data(&report::funnel(&summary, setting.data_paint)))?;
        output::note("It was complete already; --fresh makes it anew.");
    }
    Ok(Some(if summary.tasks.count == 0 { Exit::NothingKept } else { Exit::Complete }))
}

fn is_quickstart(file: &RunFile) -> bool {
    file.identity.answers == Answers::Recording
        && file.recording.as_deref() == Some(Path::new(BUILT_IN))
}

fn not_ours(run: &Path) -> Failure {
    Failure::usage(format!("`{}` is not a quickstart run", run.display()))
        .help("name another folder with -o")
}

/// Removes an older quickstart run, and nothing else ever.
fn remove(run: &Path) -> Result<(), Failure> {
    match RunFile::load(run) {
        Ok(Some(file)) if is_quickstart(&file) => {}
        Ok(None) if !run.exists() => return Ok(()),
        Ok(_) | Err(_) => return Err(not_ours(run)),
    }
    if report::open(run).is_ok_and(|reader| {
        report::collect_state(run, &reader).is_ok_and(|state| state == RunState::Working)
    }) {
        return Err(Failure::new(format!("`{}` is in use by another process", run.display())));
    }
    std::fs::remove_dir_all(run)
        .map_err(|error| Failure::because(format!("failed to remove `{}`", run.display()), &error))
}
