//! Small faults put into a program, one at a time.

mod choose;
mod edit;
mod expressions;
mod number;
mod quiet;
mod statements;
#[cfg(test)]
mod tests;

use crate::Program;

/// A program with one fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// Its whole source, which parses and differs from that of every other mutant.
    pub source: String,
    /// Line of the program that was changed, from 1.
    pub line: u32,
    /// Which kind of fault it is.
    pub operator: Operator,
    /// The changed lines before, without the white space around them, cut to 200 characters.
    pub before: String,
    /// The same lines after.
    pub after: String,
}

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// Another arithmetic or bitwise operator, as in `a - b` for `a + b`, also in `a += b`; another
    /// sign.
    Arithmetic,
    /// The contrary comparison: `!=` for `==`, `>=` for `<`, `not in` for `in`, `is not` for `is`.
    Comparison,
    /// A comparison that differs on equal values only: `<=` for `<`, `>` for `>=`.
    Boundary,
    /// `or` for `and`, `False` for `True`, and `a` for `not a`.
    Boolean,
    /// A number that is greater or smaller by one.
    Constant,
    /// The contrary of a condition of `if`, `elif`, `while`, a conditional expression or a
    /// comprehension that is more than a comparison.
    Condition,
    /// `pass` for a statement that does something: a call, an assignment to a name that has a value
    /// already, `raise`, a `return`, `break` or `continue` amid others, an `if` without `else`.
    Statement,
    /// Another returned value: `None`, an empty list, dictionary or text, or the contrary.
    Return,
    /// `continue` for `break`, and the other way round.
    Loop,
    /// The counterpart of a function: `max` for `min`, `all` for `any`, `bisect_right` for
    /// `bisect_left`, `ceil` for `floor`.
    Function,
    /// An index or an end of a slice that is off by one.
    Index,
}

impl Operator {
    /// Its name in records.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Arithmetic => "arithmetic",
            Self::Comparison => "comparison",
            Self::Boundary => "boundary",
            Self::Boolean => "boolean",
            Self::Constant => "constant",
            Self::Condition => "condition",
            Self::Statement => "statement",
            Self::Return => "return",
            Self::Loop => "loop",
            Self::Function => "function",
            Self::Index => "index",
        }
    }
}

impl Program {
    /// Its mutants in the order of the source, at most `most`: of more, as many as can be of each
    /// operator, spread evenly over the program.
    ///
    /// Left alone are documentation, imports, types, decorators, assertions, patterns of `match`,
    /// calls that only set the interpreter up, and `if __name__ == "__main__":` with what is below
    /// it, unless the program has no functions. Faults that would nearly always crash are not made.
    pub fn mutants(&self, most: usize) -> Vec<Mutant> {
        choose::chosen(self, self.edits(), most)
    }
}
