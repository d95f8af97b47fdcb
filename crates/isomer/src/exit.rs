//! Exit codes: a contract with scripts, shown by `isomer run --help`.

use std::fmt::Write as _;
use std::process::ExitCode;

/// How the process ends. The numbers never change meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything asked for was done.
    Complete = 0,
    /// An error that no other code names.
    Error = 1,
    /// The command line or a settings file is wrong.
    Usage = 2,
    /// The budget was reached; a larger one lets the run go on.
    Budget = 3,
    /// Stopped by the user; the same command resumes.
    Interrupted = 4,
    /// Some items could not be judged, by no fault of theirs; the same command tries them again.
    Unjudged = 5,
    /// The machine lacks the isolation, the interpreter or a library that generated code needs.
    Isolation = 6,
    /// The run is complete, but no task was kept.
    NothingKept = 7,
    /// `isomer sandbox run`: the program did not end normally, or its answer is wrong.
    ProgramFailed = 8,
}

impl Exit {
    /// All codes, in order.
    pub(crate) const ALL: [Self; 9] = [
        Self::Complete,
        Self::Error,
        Self::Usage,
        Self::Budget,
        Self::Interrupted,
        Self::Unjudged,
        Self::Isolation,
        Self::NothingKept,
        Self::ProgramFailed,
    ];

    /// The number given to the operating system.
    pub(crate) const fn code(self) -> u8 {
        self as u8
    }

    /// The meaning, for the help text.
    pub(crate) const fn meaning(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Error => "error",
            Self::Usage => "wrong usage or settings",
            Self::Budget => "stopped by the budget; resume with a larger one",
            Self::Interrupted => "interrupted; the same command resumes",
            Self::Unjudged => "some items failed by no fault of theirs; run again to retry",
            Self::Isolation => "isolation, Python or a library missing; see `isomer doctor`",
            Self::NothingKept => "complete, but no task was kept",
            Self::ProgramFailed => "`isomer sandbox run`: the program failed",
        }
    }

    /// The table shown in help texts.
    pub(crate) fn table() -> String {
        let mut text = String::from("Exit codes:\n");
        for exit in Self::ALL {
            let _ = writeln!(text, "  {}  {}", exit.code(), exit.meaning());
        }
        text
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn table_lists_every_code_once_in_order() {
        insta::assert_snapshot!(Exit::table(), @r"
        Exit codes:
          0  complete
          1  error
          2  wrong usage or settings
          3  stopped by the budget; resume with a larger one
          4  interrupted; the same command resumes
          5  some items failed by no fault of theirs; run again to retry
          6  isolation, Python or a library missing; see `isomer doctor`
          7  complete, but no task was kept
          8  `isomer sandbox run`: the program failed
        ");
    }
}
