//! Which Python runs the programs of a command.

use std::fs::File;

use super::Setting;
use crate::failure::Failure;
use crate::managed::{self, Need, Place};
use crate::settings::{IsolationName, Operation};

/// Puts the Python that has everything that is needed into `operation`. What is returned keeps the
/// managed one from being made anew while it is used. Servers have a Python of their own.
pub(super) fn choose(
    needs: &[Need],
    operation: &mut Operation,
    setting: Setting<'_>,
) -> Result<Option<File>, Failure> {
    if needs.iter().all(Need::is_empty) || !operation.sandbox_urls.is_empty() {
        return Ok(None);
    }
    let place = || Place::find(setting.environment);
    let named = operation.python.take();
    let held = if named.is_none() { place().ok().as_ref().and_then(managed::hold) } else { None };
    for need in needs.iter().filter(|need| !need.is_empty()) {
        operation.python = managed::choose(named.as_deref(), need, place)?;
    }
    if operation.isolation == IsolationName::Full {
        managed::expect_visible(operation.python.as_deref())?;
    }
    Ok(held)
}
