//! Four axes of a dataset, in words and numbers.

use std::fmt::Write as _;

use isomer_dataset::measure::{
    Against, Closest, Counted, Difficulty, Diversity, Measured, Similarity, Spread, Target,
};
use isomer_measure::proportion::Proportion;
use isomer_report::Written;
use serde::Serialize;

use super::numbers::{count, dollars, percent, plural};
use super::wrap::{prose, shorten};
use crate::output::Paint;

/// Names that are listed of many.
const NAMES: usize = 8;

/// Everything that `isomer measure` has to say.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Measurements {
    /// What was measured.
    pub(crate) datasets: Vec<String>,
    /// Where results are kept.
    pub(crate) folder: Option<String>,
    /// The report.
    pub(crate) report: Option<String>,
    /// What the report holds.
    pub(crate) reported: Option<Written>,
    /// What went wrong first with a sample of the target.
    pub(crate) trouble: Option<String>,
    /// Tasks whose tests the sandbox failed on.
    pub(crate) failed: u64,
    /// What it said of the first.
    pub(crate) failure: Option<String>,
    /// The figures.
    #[serde(flatten)]
    pub(crate) measured: Measured,
}

/// The summary; 80 columns.
pub(crate) fn measurements(found: &Measurements, paint: Paint) -> String {
    let measured = &found.measured;
    let mut text = paint.bold(&plural(measured.tasks, "task"));
    let _ = writeln!(text, " of {}", shorten(&found.datasets.join(", "), 60));
    if measured.unusable > 0 {
        let rows = plural(measured.unusable, "row");
        let _ = writeln!(text, "{}", paint.warn(&format!("{rows} could not be read as a task")));
    }
    text.push('\n');
    originality(&mut text, measured, paint);
    diversity(&mut text, &measured.diversity, paint);
    difficulty(&mut text, &measured.difficulty, found.trouble.as_deref(), paint);
    tests(&mut text, found, paint);
    for (what, path) in [("kept in", &found.folder), ("report", &found.report)] {
        if let Some(path) = path {
            let _ = writeln!(text, "{what}: {path}");
        }
    }
    if let Some(written) = found.reported.filter(|written| written.whole < written.tasks) {
        let (whole, listed) = (count(written.whole), count(written.listed));
        let tasks = count(written.tasks);
        let told = format!("{whole} of {tasks} tasks can be opened in it, {listed} are listed");
        let _ = writeln!(text, "  {}; see --report-mib", paint.warn(&told));
    }
    text
}

/// A heading with three columns over a table of spreads.
fn head(title: &str, paint: Paint) -> String {
    let columns = format!("{:>10}{:>10}{:>10}", "median", "95 %", "most");
    format!("{}{}\n", paint.bold(&format!("{title:<48}")), paint.dim(&columns))
}

/// One row of such a table.
fn row(name: &str, spread: Option<&Spread>, digits: usize) -> String {
    let Some(spread) = spread else { return String::new() };
    let [_, _, _, median, _, high, most] = spread.quantiles;
    format!("  {name:<46}{median:>10.digits$}{high:>10.digits$}{most:>10.digits$}\n")
}

fn originality(text: &mut String, measured: &Measured, paint: Paint) {
    text.push_str(&head("Originality: nearest neighbour", paint));
    if measured.originality.against.is_empty() {
        text.push_str("  not held against anything; name seeds or benchmarks with --against\n");
    }
    let embedder = measured.embedder.as_deref().unwrap_or("no embedder");
    for set in &measured.originality.against {
        let _ = writeln!(text, "  in {}, {}", shorten(&set.name, 50), plural(set.rows, "row"));
        text.push_str(&row(&format!("  cosine ({embedder})"), set.cosine.as_ref(), 3));
        text.push_str(&row("  words of the task that it holds", set.containment.as_ref(), 3));
        text.push_str(&row("  words in common, Jaccard", set.jaccard.as_ref(), 3));
        text.push_str(&row("  syntax of solutions in common, Jaccard", set.syntax.as_ref(), 3));
        closest(text, set);
    }
    text.push('\n');
}

/// The closest pair by each measure.
fn closest(text: &mut String, set: &Against) {
    for by in [Similarity::Cosine, Similarity::Containment, Similarity::Jaccard, Similarity::Syntax]
    {
        let pair = set.closest.iter().find(|pair| pair.by == by && pair.value > 0.0);
        let Some(Closest { value, task, other, .. }) = pair else { continue };
        let name = match by {
            Similarity::Cosine => "cosine",
            Similarity::Containment => "words held",
            Similarity::Jaccard => "words",
            Similarity::Syntax => "syntax",
        };
        let (task, other) = (shorten(task, 24), shorten(other, 24));
        let _ = writeln!(text, "    closest by {name:<11}{value:.3}  {task} and {other}");
    }
}

fn diversity(text: &mut String, found: &Diversity, paint: Paint) {
    let _ = writeln!(text, "{}", paint.bold("Diversity"));
    for element in &found.elements {
        let _ = writeln!(
            text,
            "  {:<31}entropy {:.2} nats, as of {:.1} equal values",
            shorten(&element.name, 30),
            element.entropy,
            element.effective
        );
    }
    if let Some(vendi) = found.vendi {
        let of = plural(found.vendi_tasks, "task");
        let _ = writeln!(text, "  {:<31}{vendi:.1} of {of}", "Vendi score");
    }
    if let Some(distance) = found.mean_distance {
        let _ = writeln!(text, "  {:<31}{distance:.3}", "mean distance, 1 - cosine");
    }
    let from = format!("near-duplicates, from {}", found.near_duplicate_from);
    text.push_str(&share(&from, found.near_duplicates, "task"));
    for (what, all) in [("calls", &found.calls), ("syntax", &found.nodes), ("tags", &found.tags)] {
        text.push_str(&names(what, all));
    }
    text.push('\n');
}

/// The most common of many names.
fn names(what: &str, all: &[Counted]) -> String {
    if all.is_empty() {
        return String::new();
    }
    let shown: Vec<String> =
        all.iter().take(NAMES).map(|one| format!("{} {}", one.name, count(one.tasks))).collect();
    prose(&format!("{} kinds of {what}: {}", count(all.len() as u64), shown.join(", ")), 4)
}

/// A share with its interval.
fn share(name: &str, proportion: Proportion, of: &str) -> String {
    let Proportion { share: Some(share), low: Some(low), high: Some(high), of: number } =
        proportion
    else {
        return String::new();
    };
    let interval = format!("[{:.1} to {}]", low * 100.0, percent(high));
    format!("  {name:<31}{:>8} {interval:<17} of {}\n", percent(share), plural(number, of))
}

fn difficulty(text: &mut String, found: &Difficulty, trouble: Option<&str>, paint: Paint) {
    let _ = writeln!(text, "{}", paint.bold("Difficulty"));
    match &found.target {
        Some(target) => success(text, target, trouble, paint),
        None => {
            text.push_str("  no model was asked (--target), so there are signs alone\n");
        }
    }
    let proxies = &found.proxies;
    text.push_str(&head("  signs of difficulty", Paint::default()));
    text.push_str(&row("lines of the reference solution", proxies.lines.as_ref(), 0));
    text.push_str(&row("its tokens", proxies.tokens.as_ref(), 0));
    text.push_str(&row("its cyclomatic complexity", proxies.cyclomatic.as_ref(), 0));
    text.push_str(&row("characters of the statement", proxies.statement.as_ref(), 0));
    text.push('\n');
}

fn success(text: &mut String, target: &Target, trouble: Option<&str>, paint: Paint) {
    let answers = if target.replayed { ", answers replayed from a recording" } else { "" };
    let samples = plural(u64::from(target.samples), "sample");
    let tasks = plural(target.tasks, "task");
    let _ = writeln!(text, "  {}: {samples} of {tasks}{answers}", target.model);
    for at in &target.pass_at {
        let interval = format!("[{:.1} to {}]", at.low * 100.0, percent(at.high));
        let _ =
            writeln!(text, "  {:<31}{:>8} {interval}", format!("pass@{}", at.k), percent(at.mean));
    }
    let (low, high) = target.band;
    text.push_str(&share(&format!("inside the band {low}..{high}"), target.inside, "task"));
    if let Some(apart) = target.disagreement {
        let _ = writeln!(text, "  {:<31}{:>8}", "pairs of samples that disagree", percent(apart));
    }
    let outcomes: Vec<String> = target
        .outcomes
        .iter()
        .map(|(name, samples)| format!("{} {}", count(*samples), name.replace('_', " ")))
        .collect();
    text.push_str(&prose(&format!("samples: {}", outcomes.join(", ")), 4));
    if target.unjudged > 0 {
        let first = trouble.map(|words| format!("; first {words}")).unwrap_or_default();
        let lost = plural(target.unjudged, "sample");
        let told = format!("{lost} could not be had or judged{first}");
        text.push_str(&paint.warn(&prose(&told, 4)));
    }
    text.push_str(&reasons("not asked about", &target.unmeasured));
    let cost = target.cost_usd.map_or_else(|| "price unknown".to_owned(), dollars);
    let _ = writeln!(
        text,
        "  {}, {} tokens asked with, {} answered, {cost}",
        plural(target.calls, "call"),
        count(target.prompt_tokens),
        count(target.completion_tokens)
    );
}

/// Tasks left out, by reason.
fn reasons(what: &str, all: &[Counted]) -> String {
    all.iter()
        .map(|one| prose(&format!("{what}: {}, {}", plural(one.tasks, "task"), one.name), 3))
        .collect()
}

fn tests(text: &mut String, all: &Measurements, paint: Paint) {
    let found = &all.measured.test_quality;
    let _ = writeln!(text, "{}", paint.bold("Tests"));
    if let Some(failure) = &all.failure {
        let tasks = plural(all.failed, "task");
        text.push_str(&paint.warn(&prose(&format!("the sandbox failed on {tasks}: {failure}"), 4)));
    }
    if found.tasks == 0 {
        text.push_str("  none was run\n");
    }
    if found.reference_rejected > 0 {
        let rejected = plural(found.reference_rejected, "task");
        let told = format!("  {rejected} whose own reference solution fails the tests\n");
        text.push_str(&paint.warn(&told));
    }
    text.push_str(&share("near-misses killed", found.near_misses, "near-miss"));
    text.push_str(&share("mutants killed", found.mutants, "mutant"));
    if found.equivalent > 0 {
        let equivalent = plural(found.equivalent, "mutant");
        let _ = writeln!(text, "  {equivalent} that no generated input tells from the reference");
    }
    text.push_str(&share("lines of references reached", found.lines, "line"));
    text.push_str(&share("branches taken", found.branches, "branch"));
    if let Some(pools) = &found.pools {
        text.push_str(&share("right solutions accepted", pools.true_positive, "right one"));
        text.push_str(&share("wrong solutions rejected", pools.true_negative, "wrong one"));
    }
    text.push_str(&reasons("not run", &found.unmeasured));
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use isomer_dataset::measure::{
        Against, Closest, Counted, Difficulty, Diversity, ElementSpread, Measured, Originality,
        PassAt, Pools, Proxies, Similarity, Spread, Target, TestQuality,
    };
    use isomer_measure::proportion::Proportion;
    use isomer_report::Written;

    use super::{Measurements, measurements};
    use crate::output::Paint;

    fn spread(most: f64) -> Option<Spread> {
        Spread::of(vec![0.0, most / 4.0, most / 2.0, most], 0.0, most)
    }

    fn counted(name: &str, tasks: u64) -> Counted {
        Counted { name: name.to_owned(), tasks }
    }

    fn originality() -> Originality {
        let pair = |by, value| Closest {
            by,
            value,
            task: "3fa9c1d2aabb3fa9c1d2aabb3fa9c1d2".to_owned(),
            other: "two-sum".to_owned(),
            task_text: String::new(),
            other_text: String::new(),
        };
        let against = Against {
            name: "seeds".to_owned(),
            rows: 12,
            cosine: spread(0.72),
            containment: spread(0.05),
            jaccard: spread(0.04),
            syntax: spread(0.3),
            closest: vec![pair(Similarity::Cosine, 0.72), pair(Similarity::Syntax, 0.3)],
        };
        Originality { against: vec![against] }
    }

    fn target() -> Target {
        let at = |k, mean: f64| PassAt { k, mean, low: mean - 0.1, high: mean + 0.1 };
        Target {
            model: "some-model".to_owned(),
            replayed: true,
            samples: 8,
            pass_at: vec![at(1, 0.35), at(8, 0.7)],
            spread: spread(1.0).unwrap_or_default(),
            band: (0.05, 0.8),
            inside: Proportion::of(7, 12),
            tasks: 12,
            calls: 97,
            prompt_tokens: 51_000,
            completion_tokens: 143_000,
            cost_usd: Some(0.19),
            disagreement: Some(0.4),
            outcomes: [("accepted".to_owned(), 34), ("no_code".to_owned(), 3)].into(),
            unjudged: 2,
            unmeasured: vec![counted("the task has no tests", 3)],
        }
    }

    fn everything() -> Measured {
        let element = ElementSpread {
            name: "Core Algorithm Idea".to_owned(),
            tasks: 15,
            clusters: 3,
            entropy: 1.04,
            effective: 2.8,
        };
        Measured {
            tasks: 15,
            unusable: 1,
            embedder: Some("hashing-256".to_owned()),
            originality: originality(),
            diversity: Diversity {
                elements: vec![element],
                vendi: Some(7.25),
                vendi_tasks: 15,
                mean_distance: Some(0.52),
                near_duplicates: Proportion::of(1, 15),
                near_duplicate_from: 0.7,
                calls: vec![counted("sorted", 9), counted("heapq.heappush", 2)],
                ..Diversity::default()
            },
            difficulty: Difficulty {
                target: Some(target()),
                proxies: Proxies { lines: spread(90.0), ..Proxies::default() },
            },
            test_quality: TestQuality {
                tasks: 12,
                reference_rejected: 1,
                unmeasured: vec![counted("the task has no tests", 3)],
                near_misses: Proportion::of(58, 59),
                mutants: Proportion::of(632, 635),
                equivalent: 85,
                lines: Proportion::of(748, 749),
                branches: Proportion::of(331, 336),
                pools: Some(Pools {
                    true_positive: Proportion::of(18, 20),
                    true_negative: Proportion::of(38, 40),
                }),
                ..TestQuality::default()
            },
        }
    }

    fn found(measured: Measured) -> Measurements {
        Measurements {
            datasets: vec!["runs/first".to_owned()],
            folder: Some("runs/first/measure".to_owned()),
            report: Some("report.html".to_owned()),
            reported: Some(Written { tasks: 12_000, listed: 11_000, whole: 8000, bytes: 48 << 20 }),
            trouble: Some("task `7`: the endpoint failed (500): oh".to_owned()),
            failed: 1,
            failure: Some("the jail broke down: no answer".to_owned()),
            measured,
        }
    }

    #[test]
    fn all_four_axes_fit_a_terminal() {
        let text = measurements(&found(everything()), Paint::default());
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        insta::assert_snapshot!(text);
    }

    #[test]
    fn what_was_not_measured_is_told() {
        let bare = Measurements {
            folder: None,
            report: None,
            reported: None,
            trouble: None,
            failed: 0,
            failure: None,
            ..found(Measured { tasks: 1, ..Measured::default() })
        };
        insta::assert_snapshot!(measurements(&bare, Paint::default()));
    }
}
