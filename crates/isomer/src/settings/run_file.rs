//! `run.toml`: what a run was started with.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::identity::Identity;
use crate::exit::Exit;
use crate::failure::Failure;

/// The name inside a run's folder.
const FILE_NAME: &str = "run.toml";

/// Stands for the recording inside the program.
pub(crate) const BUILT_IN: &str = "built-in";

const IS_A_RUN: &str = "a run is a folder that `isomer run SEEDS -o FOLDER` made";

const HEADER: &str = "\
# What decides the result of this run, written by isomer when the run began.
# A resume must agree with it. Do not edit: the tasks already made would not
# match. Keys are never stored.

";

/// The whole file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunFile {
    /// Version of the records in the run's folder.
    pub(crate) format: u32,
    /// Version of isomer that began the run.
    pub(crate) isomer: String,
    /// The endpoint used last, so that a resume need not repeat it.
    pub(crate) base_url: String,
    /// The recording that answers, or [`BUILT_IN`] for the one inside the program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) recording: Option<PathBuf>,
    /// What must not change.
    pub(crate) identity: Identity,
}

impl RunFile {
    /// A file for a run that begins now.
    pub(crate) fn new(base_url: String, identity: Identity) -> Self {
        Self {
            recording: None,
            format: isomer_record::FORMAT_VERSION,
            isomer: env!("CARGO_PKG_VERSION").to_owned(),
            base_url,
            identity,
        }
    }

    /// Where it is.
    pub(crate) fn path(run: &Path) -> PathBuf {
        run.join(FILE_NAME)
    }

    /// Reads the file of a run; `None` if there is no run in that folder yet.
    pub(crate) fn load(run: &Path) -> Result<Option<Self>, Failure> {
        let path = Self::path(run);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => {
                return Err(Failure::usage(format!("`{}` is a file", run.display())).help(IS_A_RUN));
            }
            Err(error) => {
                let message = format!("failed to read `{}`", path.display());
                return Err(Failure::because(message, &error));
            }
        };
        let file: Self = toml::from_str(&text).map_err(|error| {
            Failure::because(format!("failed to understand `{}`", path.display()), &error)
                .help("it was written by another version of isomer, or edited; use a new folder")
        })?;
        Ok(Some(file))
    }

    /// Reads the file of a run that must exist.
    pub(crate) fn require(run: &Path) -> Result<Self, Failure> {
        Self::load(run)?.ok_or_else(|| {
            Failure::new(format!("there is no run in `{}`", run.display()))
                .help(IS_A_RUN)
                .exit(Exit::Usage)
        })
    }

    /// Writes the file as a whole or not at all.
    pub(crate) fn save(&self, run: &Path) -> Result<(), Failure> {
        let path = Self::path(run);
        let fail = |error: &dyn std::error::Error| {
            Failure::because(format!("failed to write `{}`", path.display()), error)
        };
        let body = toml::to_string_pretty(self).map_err(|error| fail(&error))?;
        let part = path.with_extension("toml.part");
        std::fs::create_dir_all(run).map_err(|error| fail(&error))?;
        std::fs::write(&part, format!("{HEADER}{body}")).map_err(|error| fail(&error))?;
        std::fs::rename(&part, &path).map_err(|error| fail(&error))
    }
}
