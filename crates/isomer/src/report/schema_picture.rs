//! What was measured of a schema, as a picture: bars of entropy and two heat maps.

use isomer_measure::information::Interval;
use isomer_measure::schema::Estimate;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment};
use serde::Serialize;

use super::numbers::plural;
use super::schema::{Measurement, schema_number, schema_range};
use crate::failure::Failure;

const TEMPLATE: &str = include_str!("../../templates/schema.svg.j2");

const LEFT: f64 = 32.0;
const LABEL: f64 = 210.0;
const BAR: f64 = 440.0;
const STEP: f64 = 28.0;
const CELL: f64 = 84.0;
const CELL_HEIGHT: f64 = 46.0;
const GAP: f64 = 4.0;

/// Ends of the colour scale: next to nothing, and all there can be.
const PALE: [f64; 3] = [239.0, 244.0, 250.0];
const DEEP: [f64; 3] = [16.0, 84.0, 148.0];
const EMPTY: &str = "#f7f8fa";

#[derive(Serialize)]
struct Picture {
    title: String,
    subtitle: String,
    warning: Option<String>,
    score: String,
    width: f64,
    height: f64,
    left: f64,
    panels: Vec<Panel>,
}

#[derive(Default, Serialize)]
struct Panel {
    x: f64,
    y: f64,
    title: &'static str,
    note: String,
    label: f64,
    span: f64,
    bars: Vec<Bar>,
    columns: Vec<Label>,
    rows: Vec<Label>,
    cells: Vec<Cell>,
}

#[derive(Serialize)]
struct Bar {
    name: String,
    y: f64,
    length: f64,
    low: f64,
    high: f64,
    value: String,
    fill: String,
}

#[derive(Serialize)]
struct Label {
    text: String,
    x: f64,
    y: f64,
}

#[derive(Serialize)]
struct Cell {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    fill: String,
    ink: &'static str,
    value: String,
    range: String,
}

/// The picture as SVG.
pub(crate) fn schema_picture(measurement: &Measurement) -> Result<String, Failure> {
    let failed = |error| Failure::because("failed to draw the picture", &error);
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("schema.svg", TEMPLATE).map_err(failed)?;
    let template = environment.get_template("schema.svg").map_err(failed)?;
    template.render(Serde(picture(measurement))).map_err(failed)
}

fn picture(measurement: &Measurement) -> Picture {
    let survey = &measurement.survey;
    let count = measurement.elements.len();
    let bars = bars(measurement, if measurement.warning().is_some() { 124.0 } else { 104.0 });
    let below = bars.y + 40.0 + STEP * size(count + 1) + 30.0;
    let given = given(measurement, below);
    let below = below + 52.0 + (CELL_HEIGHT + GAP) * size(count) + 34.0;
    let shared = shared(measurement, below);
    let below = below + 52.0 + (CELL_HEIGHT + GAP) * size(count) + 96.0;
    let widest = LEFT + LABEL + 10.0 + (CELL + GAP) * size(count + 1) + LEFT;
    Picture {
        title: format!("What the elements of {} tell", measurement.pack),
        subtitle: format!(
            "{}, version {}, {}, {}, embedder {}",
            measurement.run,
            measurement.pack_version,
            plural(survey.items as u64, "seed"),
            plural(survey.clusters as u64, "cluster"),
            measurement.embedder
        ),
        warning: measurement.warning().map(|_| {
            format!(
                "{} are few for {}: small differences mean nothing.",
                plural(survey.items as u64, "seed"),
                plural(survey.clusters as u64, "cluster")
            )
        }),
        score: format!(
            "Score {} ({})  =  spread {}  +  coverage {}  −  sharing {}",
            schema_number(survey.score.total),
            schema_range(survey.score_interval),
            schema_number(survey.score.spread),
            schema_number(survey.score.coverage),
            schema_number(survey.score.sharing)
        ),
        width: widest.max(860.0),
        height: below,
        left: LEFT,
        panels: vec![bars, given, shared],
    }
}

fn bars(measurement: &Measurement, y: f64) -> Panel {
    let survey = &measurement.survey;
    let most = size(survey.clusters).ln();
    let length = |value: f64| if most > 0.0 { (value / most).clamp(0.0, 1.0) * BAR } else { 0.0 };
    let names = std::iter::once("problem".to_owned()).chain(names(measurement));
    let estimates = std::iter::once(&survey.problem).chain(&survey.entropy);
    let bars = names.zip(estimates).enumerate().map(|(place, (name, estimate))| {
        let Interval { low, high } = estimate.interval;
        Bar {
            name,
            y: 40.0 + STEP * size(place),
            length: length(estimate.value),
            low: LABEL + 10.0 + length(low),
            high: LABEL + 10.0 + length(high),
            value: schema_number(estimate.value),
            fill: if place == 0 { "#9aa5b1".to_owned() } else { colour(0.62) },
        }
    });
    Panel {
        x: LEFT,
        y,
        title: "Entropy: how much the values differ",
        note: format!("the grey bar is the most that the clusters allow, {}", schema_number(most)),
        label: LABEL,
        span: BAR,
        bars: bars.collect(),
        ..Panel::default()
    }
}

fn given(measurement: &Measurement, y: f64) -> Panel {
    let survey = &measurement.survey;
    let rows: Vec<Vec<Option<Estimate>>> = survey
        .about
        .iter()
        .zip(&survey.given)
        .map(|(about, given)| std::iter::once(Some(*about)).chain(given.iter().copied()).collect())
        .collect();
    let heads = (1..=survey.given.len()).map(|place| format!("| E{place}"));
    let heads: Vec<String> = std::iter::once("alone".to_owned()).chain(heads).collect();
    Panel {
        y,
        title: "What an element tells about the problem: I(Eᵢ; problem | Eⱼ)",
        note: "each row: alone, and once another element is known. Dark is good.".to_owned(),
        ..grid(measurement, &heads, &rows, survey.problem.value)
    }
}

fn shared(measurement: &Measurement, y: f64) -> Panel {
    let survey = &measurement.survey;
    let heads: Vec<String> = (1..=survey.shared.len()).map(|place| format!("E{place}")).collect();
    Panel {
        y,
        title: "What two elements both tell: I(Eᵢ; Eⱼ)",
        note: "orthogonal elements share nothing. Pale is good.".to_owned(),
        ..grid(measurement, &heads, &survey.shared, survey.problem.value)
    }
}

/// A heat map; `most` is the darkest.
fn grid(
    measurement: &Measurement,
    heads: &[String],
    rows: &[Vec<Option<Estimate>>],
    most: f64,
) -> Panel {
    let x = |column: usize| LABEL + 10.0 + (CELL + GAP) * size(column);
    let y = |row: usize| 52.0 + (CELL_HEIGHT + GAP) * size(row);
    let cells = rows.iter().enumerate().flat_map(|(row, cells)| {
        cells.iter().enumerate().map(move |(column, cell)| {
            let share = cell.map(|cell| if most > 0.0 { cell.value / most } else { 0.0 });
            Cell {
                x: x(column),
                y: y(row),
                width: CELL,
                height: CELL_HEIGHT,
                fill: share.map_or_else(|| EMPTY.to_owned(), colour),
                ink: if share.is_some_and(|share| share > 0.45) { "#ffffff" } else { "#1f2933" },
                value: cell.map_or_else(String::new, |cell| {
                    let mark = if cell.is_significant() { "*" } else { "" };
                    format!("{}{mark}", schema_number(cell.value))
                }),
                range: cell.map_or_else(String::new, |cell| schema_range(cell.interval)),
            }
        })
    });
    let label = |text, x, y| Label { text, x, y };
    Panel {
        x: LEFT,
        label: LABEL,
        columns: heads
            .iter()
            .enumerate()
            .map(|(column, head)| label(head.clone(), x(column) + CELL / 2.0, 0.0))
            .collect(),
        rows: names(measurement)
            .enumerate()
            .map(|(row, name)| label(name, 0.0, y(row) + CELL_HEIGHT / 2.0 + 4.0))
            .collect(),
        cells: cells.collect(),
        ..Panel::default()
    }
}

/// `E1 Name`, cut where the column ends.
fn names(measurement: &Measurement) -> impl Iterator<Item = String> {
    measurement.elements.iter().enumerate().map(|(place, name)| {
        let name = if name.chars().count() > 24 {
            name.chars().take(23).chain(['…']).collect()
        } else {
            name.clone()
        };
        format!("E{} {name}", place + 1)
    })
}

/// A colour between pale and deep.
fn colour(share: f64) -> String {
    let share = share.clamp(0.0, 1.0);
    let [red, green, blue] = std::array::from_fn(|channel| {
        (PALE[channel] + (DEEP[channel] - PALE[channel]) * share).round()
    });
    format!("rgb({red},{green},{blue})")
}

#[expect(clippy::cast_precision_loss, reason = "elements and clusters are few")]
fn size(count: usize) -> f64 {
    count as f64
}
