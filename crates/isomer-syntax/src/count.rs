//! What a program is made of, and how much of it there is.

use std::collections::{BTreeMap, BTreeSet};

use crate::Program;

/// Size of a program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Lines with code: neither blank, nor comments, nor documentation alone.
    pub lines: u32,
    /// Words, signs, names and literals; a string is one.
    pub tokens: u32,
    /// Cyclomatic complexity (McCabe, *A Complexity Measure*, 1976) of the whole program: decisions
    /// plus one. Each `if`, `elif`, loop, `except`, conditional expression, `and`, `or`, loop or
    /// condition of a comprehension, and `case` other than `case _` is a decision.
    pub cyclomatic: u32,
}

impl Program {
    /// Types of syntax nodes by their number, without words, signs and comments.
    pub fn nodes(&self) -> BTreeMap<&'static str, u32> {
        let mut counts = BTreeMap::new();
        for place in 0..self.len() {
            let node = self.node(place);
            if node.named && node.kind != "comment" {
                *counts.entry(node.kind).or_default() += 1;
            }
        }
        counts
    }

    /// Its size.
    pub fn size(&self) -> Size {
        let mut lines = BTreeSet::new();
        let mut size = Size { cyclomatic: 1, ..Size::default() };
        for place in self.tokens() {
            let node = self.node(place);
            size.tokens += 1;
            lines.extend(node.line..=node.last_line);
        }
        size.lines = u32::try_from(lines.len()).unwrap_or(u32::MAX);
        let decisions = (0..self.len()).filter(|place| self.is_decision(*place)).count();
        size.cyclomatic += u32::try_from(decisions).unwrap_or(u32::MAX - 1);
        size
    }

    /// Places of the words, signs, names and literals, without comments and documentation.
    pub(crate) fn tokens(&self) -> Vec<usize> {
        let mut tokens = Vec::new();
        let mut place = 0;
        while place < self.len() {
            let node = self.node(place);
            let plain = node.kind == "string" && !self.has_interpolation(place);
            if node.kind == "comment" || self.is_documentation(place) {
                place = node.end;
            } else if plain || node.end == place + 1 {
                if !node.bytes.is_empty() {
                    tokens.push(place);
                }
                place = node.end;
            } else {
                place += 1;
            }
        }
        tokens
    }

    fn has_interpolation(&self, string: usize) -> bool {
        self.children(string).any(|child| self.kind(child) == "interpolation")
    }

    fn is_decision(&self, place: usize) -> bool {
        match self.kind(place) {
            "if_statement"
            | "elif_clause"
            | "for_statement"
            | "while_statement"
            | "except_clause"
            | "except_group_clause"
            | "conditional_expression"
            | "boolean_operator"
            | "for_in_clause"
            | "if_clause" => true,
            "case_clause" => !self.always_matches(place),
            _ => false,
        }
    }

    /// Whether a case is `case _` without a condition.
    pub(crate) fn always_matches(&self, case: usize) -> bool {
        self.child(case, "guard").is_none()
            && self
                .children(case)
                .any(|child| self.kind(child) == "case_pattern" && self.text(child) == "_")
    }
}

#[cfg(test)]
mod tests {
    use super::Size;
    use crate::Program;

    fn size(source: &str) -> Size {
        Program::parse(source).unwrap().size()
    }

    #[test]
    fn lines_are_those_with_code() {
        let source = "\"\"\"What\nit does.\"\"\"\n# more\n\nx = [\n    1,  # one\n\n    2,\n]\ny = '''a\nb'''\n";
        assert_eq!(size(source).lines, 6);
        assert_eq!(size("").lines, 0);
        assert_eq!(size("def f():\n    'doc'\n    return 1\n").lines, 2);
    }

    #[test]
    fn tokens_are_words_signs_names_and_literals() {
        assert_eq!(size("x = 'a b c' + y  # z\n").tokens, 5);
        assert_eq!(size("if x not in y: pass\n").tokens, 7);
        assert_eq!(size("").tokens, 0);
    }

    #[test]
    fn complexity_is_decisions_plus_one() {
        for (source, expected) in [
            ("x = 1\n", 1),
            ("if a and b or c:\n    pass\nelif d:\n    pass\nelse:\n    pass\n", 5),
            ("x = [a for b in c if d]\n", 3),
            ("while a:\n    for b in c:\n        d = e if f else g\n", 4),
            ("try:\n    a()\nexcept B:\n    pass\nexcept C:\n    pass\nfinally:\n    pass\n", 3),
            ("match a:\n    case 1:\n        pass\n    case _:\n        pass\n", 2),
            ("match a:\n    case _ if b:\n        pass\n", 3),
        ] {
            assert_eq!(size(source).cyclomatic, expected, "{source}");
        }
    }

    #[test]
    fn nodes_are_counted_by_type() {
        let nodes =
            Program::parse("for a in b:\n    c(a)  # d\nfor e in f:\n    pass\n").unwrap().nodes();
        assert_eq!((nodes["for_statement"], nodes["call"]), (2, 1));
        assert!(!nodes.contains_key("comment") && !nodes.contains_key("for"));
    }
}
