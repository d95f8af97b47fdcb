//! Names of comparisons, and the verdict by one of them.

use isomer_record::{Comparison, JudgeMode, Verdict};
use isomer_sandbox::{Execution, judge};
use serde_json::Value;

use crate::fields::Fields;

/// How answers are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Compare(Comparison);

impl Compare {
    /// Every name.
    const NAMES: &'static [(&'static str, Comparison)] =
        &[("exact", Comparison::Exact), ("float", Comparison::Float)];

    /// Reads a name; strict when there is none.
    pub(crate) fn read(fields: &mut Fields<'_>, name: &str) -> Self {
        let Some(wish) = fields.optional_text(name) else { return Self::default() };
        if let Some((_, found)) = Self::NAMES.iter().find(|(known, _)| *known == wish) {
            return Self(*found);
        }
        let names: Vec<String> = Self::NAMES.iter().map(|(name, _)| format!("'{name}'")).collect();
        fields.wrong(name, "literal_error", format!("Input should be {}", names.join(" or ")));
        Self::default()
    }

    /// The verdict on one execution.
    pub(crate) fn verdict(
        self,
        mode: JudgeMode,
        expected: &Value,
        execution: &Execution,
    ) -> Verdict {
        judge(mode, self.0, expected, execution)
    }
}
