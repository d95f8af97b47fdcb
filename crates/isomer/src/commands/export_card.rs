//! `isomer export --format card`: what a dataset is, for whoever finds it.

use std::path::{Path, PathBuf};

use isomer_export::{CardFacts, CardWishes, FunnelRow, Line, card, task};

use super::dataset;
use crate::cli::ExportArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report;
use crate::settings::RunFile;

/// Writes the card; `data` are the files with rows that were written beside it.
pub(super) fn write(args: &ExportArgs, path: &Path, data: &[PathBuf]) -> Result<Exit, Failure> {
    let mut facts = CardFacts::default();
    for line in dataset::open(&args.datasets)?.lines {
        add(&mut facts, line);
    }
    let wishes = CardWishes {
        name: name(&args.datasets),
        licence: args.license.clone(),
        data_files: data_files(args, data),
        funnel: funnel(&args.datasets)?,
    };
    let fail = |error: &dyn std::error::Error| {
        Failure::because(format!("failed to write `{}`", path.display()), error)
    };
    let text = card(&wishes, &facts).map_err(|error| fail(&error))?;
    let beside = path.with_extension("md.new");
    std::fs::write(&beside, text)
        .and_then(|()| std::fs::rename(&beside, path))
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

/// The hub loads what the first other format wrote; a card alone speaks of the tasks themselves.
fn data_files(args: &ExportArgs, data: &[PathBuf]) -> String {
    let Some(first) = data.first() else { return "*.jsonl".to_owned() };
    let ending = first.extension().unwrap_or_default().to_string_lossy();
    let stem = first.file_stem().unwrap_or_default().to_string_lossy();
    if args.shard_rows.is_some() {
        format!("{stem}-*.{ending}")
    } else {
        format!("{stem}.{ending}")
    }
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
