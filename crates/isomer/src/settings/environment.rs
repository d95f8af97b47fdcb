//! The process environment, read once; nobody else looks at it.

use std::collections::HashMap;
use std::io::IsTerminal;

/// Where the key is looked for unless the settings file names another variable.
pub(crate) const KEY_VARIABLE: &str = "OPENAI_API_KEY";

/// What the environment said when the program started.
#[derive(Clone, Default)]
pub(crate) struct Environment {
    variables: HashMap<String, String>,
    /// Whether standard error is a terminal.
    pub(crate) interactive: bool,
    /// Whether standard output is a terminal.
    pub(crate) interactive_data: bool,
}

impl Environment {
    /// Reads the process environment. Variables that are not UTF-8 are none of ours.
    pub(crate) fn read() -> Self {
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self {
            variables,
            interactive: std::io::stderr().is_terminal(),
            interactive_data: std::io::stdout().is_terminal(),
        }
    }

    /// An environment of the given variables.
    #[cfg(test)]
    pub(crate) fn of(pairs: &[(&str, &str)]) -> Self {
        let variables =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { variables, ..Self::default() }
    }

    /// The value of a variable; empty counts as unset.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// The endpoint.
    pub(crate) fn base_url(&self) -> Option<&str> {
        self.get("OPENAI_BASE_URL")
    }

    /// The model.
    pub(crate) fn model(&self) -> Option<&str> {
        self.get("ISOMER_MODEL")
    }

    /// Remote sandboxes, separated by commas.
    pub(crate) fn sandbox_urls(&self) -> Option<Vec<String>> {
        self.get("SANDBOX_URL").map(|urls| urls.split(',').map(str::to_owned).collect())
    }

    /// Whether colours are welcome on a terminal, after <https://no-color.org>.
    pub(crate) fn wants_colour(&self) -> bool {
        self.get("NO_COLOR").is_none() && self.get("TERM") != Some("dumb")
    }
}
