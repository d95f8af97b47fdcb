//! Golden and mangled replies from the packs' `examples` folders, and what no text may break.
//!
//! An example is `<stage>/<name>.md` with what must be read from it beside: `<name>.json`, or
//! `<name>.missing.txt` with the words for the model, marked `(refusal)` if it is one. Where a pack's
//! tasks are judged by pytest, `header.py` beside the stages is the header of those in `solve`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use isomer_record::{Comparison, Design, JudgeMode};
use proptest::prelude::*;
use serde::Serialize;

use super::{Missing, additions, design, elements, hardening, near_misses, programs};
use crate::pack::{ElementDefinition, Pack};

/// The function of the examples whose names start with `call`.
const FUNCTION: &str = "turned_away";

/// The survivors that the examples of `harden` are about.
const SURVIVORS: u32 = 2;

static SCHEMA: LazyLock<Vec<ElementDefinition>> =
    LazyLock::new(|| Pack::embedded("algorithm").unwrap().elements);

/// What examples are examples of.
struct Domain {
    schema: Vec<ElementDefinition>,
    /// The header of solutions, where pytest judges them.
    header: Option<String>,
}

impl Domain {
    fn mode(&self, name: &str) -> JudgeMode {
        match (&self.header, name.starts_with("call")) {
            (Some(_), _) => JudgeMode::Pytest,
            (None, true) => JudgeMode::Call,
            (None, false) => JudgeMode::Stdio,
        }
    }
}

fn read(
    domain: &Domain,
    stage: &str,
    name: &str,
    reply: &str,
) -> Result<serde_json::Value, Missing> {
    fn json(value: Result<impl Serialize, Missing>) -> Result<serde_json::Value, Missing> {
        value.map(|value| serde_json::to_value(value).unwrap())
    }
    let judge_mode = domain.mode(name);
    match stage {
        "decompose" | "recombine" => json(elements(reply, &domain.schema)),
        "design" => json(design(reply, judge_mode)),
        "solve" | "repair" => json(programs(reply, &task(domain, judge_mode))),
        "near_miss" => json(near_misses(reply)),
        "harden" if judge_mode == JudgeMode::Pytest => json(additions(reply, SURVIVORS)),
        "harden" => json(hardening(reply, SURVIVORS)),
        other => panic!("no parser reads the examples of {other}"),
    }
}

/// The design whose solutions the examples of `solve` are.
fn task(domain: &Domain, judge_mode: JudgeMode) -> Design {
    Design {
        statement: String::new(),
        judge_mode,
        fn_name: (judge_mode == JudgeMode::Call).then(|| FUNCTION.to_owned()),
        comparison: Comparison::Exact,
        header: domain.header.clone(),
    }
}

fn check(domain: &Domain, reply_file: &Path) -> Result<(), String> {
    let stage = reply_file.parent().unwrap().file_name().unwrap().to_str().unwrap();
    let name = reply_file.file_stem().unwrap().to_str().unwrap();
    let found = read(domain, stage, name, &fs::read_to_string(reply_file).unwrap());
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
    let room = Path::new(env!("CARGO_MANIFEST_DIR"));
    let packs = Pack::names().into_iter().map(|name| room.join("../../packs").join(name));
    let mut checked = 0;
    let mut faults = Vec::new();
    for folder in packs.chain([room.join("tests/pipeline/pytest_pack")]) {
        let header = fs::read_to_string(folder.join("examples/header.py")).ok();
        let pack = Pack::load(&folder).unwrap();
        let domain = Domain {
            schema: pack.elements,
            header: header.map(|header| header.trim_end().to_owned()),
        };
        for file in files(&folder.join("examples")) {
            checked += 1;
            faults.extend(check(&domain, &file).err());
        }
    }
    assert!(faults.is_empty(), "{} of {checked}:\n{}", faults.len(), faults.join("\n"));
    assert!(checked > 100, "only {checked} examples were found");
}

/// The replies in all folders of stages.
fn files(examples: &Path) -> Vec<PathBuf> {
    let entries = |folder: &Path| -> Vec<PathBuf> {
        fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect()
    };
    let replies = entries(examples).into_iter().flat_map(|stage| entries(&stage));
    replies.filter(|file| file.extension().is_some_and(|extension| extension == "md")).collect()
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
        Just("<header>".to_owned()),
        Just("</header>".to_owned()),
        Just("<tests>".to_owned()),
        Just("<additions>".to_owned()),
        Just("from solution import".to_owned()),
        Just("def test".to_owned()),
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
            for header in [None, Some("def f(a):".to_owned())] {
                let domain = Domain { schema: SCHEMA.clone(), header };
                if let Err(missing) = read(&domain, stage, name, &text) {
                    prop_assert!(!missing.text.is_empty());
                }
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
