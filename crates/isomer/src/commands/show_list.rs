//! The list of tasks and rejects for `isomer show RUN`.

use std::path::Path;

use isomer_record::{Blueprint, Hardened, NearMissStatus, Stage};
use isomer_store::{Ending, ItemFilter, ItemRow, ItemState, Reader, StoreError};

use crate::report::{RejectLine, Shelf, TaskLine};

/// Rejects that a terminal shows.
const REJECTS: usize = 20;

/// Reads the list; `all` leaves no reject out.
pub(super) fn shelf(
    run: &Path,
    reader: &Reader,
    replayed: bool,
    all: bool,
) -> Result<Shelf, StoreError> {
    let mut shelf = Shelf { run: run.display().to_string(), replayed, ..Shelf::default() };
    reader.for_each_hardened(|item| {
        let blueprint: Option<Blueprint> = item.output(Stage::Recombine)?;
        if let Some(hardened) = item.output::<Hardened>(Stage::Harden)? {
            shelf.tasks.push(task_line(item.id.to_string(), &hardened, blueprint));
        }
        Ok::<_, StoreError>(())
    })?;
    let tallies = reader.tallies()?;
    shelf.rejects_total = tallies.stages.iter().map(|stage| stage.tally.dropped).sum();
    let filter = ItemFilter { state: Some(ItemState::Dropped), ..ItemFilter::default() };
    let most = if all { usize::MAX >> 1 } else { REJECTS };
    for row in reader.items(&filter, most)? {
        shelf.rejects.push(reject_line(reader, &row)?);
    }
    Ok(shelf)
}

fn task_line(id: String, hardened: &Hardened, blueprint: Option<Blueprint>) -> TaskLine {
    let design = &hardened.verified.candidate.design;
    let counted = hardened.near_misses.iter().filter(|near_miss| {
        matches!(near_miss.status, NearMissStatus::Killed | NearMissStatus::Survived)
    });
    TaskLine {
        id,
        judge_mode: design.judge_mode.as_str(),
        tests: hardened.verified.suite.len() as u64,
        near_misses: counted.count() as u64,
        kill_rate_before: hardened.kill_rate_before,
        kill_rate_after: hardened.kill_rate_after,
        title: title(&design.statement),
        parent: blueprint
            .and_then(|blueprint| blueprint.parents.into_iter().next())
            .unwrap_or_default(),
    }
}

/// The first line with words in it, without the marks of a heading.
pub(super) fn title(statement: &str) -> String {
    let lines = statement.lines().map(|line| line.trim_start_matches(['#', ' ', '*']).trim());
    lines.into_iter().find(|line| !line.is_empty()).unwrap_or_default().to_owned()
}

fn reject_line(reader: &Reader, row: &ItemRow) -> Result<RejectLine, StoreError> {
    let detail =
        reader.outcomes(&row.id)?.into_iter().rev().find_map(|outcome| match outcome.ending {
            Ending::Dropped { detail, .. } => Some(detail),
            _ => None,
        });
    Ok(RejectLine {
        id: row.id.to_string(),
        stage: row.stage.as_str(),
        reason: row.reason.map_or("unknown", isomer_record::DropReason::as_str),
        detail: detail.unwrap_or_default(),
    })
}
