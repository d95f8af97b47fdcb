//! `isomer export --format card`: what a dataset is, for whoever finds it.

use std::path::{Path, PathBuf};

use isomer_export::{
    CardFacts, CardMeasures, CardWishes, DataFiles, FunnelRow, Line, Target, card, task,
};

use super::dataset;
use crate::cli::ExportArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report;
use crate::settings::RunFile;

/// Writes the card; `beside` are the files with rows that were written beside it.
pub(super) fn write(args: &ExportArgs, path: &Path, beside: &[Target]) -> Result<Exit, Failure> {
    let mut facts = CardFacts::default();
    for line in dataset::open(&args.datasets)?.lines {
        add(&mut facts, line);
    }
    let wishes = CardWishes {
        name: name(&args.datasets),
        licence: args.license.clone(),
        data: data(args, beside),
        funnel: funnel(&args.datasets)?,
        measures: args.measures.as_deref().map(|file| measures(file, facts.tasks())).transpose()?,
    };
    let fail = |error: &dyn std::error::Error| {
        Failure::because(format!("failed to write `{}`", path.display()), error)
    };
    let text = card(&wishes, &facts).map_err(|error| fail(&error))?;
    let temporary = path.with_extension("md.new");
    std::fs::write(&temporary, text)
        .and_then(|()| std::fs::rename(&temporary, path))
        .map_err(|error| fail(&error))?;
    Ok(if facts.tasks() == 0 { Exit::NothingKept } else { Exit::Complete })
}

fn add(facts: &mut CardFacts, line: Line) {
    let row = line.value.ok().and_then(|row| Some((task(&row).ok()?, row.to_string().len())));
    match row {
        Some((task, bytes)) => facts.add(&task, bytes),
        None => facts.add_unreadable(),
    }
}

/// The name of what was exported.
fn name(datasets: &[PathBuf]) -> String {
    let stem = |path: &PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    datasets.iter().filter_map(stem).collect::<Vec<_>>().join(" + ")
}

/// Each format by its name, as far as its files are of the first one's kind: the hub reads one kind in
/// a dataset. A card alone speaks of the tasks themselves.
fn data(args: &ExportArgs, beside: &[Target]) -> Vec<DataFiles> {
    let Some(first) = beside.first() else {
        return vec![DataFiles { name: "default".to_owned(), files: "*.jsonl".to_owned() }];
    };
    let files = |target: &Target| {
        let ending = target.path.extension().unwrap_or_default().to_string_lossy();
        let stem = target.path.file_stem().unwrap_or_default().to_string_lossy();
        let shards = if args.shard_rows.is_some() { "-*" } else { "" };
        let files = format!("{stem}{shards}.{ending}");
        DataFiles { name: target.format.as_str().to_owned(), files }
    };
    let alike = |target: &&Target| target.path.extension() == first.path.extension();
    beside.iter().filter(alike).map(files).collect()
}

fn measures(file: &Path, tasks: u64) -> Result<CardMeasures, Failure> {
    let fail = |error: &dyn std::error::Error| {
        Failure::because(format!("failed to take measures from `{}`", file.display()), error)
            .help("`isomer measure` of the same dataset leaves `measured.json`, and prints it with --json")
    };
    let text = std::fs::read(file).map_err(|error| fail(&error))?;
    CardMeasures::read(&text, tasks).map_err(|error| fail(&error))
}

/// What the stages kept, if the dataset is one run.
fn funnel(datasets: &[PathBuf]) -> Result<Vec<FunnelRow>, Failure> {
    let [run] = datasets else { return Ok(Vec::new()) };
    if !run.join("run.db").is_file() {
        return Ok(Vec::new());
    }
    let summary = report::collect(run, &RunFile::require(run)?)?;
    let row = |stage: &report::StageSummary| FunnelRow {
        stage: stage.stage.as_str().to_owned(),
        kept: stage.kept,
        dropped: stage.dropped,
    };
    Ok(summary.stages.iter().map(row).collect())
}
