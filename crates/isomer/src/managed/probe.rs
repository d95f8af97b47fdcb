//! What an interpreter says about itself and the packages that generated code would see.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

/// Isolated as in a jail: neither the user's own packages nor variables of the environment count.
const QUESTION: &str = include_str!("probe.py");

/// What is asked.
#[derive(Debug, Default, Serialize)]
pub(super) struct Question<'a> {
    /// Distributions whose version is wanted.
    pub(super) distributions: &'a [&'a str],
    /// Modules that must be found.
    pub(super) modules: &'a [String],
    /// Modules that must load.
    pub(super) load: &'a [&'a str],
}

/// What it says.
#[derive(Debug, Deserialize)]
pub(super) struct Found {
    /// Such as `3.12.3`.
    pub(super) version: String,
    /// Major and minor.
    pub(super) short: (u32, u32),
    /// Such as `cpython`.
    pub(super) implementation: String,
    /// Those installed.
    pub(super) versions: BTreeMap<String, String>,
    /// Modules that are not there.
    pub(super) missing: Vec<String>,
    /// Modules that do not load, with the reason.
    pub(super) broken: BTreeMap<String, String>,
}

/// Asks `python`; the error is one line for people.
pub(super) fn ask(python: &Path, question: &Question<'_>) -> Result<Found, String> {
    let named = |detail: String| format!("`{}`: {detail}", python.display());
    let question = serde_json::to_string(question).map_err(|error| named(error.to_string()))?;
    let output = Command::new(python)
        .args(["-I", "-c", QUESTION, &question])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| named(error.to_string()))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        return Err(named(words.lines().last().unwrap_or("no answer").to_owned()));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| named(error.to_string()))
}
