//! Reads the report of a session: lines of JSON from a process that ran the tests, which may be
//! hostile to us though not to the solution.

use serde::Deserialize;

use super::TestOutcome;

/// Most tests of one file.
const MOST_TESTS: usize = 10_000;

/// One line.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Line {
    Collected { tests: Vec<String> },
    Deselected { tests: Vec<String> },
    Uncollected { cause: Cause, message: String },
    Test(TestOutcome),
    End { stopped: Option<String>, gone: Option<String>, asked: Vec<String> },
}

/// Why a file could not be collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Cause {
    /// The solution does not compile.
    Compile,
    /// The solution lacks a name that the tests import.
    Missing,
    /// An exception, of the solution or of the tests.
    Error,
    /// The file skips itself.
    Skipped,
}

/// What a session wrote down before it ended.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) collected: Vec<String>,
    pub(super) deselected: bool,
    pub(super) uncollected: Option<(Cause, String)>,
    pub(super) outcomes: Vec<TestOutcome>,
    /// Whether the session came to its end.
    pub(super) complete: bool,
    /// Why it ended early, or why the solution was lost.
    pub(super) stopped: Option<String>,
    pub(super) asked: Vec<String>,
}

/// Reads what there is; a line that makes no sense is left out, which can only make things worse.
pub(super) fn read(words: &[u8]) -> Written {
    let mut written = Written::default();
    for line in words.split(|byte| *byte == b'\n') {
        match serde_json::from_slice(line) {
            Ok(Line::Collected { mut tests }) => {
                tests.truncate(MOST_TESTS);
                written.collected = tests;
            }
            Ok(Line::Deselected { tests }) => written.deselected |= !tests.is_empty(),
            Ok(Line::Uncollected { cause, message }) => {
                written.uncollected.get_or_insert((cause, message));
            }
            Ok(Line::Test(outcome)) if written.outcomes.len() < MOST_TESTS => {
                written.outcomes.push(outcome);
            }
            Ok(Line::End { stopped, gone, asked }) => {
                written.complete = true;
                written.stopped = gone.or(stopped);
                written.asked = asked;
            }
            Ok(Line::Test(_)) | Err(_) => {}
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::{Cause, read};

    #[test]
    fn lines_are_read_and_nonsense_is_left_out() {
        let written = read(
            b"{\"kind\": \"collected\", \"tests\": [\"a\"]}\nnonsense\n\xff\n\
              {\"kind\": \"test\", \"id\": \"a\", \"outcome\": \"passed\", \"microseconds\": 3, \"message\": \"\"}\n\
              {\"kind\": \"test\", \"id\": \"b\", \"outcome\": \"pas",
        );
        assert_eq!(written.collected, ["a"]);
        assert_eq!(written.outcomes.len(), 1);
        assert!(!written.complete);
    }

    #[test]
    fn only_an_end_makes_a_report_complete() {
        let end = b"{\"kind\": \"end\", \"stopped\": null, \"gone\": \"lost\", \"asked\": []}";
        let written = read(end);
        assert!(written.complete);
        assert_eq!(written.stopped.as_deref(), Some("lost"));
        assert!(!read(b"").complete);
    }

    #[test]
    fn the_first_cause_counts() {
        let written = read(
            b"{\"kind\": \"uncollected\", \"cause\": \"compile\", \"message\": \"x\"}\n\
              {\"kind\": \"uncollected\", \"cause\": \"error\", \"message\": \"y\"}",
        );
        assert_eq!(written.uncollected, Some((Cause::Compile, "x".to_owned())));
    }
}
