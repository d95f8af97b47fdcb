//! `isomer quickstart`: the whole method without a key, from seeds and answers in the binary.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use isomer_flow::pack::Pack;

use super::live::Recording;
use super::{Setting, env, run, write};
use crate::cli::{QuickstartArgs, RunArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::managed::{Need, Place};
use crate::output;
use crate::report::{self, RunState, Several, Summary};
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
    if args.all {
        return all(args, setting).await;
    }
    let pack = args.pack.clone().unwrap_or_else(settings::default_pack);
    let output = args.output.clone().unwrap_or_else(|| folder(&pack));
    one(&pack, &output, args, setting, &|summary| run::show(summary, args.json, setting)).await
}

/// Every pack that has a recording. One that fails does not keep the others from being run.
async fn all(args: &QuickstartArgs, setting: Setting<'_>) -> Result<Exit, Failure> {
    let mut runs = Vec::new();
    let mut worst = Exit::Complete;
    for pack in recorded() {
        let summary = RefCell::new(None);
        let show = |found: &Summary| {
            summary.replace(Some(found.clone()));
            if args.json { Ok(()) } else { run::show(found, false, setting) }
        };
        let ended = one(pack, &folder(pack), args, setting, &show).await;
        let exit = ended.unwrap_or_else(|failure| {
            output::note(&failure.render(setting.paint));
            failure.code()
        });
        if worst == Exit::Complete {
            worst = exit;
        }
        let summary = summary.into_inner();
        runs.push(Several { pack: pack.to_owned(), summary, exit: exit.code() });
        if exit == Exit::Interrupted {
            break;
        }
        if !args.json {
            write(output::data("\n"))?;
        }
    }
    write(if args.json {
        output::json(&runs)
    } else {
        output::data(&report::several(&runs, setting.data_paint))
    })?;
    Ok(worst)
}

/// Where a pack's run goes.
fn folder(pack: &str) -> PathBuf {
    let folder = PathBuf::from("runs/quickstart");
    if pack == settings::default_pack() {
        return folder;
    }
    folder.with_file_name(format!("quickstart-{pack}"))
}

async fn one(
    pack: &str,
    output: &Path,
    args: &QuickstartArgs,
    setting: Setting<'_>,
    show: &dyn Fn(&Summary) -> Result<(), Failure>,
) -> Result<Exit, Failure> {
    let recording = recording(pack)?;
    let seeds = file(pack, SEEDS).ok_or_else(|| none_for(pack))?;
    if args.fresh {
        remove(output)?;
    }
    if let Some(exit) = already_there(pack, output, args.json, show)? {
        return Ok(exit);
    }
    if !args.json && !setting.loudness.quiet {
        output::note("Answers come from a recording inside the program: no key, no cost.");
    }
    prepare(pack, args, setting)?;
    // Beside the run, so that a resume finds them and a user can read them.
    let beside = output.with_extension("seeds.jsonl");
    write_seeds(&beside, seeds)?;
    let args = RunArgs {
        seeds: vec![beside],
        output: output.to_owned(),
        pack: Some(pack.to_owned()),
        isolation: args.isolation,
        python: args.python.clone(),
        json: args.json,
        ..RunArgs::default()
    };
    // The settings of the recording, not those of whatever project this is called in.
    let settings = match file(pack, SETTINGS) {
        Some(text) => SettingsFile::parse(&String::from_utf8_lossy(text), SETTINGS)?,
        None => SettingsFile::default(),
    };
    run::start(&args, &settings, Some(recording), setting, show).await
}

/// Makes the Python environment if the pack's tasks need one: who tries isomer out should not have
/// to know that there is such a thing.
fn prepare(pack: &str, args: &QuickstartArgs, setting: Setting<'_>) -> Result<(), Failure> {
    let loaded = Pack::embedded(pack)
        .map_err(|error| Failure::because("failed to load the pack", &error).exit(Exit::Usage))?;
    let remote = setting.environment.sandbox_urls().is_some();
    if args.python.is_some() || remote || Need::of(&loaded).is_empty() {
        return Ok(());
    }
    let place = Place::find(setting.environment)?;
    tokio::task::block_in_place(|| env::ensure(&place, setting))
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

/// Packs with a recording, sorted.
fn recorded() -> Vec<&'static str> {
    let full = |bytes: &[u8]| !bytes.trim_ascii().is_empty();
    Pack::names().into_iter().filter(|name| file(name, RECORDING).is_some_and(full)).collect()
}

fn none_for(pack: &str) -> Failure {
    let known = recorded();
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
fn already_there(
    pack: &str,
    run: &Path,
    json: bool,
    show: &dyn Fn(&Summary) -> Result<(), Failure>,
) -> Result<Option<Exit>, Failure> {
    let Some(file) = RunFile::load(run)? else { return Ok(None) };
    if !is_quickstart(&file) {
        return Err(not_ours(run));
    }
    let source = &file.identity.pack.source;
    if source != pack {
        let run = run.display();
        return Err(Failure::usage(format!("`{run}` is a quickstart of pack `{source}`"))
            .help("name another folder with -o, or replace it with --fresh"));
    }
    let Ok(reader) = report::open(run) else { return Ok(None) };
    if report::collect_state(run, &reader)? != RunState::Complete {
        return Ok(None);
    }
    let summary = report::collect(run, &file)?;
    show(&summary)?;
    if !json {
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
