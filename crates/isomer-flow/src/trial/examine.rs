//! The whole examination of a reference solution and a generator.

use isomer_record::Design;

use super::Flaw;
use super::confirm::{Confirmed, confirm};
use super::generate::twice;
use super::suite::check;
use crate::stages::{Cx, Exit};

/// Makes the suite twice, checks it, and has the solution confirm it twice.
pub(crate) async fn examine(
    cx: &Cx,
    design: &Design,
    solution: &str,
    generator: &str,
) -> Result<Result<Confirmed, Flaw>, Exit> {
    let made = twice(cx, design.judge_mode, generator).await?;
    match made.and_then(|suite| check(suite, &cx.pack.limits.suite)) {
        Ok(suite) => confirm(cx, design, solution, suite).await,
        Err(flaw) => Ok(Err(flaw)),
    }
}
