//! Judging a dataset by many solutions per task, or solutions by a dataset.
//!
//! `tasks` finds a task by its id without holding all of them, `solutions` reads rows, `check` looks
//! at all of them before anything is run, `judge` runs one, `results` is the file that grows by a
//! line for each, `rates` says what it all amounts to, and `trouble` when the sandbox is given up.

mod check;
mod judge;
mod rates;
mod results;
mod run;
mod solutions;
pub(crate) mod tasks;
mod trouble;

pub use check::{Checked, Plan, check};
pub use judge::Conditions;
pub(crate) use judge::Judgement;
pub use rates::{Rates, TaskRates, rates};
pub use results::{Judged, Results};
pub use run::{Ended, Progress, VerifyError, run};
pub(crate) use tasks::{Held, usable};
pub use trouble::{MOST_FAILURES, ends_all};
