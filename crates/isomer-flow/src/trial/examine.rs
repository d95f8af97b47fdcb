//! The whole examination of a reference solution and its tests.

use isomer_record::{Design, TestSource};

use super::confirm::{Confirmed, confirm};
use super::generate::twice;
use super::suite::check;
use super::{Flaw, pytest};
use crate::stages::{Cx, Exit};

/// Makes the suite twice, checks it, and has the solution confirm it twice; or runs the test file
/// with the solution and with what must not pass.
pub(crate) async fn examine(
    cx: &Cx,
    design: &Design,
    solution: &str,
    tests: &TestSource,
) -> Result<Result<Confirmed, Flaw>, Exit> {
    let generator = match tests {
        TestSource::Generator(generator) => generator,
        TestSource::Pytest(tests) => return pytest::examine(cx, solution, tests).await,
    };
    let made = twice(cx, design.judge_mode, generator).await?;
    match made.and_then(|suite| check(suite, &cx.pack.limits.suite)) {
        Ok(suite) => confirm(cx, design, solution, suite).await,
        Err(flaw) => Ok(Err(flaw)),
    }
}
