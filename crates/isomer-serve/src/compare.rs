//! Names of comparisons, and the verdict by one of them.

use isomer_record::{Comparison, JudgeMode, Verdict};
use isomer_sandbox::{Execution, Profile, judge, judge_as};
use serde_json::Value;

use crate::fields::Fields;

/// How answers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compare {
    /// By a rule of ours.
    Rule(Comparison),
    /// As another grader would, mistakes included.
    Grader(Profile),
}

const RULES: [(&str, Comparison); 4] = [
    ("exact", Comparison::Exact),
    ("float", Comparison::Float),
    ("token", Comparison::Token),
    ("unordered", Comparison::Unordered),
];

impl Compare {
    /// Reads a name; strict when there is none.
    pub(crate) fn read(fields: &mut Fields<'_>, name: &str) -> Self {
        let strict = Self::Rule(Comparison::Exact);
        let Some(wish) = fields.optional_text(name) else { return strict };
        if let Some((_, rule)) = RULES.iter().find(|(known, _)| *known == wish) {
            return Self::Rule(*rule);
        }
        if let Ok(grader) = wish.parse() {
            return Self::Grader(grader);
        }
        let rules = RULES.iter().map(|(name, _)| *name);
        let graders = Profile::ALL.iter().map(|grader| grader.as_str());
        let names: Vec<String> = rules.chain(graders).map(|name| format!("'{name}'")).collect();
        fields.wrong(name, "literal_error", format!("Input should be one of {}", names.join(", ")));
        strict
    }

    /// Whether a program that did not finish can still be right, which some graders overlook.
    pub(crate) const fn forgives_endings(self) -> bool {
        matches!(self, Self::Grader(_))
    }

    /// The verdict on one execution.
    pub(crate) fn verdict(
        self,
        mode: JudgeMode,
        expected: &Value,
        execution: &Execution,
    ) -> Verdict {
        match self {
            Self::Rule(rule) => judge(mode, rule, expected, execution),
            Self::Grader(grader) => judge_as(grader, mode, expected, execution),
        }
    }
}
