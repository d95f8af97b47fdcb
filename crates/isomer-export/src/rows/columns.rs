//! The columns of each format, for layouts that must know them beforehand.

use crate::format::Format;

/// A column, or a member of one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Column {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it holds.
    pub(crate) kind: Kind,
}

/// What a column holds; every value may be missing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// Text.
    Text,
    /// An integer of 64 bits.
    Int,
    /// A float of 64 bits.
    Float,
    /// A list.
    List(Box<Kind>),
    /// Named members.
    Struct(Vec<Column>),
}

const fn text(name: &'static str) -> Column {
    Column { name, kind: Kind::Text }
}

const fn int(name: &'static str) -> Column {
    Column { name, kind: Kind::Int }
}

const fn float(name: &'static str) -> Column {
    Column { name, kind: Kind::Float }
}

fn group(name: &'static str, members: Vec<Column>) -> Column {
    Column { name, kind: Kind::Struct(members) }
}

fn list(name: &'static str, item: Kind) -> Column {
    Column { name, kind: Kind::List(Box::new(item)) }
}

fn chat(name: &'static str) -> Column {
    list(name, Kind::Struct(vec![text("role"), text("content")]))
}

fn tests(name: &'static str, kind: bool) -> Column {
    let mut members = vec![text("input"), text("output")];
    if kind {
        members.push(text("type"));
    }
    list(name, Kind::Struct(members))
}

/// The columns of a format, in order.
pub(crate) fn columns(format: Format) -> Vec<Column> {
    match format {
        Format::Verl => vec![
            text("data_source"),
            chat("prompt"),
            text("ability"),
            group("reward_model", vec![text("style"), text("ground_truth")]),
            group("extra_info", vec![text("split"), int("index"), text("isomer_id")]),
        ],
        Format::LiveCodeBench => vec![
            text("data_source"),
            chat("prompt"),
            text("env_class"),
            group("reward_spec", vec![text("method"), text("ground_truth")]),
            group("extra_info", vec![int("index"), text("isomer_id")]),
            text("uid"),
            int("index"),
            text("question"),
            text("ground_truth"),
            text("starter_code"),
            text("metadata"),
        ],
        Format::NemoGym => vec![
            group("responses_create_params", vec![chat("input")]),
            group(
                "verifier_metadata",
                vec![group(
                    "unit_tests",
                    vec![list("inputs", Kind::Text), list("outputs", Kind::Text), text("fn_name")],
                )],
            ),
            text("hash_id"),
            text("dataset"),
            text("source"),
        ],
        Format::OpenR1 => vec![
            chat("prompt"),
            group("verification_info", vec![text("language"), tests("test_cases", true)]),
            text("isomer_id"),
        ],
        Format::OpenR1Checker => vec![
            chat("prompt"),
            text("id"),
            text("language"),
            tests("official_tests", false),
            text("generated_checker"),
            float("time_limit"),
            float("memory_limit"),
            text("input_mode"),
        ],
        Format::Verifiers => vec![text("question"), text("answer"), text("info")],
        Format::OpenRlhf => {
            vec![chat("input"), text("label"), text("datasource"), text("isomer_id")]
        }
        Format::OpenInstruct => {
            vec![chat("messages"), text("ground_truth"), text("dataset"), text("isomer_id")]
        }
        Format::Taco => [
            "question",
            "solutions",
            "starter_code",
            "input_output",
            "difficulty",
            "name",
            "source",
        ]
        .map(text)
        .to_vec(),
        Format::Jsonl | Format::Parquet => native(),
        Format::Dpo => vec![
            chat("prompt"),
            chat("chosen"),
            chat("rejected"),
            text("isomer_id"),
            int("near_miss"),
            text("mistake"),
        ],
    }
}

fn native() -> Vec<Column> {
    let mut columns: Vec<Column> = [
        "id",
        "pack",
        "statement",
        "judge_mode",
        "fn_name",
        "comparison",
        "header",
        "solution",
        "generator",
        "pytest",
        "expected",
        "tests",
        "elements",
        "core_element",
        "core_elements",
        "parents",
        "near_misses",
    ]
    .map(text)
    .to_vec();
    columns.extend([float("kill_rate_before"), float("kill_rate_after")]);
    columns.extend(["rounds", "inputs_tried", "repairs"].map(int));
    columns.push(text("provenance"));
    columns
}
