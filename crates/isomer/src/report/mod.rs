//! Texts about runs, made from plain figures: what is shown is what `--json` prints.

mod collect;
mod curation;
mod doctor;
mod export;
mod funnel;
mod item;
mod list;
mod matrix;
mod measured;
mod numbers;
mod schema;
mod schema_history;
mod schema_picture;
mod several;
mod summary;
#[cfg(test)]
pub(crate) mod testing;
mod verification;
mod wrap;

pub(crate) use collect::{collect, collect_at_end, collect_state, open};
pub(crate) use curation::{Curation, curation};
pub(crate) use doctor::{Check, Level, doctor};
pub(crate) use export::{export, export_json};
pub(crate) use funnel::funnel;
pub(crate) use item::{Call, Dossier, Reject, Trial, item};
pub(crate) use list::{RejectLine, Shelf, TaskLine, list};
pub(crate) use measured::{Measurements, measurements};
pub(crate) use numbers::{count, dollars, duration};
pub(crate) use schema::{Measurement, schema_number, schema_range, schema_table};
pub(crate) use schema_history::{Attempt, Decision, History, Terms, schema_history};
pub(crate) use schema_picture::schema_picture;
pub(crate) use several::{Several, several};
pub(crate) use summary::{Money, RunState, StageSummary, Summary, product_name};
pub(crate) use verification::{Verification, verification};
