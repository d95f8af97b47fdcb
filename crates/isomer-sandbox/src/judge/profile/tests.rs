//! The verdicts of others on text and values, as they themselves give them.

use isomer_record::JudgeMode::{Call, Stdio};
use isomer_record::Verdict;
use num_bigint::BigInt;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Profile, judge_as};
use crate::testing::{any_value, finished};
use crate::{Ending, Execution, Output, PyValue};

#[derive(Deserialize)]
struct Row {
    stdout: String,
    expected: String,
    accepted_by: Vec<String>,
}

#[test]
fn text() {
    let rows: Vec<Row> =
        serde_json::from_str(include_str!("../../../tests/data/comparisons.json")).unwrap();
    let mut complaints = Vec::new();
    for row in rows {
        let execution = finished(Output::Text(row.stdout.clone()));
        for profile in Profile::ALL {
            let measured = row.accepted_by.iter().any(|name| name == profile.as_str());
            let verdict = judge_as(profile, Stdio, &json!(row.expected), &execution);
            if (verdict == Verdict::Accepted) != measured {
                complaints.push(format!(
                    "{profile}: {:?} for {:?} is {verdict}",
                    row.stdout, row.expected
                ));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

fn int(number: i32) -> PyValue {
    PyValue::Int(BigInt::from(number))
}

fn list(items: &[PyValue]) -> PyValue {
    PyValue::List(items.to_vec())
}

fn tuple(items: &[PyValue]) -> PyValue {
    PyValue::Tuple(items.to_vec())
}

fn dict(pairs: &[(PyValue, PyValue)]) -> PyValue {
    PyValue::Dict(pairs.to_vec())
}

fn text_value(text: &str) -> PyValue {
    PyValue::Str(text.to_owned())
}

/// Which of the five graders that call functions accept a returned value, by their first letters:
/// `prime`, `livecodebench`, `scalebox`, `verifiers`, `verl` (`P L S V X`).
fn accepted(returned: &PyValue, expected: &Value) -> String {
    let execution = finished(Output::Value(returned.clone()));
    [
        (Profile::Prime, 'P'),
        (Profile::LiveCodeBench, 'L'),
        (Profile::ScaleBox, 'S'),
        (Profile::Verifiers, 'V'),
        (Profile::Verl, 'X'),
    ]
    .into_iter()
    .filter(|(profile, _)| judge_as(*profile, Call, expected, &execution) == Verdict::Accepted)
    .map(|(_, letter)| letter)
    .collect()
}

#[test]
fn values() {
    let (one, two) = (int(1), int(2));
    let pair = [one.clone(), two.clone()];
    for (returned, expected, by) in [
        (list(&pair), json!([1, 2]), "PLSVX"),
        (tuple(&pair), json!([1, 2]), "PLVX"),
        (list(&[tuple(&pair)]), json!([[1, 2]]), "VX"),
        (list(&[tuple(&pair)]), json!([[[1, 2]]]), "PV"),
        (one.clone(), json!([1, 2, 3]), "PV"),
        (list(&[]), json!([]), "PLSVX"),
        (PyValue::Float(0.1 + 0.2), json!(0.3), ""),
        (dict(&[(one.clone(), two.clone())]), json!({"1": 2}), "PVX"),
        (dict(&[(text_value("1"), two.clone())]), json!({"1": 2}), "LSVX"),
        (dict(&[(text_value("a"), two.clone())]), json!({"a": 2}), "PLSVX"),
        (list(&[dict(&[(one.clone(), two.clone())])]), json!([{"1": 2}, 3]), "P"),
        (PyValue::Bool(true), json!(1), "PLSV"),
        (one.clone(), json!(true), "PLSV"),
        (PyValue::Float(1.0), json!(1), "PLSV"),
        (PyValue::None, json!(null), "PLSVX"),
        (text_value("a\"\n"), json!("a\"\n"), "PLSV"),
        (text_value("7"), json!(7), "X"),
        (PyValue::BrokenStr(vec![0xed, 0xa0, 0x80]), json!("a"), ""),
        (dict(&[(tuple(&pair), one.clone())]), json!({"a": 2}), ""),
        (PyValue::Float(f64::NAN), json!(1), ""),
    ] {
        assert_eq!(accepted(&returned, &expected), by, "{returned:?} for {expected}");
    }
}

#[test]
fn long_integers_are_beyond_all_of_them() {
    let digits: Value = serde_json::from_str(&"9".repeat(4301)).unwrap();
    assert_eq!(accepted(&PyValue::from_json(&digits), &digits), "");
    assert_eq!(accepted(&PyValue::Int(BigInt::from(1) << (1 << 24)), &json!(1)), "");
}

#[test]
fn infinities_are_no_names_in_scalebox() {
    let expected: Value = serde_json::from_str("[1e999]").unwrap();
    let returned = list(&[PyValue::Float(f64::INFINITY)]);
    assert_eq!(accepted(&returned, &expected), "PLVX");
}

#[test]
fn ways_to_end() {
    let right = |ending| Execution { ending, ..finished(Output::Text("3\n".to_owned())) };
    let accepted = |mode, ending| {
        let execution = right(ending);
        let accepts = |profile: &Profile| {
            judge_as(*profile, mode, &json!("3"), &execution) == Verdict::Accepted
        };
        Profile::ALL.into_iter().filter(accepts).map(Profile::as_str).collect::<Vec<_>>()
    };
    // Whoever runs a program inside takes leaving for finishing.
    for profile in [Profile::Prime, Profile::LiveCodeBench] {
        let wrong = right(Ending::ExitStatus(1));
        assert_eq!(judge_as(profile, Stdio, &json!("3"), &wrong), Verdict::Accepted);
        assert_eq!(judge_as(profile, Stdio, &json!("4"), &wrong), Verdict::WrongAnswer);
    }
    // ScaleBox drops the tests of a process that died.
    assert_eq!(accepted(Stdio, Ending::ExitStatus(1)), ["prime", "livecodebench"]);
    assert_eq!(accepted(Stdio, Ending::Signal(11)), ["scalebox"]);
    assert_eq!(accepted(Call, Ending::Signal(11)), ["scalebox"]);
    assert_eq!(accepted(Call, Ending::ExitStatus(0)), ["scalebox"]);
    for ending in [Ending::ExitStatus(1), Ending::TimeLimit, Ending::MissingFunction] {
        assert!(accepted(Call, ending).is_empty());
    }
    for ending in [Ending::TimeLimit, Ending::OutputLimit, Ending::NotRun] {
        assert!(accepted(Stdio, ending).is_empty());
    }
}

#[test]
fn long_outputs_are_cut_by_sandboxfusion() {
    let text = "1\n".repeat(200_000);
    let execution = finished(Output::Text(text.clone()));
    let verdict = |profile| judge_as(profile, Stdio, &json!(text), &execution);
    for profile in Profile::ALL {
        let cut = matches!(profile, Profile::SandboxFusion | Profile::Verl);
        assert_eq!(verdict(profile) == Verdict::Accepted, !cut, "{profile}");
    }
    let wide = finished(Output::Text("€".repeat(100_000)));
    assert_eq!(judge_as(Profile::Verl, Stdio, &json!("€"), &wide), Verdict::WrongAnswer);
}

#[test]
fn names() {
    for profile in Profile::ALL {
        assert_eq!(profile.to_string().parse(), Ok(profile));
    }
    let error = "codeforces".parse::<Profile>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "no grader is called `codeforces`; known are sandboxfusion, scalebox, prime, livecodebench, \
         open-r1, verifiers, verl"
    );
}

proptest! {
    /// Even with these graders, an answer without blank lines and odd line ends is right for itself.
    #[test]
    fn text_is_right_for_itself(text in "([!-~é][ -~é]{0,8}\n){0,4}") {
        for profile in Profile::ALL {
            let execution = finished(Output::Text(text.clone()));
            let verdict = judge_as(profile, Stdio, &json!(text), &execution);
            prop_assert_eq!(verdict, Verdict::Accepted, "{}", profile);
        }
    }

    #[test]
    fn any_text_has_a_verdict(left in "[0-9eE+._ \r\n\t-]{0,12}|\\PC{0,12}", right in "[0-9eE+._ \r\n\t-]{0,12}") {
        for profile in Profile::ALL {
            let execution = finished(Output::Text(left.clone()));
            let verdict = judge_as(profile, Stdio, &json!(right), &execution);
            prop_assert!(matches!(verdict, Verdict::Accepted | Verdict::WrongAnswer));
        }
    }

    #[test]
    fn any_value_has_a_verdict(left in any_value(), right in any_value()) {
        let expected = right.to_json().unwrap_or_default();
        for profile in Profile::ALL {
            let execution = finished(Output::Value(left.clone()));
            judge_as(profile, Call, &expected, &execution);
        }
    }
}
