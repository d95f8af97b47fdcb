//! `isomer schema improve`: rounds of proposals, each tried on the same seeds.

use std::path::Path;

use isomer_flow::pack::Pack;
use isomer_flow::runner::StoreLedger;
use isomer_record::Elements;
use isomer_store::{DecomposedSeed, Reader, Store, StoreError};

use super::apart::Asker;
use super::folder;
use super::history::{self, Log};
use super::lens::Lens;
use super::reading::read_failure;
use super::round::Round;
use crate::cli::SchemaImproveArgs;
use crate::commands::live::{self, Recording};
use crate::commands::{Setting, signals};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::report::{self, Attempt, Decision, Terms};
use crate::settings::{self, Answers, Identity, Operation, RunFile, SettingsFile, Wishes};

/// Seeds taken apart anew where nobody says how many.
const SAMPLE: u32 = 200;

/// Seeds read at once while those of the sample are looked for.
const PAGE: usize = 512;

/// Runs the command.
pub(super) async fn improve(
    args: &SchemaImproveArgs,
    setting: Setting<'_>,
) -> Result<Exit, Failure> {
    let file = RunFile::require(&args.run)?;
    let settings_file = SettingsFile::load(args.ask.config.as_deref())?;
    let plan = Plan::make(args, &file, &settings_file, setting)?;
    let ledger = open_ledger(&args.run)?;
    let spent = ledger.spent().await.map_err(|error| ledger_failure(&error))?;
    let voice = live::voice(
        plan.recording.as_ref(),
        &plan.operation,
        &plan.identity,
        StoreLedger::new(ledger),
        spent,
    )?;
    let flow = live::flow_settings(&plan.operation, &plan.identity, 1);
    let stop = signals::listen(|_| {
        output::note("Stopping after the questions in flight; again to stop at once.");
    })?;
    let mut lens = Lens::open(&args.run, &args.lens, args.ask.config.as_deref(), setting)?;
    let reader = report::open(&args.run)?;
    let (mut log, seeds) = match Log::load(&args.run)? {
        Some(log) => resume(args, log, &lens, &plan.pack, &reader)?,
        None => begin(args, &mut lens, &plan.pack, &reader).await?,
    };
    let asker = Asker {
        model: &*voice.model,
        settings: &flow,
        operation: &plan.operation,
        stop,
        quiet: setting.loudness.quiet,
    };
    while log.history.rounds() < args.rounds {
        let attempt = Round { asker: &asker, pack: &plan.pack, seeds: &seeds, log: &log }
            .run(&mut lens)
            .await?;
        log.add(attempt)?;
    }
    // As a later look at it will find it: a float that was written and read may differ in its last
    // digit.
    let log = Log::load(&args.run)?.unwrap_or(log);
    history::print(&log, args.json, setting)
}

/// Everything resolved, before anything is created or paid for.
struct Plan {
    pack: Pack,
    identity: Identity,
    operation: Operation,
    recording: Option<Recording>,
}

impl Plan {
    fn make(
        args: &SchemaImproveArgs,
        file: &RunFile,
        settings_file: &SettingsFile,
        setting: Setting<'_>,
    ) -> Result<Self, Failure> {
        let run = &file.identity;
        let mut wishes = args.ask.as_run();
        wishes.jobs = args.jobs;
        let pack = settings::pack(&Wishes::default(), Some(run))?;
        let merged = Wishes::merge(&wishes, setting.environment, settings_file);
        let asked = Wishes { roles: merged.roles, ..Wishes::default() };
        let identity = settings::identity(&asked, Some(run), &pack, run.seeds.clone());
        settings::expect_same(&args.run, &run.differences(&identity))?;
        let last_url = (run.answers == Answers::Live).then_some(file.base_url.as_str());
        let mut operation = Operation::merge(&wishes, setting.environment, settings_file, last_url);
        let recording = args.ask.answers.replay.clone();
        match &recording {
            Some(path) => live::expect_recording(path)?,
            None => operation.require_keys()?,
        }
        if let Some(path) = &mut operation.record {
            *path = settings::absolute(path)?;
        }
        Ok(Self { pack: pack.pack, identity, operation, recording: recording.map(Recording::File) })
    }
}

/// The answers of all rounds, in a ledger of their own: the run stays as it is. Its lock keeps a
/// second improvement away.
fn open_ledger(run: &Path) -> Result<Store, Failure> {
    Store::create_or_open(&folder::make(run)?.join("ledger")).map_err(|error| {
        let failure = ledger_failure(&error);
        match error {
            StoreError::Locked { .. } => {
                failure.help("another `isomer schema improve` works on this run; wait for it")
            }
            _ => failure,
        }
    })
}

fn ledger_failure(error: &StoreError) -> Failure {
    Failure::because("failed to open the ledger of improvements", error)
}

/// Begins a history: the sample is chosen, and the run's own schema measured on it.
async fn begin(
    args: &SchemaImproveArgs,
    lens: &mut Lens,
    pack: &Pack,
    reader: &Reader,
) -> Result<(Log, Vec<DecomposedSeed>), Failure> {
    let most = args.sample.unwrap_or(SAMPLE) as usize;
    let seeds = reader.decomposed_seeds(0, most).map_err(|error| read_failure(&error))?;
    if seeds.len() < 4 {
        return Err(Failure::new(format!(
            "the run has {} decomposed seeds, and less than 4 cannot be measured",
            seeds.len()
        ))
        .help(format!("go on with it first: isomer run -o {}", args.run.display())));
    }
    let (all, elements): (Vec<&DecomposedSeed>, Vec<&Elements>) =
        seeds.iter().map(|one| (one, &one.elements)).unzip();
    let (problem, keys) = super::round::keys(lens, &pack.elements, &all, &elements).await?;
    let survey = lens.measure(&problem, &keys)?.survey;
    let terms = Terms {
        pack: pack.name.clone(),
        pack_digest: pack.digest.clone(),
        embedder: lens.name().to_owned(),
        clusters: args.lens.clusters,
        sample: seeds.iter().map(|one| one.position).collect(),
    };
    let first = Attempt {
        round: 0,
        parent: None,
        decision: Decision::Start,
        why: "the run's own schema".to_owned(),
        proposals: Vec::new(),
        schema: pack.elements.clone(),
        lost: 0,
        survey: Some(survey),
        before: None,
        comparison: None,
    };
    Ok((Log::begin(&args.run, terms, first)?, seeds))
}

/// Goes on with a history, which must have been made in the same way.
fn resume(
    args: &SchemaImproveArgs,
    log: Log,
    lens: &Lens,
    pack: &Pack,
    reader: &Reader,
) -> Result<(Log, Vec<DecomposedSeed>), Failure> {
    let terms = &log.history.terms;
    let sample = args.sample.map_or(terms.sample.len(), |sample| sample as usize);
    let differs = if terms.embedder != lens.name() {
        Some(format!("the embedder `{}`", terms.embedder))
    } else if args.lens.clusters.is_some() && terms.clusters != args.lens.clusters {
        Some("another number of clusters".to_owned())
    } else if terms.pack_digest != pack.digest {
        Some("another version of the pack".to_owned())
    } else if sample < terms.sample.len() {
        Some(format!("a sample of {} seeds", terms.sample.len()))
    } else {
        None
    };
    if let Some(differs) = differs {
        let folder = folder::path(&args.run);
        return Err(Failure::usage(format!("earlier rounds were measured with {differs}"))
            .help(format!("leave it as it was, or remove `{}` to begin anew", folder.display())));
    }
    let mut seeds = Vec::with_capacity(terms.sample.len());
    let mut from = 0;
    while seeds.len() < terms.sample.len() {
        let page = reader.decomposed_seeds(from, PAGE).map_err(|error| read_failure(&error))?;
        let Some(last) = page.last() else { break };
        from = last.position + 1;
        seeds.extend(page.into_iter().filter(|one| terms.sample.contains(&one.position)));
    }
    Ok((log, seeds))
}
