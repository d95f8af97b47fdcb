//! Which statements and branches a run of a program can reach.

use crate::Program;

/// What can be reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paths {
    /// Statements, one for each line that begins one, ascending.
    pub statements: Vec<Statement>,
    /// Branches, ascending.
    pub branches: Vec<Branch>,
}

/// A statement, without the statements inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Its first line, from 1.
    pub line: u32,
    /// Its last line; where it holds others, that of its colon.
    pub last_line: u32,
}

/// A line from which there are two ways: into a body, and elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Branch {
    /// First line of what decides, from 1.
    pub line: u32,
    /// Its last line.
    pub last_line: u32,
    /// First line of the body, which is after the last line.
    pub body_line: u32,
    /// Last line of the body.
    pub body_last_line: u32,
}

impl Program {
    /// What can be reached: statements that Python makes code of, and `if`, `elif`, `for`, `while` and
    /// `case` with a body on lines of its own and a condition that is not constant.
    ///
    /// `main` tells whether the program runs as `__main__`: if not, what is below
    /// `if __name__ == "__main__":` cannot be reached.
    pub fn paths(&self, main: bool) -> Paths {
        let mut paths = Paths::default();
        let mut place = 0;
        while place < self.len() {
            let guard = self.is_main_guard(place);
            if self.is_code(place) {
                let statement =
                    Statement { line: self.node(place).line, last_line: self.head_end(place) };
                if paths.statements.last().is_none_or(|last| last.line < statement.line) {
                    paths.statements.push(statement);
                }
                if !guard {
                    paths.branches.extend(self.branch(place));
                }
            }
            place = if guard && !main { self.node(place).end } else { place + 1 };
        }
        paths
    }

    /// Whether Python makes code of a node whose first line it then tells of.
    fn is_code(&self, place: usize) -> bool {
        match self.kind(place) {
            "elif_clause" | "except_clause" | "except_group_clause" => return true,
            "case_clause" => return !self.always_matches(place),
            _ => {}
        }
        let node = self.node(place);
        let listed = matches!(self.kind(node.parent), "module" | "block") && node.parent != place;
        listed
            && node.named
            && match node.kind {
                "comment" | "pass_statement" | "global_statement" | "nonlocal_statement"
                | "case_clause" | "line_continuation" => false,
                "expression_statement" => !self.is_idle(place),
                _ => true,
            }
    }

    /// Whether a statement is a literal, or a declaration of a type alone.
    fn is_idle(&self, statement: usize) -> bool {
        let mut children = self.named_children(statement);
        let Some(only) = children.next() else { return true };
        children.next().is_none()
            && match self.kind(only) {
                "assignment" => self.child(only, "right").is_none(),
                kind => is_literal(kind) || matches!(kind, "ellipsis" | "concatenated_string"),
            }
    }

    /// The last line of a statement before the statements inside it.
    fn head_end(&self, place: usize) -> u32 {
        let inner = match self.kind(place) {
            "decorated_definition" => self.child(place, "definition").unwrap_or(place),
            _ => place,
        };
        let colon = self.children(inner).find(|child| self.kind(*child) == ":");
        let compound = self.kind(inner) != "expression_statement";
        match colon {
            Some(colon) if compound => self.node(colon).line,
            _ => self.node(place).last_line,
        }
    }

    fn branch(&self, place: usize) -> Option<Branch> {
        let body = match self.kind(place) {
            "if_statement" | "elif_clause" | "case_clause" => self.child(place, "consequence")?,
            "while_statement" | "for_statement" => self.child(place, "body")?,
            _ => return None,
        };
        let constant = self
            .child(place, "condition")
            .is_some_and(|condition| is_literal(self.kind(condition)));
        let first = self.named_children(body).next()?;
        let branch = Branch {
            line: self.node(place).line,
            last_line: self.head_end(place),
            body_line: self.node(first).line,
            body_last_line: self
                .named_children(body)
                .last()
                .map_or(0, |last| self.node(last).last_line),
        };
        (!constant && branch.last_line < branch.body_line).then_some(branch)
    }
}

fn is_literal(kind: &str) -> bool {
    matches!(kind, "integer" | "float" | "true" | "false" | "none" | "string")
}

#[cfg(test)]
mod tests {
    use super::{Branch, Paths};
    use crate::Program;

    fn paths(source: &str) -> Paths {
        Program::parse(source).unwrap().paths(true)
    }

    fn lines(source: &str) -> Vec<u32> {
        paths(source).statements.iter().map(|statement| statement.line).collect()
    }

    fn ways(source: &str) -> Vec<[u32; 4]> {
        let numbers = |one: &Branch| [one.line, one.last_line, one.body_line, one.body_last_line];
        paths(source).branches.iter().map(numbers).collect()
    }

    #[test]
    fn statements_are_those_that_python_tells_of() {
        for (source, expected) in [
            ("'''doc\nmore'''\nimport a\n\n# no\nx = (1 +\n     2)\n", &[3, 6][..]),
            (
                "def f(a,\n      b):\n    'doc'\n    global c\n    d: int\n    e: int = 1\n    pass\n    ...\n",
                &[1, 6],
            ),
            ("@a\n@b(1)\ndef f():\n    return 1\n", &[1, 4]),
            ("try:\n    a\nexcept B:\n    c\nelse:\n    d\nfinally:\n    e\n", &[1, 2, 3, 4, 6, 8]),
            ("match a:\n    case 1:\n        b\n    case _:\n        c\n", &[1, 2, 3, 5]),
            ("if a: b\nc; d\n", &[1, 2]),
            ("class A:\n    x = 1\n    def f(self): return 1\n", &[1, 2, 3]),
        ] {
            assert_eq!(lines(source), expected, "{source}");
        }
    }

    #[test]
    fn branches_have_a_body_of_their_own() {
        for (source, expected) in [
            (
                "if a:\n    b\n    c\nelif (d and\n      e):\n    f\nelse:\n    g\n",
                &[[1, 1, 2, 3], [4, 5, 6, 6]][..],
            ),
            ("for a in b:\n    # c\n    if d:\n        e\n", &[[1, 1, 3, 4], [3, 3, 4, 4]]),
            ("while True:\n    a\nwhile 1:\n    b\nif a: b\n", &[]),
            ("while a:\n    '''b\n    '''\n    c\nelse:\n    d\n", &[[1, 1, 2, 4]]),
            (
                "match a:\n    case [b, c] if d:\n        e\n    case _:\n        f\n",
                &[[2, 2, 3, 3]],
            ),
            ("if __name__ == '__main__':\n    a\n", &[]),
        ] {
            assert_eq!(ways(source), expected, "{source}");
        }
    }

    #[test]
    fn a_module_does_not_reach_what_is_for_the_program() {
        let source = "def f():\n    return 1\nif __name__ == '__main__':\n    if f():\n        print(1)\nx = 1\n";
        let program = Program::parse(source).unwrap();
        let lines =
            |main| program.paths(main).statements.iter().map(|one| one.line).collect::<Vec<_>>();
        assert_eq!(lines(true), [1, 2, 3, 4, 5, 6]);
        assert_eq!(lines(false), [1, 2, 3, 6]);
        assert_eq!(program.paths(true).branches.len(), 1);
        assert!(program.paths(false).branches.is_empty());
    }
}
