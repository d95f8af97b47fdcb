//! A task as the page shows it: whole where it is short, cut where it is long, and saying so.

use isomer_record::{ExpectedTests, NearMiss, Provenance, TaskLine, Verdict};
use serde::Serialize;
use serde_json::Value;

/// Letters of a statement or program.
const LONG: usize = 24_000;
/// Letters of an input or an output.
const SHORT: usize = 600;
/// Tests whose input and output are shown.
const TESTS: usize = 200;
/// Letters of inputs and outputs of one task together.
const ALL_TESTS: usize = 24_000;

/// A text that may be cut: the text, and its whole length in letters if it was.
#[derive(Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Text {
    Whole(String),
    Cut { text: String, letters: usize },
}

impl Text {
    pub(crate) fn new(text: &str, most: usize) -> Self {
        match text.char_indices().nth(most) {
            None => Self::Whole(text.to_owned()),
            Some((end, _)) => Self::Cut {
                text: text[..end].to_owned(),
                letters: most + text[end..].chars().count(),
            },
        }
    }

    fn letters(&self) -> usize {
        match self {
            Self::Whole(text) | Self::Cut { text, .. } => text.len(),
        }
    }
}

/// A task on the page.
#[derive(Debug, Serialize)]
pub(crate) struct Shown<'a, M> {
    id: &'a str,
    pack: &'a str,
    statement: Text,
    judge_mode: &'static str,
    fn_name: Option<&'a str>,
    comparison: isomer_record::Comparison,
    header: Option<Text>,
    solution: Text,
    generator: Option<Text>,
    pytest: Option<Text>,
    expected: Option<&'a ExpectedTests>,
    /// Inputs and outputs of the first tests.
    tests: Vec<(Text, Text)>,
    elements: Vec<(&'a str, Text)>,
    core_elements: Vec<&'a str>,
    parents: &'a [String],
    near_misses: Vec<ShownNearMiss<'a>>,
    kill_rate_before: f64,
    kill_rate_after: f64,
    rounds: u32,
    inputs_tried: u64,
    repairs: u32,
    provenance: Option<&'a Provenance>,
    measures: &'a M,
}

#[derive(Debug, Serialize)]
struct ShownNearMiss<'a> {
    code: Text,
    mistake: Text,
    verdict_before: Verdict,
    verdict_after: Verdict,
    status: &'a isomer_record::NearMissStatus,
    /// One letter per test, as in the measured matrix.
    verdicts: String,
}

/// What is shown of a task.
pub(crate) fn shown<'a, M>(line: &'a TaskLine, measures: &'a M) -> Shown<'a, M> {
    let long = |text: &String| Text::new(text, LONG);
    let mut core: Vec<&str> = line.core_elements.iter().map(String::as_str).collect();
    if core.is_empty() {
        core.extend(line.core_element.as_deref());
    }
    Shown {
        id: &line.id,
        pack: &line.pack,
        statement: long(&line.statement),
        judge_mode: line.judge_mode.as_str(),
        fn_name: line.fn_name.as_deref(),
        comparison: line.comparison,
        header: line.header.as_ref().map(long),
        solution: long(&line.solution),
        generator: line.generator.as_ref().map(long),
        pytest: line.pytest.as_ref().map(long),
        expected: line.expected.as_ref(),
        tests: tests(line),
        elements: line
            .elements
            .iter()
            .map(|(name, value)| (name, Text::new(value, LONG)))
            .collect(),
        core_elements: core,
        parents: &line.parents,
        near_misses: line.near_misses.iter().map(near_miss).collect(),
        kill_rate_before: line.kill_rate_before,
        kill_rate_after: line.kill_rate_after,
        rounds: line.rounds,
        inputs_tried: line.inputs_tried,
        repairs: line.repairs,
        provenance: line.provenance.as_ref(),
        measures,
    }
}

fn near_miss(near_miss: &NearMiss) -> ShownNearMiss<'_> {
    ShownNearMiss {
        code: Text::new(&near_miss.code, LONG),
        mistake: Text::new(&near_miss.mistake, LONG),
        verdict_before: near_miss.verdict_before,
        verdict_after: near_miss.verdict_after,
        status: &near_miss.status,
        verdicts: near_miss.verdicts.iter().copied().map(letter).collect(),
    }
}

/// The letter of a verdict.
const fn letter(verdict: Verdict) -> char {
    match verdict {
        Verdict::Accepted => 'A',
        Verdict::WrongAnswer => 'W',
        Verdict::RuntimeError => 'R',
        Verdict::TimeLimit => 'T',
        Verdict::MemoryLimit => 'M',
        Verdict::OutputLimit => 'O',
        Verdict::CompileError | Verdict::MissingFunction => 'C',
        Verdict::NotRun => '-',
    }
}

/// The first tests, as long as there is room.
fn tests(line: &TaskLine) -> Vec<(Text, Text)> {
    let Some(suite) = line.suite() else { return Vec::new() };
    let mut room = ALL_TESTS;
    let mut tests = Vec::new();
    for (input, output) in suite.input.iter().zip(&suite.output).take(TESTS) {
        let pair = (Text::new(&readable(input), SHORT), Text::new(&readable(output), SHORT));
        let letters = pair.0.letters() + pair.1.letters();
        if letters > room {
            break;
        }
        room -= letters;
        tests.push(pair);
    }
    tests
}

/// Strings as they are, everything else as JSON.
fn readable(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use isomer_record::TaskLine;
    use serde_json::json;

    use super::{ALL_TESTS, SHORT, Text, shown};

    #[test]
    fn long_texts_are_cut_between_letters_and_say_how_long_they_were() {
        assert_eq!(Text::new("äöü", 3), Text::Whole("äöü".to_owned()));
        assert_eq!(Text::new("äöü", 2), Text::Cut { text: "äö".to_owned(), letters: 3 });
    }

    #[test]
    fn tests_are_shown_as_far_as_there_is_room() {
        let line: TaskLine = serde_json::from_value(json!({
            "id": "a", "statement": "s", "judge_mode": "stdio",
            "tests": {"input": vec!["x".repeat(SHORT * 2); 100], "output": vec!["y"; 100]},
        }))
        .unwrap();
        let page = serde_json::to_value(shown(&line, &())).unwrap();
        let tests = page["tests"].as_array().unwrap();
        assert_eq!(tests.len(), ALL_TESTS / (SHORT + 1));
        assert_eq!(tests[0][0]["letters"], SHORT * 2);
        assert_eq!(tests[0][1], "y");
    }
}
