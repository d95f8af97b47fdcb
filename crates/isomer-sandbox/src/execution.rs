//! What came of one input.

use crate::PyValue;

/// What came of one input.
#[derive(Clone, Debug, PartialEq)]
pub struct Execution {
    /// How the program ended, as its parent saw it.
    pub ending: Ending,
    /// What it answered; complete only when it [finished](Ending::Finished).
    pub output: Output,
    /// Processor time, in ms.
    pub cpu_ms: u64,
    /// Time on the clock, in ms.
    pub wall_ms: u64,
    /// Peak resident memory, in bytes.
    pub memory_bytes: u64,
    /// Standard error, at most its first MiB; tracebacks show lines of the program alone.
    pub stderr: String,
    /// What was there of the files asked for, cut at the limit for files.
    pub files: Vec<(String, Vec<u8>)>,
}

impl Execution {
    /// An execution that never took place or never got as far as running.
    pub const fn without_run(ending: Ending) -> Self {
        Self {
            ending,
            output: Output::None,
            cpu_ms: 0,
            wall_ms: 0,
            memory_bytes: 0,
            stderr: String::new(),
            files: Vec::new(),
        }
    }
}

/// What a program answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Standard output of [`crate::Entry::Stdio`]; bytes that are not UTF-8 are replaced.
    Text(String),
    /// The value returned in [`crate::Entry::Call`].
    Value(PyValue),
    /// Nothing that counts.
    None,
}

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Normally: exit status 0, in [`crate::Entry::Call`] with a returned value.
    Finished,
    /// By an uncaught exception. Kind and message are the program's own words.
    Exception {
        /// Name of the class, or `ResultNotEncodable` for a result that is not a plain value.
        kind: String,
        /// The exception as text, cut at 300 characters.
        message: String,
        /// Line of the source.
        line: Option<u32>,
    },
    /// With this exit status; 0 when a function never returned because the program left before.
    ExitStatus(i32),
    /// By this signal.
    Signal(i32),
    /// Too much processor time, or the guard on the clock.
    TimeLimit,
    /// Too much memory.
    MemoryLimit,
    /// Too much output.
    OutputLimit,
    /// The source does not compile.
    CompileError {
        /// The compiler's words.
        message: String,
        /// Line of the source.
        line: Option<u32>,
    },
    /// The source has no function of the wanted name.
    MissingFunction,
    /// Left out because of [`crate::Stop`].
    NotRun,
}

impl Ending {
    /// One line that is the same on every machine: no times, no addresses, no paths of this machine.
    pub fn describe(&self) -> String {
        match self {
            Self::Finished => "finished".to_owned(),
            Self::Exception { kind, message, line } => {
                let text = format!("{kind}: {message}");
                located(text.trim_end_matches(": "), *line)
            }
            Self::ExitStatus(status) => format!("exit status {status}"),
            Self::Signal(signal) => format!("killed by {}", signal_name(*signal)),
            Self::TimeLimit => "time limit exceeded".to_owned(),
            Self::MemoryLimit => "memory limit exceeded".to_owned(),
            Self::OutputLimit => "output limit exceeded".to_owned(),
            Self::CompileError { message, line } => {
                located(&format!("does not compile: {message}"), *line)
            }
            Self::MissingFunction => "the wanted function is not defined".to_owned(),
            Self::NotRun => "not run".to_owned(),
        }
    }
}

fn located(text: &str, line: Option<u32>) -> String {
    match line {
        Some(line) => format!("{text} (line {line})"),
        None => text.to_owned(),
    }
}

fn signal_name(signal: i32) -> String {
    let name = match signal {
        libc::SIGABRT => "SIGABRT",
        libc::SIGALRM => "SIGALRM",
        libc::SIGBUS => "SIGBUS",
        libc::SIGFPE => "SIGFPE",
        libc::SIGHUP => "SIGHUP",
        libc::SIGILL => "SIGILL",
        libc::SIGINT => "SIGINT",
        libc::SIGKILL => "SIGKILL",
        libc::SIGPIPE => "SIGPIPE",
        libc::SIGSEGV => "SIGSEGV",
        libc::SIGTERM => "SIGTERM",
        libc::SIGXFSZ => "SIGXFSZ",
        _ => return format!("signal {signal}"),
    };
    name.to_owned()
}

/// Longest message that is kept, in characters.
const MESSAGE_CHARACTERS: usize = 300;

/// Takes the place of the interpreter, if one is given, out of a text.
pub(crate) fn hide(text: &str, prefix: &str) -> String {
    if prefix.is_empty() { text.to_owned() } else { text.replace(prefix, "<python>") }
}

/// Makes the program's own words fit for one line that does not depend on the machine.
pub(crate) fn clean_message(raw: &str, prefix: &str) -> String {
    let words = hide(raw, prefix);
    let mut clean = String::new();
    let mut rest = words.as_str();
    while let Some(at) = rest.find("0x") {
        let (before, after) = rest.split_at(at);
        let digits = after[2..].bytes().take_while(u8::is_ascii_hexdigit).count();
        clean.push_str(before);
        clean.push_str(if digits >= 6 { "0x.." } else { &after[..2 + digits] });
        rest = &after[2 + digits..];
    }
    clean.push_str(rest);
    let visible: String =
        clean.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(MESSAGE_CHARACTERS).collect()
}

/// The last line with anything in it, which is where a traceback says what happened, or `silence`.
pub(crate) fn last_words(words: &[u8], silence: &str) -> String {
    let text = String::from_utf8_lossy(words);
    let mut lines = text.lines().rev().map(|line| clean_message(line, ""));
    lines.find(|line| !line.is_empty()).unwrap_or_else(|| silence.to_owned())
}

/// Makes a class name out of whatever the program said.
pub(crate) fn clean_kind(raw: &str) -> String {
    let name: String = raw
        .chars()
        .filter(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '.'))
        .take(80)
        .collect();
    if name.is_empty() { "Exception".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::{Ending, clean_kind, clean_message};

    #[test]
    fn messages_are_the_same_everywhere() {
        let raw = "<object at 0x7f12ab34cd56>\n\tin /opt/py/lib/x.py \0 0x1f";
        assert_eq!(clean_message(raw, "/opt/py"), "<object at 0x..> in <python>/lib/x.py 0x1f");
        assert_eq!(clean_message(&"é".repeat(1000), "/opt").chars().count(), 300);
        assert_eq!(clean_message("0x", "/opt"), "0x");
    }

    #[test]
    fn kinds_are_names() {
        assert_eq!(clean_kind("Value\nError<>"), "ValueError");
        assert_eq!(clean_kind("\u{1b}"), "Exception");
    }

    #[test]
    fn descriptions_are_one_line() {
        let exception = Ending::Exception {
            kind: "KeyError".to_owned(),
            message: String::new(),
            line: Some(3),
        };
        assert_eq!(exception.describe(), "KeyError (line 3)");
        assert_eq!(Ending::Signal(11).describe(), "killed by SIGSEGV");
        assert_eq!(Ending::Signal(63).describe(), "killed by signal 63");
    }
}
