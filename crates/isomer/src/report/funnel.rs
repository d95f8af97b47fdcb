//! The funnel: how many seeds became how many hardened tasks, and where the rest went.

use std::fmt::Write as _;

use super::numbers::{count, dollars, duration, percent, plural, share};
use super::summary::{Money, RunState, StageSummary, Summary, product_name};
use crate::output::Paint;
use crate::settings::Answers;

const BAR_WIDTH: u64 = 48;

/// The whole report on a run; 80 columns.
pub(crate) fn funnel(summary: &Summary, paint: Paint) -> String {
    let mut text = header(summary, paint);
    text.push('\n');
    text.push_str(&bars(summary, paint));
    text.push('\n');
    text.push_str(&costs(summary, paint));
    text.push('\n');
    text.push_str(&ending(summary, paint));
    text
}

fn header(summary: &Summary, paint: Paint) -> String {
    let state = match summary.state {
        RunState::Complete => paint.good("complete"),
        RunState::Stopped => paint.warn("stopped, can be resumed"),
        RunState::Working => paint.good("in progress"),
    };
    let seeds = summary.seeds.map_or_else(
        || "seeds still being read".to_owned(),
        |seeds| format!("{} × {}", plural(seeds, "seed"), plural(summary.samples.into(), "sample")),
    );
    let mut text = format!("{} {}\n", paint.bold(&summary.run), state);
    let _ = writeln!(
        text,
        "pack {}, {seeds}, model {}, {}",
        summary.pack,
        summary.models.join(" + "),
        duration(summary.elapsed_ms)
    );
    if summary.answers == Answers::Recording {
        let _ = writeln!(
            text,
            "{}",
            paint.warn("Answers replayed from a recording: tokens and cost are those recorded.")
        );
    }
    text
}

fn bars(summary: &Summary, paint: Paint) -> String {
    let seeds = summary.seeds.unwrap_or_default();
    let widest = summary.stages.iter().map(|stage| stage.kept).chain([seeds, 1]).max().unwrap_or(1);
    let mut text = bar("seeds", seeds, widest);
    for stage in &summary.stages {
        text.push_str(&bar(product_name(stage.stage), stage.kept, widest));
        text.push_str(&losses(stage, paint));
    }
    text
}

fn bar(name: &str, number: u64, widest: u64) -> String {
    let eighths = number * BAR_WIDTH * 8 / widest;
    let mut blocks = "█".repeat(usize::try_from(eighths / 8).unwrap_or_default());
    blocks.push_str(["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][(eighths % 8) as usize]);
    // Something is never drawn as nothing.
    if number > 0 && blocks.is_empty() {
        blocks.push('▏');
    }
    format!("{name:<13}{:>9}  {blocks}\n", count(number))
}

fn losses(stage: &StageSummary, paint: Paint) -> String {
    let mut text = String::new();
    for reason in &stage.reasons {
        let words = reason.reason.as_str().replace('_', " ");
        let line = format!("{:>22}  {words}", format!("-{}", count(reason.count)));
        let _ = writeln!(text, "{}", paint.dim(&line));
    }
    if stage.failed > 0 {
        let line = format!(
            "{:>22}  not judged: endpoint or sandbox failed",
            format!("?{}", count(stage.failed))
        );
        let _ = writeln!(text, "{}", paint.warn(&line));
    }
    let open = match (stage.in_flight, stage.waiting) {
        (0, 0) => return text,
        (0, waiting) => format!("{} waiting", count(waiting)),
        (working, 0) => format!("{} in flight", count(working)),
        (working, waiting) => format!("{} in flight, {} waiting", count(working), count(waiting)),
    };
    let _ = writeln!(text, "{:>24}{open}", "");
    text
}

fn costs(summary: &Summary, paint: Paint) -> String {
    let head =
        format!("{:<13}{:>9}{:>15}{:>15}{:>13}", "", "calls", "tokens in", "tokens out", "cost");
    let mut text = format!("{}\n", paint.dim(&head));
    for stage in summary.stages.iter().filter(|stage| stage.spent.calls > 0) {
        text.push_str(&cost_line(stage.stage.as_str(), &count(stage.spent.calls), &stage.spent));
    }
    text.push_str(&cost_line("all", &count(summary.spent.calls), &summary.spent));
    let tasks = summary.tasks.count;
    if tasks > 0 {
        let per = |number: u64| number.div_ceil(tasks);
        let money = Money {
            calls: per(summary.spent.calls),
            prompt_tokens: per(summary.spent.prompt_tokens),
            completion_tokens: per(summary.spent.completion_tokens),
            cost_usd: summary.spent.cost_usd * share(1, tasks),
            unpriced_calls: per(summary.spent.unpriced_calls),
        };
        let calls = format!("{:.1}", share(summary.spent.calls, tasks));
        text.push_str(&cost_line("per hardened", &calls, &money));
    }
    if summary.spent.unpriced_calls > 0 {
        let _ = writeln!(
            text,
            "{}",
            paint.warn("* without calls of unknown price: set [prices.\"MODEL\"] in isomer.toml")
        );
    }
    text
}

fn cost_line(name: &str, calls: &str, money: &Money) -> String {
    let cost = match (money.unpriced_calls, money.calls) {
        (0, _) => dollars(money.cost_usd),
        (unpriced, calls) if unpriced == calls => "?*".to_owned(),
        _ => format!("{}*", dollars(money.cost_usd)),
    };
    format!(
        "{name:<13}{calls:>9}{:>15}{:>15}{cost:>13}\n",
        count(money.prompt_tokens),
        count(money.completion_tokens)
    )
}

fn ending(summary: &Summary, paint: Paint) -> String {
    let tasks = &summary.tasks;
    let mut text = String::new();
    if let (Some(before), Some(after)) = (tasks.kill_rate_before, tasks.kill_rate_after) {
        let _ = writeln!(
            text,
            "Of {} near-misses the first tests killed {}, the final ones {}.",
            count(tasks.near_misses),
            percent(before),
            paint.bold(&percent(after))
        );
    }
    if let Some(file) = &summary.tasks_file {
        let _ = writeln!(text, "{} in {file}", paint.bold(&plural(tasks.count, "task")));
    }
    if summary.state == RunState::Stopped {
        let _ = writeln!(text, "next: isomer run -o {}", summary.run);
    }
    if let Some(id) = tasks.example.as_deref().map(|id| id.get(..8).unwrap_or(id)) {
        let _ = writeln!(text, "look: isomer show {} {id}", summary.run);
    } else if summary.stages.iter().any(|stage| stage.dropped > 0) {
        let _ = writeln!(text, "look: isomer show {}", summary.run);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::funnel;
    use crate::output::Paint;
    use crate::report::summary::RunState;
    use crate::report::testing::summary;
    use crate::settings::Answers;

    #[test]
    fn a_complete_run() {
        insta::assert_snapshot!(funnel(&summary(), Paint::default()));
    }

    #[test]
    fn a_run_in_progress_from_a_recording() {
        let mut summary = summary();
        summary.state = RunState::Working;
        summary.answers = Answers::Recording;
        summary.stages[4].failed = 3;
        summary.stages[4].in_flight = 2;
        summary.stages[5].waiting = 17;
        insta::assert_snapshot!(funnel(&summary, Paint::default()));
    }

    #[test]
    fn every_line_fits_eighty_columns_whatever_the_numbers() {
        let mut summary = summary();
        summary.state = RunState::Stopped;
        summary.seeds = Some(1_000_000);
        for stage in &mut summary.stages {
            stage.kept = 999_999;
            stage.failed = 100_000;
            stage.spent.prompt_tokens = 12_345_678_901;
        }
        summary.spent.unpriced_calls = 1;
        for line in funnel(&summary, Paint::default()).lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }

    #[test]
    fn colours_only_add_to_the_text() {
        let coloured = funnel(&summary(), Paint { enabled: true });
        let plain = funnel(&summary(), Paint::default());
        let mut stripped = String::new();
        let mut inside = false;
        for letter in coloured.chars() {
            match letter {
                '\u{1b}' => inside = true,
                'm' if inside => inside = false,
                _ if inside => {}
                _ => stripped.push(letter),
            }
        }
        assert_ne!(coloured, plain);
        assert_eq!(stripped, plain);
    }
}
