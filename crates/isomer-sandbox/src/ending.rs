//! From what the driver saw to how a program ended.
//!
//! The status from the kernel decides; the process's own words only fill in details, and can make
//! its ending worse but never better.

use crate::execution::{clean_kind, clean_message, hide, last_words};
use crate::reply::Reply;
use crate::{Ending, Entry, Execution, Limits, Output, PyValue, marshal};

/// What came of one input.
pub(crate) fn execution(reply: Reply, entry: &Entry, limits: &Limits, prefix: &str) -> Execution {
    let (ending, output) = outcome(&reply, entry, limits, prefix);
    Execution {
        ending,
        output,
        cpu_ms: reply.cpu_us.div_ceil(1000),
        wall_ms: reply.wall_us.div_ceil(1000),
        memory_bytes: reply.memory_bytes,
        stderr: hide(&String::from_utf8_lossy(&reply.errors), prefix),
        files: reply.files,
    }
}

/// Last words of a C++ program that nobody gave memory. They may be a lie, but not one that helps.
const OUT_OF_MEMORY: &[u8] = b"what():  std::bad_alloc\n";

fn outcome(reply: &Reply, entry: &Entry, limits: &Limits, prefix: &str) -> (Ending, Output) {
    let call = matches!(entry, Entry::Call { .. });
    let text = || match entry {
        Entry::Stdio => Output::Text(String::from_utf8_lossy(&reply.output).into_owned()),
        Entry::Call { .. } => Output::None,
    };
    let (tag, words) =
        reply.words.split_first().map_or((0, [].as_slice()), |(tag, words)| (*tag, words));
    if exceeds(&reply.output, limits) || (call && tag == b'R' && exceeds(words, limits)) {
        return (Ending::OutputLimit, text());
    }
    if reply.out_of_time(limits) {
        return (Ending::TimeLimit, text());
    }
    if reply.out_of_memory {
        return (Ending::MemoryLimit, text());
    }
    if let Some(signal) = reply.signal() {
        if signal == libc::SIGABRT && reply.errors.ends_with(OUT_OF_MEMORY) {
            return (Ending::MemoryLimit, text());
        }
        return (Ending::Signal(signal), text());
    }
    let ending = match (reply.exit_status(), tag) {
        (0, b'R') if call => return returned(words),
        (0, _) if !call => Ending::Finished,
        (1, b'L') => Ending::MemoryLimit,
        (1, b'M') if call => Ending::MissingFunction,
        (1, b'X') => exception(words, prefix).unwrap_or(Ending::ExitStatus(1)),
        (status, _) => Ending::ExitStatus(status),
    };
    (ending, text())
}

fn exceeds(bytes: &[u8], limits: &Limits) -> bool {
    bytes.len() as u64 > limits.output_bytes
}

fn returned(words: &[u8]) -> (Ending, Output) {
    match marshal::decode(words) {
        Ok(value) => (Ending::Finished, Output::Value(value)),
        Err(error) => {
            let kind = "ResultNotEncodable".to_owned();
            let ending = Ending::Exception { kind, message: error.to_string(), line: None };
            (ending, Output::None)
        }
    }
}

/// A failure as a process described it: kind, message and line.
fn described(words: &[u8], prefix: &str) -> Option<(String, String, Option<u32>)> {
    let PyValue::Tuple(parts) = marshal::decode(words).ok()? else { return None };
    let [PyValue::Str(kind), message, line] = parts.as_slice() else { return None };
    let message = match message {
        PyValue::Str(message) => message.clone(),
        PyValue::BrokenStr(message) => String::from_utf8_lossy(message).into_owned(),
        _ => return None,
    };
    let line = match line {
        PyValue::Int(line) => u32::try_from(line).ok(),
        _ => None,
    };
    Some((clean_kind(kind), clean_message(&message, prefix), line))
}

/// What a process that did not get as far as its program left: a report, or the end of a traceback.
pub(crate) fn unconfined(words: &[u8]) -> String {
    let report = words.strip_prefix(b"X").and_then(|words| described(words, ""));
    report.map_or_else(
        || last_words(words, "it said nothing"),
        |(kind, message, _)| format!("{kind}: {message}"),
    )
}

fn exception(words: &[u8], prefix: &str) -> Option<Ending> {
    described(words, prefix).map(|(kind, message, line)| Ending::Exception { kind, message, line })
}

/// Why a source does not compile, or `None` when it does.
pub(crate) fn compile_error(reply: &Reply, prefix: &str) -> Option<Ending> {
    if reply.compiled {
        return None;
    }
    let described = match reply.words.split_first() {
        Some((b'S', words)) if !reply.stopped && libc::WIFEXITED(reply.status) => {
            described(words, prefix)
        }
        _ => None,
    };
    let (message, line) = described.map_or_else(
        || ("compiling takes more time or memory than allowed".to_owned(), None),
        |(kind, message, line)| (format!("{kind}: {message}"), line),
    );
    Some(Ending::CompileError { message, line })
}
