//! `isomer run`: everything that can be wrong is found first, then the flow does the work.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use isomer_flow::runner::{self, EndReason, Ended, FlowError, StopLevel, StoreLedger};
use isomer_flow::seeds::{SeedReader, SeedSettings};
use isomer_flow::stages::Cx;
use isomer_record::Event;
use isomer_store::{Store, StoreError};
use tokio::sync::mpsc;

use super::live::{self, Recording, Voice};
use super::{Setting, python, remote, signals, write};
use crate::cli::RunArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::managed::Need;
use crate::output;
use crate::progress::Progress;
use crate::report::{self, Summary};
use crate::settings::{
    self, Answers, BUILT_IN, Operation, ResolvedPack, RunFile, SeedsIdentity, SettingsFile, Wishes,
};

/// Runs the command.
pub(super) async fn run(args: &RunArgs, setting: Setting<'_>) -> Result<Exit, Failure> {
    let file = SettingsFile::load(args.config.as_deref())?;
    start(args, &file, None, setting, &|summary| show(summary, args.json, setting)).await
}

/// Prints how a run ended.
pub(super) fn show(summary: &Summary, json: bool, setting: Setting<'_>) -> Result<(), Failure> {
    write(if json {
        output::json(summary)
    } else {
        output::data(&report::funnel(summary, setting.data_paint))
    })
}

/// Begins a run or goes on with one; `built_in` answers from the recording inside the program.
/// `show` is given the figures at the end.
pub(super) async fn start(
    args: &RunArgs,
    file: &SettingsFile,
    built_in: Option<Recording>,
    setting: Setting<'_>,
    show: &dyn Fn(&Summary) -> Result<(), Failure>,
) -> Result<Exit, Failure> {
    let before = RunFile::load(&args.output)?;
    let mut plan = Plan::make(args, file, before, built_in, setting)?;
    let needs = [Need::of(&plan.pack.pack)];
    // The managed environment must not be replaced while it is in use.
    let _held = python::choose(&needs, &mut plan.operation, setting)?;
    let programs = remote::programs(&plan.operation, &plan.pack.pack.judge_modes, setting).await?;
    // The lock comes first: two starts at once must not both write the settings.
    let store = open_store(&args.output)?;
    plan.run_file.save(&args.output)?;
    let spent = store.spent().await.map_err(|error| store_failure(&error))?;
    let identity = &plan.run_file.identity;
    let ledger = StoreLedger::new(store.clone());
    let voice = live::voice(plan.recording.as_ref(), &plan.operation, identity, ledger, spent)?;
    let cx = Cx {
        pack: Arc::new(plan.pack.pack.clone()),
        model: Arc::clone(&voice.model),
        sandbox: programs.sandbox,
        settings: Arc::new(live::flow_settings(&plan.operation, identity, programs.slots)),
    };
    let result = work(cx, store, &plan, &voice, setting).await;
    finish(args, &plan, result, show)
}

/// Everything resolved, before anything is created.
struct Plan {
    run_file: RunFile,
    operation: Operation,
    pack: ResolvedPack,
    recording: Option<Recording>,
}

impl Plan {
    fn make(
        args: &RunArgs,
        file: &SettingsFile,
        before: Option<RunFile>,
        built_in: Option<Recording>,
        setting: Setting<'_>,
    ) -> Result<Self, Failure> {
        let wishes = Wishes {
            replay: built_in.is_some() || args.answers.replay.is_some(),
            ..Wishes::merge(args, setting.environment, file)
        };
        let run = before.as_ref().map(|file| &file.identity);
        let last_url = before.as_ref().map(|file| file.base_url.as_str());
        let mut operation = Operation::merge(args, setting.environment, file, last_url);
        let pack = settings::pack(&wishes, run)?;
        let strict = args.strict || file.strict.unwrap_or(false);
        let seeds = seeds(&args.seeds, strict, run.map(|run| &run.seeds), &args.output)?;
        let identity = settings::identity(&wishes, run, &pack, seeds);
        if let Some(run) = run {
            settings::expect_same(&args.output, &run.differences(&identity))?;
        }
        let recording = if identity.answers == Answers::Recording {
            Some(recording(built_in, args, before.as_ref(), &pack)?)
        } else {
            None
        };
        if recording.is_none() {
            operation.require_keys()?;
        }
        let mut run_file = RunFile::new(operation.base_url.clone(), identity);
        if let Some(before) = before {
            run_file.isomer = before.isomer;
            run_file.format = before.format;
        }
        run_file.recording = match &recording {
            Some(Recording::File(path)) => Some(settings::absolute(path)?),
            Some(Recording::BuiltIn(..)) => Some(BUILT_IN.into()),
            None => None,
        };
        if let Some(path) = &mut operation.record {
            *path = settings::absolute(path)?;
        }
        Ok(Self { run_file, operation, pack, recording })
    }
}

/// The seeds named now, or those of the run.
fn seeds(
    named: &[PathBuf],
    strict: bool,
    run: Option<&SeedsIdentity>,
    run_dir: &Path,
) -> Result<SeedsIdentity, Failure> {
    if named.is_empty() {
        let seeds = run.ok_or_else(|| {
            Failure::usage(format!("no seeds, and no run in `{}` to go on with", run_dir.display()))
                .help("isomer run SEEDS -o RUN; `isomer init` writes a few sample seeds")
        })?;
        return Ok(seeds.clone());
    }
    let survey = settings::survey(named, strict)?;
    let files = named.iter().map(|path| settings::absolute(path)).collect::<Result<_, _>>()?;
    Ok(SeedsIdentity { digest: survey.digest, files, strict })
}

/// The recording named now, or the one the run was started with.
fn recording(
    built_in: Option<Recording>,
    args: &RunArgs,
    before: Option<&RunFile>,
    pack: &ResolvedPack,
) -> Result<Recording, Failure> {
    if let Some(recording) = built_in {
        return Ok(recording);
    }
    if let Some(path) = &args.answers.replay {
        live::expect_recording(path)?;
        return Ok(Recording::File(path.clone()));
    }
    match before.and_then(|file| file.recording.clone()) {
        Some(path) if path == Path::new(BUILT_IN) => {
            super::quickstart::recording(&pack.identity.source)
        }
        Some(path) => Ok(Recording::File(path)),
        None => Err(Failure::usage("the run answers from a recording that is not known any more")
            .help("name it with --replay")),
    }
}

fn open_store(run: &Path) -> Result<Store, Failure> {
    Store::create_or_open(run).map_err(|error| {
        let failure = Failure::because(format!("failed to open run `{}`", run.display()), &error);
        match error {
            StoreError::Locked { .. } => failure
                .help(format!("it is in use; look at it with `isomer status {}`", run.display())),
            StoreError::NotARun { .. } => {
                failure.help("name a new folder with -o").exit(Exit::Usage)
            }
            StoreError::Version { .. } => failure
                .help("use the version of isomer that made it, or a new folder")
                .exit(Exit::Usage),
            _ => failure,
        }
    })
}

fn store_failure(error: &StoreError) -> Failure {
    Failure::because("failed to use the run's store", error)
}

/// Reads the seeds and runs the flow, with progress.
async fn work(
    cx: Cx,
    store: Store,
    plan: &Plan,
    voice: &Voice,
    setting: Setting<'_>,
) -> Result<Ended, Failure> {
    let (events, watcher) = mpsc::unbounded_channel::<Event>();
    let progress = Progress::start(
        watcher,
        &store.reader().map_err(|error| store_failure(&error))?,
        voice.client.clone(),
        plan.run_file.identity.samples,
        plan.recording.is_some(),
        setting,
    )
    .map_err(|error| store_failure(&error))?;
    let speaker = progress.speaker();
    let stop = signals::listen(move |level| speaker.stopping(level))?;
    let result = flow(cx, store, plan, events, stop).await;
    progress.end().await;
    result
}

async fn flow(
    cx: Cx,
    store: Store,
    plan: &Plan,
    events: mpsc::UnboundedSender<Event>,
    stop: tokio::sync::watch::Receiver<StopLevel>,
) -> Result<Ended, Failure> {
    if store.seal().await.map_err(|error| store_failure(&error))?.is_none() {
        let seeds = &plan.run_file.identity.seeds;
        let rows = SeedReader::open(&seeds.files, SeedSettings::default()).map_err(|error| {
            Failure::because("failed to read the run's seeds again", &error).exit(Exit::Usage)
        })?;
        runner::ingest(&cx, &store, rows, seeds.strict, &events)
            .await
            .map_err(|error| flow_failure(&error))?;
    }
    runner::run(cx, store, events, stop).await.map_err(|error| flow_failure(&error))
}

fn flow_failure(error: &FlowError) -> Failure {
    let failure = Failure::because("the run stopped", error);
    let failure = match error {
        FlowError::BadRow(_) | FlowError::RepeatedSeed(_) | FlowError::TooFewSeeds { .. } => {
            failure.exit(Exit::Usage)
        }
        _ => failure,
    };
    match error.help() {
        Some(help) => failure.help(help),
        None => failure,
    }
}

/// The report, and the exit code that fits.
fn finish(
    args: &RunArgs,
    plan: &Plan,
    result: Result<Ended, Failure>,
    show: &dyn Fn(&Summary) -> Result<(), Failure>,
) -> Result<Exit, Failure> {
    let ended = result?;
    show(&report::collect_at_end(&args.output, &plan.run_file)?)?;
    // Whoever asked it to stop while the last item was finishing has a complete run.
    let reason = if ended.pending.is_complete() { EndReason::Complete } else { ended.reason };
    match reason {
        EndReason::PermanentModelError(error) => Err(live::model_failure(&error, &plan.operation)),
        EndReason::KeepsFailing { boundary, failures, last } => Err(Failure::new(format!(
            "the run stopped: {failures} items in a row failed at the {}",
            boundary.as_str()
        ))
        .help(format!("the last one: {last}\nthe same command goes on when that is mended"))
        .exit(Exit::Unjudged)),
        EndReason::Budget => {
            output::note("The budget is reached. Raise it and run again: nothing is paid twice.");
            Ok(Exit::Budget)
        }
        EndReason::Drained | EndReason::Stopped => {
            output::note(&format!("Stopped. Go on with: isomer run -o {}", args.output.display()));
            Ok(Exit::Interrupted)
        }
        EndReason::Incomplete => {
            output::note("Some items could not be judged. Run again to try them once more.");
            Ok(Exit::Unjudged)
        }
        EndReason::Complete if ended.tasks == 0 => Ok(Exit::NothingKept),
        EndReason::Complete => Ok(Exit::Complete),
    }
}
