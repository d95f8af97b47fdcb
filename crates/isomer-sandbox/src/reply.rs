//! What the driver tells about one process.

use nix::sys::signal::Signal;

use crate::execution::clean_message;
use crate::marshal::{self, DecodeError, Reader};
use crate::{Limits, PyValue, SandboxError, ending};

/// A message of the driver or the launcher.
pub(crate) enum Message {
    /// The driver has loaded everything and waits for jobs.
    Ready,
    /// A process has ended.
    Ended(Reply),
    /// A layer of the wall, or a package, is missing.
    Missing(SandboxError),
}

/// What the driver saw of one process, and what that process said.
pub(crate) struct Reply {
    /// Status from the kernel, as `wait4` gives it.
    pub(crate) status: i32,
    /// Processor time, in µs.
    pub(crate) cpu_us: u64,
    /// Time on the clock, in µs.
    pub(crate) wall_us: u64,
    /// Peak resident memory, in bytes.
    pub(crate) memory_bytes: u64,
    /// Whether the driver had to stop it.
    pub(crate) stopped: bool,
    /// Whether the system killed it, or its company, because its control group was full.
    pub(crate) out_of_memory: bool,
    /// Whether it left what could not be removed, so that the jail is used up.
    pub(crate) dirty: bool,
    /// Whether the source compiled; decided before any of the program ran.
    pub(crate) compiled: bool,
    /// Standard output, one byte more than allowed when there was more.
    pub(crate) output: Vec<u8>,
    /// The process's own report: hostile.
    pub(crate) words: Vec<u8>,
    /// Standard error.
    pub(crate) errors: Vec<u8>,
    /// Fetched files.
    pub(crate) files: Vec<(String, Vec<u8>)>,
}

/// Reads a message.
pub(crate) fn parse(content: &[u8]) -> Result<Message, DecodeError> {
    if let Ok(PyValue::Tuple(words)) = marshal::decode(content) {
        return match words.as_slice() {
            [PyValue::Str(word)] if word == "ready" => Ok(Message::Ready),
            [PyValue::Str(word), PyValue::Str(detail)] => {
                Ok(Message::Missing(missing(word, detail)))
            }
            _ => Err(DecodeError::Damaged),
        };
    }
    let mut reader = Reader::new(content);
    match reader.tuple_count()? {
        2 => {
            let layer = reader.string()?;
            Ok(Message::Missing(missing(&layer, &ending::unconfined(reader.bytes()?))))
        }
        11 => ended(reader).map(Message::Ended),
        _ => Err(DecodeError::Damaged),
    }
}

/// What is missing, in words that fit into one line.
fn missing(layer: &str, detail: &str) -> SandboxError {
    let detail = clean_message(detail, "");
    match layer {
        "packages" => SandboxError::Package { detail },
        layer => SandboxError::missing(&clean_message(layer, ""), &detail),
    }
}

fn ended(mut reader: Reader<'_>) -> Result<Reply, DecodeError> {
    let mut number = || reader.integer();
    let (status, cpu, wall, memory) = (number()?, number()?, number()?, number()?);
    let (stopped, dirty, compiled) = (number()?, number()?, number()?);
    Ok(Reply {
        status: i32::try_from(status).map_err(|_| DecodeError::Damaged)?,
        cpu_us: u64::try_from(cpu).unwrap_or(0),
        wall_us: u64::try_from(wall).unwrap_or(0),
        memory_bytes: u64::try_from(memory).unwrap_or(0).saturating_mul(1024),
        stopped: stopped != 0,
        out_of_memory: false,
        dirty: dirty != 0,
        compiled: compiled != 0,
        output: reader.bytes()?.to_vec(),
        words: reader.bytes()?.to_vec(),
        errors: reader.bytes()?.to_vec(),
        files: files(&mut reader)?,
    })
}

fn files(reader: &mut Reader<'_>) -> Result<Vec<(String, Vec<u8>)>, DecodeError> {
    let count = reader.tuple_count()?;
    let mut files = Vec::new();
    for _ in 0..count {
        reader.tuple_head(2)?;
        files.push((reader.string()?, reader.bytes()?.to_vec()));
    }
    Ok(files)
}

impl Reply {
    /// The signal that ended the process.
    pub(crate) fn signal(&self) -> Option<i32> {
        libc::WIFSIGNALED(self.status).then(|| libc::WTERMSIG(self.status))
    }

    /// Its exit status.
    pub(crate) fn exit_status(&self) -> i32 {
        libc::WEXITSTATUS(self.status)
    }

    /// Whether the kernel or the driver stopped it for its time.
    pub(crate) fn out_of_time(&self, limits: &Limits) -> bool {
        self.stopped
            || self.cpu_us > limits.cpu_ms.saturating_mul(1000)
            || self.signal() == Some(Signal::SIGXCPU as i32)
    }
}

#[cfg(test)]
mod tests {
    use super::{Message, parse};
    use crate::{PyValue, SandboxError, marshal};

    /// What is said of a frame of two parts, the second given as it is.
    fn said(layer: &str, detail: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut content = Vec::new();
        marshal::encode_tuple_head(2, &mut content);
        marshal::encode(&PyValue::Str(layer.to_owned()), &mut content);
        detail(&mut content);
        match parse(&content) {
            Ok(Message::Missing(error)) => error.to_string(),
            Ok(_) => "another message".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    fn unconfined(words: &[u8]) -> String {
        said("program confinement", |content| marshal::encode_bytes(words, content))
    }

    #[test]
    fn why_a_process_was_not_confined_is_told_in_words() {
        let before = "isolation layer `program confinement` is missing: ";
        let report = b"X(\x03\0\0\0u\x0a\0\0\0ValueErroru\x06\0\0\0not\0upN";
        assert_eq!(unconfined(report), format!("{before}ValueError: not up"));
        let trace = b"Traceback:\n  line\nOSError: \xff\x1b[31m no\n\n";
        assert_eq!(unconfined(trace), format!("{before}OSError: \u{fffd} [31m no"));
        assert_eq!(unconfined(b""), format!("{before}it said nothing"));
        let long = unconfined(&b"X".repeat(100_000));
        assert_eq!(long, before.to_owned() + &"X".repeat(300));
    }

    #[test]
    fn layers_and_packages_are_named_on_one_line() {
        let text = |text: &str| PyValue::Str(text.to_owned());
        let detail = |content: &mut Vec<u8>| marshal::encode(&text("a\nb\u{7}"), content);
        assert_eq!(said("own\n/proc", detail), "isolation layer `own /proc` is missing: a b");
        assert_eq!(said("packages", detail), "a package does not load: a b");
        let report = parse(b"(\x02\0\0\0NN");
        assert!(report.is_err());
        assert!(!matches!(parse(b"("), Ok(Message::Missing(SandboxError::Package { .. }))));
    }
}
