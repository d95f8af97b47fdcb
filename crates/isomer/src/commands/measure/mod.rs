//! `isomer measure`: four axes of any dataset, kept, resumed and reported.
//!
//! `gather` reads datasets as tasks, `axes` compares texts and sources, `quality` runs the tests,
//! `target` asks a model, and `finish` puts everything together. What costs time or money is kept in a folder: `ledger` and
//! `samples.jsonl` for the model, `tests.jsonl` for tests, `embeddings.db` for vectors.

mod axes;
mod each;
mod embedding;
mod finish;
mod folder;
mod gather;
mod ledger;
mod place;
mod quality;
mod sets;
mod target;

use std::sync::Arc;

use isomer_dataset::DatasetError;
use isomer_dataset::measure::Tasks;
use isomer_dataset::measure::test_quality::Until;
use isomer_flow::runner::StopLevel;
use tokio::sync::watch;

use self::axes::Axes;
use self::embedding::Embedding;
use self::finish::Found;
use self::quality::{Ran, TestsRun};
use self::target::{Asked, Asking};
use super::{Setting, remote, signals, verify, writable};
use crate::cli::MeasureArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::settings::SettingsFile;

/// Runs the command.
pub(super) async fn run(args: &MeasureArgs, setting: Setting<'_>) -> Result<Exit, Failure> {
    let folder = folder::choose(args.output.as_deref(), &args.datasets);
    if let Some(path) = &args.report {
        writable::file(path)?;
    }
    let pools = match args.solutions.clone() {
        Some(results) => Some(blocking(move || quality::known(&results)).await?),
        None => None,
    };
    let datasets = args.datasets.clone();
    let gathered = blocking(move || gather::gather(&datasets)).await?;
    if !setting.loudness.quiet {
        for complaint in &gathered.complaints {
            output::note(&format!("{} {complaint}", setting.paint.warn("no task:")));
        }
    }
    let file = SettingsFile::load(args.programs.walls.config.as_deref())?;
    let packs = verify::packs(None)?;
    let conditions = place::conditions(&packs, args);
    let mut operation = place::operation(args, &file, setting);
    let runs = !args.no_run && !gathered.modes.is_empty();
    let (programs, _held) = if runs {
        let held = place::choose_python(&packs, &gathered, &mut operation, setting)?;
        (Some(remote::programs(&operation, &gathered.modes, setting).await?), held)
    } else {
        (None, None)
    };
    let embedding = Embedding::open(args, &folder, setting)?;
    let tasks = Arc::new(gathered.tasks);
    let asking = match (&args.target.target, &programs) {
        (None, _) => None,
        (Some(_), None) => return Err(Failure::usage("no task has tests to judge answers by")),
        (Some(model), Some(programs)) => {
            let conditions = Arc::clone(&conditions);
            let asking =
                Asking::open(args, model, &folder, &file, &operation, programs, conditions).await?;
            if !asking.agree(&args.target, &tasks, setting).await? {
                output::note("Nothing was asked.");
                return Ok(Exit::Interrupted);
            }
            Some(asking)
        }
    };
    let tests = match &programs {
        Some(programs) => {
            let until = if args.every_test { Until::LastTest } else { Until::FirstKill };
            Some(TestsRun::open(&folder, &packs, programs, conditions, until, pools)?)
        }
        None => None,
    };
    let (ran, asked) = (tests.as_ref(), asking.as_ref());
    let Some((axes, ran, asked)) = work(args, &tasks, embedding, ran, asked, setting).await? else {
        return Ok(Exit::Interrupted);
    };
    let found = Found { tasks, unusable: gathered.unusable, axes, tests: tests.zip(ran), asked };
    finish::finish(args, &folder, &found, setting)
}

/// All axes at once. A failure is told soon, but answers in flight are paid for: where one of them
/// fails, the others end as at a Ctrl-C. `None` if everything was stopped at once.
async fn work(
    args: &MeasureArgs,
    tasks: &Arc<Tasks>,
    embedding: Embedding,
    tests: Option<&TestsRun>,
    asking: Option<&Asking>,
    setting: Setting<'_>,
) -> Result<Option<(Axes, Option<Ran>, Option<Asked>)>, Failure> {
    let (stop, level) = watch::channel(StopLevel::Run);
    signals::forward(stop.clone(), |_| {
        output::note("Stopping after what is in flight; again to stop at once.");
    })?;
    let drain = |_: &Failure| {
        stop.send_if_modified(|level| {
            let before = std::mem::replace(level, (*level).max(StopLevel::Drain));
            before == StopLevel::Run
        });
    };
    let ran = async {
        let Some(tests) = tests else { return Ok(None) };
        tests.run(tasks, level.clone(), setting).await.map(Some).inspect_err(drain)
    };
    let asked = async {
        let Some(asking) = asking else { return Ok(None) };
        let asked = asking.ask(&args.target, Arc::clone(tasks), level.clone(), setting);
        asked.await.map(Some).inspect_err(drain)
    };
    let axes = async { start_axes(args, tasks, embedding).await.inspect_err(drain) };
    let all = async { futures::join!(axes, ran, asked) };
    let mut now = level.clone();
    tokio::select! {
        (axes, ran, asked) = all => Ok(Some((axes?, ran?, asked?))),
        _ = now.wait_for(|level| *level >= StopLevel::Now) => Ok(None),
    }
}

/// The comparison of texts and sources, on a thread of its own.
async fn start_axes(
    args: &MeasureArgs,
    tasks: &Arc<Tasks>,
    mut embedding: Embedding,
) -> Result<Axes, Failure> {
    let (datasets, against) = (args.datasets.clone(), args.against.clone());
    let (tasks, handle) = (Arc::clone(tasks), tokio::runtime::Handle::current());
    blocking(move || handle.block_on(axes::axes(&datasets, &against, &tasks, &mut embedding))).await
}

/// Work that blocks, elsewhere.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(error) => Err(Failure::because("a measurement was called off", &error)),
        },
    }
}

/// An error of what is kept, or of the dataset as it was laid out.
fn kept_failure(error: &DatasetError) -> Failure {
    let failure = Failure::because("failed to keep results", error);
    match error {
        DatasetError::Busy { .. } => failure.help(
            "another `isomer measure` works there; wait for it, or name another \
                 folder with --output",
        ),
        DatasetError::Lines { .. } => failure.help("remove the file to work for it again"),
        _ => failure,
    }
}
