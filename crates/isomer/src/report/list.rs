//! What a run holds: its tasks, and its rejects with their reasons.

use std::fmt::Write as _;

use serde::Serialize;

use super::numbers::{count, percent, plural};
use super::wrap::shorten;
use crate::output::Paint;

/// Tasks and rejects of a run.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Shelf {
    /// The run's folder.
    pub(crate) run: String,
    /// Whether answers were replayed from a recording.
    pub(crate) replayed: bool,
    /// Hardened tasks.
    pub(crate) tasks: Vec<TaskLine>,
    /// Rejected items, up to a limit.
    pub(crate) rejects: Vec<RejectLine>,
    /// Rejected items altogether.
    pub(crate) rejects_total: u64,
}

/// A task in the list.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct TaskLine {
    pub(crate) id: String,
    pub(crate) judge_mode: &'static str,
    pub(crate) tests: u64,
    pub(crate) near_misses: u64,
    pub(crate) kill_rate_before: f64,
    pub(crate) kill_rate_after: f64,
    /// Its first line.
    pub(crate) title: String,
    /// The seed that gave the core elements.
    pub(crate) parent: String,
}

/// A reject in the list.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct RejectLine {
    pub(crate) id: String,
    pub(crate) stage: &'static str,
    pub(crate) reason: &'static str,
    /// What exactly was seen.
    pub(crate) detail: String,
}

/// The list as text.
pub(crate) fn list(shelf: &Shelf, paint: Paint) -> String {
    let mut text = format!(
        "{} {}, {} rejected\n",
        paint.bold(&shelf.run),
        plural(shelf.tasks.len() as u64, "task"),
        count(shelf.rejects_total)
    );
    if shelf.replayed {
        let _ = writeln!(text, "{}", paint.warn("Answers replayed from a recording."));
    }
    if !shelf.tasks.is_empty() {
        let head =
            format!("{:<10}{:<7}{:>5}  {:<16}{}", "task", "judge", "tests", "killed", "title");
        let _ = write!(text, "\n{}\n", paint.dim(&head));
    }
    for task in &shelf.tasks {
        let rates = format!(
            "{} → {}",
            short_percent(task.kill_rate_before),
            short_percent(task.kill_rate_after)
        );
        let _ = writeln!(
            text,
            "{:<10}{:<7}{:>5}  {rates:<16}{}",
            short_id(&task.id),
            task.judge_mode,
            task.tests,
            shorten(&task.title, 38)
        );
    }
    if !shelf.rejects.is_empty() {
        let head = format!("{:<10}{:<11}{:<26}{}", "rejected", "stage", "reason", "seen");
        let _ = write!(text, "\n{}\n", paint.dim(&head));
    }
    for reject in &shelf.rejects {
        let _ = writeln!(
            text,
            "{:<10}{:<11}{:<26}{}",
            short_id(&reject.id),
            reject.stage,
            reject.reason.replace('_', " "),
            shorten(&reject.detail, 32)
        );
    }
    let hidden = shelf.rejects_total.saturating_sub(shelf.rejects.len() as u64);
    if hidden > 0 {
        let _ = writeln!(text, "… and {} more rejected (--json shows all)", count(hidden));
    }
    let first = shelf.tasks.first().map(|task| &task.id);
    if let Some(id) = first.or_else(|| shelf.rejects.first().map(|reject| &reject.id)) {
        let _ = write!(text, "\nnext: isomer show {} {}\n", shelf.run, short_id(id));
    }
    text
}

fn short_id(id: &str) -> &str {
    id.get(..8).unwrap_or(id)
}

fn short_percent(share: f64) -> String {
    percent(share).replace(".0 %", " %")
}

#[cfg(test)]
mod tests {
    use super::{RejectLine, Shelf, TaskLine, list};
    use crate::output::Paint;

    #[test]
    fn tasks_and_rejects() {
        let shelf = Shelf {
            run: "runs/first".to_owned(),
            replayed: true,
            tasks: vec![TaskLine {
                id: "3fa9c1d2aabb".to_owned(),
                judge_mode: "stdio",
                tests: 24,
                near_misses: 5,
                kill_rate_before: 0.6,
                kill_rate_after: 1.0,
                title: "# The lighthouse keeper's ledger of passing ships".to_owned(),
                parent: "seed-1".to_owned(),
            }],
            rejects: vec![RejectLine {
                id: "77b0c1d2aabb".to_owned(),
                stage: "verify",
                reason: "solution_wrong_answer",
                detail: "test 3: expected `5`, the solution answered `4`".to_owned(),
            }],
            rejects_total: 12,
        };
        insta::assert_snapshot!(list(&shelf, Paint::default()));
    }
}
