//! Step 0: a model is shown what was measured of a schema and proposes changes.
//!
//! Whether a change is kept is decided elsewhere, by measuring again; nothing here believes the
//! model.

mod apply;
mod proposal;
mod propose;

pub use apply::{ApplyError, apply};
pub use proposal::{Change, Proposal, read as read_proposals};
pub use propose::{ElementFigures, Given, ProposeVars, Refused, propose};
