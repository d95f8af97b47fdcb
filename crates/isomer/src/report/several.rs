//! Several runs in one table.

use std::fmt::Write as _;

use serde::Serialize;

use super::numbers::{count, duration, percent};
use super::summary::Summary;
use crate::output::Paint;

/// A run, or why there is none.
#[derive(Debug, Serialize)]
pub(crate) struct Several {
    /// The pack.
    pub(crate) pack: String,
    /// How the run ended.
    pub(crate) summary: Option<Summary>,
    /// The exit code that it alone would have had.
    pub(crate) exit: u8,
}

/// One line for each run; 80 columns and the name of the folder.
pub(crate) fn several(runs: &[Several], paint: Paint) -> String {
    let head = format!(
        "{:<16}{:>7}{:>7}{:>15}{:>10}{:>9}  run",
        "pack", "seeds", "tasks", "killed first", "at last", "time"
    );
    let mut text = format!("{}\n", paint.dim(&head));
    for run in runs {
        let Some(summary) = &run.summary else {
            let _ = writeln!(text, "{:<16}{}", run.pack, paint.bad("failed, see above"));
            continue;
        };
        let rate = |rate: Option<f64>| rate.map_or_else(|| "-".to_owned(), percent);
        let _ = writeln!(
            text,
            "{:<16}{:>7}{:>7}{:>15}{:>10}{:>9}  {}",
            run.pack,
            summary.seeds.map_or_else(|| "-".to_owned(), count),
            count(summary.tasks.count),
            rate(summary.tasks.kill_rate_before),
            rate(summary.tasks.kill_rate_after),
            duration(summary.elapsed_ms),
            summary.run
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Several, several};
    use crate::output::Paint;
    use crate::report::testing::summary;

    #[test]
    fn a_run_and_one_that_failed() {
        let runs = [
            Several { pack: "first".to_owned(), summary: Some(summary()), exit: 0 },
            Several { pack: "second_of_them".to_owned(), summary: None, exit: 6 },
        ];
        insta::assert_snapshot!(several(&runs, Paint::default()), @r"
        pack              seeds  tasks   killed first   at last     time  run
        first               100     74         71.2 %    98.4 %   12m 4s  runs/first
        second_of_them  failed, see above
        ");
    }
}
