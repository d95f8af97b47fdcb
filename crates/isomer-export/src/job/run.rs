//! Judging a dataset and writing what comes of it.

use std::collections::BTreeMap;

use futures::StreamExt as _;
use isomer_sandbox::Execute;
use serde_json::{Value, json};

use super::finish::finish;
use super::notes::Notes;
use super::plan::Plan;
use super::tally::Tally;
use crate::error::ExportError;
use crate::left_out::{LeftOut, Reason};
use crate::rows::rows;
use crate::shape::shape;
use crate::trial::Trial;

/// A line of a dataset.
#[derive(Debug)]
pub struct Line {
    /// Where it is, for people: a file and a row.
    pub place: String,
    /// What it says, or why it cannot be read.
    pub value: Result<Value, Trouble>,
}

/// Why a line is no task, in words for its owner.
pub type Trouble = Box<dyn std::error::Error + Send + Sync>;

/// What came of an export.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Counts by the name of the format.
    pub tallies: BTreeMap<String, Tally>,
    /// Lines that an earlier, unfinished export had judged already.
    pub resumed_lines: u64,
}

enum Judged {
    Task(Box<Trial>, Value),
    NoTask(LeftOut, Trouble),
}

/// Exports a dataset. Lines are read as they are needed, judged `plan.jobs` at a time, and written in
/// their order; `done` is told of each.
///
/// Reading and writing block for as long as a disk does.
///
/// # Errors
///
/// Full disks, failures of the sandbox, and datasets without a single task. No target is touched
/// before all of it is judged; what was judged is used by the next export with the same plan.
pub async fn export(
    plan: &Plan,
    lines: impl Iterator<Item = Line>,
    sandbox: &dyn Execute,
    mut done: impl FnMut(u64),
) -> Result<Report, ExportError> {
    let mut notes = Notes::open(plan)?;
    let resumed_lines = notes.lines();
    let skipped = usize::try_from(resumed_lines).unwrap_or(usize::MAX);
    let judged = futures::stream::iter(lines.skip(skipped))
        .map(|line| judge(line, plan, sandbox))
        .buffered(plan.jobs.max(1));
    let mut judged = std::pin::pin!(judged);
    let mut tasks = resumed_lines;
    let mut first_error = None;
    while let Some(next) = judged.next().await {
        match next {
            Ok(Judged::Task(trial, raw)) => {
                tasks += 1;
                write_task(plan, &mut notes, &trial, &raw)?;
            }
            Ok(Judged::NoTask(left_out, error)) => {
                for target in &plan.targets {
                    notes.tally(target.format.as_str()).count_unreadable(&left_out);
                    notes.add_left_out(target.format.as_str(), &left_out)?;
                }
                first_error.get_or_insert(error);
            }
            Err(error) => {
                notes.save()?;
                return Err(error);
            }
        }
        notes.line_done()?;
        done(notes.lines());
    }
    if let Some(source) = first_error.filter(|_| tasks == 0) {
        let lines = notes.lines();
        notes.remove()?;
        return Err(ExportError::NoTasks { lines, source });
    }
    notes.save()?;
    let mut report = Report { resumed_lines, ..Report::default() };
    for target in &plan.targets {
        finish(plan, target, &notes)?;
        let name = target.format.as_str();
        report.tallies.insert(name.to_owned(), notes.tally(name).clone());
    }
    notes.remove()?;
    Ok(report)
}

async fn judge(line: Line, plan: &Plan, sandbox: &dyn Execute) -> Result<Judged, ExportError> {
    let place = line.place;
    let read = line.value.and_then(|row| Ok((crate::read::task(&row)?, row)));
    match read {
        Ok((task, row)) => {
            let trial = Trial::run(task, sandbox, plan.limits, &plan.packages).await?;
            Ok(Judged::Task(Box::new(trial), row))
        }
        Err(error) => {
            let witness = json!({"error": error.to_string()});
            let left_out = LeftOut { id: place, reason: Reason::Unreadable, grader: None, witness };
            Ok(Judged::NoTask(left_out, error))
        }
    }
}

fn write_task(
    plan: &Plan,
    notes: &mut Notes,
    trial: &Trial,
    raw: &Value,
) -> Result<(), ExportError> {
    for target in &plan.targets {
        let format = target.format;
        let name = format.as_str();
        let shaped = shape(format, trial, plan.room);
        let tally = notes.tally(name);
        tally.count(format, trial, shaped.as_deref());
        let index = tally.exported.saturating_sub(1);
        match shaped {
            Ok(tests) => notes.add_rows(name, &rows(format, trial, &tests, index, raw))?,
            Err(left_out) => notes.add_left_out(name, &left_out)?,
        }
    }
    Ok(())
}
