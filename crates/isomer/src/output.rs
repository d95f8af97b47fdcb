//! The only place that writes to the terminal: data to standard output, everything else to
//! standard error.

use std::io::{self, IsTerminal as _, Write};

use owo_colors::{OwoColorize, Style};

/// Colours, or none; every text reads the same without them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Paint {
    /// Whether escape codes are written.
    pub(crate) enabled: bool,
}

impl Paint {
    fn apply(self, text: &str, style: Style) -> String {
        if self.enabled { text.style(style).to_string() } else { text.to_owned() }
    }

    /// Headings and what matters most.
    pub(crate) fn bold(self, text: &str) -> String {
        self.apply(text, Style::new().bold())
    }

    /// Side remarks.
    pub(crate) fn dim(self, text: &str) -> String {
        self.apply(text, Style::new().dimmed())
    }

    /// What went well.
    pub(crate) fn good(self, text: &str) -> String {
        self.apply(text, Style::new().green())
    }

    /// What deserves a look.
    pub(crate) fn warn(self, text: &str) -> String {
        self.apply(text, Style::new().yellow())
    }

    /// What is wrong.
    pub(crate) fn bad(self, text: &str) -> String {
        self.apply(text, Style::new().red())
    }
}

/// Writes data to standard output. A reader that went away (`| head`) is no error.
pub(crate) fn data(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Writes a value as indented JSON to standard output.
pub(crate) fn json<T: serde::Serialize>(value: &T) -> io::Result<()> {
    data(&format!("{}\n", serde_json::to_string_pretty(value)?))
}

/// Writes a line for people to standard error. There is nowhere left to report a failure to.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Asks a person at the terminal; `None` where there is none to ask.
pub(crate) fn confirm(question: &str) -> Option<bool> {
    let input = io::stdin();
    if !input.is_terminal() {
        return None;
    }
    let mut terminal = io::stderr().lock();
    write!(terminal, "{question} [y/N] ").and_then(|()| terminal.flush()).ok()?;
    let mut answer = String::new();
    input.read_line(&mut answer).ok()?;
    Some(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// Shows help or a wrong command line the way clap does.
pub(crate) fn usage(error: &clap::Error) -> std::process::ExitCode {
    // There is nowhere left to report a failure to.
    let _ = error.print();
    if error.use_stderr() {
        crate::exit::Exit::Usage.into()
    } else {
        crate::exit::Exit::Complete.into()
    }
}
