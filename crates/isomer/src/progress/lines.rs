//! The progress lines as text; at most 80 columns.

use std::fmt::Write as _;

use isomer_model::Stats;
use isomer_record::Stage;

use super::board::Board;
use crate::output::Paint;
use crate::report::{count, dollars, duration, product_name};

const BAR_WIDTH: u64 = 22;

/// One line a stage, and one about calls.
pub(super) fn all_lines(board: &Board, stats: Option<&Stats>, paint: Paint) -> Vec<String> {
    let widest = board
        .rows
        .values()
        .map(|row| row.tally.kept + row.tally.dropped)
        .chain(board.seeds)
        .max()
        .unwrap_or(1)
        .max(1);
    let mut lines: Vec<String> =
        Stage::ALL.into_iter().map(|stage| stage_line(board, stage, widest, paint)).collect();
    lines.push(paint.dim(&calls(board, stats)));
    lines
}

fn stage_line(board: &Board, stage: Stage, widest: u64, paint: Paint) -> String {
    let row = board.rows.get(&stage).copied().unwrap_or_default();
    let cells = |number: u64| usize::try_from(number * BAR_WIDTH / widest).unwrap_or_default();
    let kept = cells(row.tally.kept);
    let dropped = cells(row.tally.kept + row.tally.dropped) - kept;
    let rest = usize::try_from(BAR_WIDTH).unwrap_or_default() - kept - dropped;
    let mut line = format!(
        "{:<13}{:>7}  {}{}{}",
        product_name(stage),
        count(row.tally.kept),
        paint.good(&"█".repeat(kept)),
        paint.dim(&"░".repeat(dropped)),
        " ".repeat(rest)
    );
    for (number, words) in
        [(row.tally.dropped, "dropped"), (row.in_flight, "in flight"), (row.tally.failed, "failed")]
    {
        if number > 0 {
            let _ = write!(line, "  {} {words}", count(number));
        }
    }
    line
}

/// Calls, tokens, cost, pace and what the endpoint bears.
fn calls(board: &Board, stats: Option<&Stats>) -> String {
    let mut parts = vec![
        format!("{} calls", count(board.calls)),
        format!("{}k tokens", count(board.tokens / 1000)),
        dollars(board.cost_usd),
        duration(u64::try_from(board.elapsed().as_millis()).unwrap_or(u64::MAX)),
    ];
    if let Some(left) = board.time_left() {
        let left = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
        parts.push(format!("about {} left", duration(left)));
    }
    if let Some(stats) = stats {
        parts.push(format!("{} of {} lines busy", stats.in_flight, stats.concurrency_limit));
        if let Some(pause) = stats.paused_for {
            parts.push(format!("endpoint pauses {}s", pause.as_secs()));
        }
    }
    if board.replayed {
        parts.push("replayed from a recording".to_owned());
    }
    parts.join(" · ")
}

/// Everything in one line, for logs.
pub(super) fn one_line(board: &Board, stats: Option<&Stats>) -> String {
    let stages: Vec<String> = Stage::ALL
        .into_iter()
        .map(|stage| {
            let kept = board.rows.get(&stage).map_or(0, |row| row.tally.kept);
            format!("{} {}", product_name(stage), count(kept))
        })
        .collect();
    format!("{} | {}", stages.join(", "), calls(board, stats))
}

#[cfg(test)]
mod tests {
    use isomer_model::Stats;
    use isomer_record::{DropReason, Event, Id, Stage};

    use super::{Board, all_lines};
    use crate::output::Paint;

    #[test]
    fn kept_dropped_and_in_flight_are_told_apart_without_colour() {
        let mut board = Board::empty(1, true);
        board.add(&Event::SeedsRead { seeds: 4, skipped: 0 });
        let item = |name: &str| Id::derive([name]);
        for name in ["a", "b", "c"] {
            board.add(&Event::Kept { stage: Stage::Decompose, item: item(name) });
        }
        let reason = DropReason::ReplyUnreadable;
        board.add(&Event::Dropped { stage: Stage::Decompose, item: item("d"), reason });
        board.add(&Event::Started { stage: Stage::Recombine, item: item("e") });
        let stats = Stats { in_flight: 1, concurrency_limit: 16, ..Stats::default() };
        let lines = all_lines(&board, Some(&stats), Paint::default());
        insta::assert_snapshot!(lines[..2].join("\n"), @r"
        element sets       3  ████████████████░░░░░░  1 dropped
        blueprints         0                          1 in flight
        ");
        assert!(lines[6].contains("1 of 16 lines busy"), "{}", lines[6]);
        assert!(lines[6].ends_with("replayed from a recording"), "{}", lines[6]);
    }
}
