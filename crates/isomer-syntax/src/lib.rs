//! Python source as a syntax tree, seen by tree-sitter: pure functions, no input or output, no room of
//! ours imported.
//!
//! A [`Program`] is parsed once. It tells which shapes it is made of, with names and literals hidden
//! ([`Program::blinded`], [`Program::nodes`]); which library functions it calls ([`Program::calls`]);
//! how large it is ([`Program::size`]); which lines and branches a run of it can reach
//! ([`Program::paths`]); and small faults to try tests on ([`Program::mutants`]).
//!
//! Sources are taken as hostile: nothing here recurses, and nothing takes longer than a little more
//! than linear time.
//!
//! ```
//! use isomer_syntax::{Operator, Program};
//!
//! let program = Program::parse("import heapq as h\ndef f(x):\n    return h.nlargest(2, x)\n").unwrap();
//! assert!(program.calls().contains("heapq.nlargest"));
//! let mutants = program.mutants(100);
//! assert!(mutants.iter().any(|one| one.operator == Operator::Constant));
//! assert!(mutants.iter().all(|one| Program::parse(&one.source).is_some()));
//! ```

mod blinded;
mod calls;
mod count;
mod guard;
mod mutants;
mod names;
mod paths;
mod program;

pub use count::Size;
pub use mutants::{Mutant, Operator};
pub use paths::{Branch, Paths, Statement};
pub use program::Program;
