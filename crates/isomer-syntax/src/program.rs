//! A parsed program: its nodes in the order of the source, each with its parent.

use std::ops::Range;

use tree_sitter::Parser;

/// Longest source that is parsed, in bytes.
const MOST_BYTES: usize = 4 << 20;

/// Python source without syntax errors.
#[derive(Clone, Debug)]
pub struct Program {
    source: String,
    nodes: Vec<Node>,
}

/// A node of the tree.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// What the grammar calls it; for words and signs, themselves.
    pub(crate) kind: &'static str,
    /// Whether it is more than a word or sign.
    pub(crate) named: bool,
    /// What it is to its parent, where the grammar says.
    pub(crate) field: Option<&'static str>,
    /// Place of its parent; its own at the root.
    pub(crate) parent: usize,
    /// Place after its last descendant.
    pub(crate) end: usize,
    /// Where its source is.
    pub(crate) bytes: Range<usize>,
    /// Its first line, from 1.
    pub(crate) line: u32,
    /// Its last line, from 1.
    pub(crate) last_line: u32,
}

impl Program {
    /// Parses Python source. `None` where it has syntax errors as tree-sitter's grammar sees them,
    /// which accepts a little more than any one version of Python, or more than 4 MiB.
    pub fn parse(source: &str) -> Option<Self> {
        if source.len() > MOST_BYTES {
            return None;
        }
        let mut parser = Parser::new();
        parser.set_language(&tree_sitter_python::LANGUAGE.into()).ok()?;
        let tree = parser.parse(source, None)?;
        if tree.root_node().has_error() {
            return None;
        }
        Some(Self { source: source.to_owned(), nodes: nodes(&tree) })
    }

    /// The source.
    pub fn source(&self) -> &str {
        &self.source
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn node(&self, place: usize) -> &Node {
        &self.nodes[place]
    }

    pub(crate) fn kind(&self, place: usize) -> &'static str {
        self.nodes[place].kind
    }

    pub(crate) fn text(&self, place: usize) -> &str {
        // Bytes that a tree-sitter token ends at are ends of characters.
        self.source.get(self.nodes[place].bytes.clone()).unwrap_or_default()
    }

    /// Places of the children of a node.
    pub(crate) fn children(&self, place: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.nodes[place].end;
        let mut next = place + 1;
        std::iter::from_fn(move || {
            let child = (next < end).then_some(next)?;
            next = self.nodes[child].end;
            Some(child)
        })
    }

    /// Places of the children that are neither words, signs nor comments.
    pub(crate) fn named_children(&self, place: usize) -> impl Iterator<Item = usize> + '_ {
        self.children(place).filter(|child| {
            let child = &self.nodes[*child];
            child.named && child.kind != "comment"
        })
    }

    /// The child of this field.
    pub(crate) fn child(&self, place: usize, field: &str) -> Option<usize> {
        self.children(place).find(|child| self.nodes[*child].field == Some(field))
    }

    /// The nodes around a node, nearest first.
    pub(crate) fn ancestors(&self, place: usize) -> impl Iterator<Item = usize> + '_ {
        let mut at = place;
        std::iter::from_fn(move || {
            let parent = self.nodes[at].parent;
            (parent != at).then(|| {
                at = parent;
                parent
            })
        })
    }

    /// Whether a node is a statement of nothing but a string: documentation, or nothing at all.
    pub(crate) fn is_documentation(&self, place: usize) -> bool {
        self.kind(place) == "expression_statement"
            && self.children(place).all(|child| {
                matches!(self.kind(child), "string" | "concatenated_string" | "comment")
            })
    }
}

fn nodes(tree: &tree_sitter::Tree) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    let mut cursor = tree.walk();
    let mut open: Vec<usize> = Vec::new();
    loop {
        let place = nodes.len();
        let node = cursor.node();
        nodes.push(Node {
            kind: node.kind(),
            named: node.is_named(),
            field: cursor.field_name(),
            parent: open.last().copied().unwrap_or(place),
            end: place + 1,
            bytes: node.byte_range(),
            line: line(node.start_position().row),
            last_line: line(node.end_position().row),
        });
        if cursor.goto_first_child() {
            open.push(place);
            continue;
        }
        while !cursor.goto_next_sibling() {
            let Some(closed) = open.pop() else { return nodes };
            nodes[closed].end = nodes.len();
            if !cursor.goto_parent() {
                return nodes;
            }
        }
    }
}

fn line(row: usize) -> u32 {
    u32::try_from(row).map_or(u32::MAX, |row| row.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::Program;

    #[test]
    fn what_is_no_python_is_no_program() {
        for source in ["def f(:\n  pass", "x = = 1", "if x\n  y", "(", "a b", &"x".repeat(5 << 20)]
        {
            assert!(Program::parse(source).is_none(), "{}", &source[..source.len().min(20)]);
        }
        for source in ["", "\n\n", "# only\n", "x = 1", "match x:\n    case 1: pass\n", "é = 'ü'\n"]
        {
            assert!(Program::parse(source).is_some(), "{source}");
        }
    }

    #[test]
    fn nodes_know_their_places() {
        let program = Program::parse("if a:\n    b = 'ü' + c\nelse:\n    d()\n").unwrap();
        assert_eq!(program.node(0).end, program.len());
        for place in 1..program.len() {
            let parent = program.node(place).parent;
            assert!(parent < place && program.node(place).end <= program.node(parent).end);
            assert!(program.children(parent).any(|child| child == place));
        }
        let statement = program.children(0).next().unwrap();
        assert_eq!(program.kind(statement), "if_statement");
        assert_eq!(program.text(program.child(statement, "condition").unwrap()), "a");
    }

    /// As deep as a source can be, in both ways: nothing here may recurse.
    #[test]
    fn deep_sources_are_no_trouble() {
        let deep = format!("x = {}1{}\n", "(".repeat(20_000), ")".repeat(20_000));
        let chain = format!("x = 1{}\n", " + 1".repeat(20_000));
        for source in [deep, chain] {
            let Some(program) = Program::parse(&source) else { continue };
            assert!(!program.blinded().is_empty());
            assert!(program.size().tokens > 0 && !program.nodes().is_empty());
            assert!(program.calls().is_empty());
            assert_eq!(program.paths(true).statements.len(), 1);
            assert!(program.mutants(3).len() <= 3);
        }
    }
}
