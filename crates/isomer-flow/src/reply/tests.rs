//! Golden and mangled replies from the packs' `examples` folders, and what no text may break.
//!
//! An example is `<stage>/<name>.md` with what must be read from it beside: `<name>.json`, or
//! `<name>.missing.txt` with the words for the model, marked `(refusal)` if it is one.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use isomer_record::JudgeMode;
use proptest::prelude::*;
use serde::Serialize;

use super::{Missing, design, elements, hardening, near_misses, programs};
use crate::pack::{ElementDefinition, Pack};

/// The function of the examples whose names start with `call`.
const FUNCTION: &str = "turned_away";

/// The survivors that the examples of `harden` are about.
const SURVIVORS: u32 = 2;

static SCHEMA: LazyLock<Vec<ElementDefinition>> =
    LazyLock::new(|| Pack::embedded("algorithm").unwrap().elements);

fn read(stage: &str, name: &str, reply: &str) -> Result<serde_json::Value, Missing> {
    fn json(value: Result<impl Serialize, Missing>) -> Result<serde_json::Value, Missing> {
        value.map(|value| serde_json::to_value(value).unwrap())
    }
    let call = name.starts_with("call");
    let judge_mode = if call { JudgeMode::Call } else { JudgeMode::Stdio };
    match stage {
        "decompose" => json(elements(reply, &SCHEMA)),
        "design" => json(design(reply, judge_mode)),
        "solve" => json(programs(reply, call.then_some(FUNCTION))),
        "near_miss" => json(near_misses(reply)),
        "harden" => json(hardening(reply, SURVIVORS)),
        other => panic!("no parser reads the examples of {other}"),
    }
}

fn check(reply_file: &Path) -> Result<(), String> {
    let stage = reply_file.parent().unwrap().file_name().unwrap().to_str().unwrap();
    let name = reply_file.file_stem().unwrap().to_str().unwrap();
    let found = read(stage, name, &fs::read_to_string(reply_file).unwrap());
    let expected = if let Ok(text) = fs::read_to_string(reply_file.with_extension("json")) {
        Ok(serde_json::from_str(&text).unwrap())
    } else {
        let text = fs::read_to_string(reply_file.with_extension("missing.txt")).unwrap();
        let text = text.trim();
        let told = text.strip_prefix("(refusal) ");
        Err(Missing { text: told.unwrap_or(text).to_owned(), refusal: told.is_some() })
    };
    if found == expected {
        return Ok(());
    }
    Err(format!("{stage}/{name}\n  expected {expected:?}\n  found    {found:?}"))
}

#[test]
fn examples_are_read_as_expected() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/algorithm/examples");
    let mut checked = 0;
    let mut faults = Vec::new();
    for stage in fs::read_dir(examples).unwrap() {
        for file in fs::read_dir(stage.unwrap().path()).unwrap() {
            let file = file.unwrap().path();
            if file.extension().is_some_and(|extension| extension == "md") {
                checked += 1;
                faults.extend(check(&file).err());
            }
        }
    }
    assert!(faults.is_empty(), "{} of {checked}:\n{}", faults.len(), faults.join("\n"));
    assert!(checked > 80, "only {checked} examples were found");
}

/// Text made of what the parsers look for, so that arbitrary text reaches their corners.
fn hostile_text() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        Just("<elements>".to_owned()),
        Just("</elements>".to_owned()),
        Just("<statement>".to_owned()),
        Just("</statement>".to_owned()),
        Just("<function>".to_owned()),
        Just("</function>".to_owned()),
        Just("<solution>".to_owned()),
        Just("</solution>".to_owned()),
        Just("<generator>".to_owned()),
        Just("</generator>".to_owned()),
        Just("<near_miss>".to_owned()),
        Just("</near_miss>".to_owned()),
        Just("<equivalent>".to_owned()),
        Just("```python".to_owned()),
        Just("```".to_owned()),
        Just("\"\"\"".to_owned()),
        Just("Story Background".to_owned()),
        Just("Mistake:".to_owned()),
        Just("def generate_tests".to_owned()),
        "[\\n\\r *:`'#0-9-]{0,4}",
        "\\PC{0,8}",
        any::<String>(),
    ];
    prop::collection::vec(token, 0..24).prop_map(|tokens| tokens.concat())
}

proptest! {
    #[test]
    fn no_text_makes_a_parser_panic(text in hostile_text()) {
        for (stage, name) in [
            ("decompose", ""), ("design", "stdio"), ("design", "call"), ("solve", "stdio"),
            ("solve", "call"), ("near_miss", ""), ("harden", ""),
        ] {
            if let Err(missing) = read(stage, name, &text) {
                prop_assert!(!missing.text.is_empty());
            }
        }
    }

    #[test]
    fn element_sets_survive_any_heading_style(
        values in prop::collection::vec("[a-zA-Z][a-zA-Z0-9 ,.()\n-]{0,60}[a-z.]", 4),
        style in 0_usize..8,
        end in prop::sample::select(vec!["\n", "\r\n"]),
    ) {
        let mut reply = format!("Thinking about it.{end}<elements>{end}");
        for (index, (element, value)) in SCHEMA.iter().zip(&values).enumerate() {
            let (name, number) = (&element.name, index + 1);
            let heading = match style {
                0 => format!("{name}: "),
                1 => format!("**{name}**: "),
                2 => format!("**{name}:** "),
                3 => format!("{number}. {name}: "),
                4 => format!("### {name}{end}"),
                5 => format!("- {name} — "),
                6 => format!("  * __{}__ : ", name.to_uppercase()),
                _ => format!("{number}) `{name}`:{end}{end}"),
            };
            reply.push_str(&heading);
            reply.push_str(&value.replace('\n', end));
            reply.push_str(end);
        }
        reply.push_str("</elements>");
        let found = elements(&reply, &SCHEMA).unwrap();
        for (element, value) in SCHEMA.iter().zip(&values) {
            let lines: Vec<&str> = value.trim().lines().map(str::trim_end).collect();
            let expected = lines.join("\n");
            prop_assert_eq!(found.get(&element.name), Some(expected.as_str()));
        }
    }
}
