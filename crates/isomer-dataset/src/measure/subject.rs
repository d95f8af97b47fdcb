//! What is compared of a task, or of a row of a set.

use std::collections::BTreeSet;

use isomer_record::Seed;
use isomer_syntax::Program;

/// A task or a row as the axes see it. What is not known is empty, and figures that need it leave the
/// task out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Subject<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its text.
    pub statement: &'a str,
    /// Its solution as it is shown beside another one.
    pub solution: &'a str,
    /// What its solution is made of.
    pub shape: Option<&'a Shape>,
    /// The embedding of its statement, of any length but 0.
    pub vector: &'a [f32],
    /// Values of its elements; rows of a set need none.
    pub elements: &'a [ElementValue<'a>],
    /// Name of its core element.
    pub core: Option<&'a str>,
}

/// A value of an element.
#[derive(Clone, Copy, Debug, Default)]
pub struct ElementValue<'a> {
    /// The element.
    pub name: &'a str,
    /// Its value.
    pub value: &'a str,
    /// The embedding of the value.
    pub vector: &'a [f32],
}

/// What a program is made of, whatever its names and literals are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Hashes of blinded pieces of its syntax tree, sorted, none of them twice.
    pub blinded: Vec<u32>,
    /// Types of its syntax nodes.
    pub nodes: BTreeSet<&'static str>,
    /// Library functions, builtins and methods that it calls.
    pub calls: BTreeSet<String>,
}

impl Shape {
    /// The shape of a program.
    pub fn of(program: &Program) -> Self {
        // Half of each hash does: two programs are compared, of some thousand pieces.
        let halves = program.blinded().into_iter().map(|hash| (hash >> 32) as u32);
        let blinded = halves.collect::<BTreeSet<u32>>().into_iter().collect();
        Self { blinded, nodes: program.nodes().into_keys().collect(), calls: program.calls() }
    }
}

impl<'a> From<&'a Seed> for Subject<'a> {
    fn from(seed: &'a Seed) -> Self {
        Self {
            id: &seed.id,
            statement: &seed.statement,
            solution: seed.solution.as_deref().unwrap_or_default(),
            ..Self::default()
        }
    }
}
