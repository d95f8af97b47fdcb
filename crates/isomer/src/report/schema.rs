//! What was measured of a schema, as a table; 80 columns.

use std::fmt::Write as _;

use isomer_measure::information::Interval;
use isomer_measure::schema::{Estimate, Survey};
use serde::Serialize;

use super::numbers::{count, plural};
use crate::output::Paint;

/// Everything that was measured of one schema on one set of seeds.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Measurement {
    /// The run's folder.
    pub(crate) run: String,
    /// The pack's name.
    pub(crate) pack: String,
    /// Its author's version.
    pub(crate) pack_version: u32,
    /// Digest of all the pack says, a replaced schema included.
    pub(crate) pack_digest: String,
    /// What embedded the texts.
    pub(crate) embedder: String,
    /// Seeds from which on chance gives little.
    pub(crate) enough_seeds: usize,
    /// Names of the elements; rows and columns of the figures follow them.
    pub(crate) elements: Vec<String>,
    /// The figures.
    pub(crate) survey: Survey,
}

impl Measurement {
    /// Why the figures deserve doubt, if there are too few seeds.
    pub(crate) fn warning(&self) -> Option<String> {
        let survey = &self.survey;
        (survey.items < self.enough_seeds).then(|| {
            format!(
                "{} are few for {}: much of each plain value is chance,\n\
                 and small differences mean nothing. Chance gives little from {} seeds on.",
                plural(survey.items as u64, "seed"),
                plural(survey.clusters as u64, "cluster"),
                count(self.enough_seeds as u64)
            )
        })
    }
}

/// The whole report.
pub(crate) fn schema_table(measurement: &Measurement, paint: Paint) -> String {
    let survey = &measurement.survey;
    let mut text = format!(
        "{} pack {} {}, digest {}\n{}, {}, embedder {}; all figures in nats\n",
        paint.bold(&measurement.run),
        measurement.pack,
        measurement.pack_version,
        measurement.pack_digest.get(..8).unwrap_or_default(),
        plural(survey.items as u64, "seed"),
        plural(survey.clusters as u64, "cluster"),
        measurement.embedder,
    );
    if let Some(warning) = measurement.warning() {
        let _ = writeln!(text, "{}", paint.warn(&format!("warning: {warning}")));
    }
    text.push_str(&entropies(measurement, paint));
    text.push_str(&matrix(
        "I(Eᵢ; problem | Eⱼ): what Eᵢ tells about the problem once Eⱼ is known",
        Some(&survey.about),
        &survey.given,
        paint,
    ));
    text.push_str(&matrix("I(Eᵢ; Eⱼ): what two elements both tell", None, &survey.shared, paint));
    text.push_str(&score(survey, paint));
    text
}

fn entropies(measurement: &Measurement, paint: Paint) -> String {
    let survey = &measurement.survey;
    #[expect(clippy::cast_precision_loss, reason = "clusters are few")]
    let most = (survey.clusters as f64).ln();
    let head = format!("H: how much values differ; {most:.2} at most");
    let mut text =
        format!("\n{}{:>8}{:>14}{:>8}\n", paint.bold(&format!("{head:<48}")), "H", "95 %", "plain");
    let names = std::iter::once("problem".to_owned()).chain(
        measurement
            .elements
            .iter()
            .enumerate()
            .map(|(place, name)| format!("E{} {name}", place + 1)),
    );
    for (name, estimate) in names.zip(std::iter::once(&survey.problem).chain(&survey.entropy)) {
        let name: String = name.chars().take(46).collect();
        let _ = writeln!(
            text,
            "{name:<48}{:>8}{:>14}{:>8}",
            schema_number(estimate.value),
            schema_range(estimate.interval),
            schema_number(estimate.plain)
        );
    }
    text
}

/// Five lines an element: the best guess with its interval, and what it was made from.
fn matrix(
    title: &str,
    alone: Option<&[Estimate]>,
    cells: &[Vec<Option<Estimate>>],
    paint: Paint,
) -> String {
    let mut text = format!("\n{}\n{:<14}", paint.bold(title), "");
    if alone.is_some() {
        let _ = write!(text, "{:>11}", "alone");
    }
    for place in 1..=cells.len() {
        let head = if alone.is_some() { format!("| E{place}") } else { format!("E{place}") };
        let _ = write!(text, "{head:>11}");
    }
    text.push('\n');
    for (place, row) in cells.iter().enumerate() {
        let own = alone.and_then(|alone| alone.get(place)).copied();
        let row: Vec<Option<Estimate>> =
            alone.map(|_| own).into_iter().chain(row.iter().copied()).collect();
        let name = format!("E{}", place + 1);
        text.push_str(&line(&name, &row, |estimate| {
            let mark = if estimate.is_significant() { "*" } else { " " };
            format!("{}{mark}", schema_number(estimate.value))
        }));
        // The parts of what two elements share are for those who read JSON.
        let lines = if alone.is_some() { LINES.as_slice() } else { &LINES[..1] };
        for (name, show) in lines {
            text.push_str(&paint.dim(&line(name, &row, show)));
        }
    }
    text
}

type Show = fn(&Estimate) -> String;

const LINES: [(&str, Show); 4] = [
    ("  95 %", |estimate| schema_range(estimate.interval)),
    ("  plain", |estimate| format!("{} ", schema_number(estimate.plain))),
    ("  corrected", |estimate| format!("{} ", schema_number(estimate.miller_madow))),
    ("  chance", |estimate| {
        format!("{} ", schema_number(estimate.chance.unwrap_or_default().mean))
    }),
];

fn line(name: &str, row: &[Option<Estimate>], show: impl Fn(&Estimate) -> String) -> String {
    let mut text = format!("{name:<14}");
    for cell in row {
        let cell = cell.as_ref().map_or_else(|| "· ".to_owned(), &show);
        let _ = write!(text, "{cell:>11}");
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn score(survey: &Survey, paint: Paint) -> String {
    let score = &survey.score;
    format!(
        "\n* beyond the 95th percentile of chance. First lines are plain less chance;\n  \
         corrected is the plain value after Miller and Madow.\n\n\
         {} {}  (95 %: {})\n  = spread {} + coverage {} - sharing {}\n",
        paint.bold("score"),
        paint.bold(&schema_number(score.total)),
        schema_range(survey.score_interval),
        schema_number(score.spread),
        schema_number(score.coverage),
        schema_number(score.sharing)
    )
}

/// Two decimals, and no zero with a sign.
pub(crate) fn schema_number(value: f64) -> String {
    let text = format!("{value:.2}");
    if text == "-0.00" { "0.00".to_owned() } else { text }
}

/// From one end to the other.
pub(crate) fn schema_range(interval: Interval) -> String {
    format!("{}–{}", schema_number(interval.low), schema_number(interval.high))
}

#[cfg(test)]
pub(super) mod tests {
    use isomer_measure::schema::{Labels, SurveySettings, survey};

    use super::{Measurement, schema_table};
    use crate::output::Paint;
    use crate::report::schema_picture;

    /// Two elements of which one tells half of the problem and the other nothing.
    pub(crate) fn measurement() -> Measurement {
        let problem: Vec<usize> = (0..60).map(|item| item % 4).collect();
        let elements = [
            (0..60).map(|item| item % 2).collect(),
            (0..60).map(|item| (item * item / 7) % 3).collect(),
        ];
        let labels = Labels { problem: &problem, elements: &elements };
        Measurement {
            run: "runs/first".to_owned(),
            pack: "algorithm".to_owned(),
            pack_version: 1,
            pack_digest: "3fa9c1d200112233".to_owned(),
            embedder: "hashing-256".to_owned(),
            enough_seeds: 66,
            elements: ["Core Algorithm Idea", "Story"].map(str::to_owned).to_vec(),
            survey: survey(labels, 4, SurveySettings { permutations: 50, draws: 100, seed: 0 }),
        }
    }

    #[test]
    fn the_table_shows_every_figure_with_its_doubts() {
        let table = schema_table(&measurement(), Paint::default());
        assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
        insta::assert_snapshot!(table);
    }

    #[test]
    fn the_picture_escapes_what_people_write() {
        let measurement =
            Measurement { elements: vec!["A < B".to_owned(), "C & D".to_owned()], ..measurement() };
        let picture = schema_picture(&measurement).unwrap();
        assert!(picture.contains("E1 A &lt; B") && picture.contains("C &amp; D"), "{picture}");
        assert_eq!(picture.matches("<rect").count(), 1 + 3 * 2 + 2 * 3 + 2 * 2);
    }
}
