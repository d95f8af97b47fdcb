//! The sandbox's own failures, which are never a program's.

use std::path::PathBuf;

/// A failure of the sandbox itself. It proves nothing about the program.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// A layer of the wall cannot be built here.
    #[error("isolation layer `{layer}` is missing: {detail}")]
    IsolationMissing {
        /// The layer.
        layer: String,
        /// What the system said.
        detail: String,
        /// What a user can do about it.
        help: String,
    },
    /// This process was started with a limit that is too low for jails.
    #[error(
        "no more than {allowed} {unit} are allowed here (`ulimit {option}`), and {needed} are needed"
    )]
    Resources {
        /// What shells call it.
        option: &'static str,
        /// What it counts.
        unit: &'static str,
        /// How much this process may give.
        allowed: u64,
        /// How much a jail or a program in it needs.
        needed: u64,
    },
    /// No usable Python was found.
    #[error("no usable Python: {detail}")]
    Python {
        /// What was tried and what happened.
        detail: String,
    },
    /// The launcher could not be started.
    #[error("the jail launcher `{}` did not start", launcher.display())]
    Launcher {
        /// The executable.
        launcher: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Jails died, hung or broke their protocol, one after the other.
    #[error("the jail broke down: {detail}")]
    Broken {
        /// What was seen last.
        detail: String,
    },
    /// A package that a job wants loaded is not there, or fails to load.
    #[error("a package does not load: {detail}")]
    Package {
        /// What Python said.
        detail: String,
    },
    /// Nothing on this machine compiles a language.
    #[error("programs in {language} cannot be compiled: {detail}")]
    LanguageMissing {
        /// The language, as people write it.
        language: String,
        /// What was tried and what happened.
        detail: String,
        /// What a user can do about it.
        help: String,
    },
    /// A job that cannot be run as it is.
    #[error("the job is not runnable: {detail}")]
    Job {
        /// What is wrong with it.
        detail: String,
    },
    /// No remote sandbox could run a job.
    #[error("sandbox `{url}`: {detail}")]
    Remote {
        /// The one that was tried last, without user name and password.
        url: String,
        /// What happened.
        detail: String,
    },
    /// The system refused something that jails need.
    #[error("failed to {action}")]
    System {
        /// What was attempted.
        action: &'static str,
        /// Why it failed.
        source: std::io::Error,
    },
}

impl SandboxError {
    /// A layer that could not be built.
    pub(crate) fn missing(layer: &str, detail: &str) -> Self {
        let help = crate::diagnosis::help(layer).to_owned();
        Self::IsolationMissing { layer: layer.to_owned(), detail: detail.to_owned(), help }
    }

    /// What a user can do about it, where something is known.
    pub fn help(&self) -> Option<&str> {
        match self {
            Self::IsolationMissing { help, .. } | Self::LanguageMissing { help, .. } => Some(help),
            Self::Resources { .. } => Some(crate::diagnosis::help(crate::resources::LAYER)),
            Self::Package { .. } => {
                Some("install the package for the Python that runs programs, or name another one")
            }
            Self::Python { .. } => Some("install Python 3.9 or newer, or name one in the settings"),
            Self::Remote { .. } => Some("check the address, and that the server is running"),
            _ => None,
        }
    }
}
