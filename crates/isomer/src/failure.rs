//! Errors as the user sees them: what failed, why, and what to do about it.

use std::error::Error;
use std::fmt::Write as _;

use crate::exit::Exit;
use crate::output::Paint;

/// An error on its way to the user.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    causes: Vec<String>,
    help: Option<String>,
    exit: Exit,
}

impl Failure {
    /// An error that we word ourselves.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), causes: Vec::new(), help: None, exit: Exit::Error }
    }

    /// An error in what the user asked for.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(message).exit(Exit::Usage)
    }

    /// `message`, because of `error` and everything beneath it.
    pub(crate) fn because(message: impl Into<String>, error: &dyn Error) -> Self {
        let mut failure = Self::new(message);
        let mut cause = Some(error);
        while let Some(error) = cause {
            let text = error.to_string();
            // Many libraries repeat their source in their own text; one mention is enough.
            let repeated = failure.causes.last().is_some_and(|last| last.contains(&text));
            if !repeated {
                failure.causes.push(text);
            }
            cause = error.source();
        }
        failure
    }

    /// A cause that has words but no error of its own.
    pub(crate) fn cause(mut self, cause: impl Into<String>) -> Self {
        self.causes.push(cause.into());
        self
    }

    /// What the user can do.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The exit code to leave with.
    pub(crate) fn exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }

    /// The exit code to leave with.
    pub(crate) fn code(&self) -> Exit {
        self.exit
    }

    /// The text for standard error, without a final line break.
    pub(crate) fn render(&self, paint: Paint) -> String {
        let mut text = format!("{} {}", paint.bad("error:"), self.message);
        for cause in &self.causes {
            let _ = write!(text, "\n{} {}", paint.dim("caused by:"), indent(cause));
        }
        if let Some(help) = &self.help {
            let _ = write!(text, "\n{} {}", paint.good("help:"), indent(help));
        }
        text
    }
}

/// Lines after the first are set in, so that they do not look like another heading.
fn indent(text: &str) -> String {
    text.trim_end().replace('\n', "\n  ")
}

#[cfg(test)]
mod tests {
    use super::Failure;
    use crate::output::Paint;

    #[derive(Debug, thiserror::Error)]
    #[error("outer: inner")]
    struct Outer(#[source] Inner);

    #[derive(Debug, thiserror::Error)]
    #[error("inner")]
    struct Inner;

    #[test]
    fn causes_are_listed_once_and_help_comes_last() {
        let failure =
            Failure::because("failed to open run `x`", &Outer(Inner)).help("do this\nor that");
        insta::assert_snapshot!(failure.render(Paint::default()), @r"
        error: failed to open run `x`
        caused by: outer: inner
        help: do this
          or that
        ");
    }
}
