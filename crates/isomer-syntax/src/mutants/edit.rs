//! Where a program can be changed.

use std::ops::Range;

use super::Operator;
use crate::Program;
use crate::names::Names;

/// One change of the source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edit {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) operator: Operator,
    pub(super) text: String,
}

/// All changes of a program while they are found.
pub(super) struct Edits<'program> {
    pub(super) program: &'program Program,
    pub(super) names: Names,
    found: Vec<Edit>,
}

impl Edits<'_> {
    /// Puts `text` in the place of a node.
    pub(super) fn replace(&mut self, place: usize, operator: Operator, text: impl Into<String>) {
        let bytes = self.program.node(place).bytes.clone();
        self.put(bytes, operator, text.into());
    }

    /// Puts `text` in the place of some bytes, apart from a word before them.
    pub(super) fn put(&mut self, bytes: Range<usize>, operator: Operator, text: String) {
        let source = self.program.source();
        let before = source.get(..bytes.start).and_then(|before| before.chars().next_back());
        let word = |letter: char| letter.is_alphanumeric() || letter == '_';
        let joined = before.is_some_and(word) && text.starts_with(word);
        let text = if joined { format!(" {text}") } else { text };
        if source.get(bytes.clone()).is_some_and(|old| old != text) {
            self.found.push(Edit { start: bytes.start, end: bytes.end, operator, text });
        }
    }
}

impl Program {
    /// All changes in the order of the source, each once.
    pub(super) fn edits(&self) -> Vec<Edit> {
        let mut edits = Edits { program: self, names: self.names(), found: Vec::new() };
        let mut place = 0;
        let guarded = edits.names.has_functions();
        while place < self.len() {
            if self.is_quiet(place) || guarded && self.is_main_guard(place) {
                place = self.node(place).end;
                continue;
            }
            edits.of_expression(place);
            edits.of_statement(place);
            place += 1;
        }
        edits.found.sort();
        edits.found.dedup_by(|one, other| {
            (one.start, one.end, &one.text) == (other.start, other.end, &other.text)
        });
        edits.found
    }
}
