//! `isomer export`: tasks as trainers read them.

use std::path::{Path, PathBuf};

use isomer_export::{ExportError, Format, Layout, Plan, Room, Target, UnknownFormat, export};

use super::sandbox::operation;
use super::{Setting, dataset, export_card, live, write};
use crate::cli::{CARD, ExportArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::report;
use crate::settings::nearest;

/// Lines between two words about progress.
const EVERY: u64 = 1000;

/// Runs the command.
pub(super) async fn run(args: &ExportArgs, setting: Setting<'_>) -> Result<Exit, Failure> {
    let (formats, with_card) = formats(&args.format)?;
    let dataset = dataset::open(&args.datasets)?;
    if args.measures.is_some() && !with_card {
        return Err(Failure::usage("`--measures` is for a card").help("add `card` to `--format`"));
    }
    let targets = targets(&formats, with_card, &args.output)?;
    if formats.is_empty() {
        return export_card::write(args, &args.output, &[]);
    }
    let operation = operation(&args.walls, args.jobs, setting)?;
    let sandbox = live::sandbox(&operation).await?;
    let room = Room { row_bytes: args.row_kib as usize * 1024 };
    let plan = Plan {
        notes: Plan::notes_beside(&args.output),
        fingerprint: Plan::fingerprint(&dataset.identity, &formats, room, &args.walls.packages),
        targets,
        shard_rows: args.shard_rows,
        room,
        limits: Plan::LIMITS,
        packages: args.walls.packages.clone(),
        jobs: live::slots(operation.sandbox_slots) * 2,
    };
    let progress = |lines: u64| {
        if !setting.loudness.quiet && lines.is_multiple_of(EVERY) {
            output::note(&format!("{} tasks judged", report::count(lines)));
        }
    };
    let done =
        export(&plan, dataset.lines, &sandbox, progress).await.map_err(|error| failed(&error))?;
    if done.resumed_lines > 0 && !setting.loudness.quiet {
        let lines = report::count(done.resumed_lines);
        output::note(&format!("went on after {lines} tasks that were judged before"));
    }
    let exported: u64 = done.tallies.values().map(|tally| tally.exported).sum();
    let card = with_card.then(|| args.output.join("README.md"));
    if let Some(card) = &card {
        export_card::write(args, card, &plan.targets)?;
    }
    if args.json {
        write(output::json(&report::export_json(&plan, &done, card.as_deref())))?;
    } else {
        write(output::data(&report::export(&plan, &done, card.as_deref(), setting.data_paint)))?;
    }
    Ok(if exported == 0 { Exit::NothingKept } else { Exit::Complete })
}

/// The formats, and whether there is to be a card.
fn formats(names: &[String]) -> Result<(Vec<Format>, bool), Failure> {
    if names.iter().any(|name| name == "all") {
        return Ok((Format::ALL.to_vec(), true));
    }
    let mut formats: Vec<Format> = Vec::new();
    for name in names.iter().filter(|name| *name != CARD) {
        let format = name.parse().map_err(|error: UnknownFormat| {
            let known: Vec<&str> =
                Format::ALL.iter().map(|format| format.as_str()).chain([CARD]).collect();
            let failure = Failure::usage(error.to_string());
            match nearest(name, &known) {
                Some(near) => failure.help(format!("did you mean `{near}`?")),
                None => failure.help("`card` writes a dataset card, `all` everything"),
            }
        })?;
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    Ok((formats, names.iter().any(|name| name == CARD)))
}

/// One format is the file itself; several are files in a folder.
fn targets(formats: &[Format], with_card: bool, output: &Path) -> Result<Vec<Target>, Failure> {
    let fail = |error: &std::io::Error, path: &Path| {
        Failure::because(format!("failed to create folder `{}`", path.display()), error)
    };
    if formats.len() + usize::from(with_card) == 1 {
        if output.is_dir() {
            return Err(Failure::usage(format!("`{}` is a folder", output.display()))
                .help("with one format, OUT is the file"));
        }
        if let Some(folder) = output.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|error| fail(&error, folder))?;
        }
        let target = |format: &Format| Target { format: *format, path: output.to_path_buf() };
        return Ok(formats.iter().map(target).collect());
    }
    std::fs::create_dir_all(output).map_err(|error| fail(&error, output))?;
    let path = |format: Format| -> PathBuf {
        let ending = match format.layout() {
            Layout::Lines => "jsonl",
            Layout::Parquet => "parquet",
        };
        output.join(format!("{format}.{ending}"))
    };
    Ok(formats.iter().map(|format| Target { format: *format, path: path(*format) }).collect())
}

fn failed(error: &ExportError) -> Failure {
    let failure = Failure::because("the export stopped", error);
    match error.help() {
        Some(help) => failure.help(help),
        None => failure,
    }
}
