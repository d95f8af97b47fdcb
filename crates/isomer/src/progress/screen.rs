//! Where progress goes: lines that are redrawn, lines of a log, or nowhere.

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::output;

/// Stages, and the line about calls.
const LINES: usize = 7;

/// Where progress goes.
#[derive(Clone)]
pub(super) enum Screen {
    /// A terminal.
    Terminal(Terminal),
    /// A file or a pipe.
    Log,
    /// Nowhere.
    Silent,
}

/// Lines that are redrawn in place.
#[derive(Clone)]
pub(super) struct Terminal {
    all: MultiProgress,
    lines: Vec<ProgressBar>,
}

impl Screen {
    /// A screen of redrawn lines on standard error.
    pub(super) fn terminal() -> Self {
        let all = MultiProgress::new();
        let style = ProgressStyle::with_template("{msg}")
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        let lines = (0..LINES)
            .map(|_| all.add(ProgressBar::new_spinner().with_style(style.clone())))
            .collect();
        Self::Terminal(Terminal { all, lines })
    }

    /// A line that stays.
    pub(super) fn say(&self, line: &str) {
        match self {
            Self::Terminal(terminal) => terminal.all.suspend(|| output::note(line)),
            Self::Log | Self::Silent => output::note(line),
        }
    }

    /// Takes the redrawn lines away.
    pub(super) fn clear(&self) {
        if let Self::Terminal(terminal) = self {
            for line in &terminal.lines {
                line.finish_and_clear();
            }
        }
    }
}

impl Terminal {
    /// Redraws.
    pub(super) fn show(&self, lines: &[String]) {
        for (bar, line) in self.lines.iter().zip(lines) {
            bar.set_message(line.clone());
        }
    }
}
