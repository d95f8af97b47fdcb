//! New domains: a schema inferred from examples, and a pack made of templates around it.

mod infer;
mod proposal;
mod template;
#[cfg(test)]
mod tests;

pub use infer::{InferError, Inferred, MOST_EXAMPLES, infer};
pub use proposal::Proposal;
pub use template::{NewPack, TemplateError};
