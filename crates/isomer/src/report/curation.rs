//! The funnel of a curation.

use std::fmt::Write as _;

use isomer_dataset::curate::{MutantCounts, Reason, Summary};
use serde::Serialize;

use super::numbers::{count, percent, plural, share};
use crate::output::Paint;

/// Everything that `isomer curate` has to say.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Curation {
    /// The file of rows that stay.
    pub(crate) output: String,
    /// The file of reasons.
    pub(crate) removals: String,
    /// The counts.
    #[serde(flatten)]
    pub(crate) summary: Summary,
}

/// The table; 80 columns.
pub(crate) fn curation(found: &Curation, paint: Paint) -> String {
    let summary = &found.summary;
    let mut text = format!("{:>12}  rows read\n", count(summary.read));
    for reason in Reason::ALL {
        let removed = summary.removed(reason);
        if removed > 0 && reason != Reason::Tests {
            let line = format!("{:>12}  {}", format!("-{}", count(removed)), words(reason));
            let _ = writeln!(text, "{}", paint.dim(&line));
        }
    }
    let kept = format!(
        "{:>12}  kept = {}",
        count(summary.kept),
        percent(share(summary.kept, summary.read))
    );
    let _ = writeln!(text, "{}", paint.bold(&kept));
    if summary.benchmarks + summary.seeds > 0 {
        let against = format!(
            "held against {} and {}",
            plural(summary.benchmarks, "benchmark text"),
            plural(summary.seeds, "seed")
        );
        let _ = writeln!(text, "{against}");
    }
    if summary.shaped > 0 {
        let _ = writeln!(
            text,
            "{} of {} tests kept; {} changed",
            count(summary.tests_after),
            count(summary.tests_before),
            plural(summary.shaped, "row")
        );
    }
    if let Some(counts) = summary.mutants {
        text.push_str(&mutants(counts));
    }
    let _ = writeln!(text, "\nrows: {}\nreasons: {}", found.output, found.removals);
    text
}

fn mutants(counts: MutantCounts) -> String {
    let mut text = format!("mutants had a say in the tests of {}\n", plural(counts.known, "row"));
    let left = [
        (counts.changed, "changed since they were measured"),
        (counts.unknown, "not measured with --every-test"),
    ];
    for (rows, words) in left.into_iter().filter(|(rows, _)| *rows > 0) {
        let _ = writeln!(text, "  {} {words}: not touched by --min-tests", plural(rows, "row"));
    }
    text
}

const fn words(reason: Reason) -> &'static str {
    match reason {
        Reason::Unreadable => "no JSON, or without a statement",
        Reason::DuplicateId => "an id for the second time",
        Reason::KillRate => "kill rate outside of the band, or unknown",
        Reason::PassRate => "pass rate outside of the band, or unknown",
        Reason::InBenchmark => "words in a row of a benchmark",
        Reason::LikeBenchmark => "much like a text of a benchmark",
        Reason::LikeSeed => "much like a seed",
        Reason::LikeTask => "much like a row that stays",
        Reason::MeansTheSame => "means the same as a row that stays",
        Reason::TestsTooLarge => "tests that are needed are too large",
        Reason::Tests => "some tests only",
    }
}

#[cfg(test)]
mod tests {
    use isomer_dataset::curate::{MutantCounts, Reason, Summary};

    use super::{Curation, curation};
    use crate::output::Paint;

    #[test]
    fn a_funnel_names_every_reason_that_took_something() {
        let mut removed = [0; Reason::ALL.len()];
        removed[Reason::LikeSeed as usize] = 12;
        removed[Reason::InBenchmark as usize] = 3;
        removed[Reason::Tests as usize] = 900;
        let found = Curation {
            output: "clean.jsonl".to_owned(),
            removals: "clean.removed.jsonl".to_owned(),
            summary: Summary {
                read: 1015,
                benchmarks: 164,
                seeds: 12,
                removed,
                kept: 1000,
                shaped: 950,
                tests_before: 40_000,
                tests_after: 9_000,
                mutants: Some(MutantCounts { known: 980, changed: 19, unknown: 1 }),
            },
        };
        insta::assert_snapshot!(curation(&found, Paint::default()));
    }
}
