//! What the values of a schema's elements tell about the problems they were taken from.
//!
//! A schema is good when its elements are informative (their values differ, and together they tell
//! much about the problem) and orthogonal (what one tells, the others do not). [`survey()`] measures
//! both from discrete labels, one of the problem and one of each element for every seed; [`compare`]
//! says whether one schema is better than another on the same seeds, and how sure that is.

mod compare;
mod draws;
mod estimate;
mod score;
mod survey;

pub use compare::{Comparison, compare};
pub use estimate::Estimate;
pub use score::Score;
pub use survey::{Labels, Survey, SurveySettings, enough_items, survey};

#[cfg(test)]
mod tests;
