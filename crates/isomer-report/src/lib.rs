//! A dataset, what was measured of it and the run it comes from, as one HTML file.
//!
//! The file needs nothing else: no network, no server, no other file. Its data are in it, packed;
//! its own script unpacks and draws them. Everything in a task is text that a model wrote, so that
//! nothing of it ever becomes markup: data are escaped or packed here, the script makes text nodes
//! alone, and the page's policy refuses every script and style but the page's own.
//!
//! Tasks are written as they come ([`Page::task`]); memory is bounded by one block of tasks and the
//! rows of the list, and the file by [`Bounds::most_bytes`]. What did not fit is said on the page.

mod assets;
mod embed;
mod error;
mod facts;
mod page;
mod row;
mod shown;

pub use error::ReportError;
pub use facts::{Example, ReasonFacts, RunFacts, Spending, StageFacts};
pub use page::{Bounds, Head, Page, Written};
pub use row::Figures;
