//! Why an attempt gave no execution.

use std::fmt::Write as _;
use std::time::Duration;

use isomer_sandbox::SandboxError;

/// Longest text of a server that is passed on, in characters.
const EXCERPT: usize = 300;

/// Why an attempt gave no execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The job cannot be run as it is; another server would say the same.
    Job(String),
    /// The server is full; it may have said for how long.
    Busy(Option<Duration>),
    /// The server did not answer in time.
    Slow(String),
    /// The server has nothing at that path.
    Missing(String),
    /// The server failed.
    Broken(String),
}

impl Failure {
    /// In words.
    pub(crate) fn detail(&self) -> &str {
        match self {
            Self::Busy(_) => "it is full (429)",
            Self::Job(detail)
            | Self::Slow(detail)
            | Self::Missing(detail)
            | Self::Broken(detail) => detail,
        }
    }
}

/// A server's text made fit to be shown: short, on one line.
pub(crate) fn excerpt(text: &str) -> String {
    let visible: String =
        text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let words = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = words.chars().take(EXCERPT).collect();
    if short.len() < words.len() { format!("{short}…") } else { short }
}

/// What is told when no server works: `before`, and then each address with its problem.
pub(crate) fn none_works(
    before: &str,
    problems: impl IntoIterator<Item = (String, String)>,
) -> SandboxError {
    let mut problems = problems.into_iter();
    let (url, first) =
        problems.next().unwrap_or_else(|| (String::new(), "no address was given".to_owned()));
    let mut detail = format!("{before}{first}");
    for (url, problem) in problems {
        // Writing to a string cannot fail.
        let _ = write!(detail, "; `{url}`: {problem}");
    }
    SandboxError::Remote { url, detail }
}
