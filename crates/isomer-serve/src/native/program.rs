//! The fields that `/v1/run` and `/v1/judge` share.

use isomer_sandbox::{Entry, Job, Language, Limits, Stop};
use serde_json::Value;

use crate::fields::Fields;
use crate::refusal::Refusal;
use crate::{languages, limits as bounds};

const GIBIBYTE: u64 = 1 << 30;
const DAY_MS: u64 = 86_400_000;

/// The names of what [`read`] reads, with those of the caller.
pub(super) const FIELDS: [&str; 8] =
    ["source", "fn_name", "language", "limits", "hash_seed", "packages", "files", "width"];

/// Reads the body of `/v1/run`.
pub(super) fn read_job(body: &Value) -> Result<Job, Refusal> {
    let mut fields = Fields::of_body(body);
    let entry = entry(&mut fields);
    let inputs = fields.array("inputs").to_vec();
    if fields.get("inputs").is_none() {
        fields.missing("inputs");
    }
    check_inputs(&mut fields, "inputs", &entry, inputs.iter());
    let stop = stop(&mut fields);
    let mut job = read(&mut fields, entry, inputs, stop);
    job.fetch = fields.paths("fetch").into_iter().map(|(path, _)| path).collect();
    fields.only(&[FIELDS.as_slice(), &["inputs", "stop", "fetch"]].concat());
    let job = fields.finish(job)?;
    with_language(job, body)
}

/// The job in the language that a body, which was found right, names.
pub(super) fn with_language(mut job: Job, body: &Value) -> Result<Job, Refusal> {
    if let Some(Value::String(name)) = body.get("language") {
        job.language = languages::installed(name)?;
    }
    Ok(job)
}

/// Reads everything about a program but what it is run on.
pub(super) fn read(fields: &mut Fields<'_>, entry: Entry, inputs: Vec<Value>, stop: Stop) -> Job {
    if fields.get("language").is_some() {
        languages::read(fields, "language");
    }
    let hash_seed = hash_seed(fields);
    Job {
        source: fields.text("source"),
        language: Language::PYTHON,
        entry,
        inputs,
        limits: limits(fields),
        hash_seed,
        stop,
        packages: fields.texts("packages"),
        files: fields.files("files"),
        fetch: Vec::new(),
        width: fields.natural("width").map_or(1, |width| usize::try_from(width).unwrap_or(1)),
    }
}

/// The seed of the interpreter's hashes.
pub(super) fn hash_seed(fields: &mut Fields<'_>) -> u32 {
    let seed = fields.natural("hash_seed").unwrap_or(0);
    u32::try_from(seed).unwrap_or_else(|_| {
        fields.wrong("hash_seed", "less_than_equal", "Input should be at most 4294967295");
        0
    })
}

/// The function to call, or a program.
pub(super) fn entry(fields: &mut Fields<'_>) -> Entry {
    match fields.optional_text("fn_name") {
        Some(function) => Entry::Call { function },
        None => Entry::Stdio,
    }
}

/// Notes inputs that do not fit the entry. `name` is an array of them, or of objects with them.
pub(super) fn check_inputs<'a>(
    fields: &mut Fields<'_>,
    name: &str,
    entry: &Entry,
    inputs: impl Iterator<Item = &'a Value>,
) {
    for (index, input) in inputs.enumerate() {
        let message = match entry {
            Entry::Stdio if !input.is_string() => "Input should be a string, the standard input",
            Entry::Call { .. } if !input.is_array() => {
                "Input should be an array, the positional arguments"
            }
            _ => continue,
        };
        fields.wrong_item(name, index, "value_error", message);
    }
}

fn stop(fields: &mut Fields<'_>) -> Stop {
    match fields.get("stop") {
        None => Stop::Never,
        Some(Value::String(word)) if word == "never" => Stop::Never,
        Some(Value::String(word)) if word == "after_first" => Stop::AfterFirst,
        Some(Value::Object(_)) => {
            let mut child = fields.child("stop");
            let count =
                child.natural("after_time_limits").and_then(|count| u32::try_from(count).ok());
            if count.is_none() {
                child.missing("after_time_limits");
            }
            child.only(&["after_time_limits"]);
            fields.adopt(child);
            count.map_or(Stop::Never, Stop::AfterTimeLimits)
        }
        Some(_) => {
            let message = "Input should be 'never', 'after_first' or {\"after_time_limits\": n}";
            fields.wrong("stop", "literal_error", message);
            Stop::Never
        }
    }
}

/// The limits, with the usual ones for those that are absent.
pub(super) fn limits(fields: &mut Fields<'_>) -> Limits {
    let mut child = fields.child("limits");
    let usual = Limits::default();
    let cpu_ms = bounded(&mut child, "cpu_ms", 1, DAY_MS).unwrap_or(usual.cpu_ms);
    #[expect(clippy::cast_precision_loss, reason = "at most a day")]
    let guard = bounds::limits(cpu_ms as f64 / 1000.0, None).wall_ms;
    let limits = Limits {
        cpu_ms,
        wall_ms: bounded(&mut child, "wall_ms", 1, DAY_MS).unwrap_or(guard),
        memory_bytes: bounded(&mut child, "memory_bytes", 64 << 20, 1024 * GIBIBYTE)
            .unwrap_or(usual.memory_bytes),
        output_bytes: bounded(&mut child, "output_bytes", 0, GIBIBYTE)
            .unwrap_or(usual.output_bytes),
        file_bytes: bounded(&mut child, "file_bytes", 0, GIBIBYTE).unwrap_or(usual.file_bytes),
    };
    child.only(&["cpu_ms", "wall_ms", "memory_bytes", "output_bytes", "file_bytes"]);
    fields.adopt(child);
    limits
}

fn bounded(fields: &mut Fields<'_>, name: &str, least: u64, most: u64) -> Option<u64> {
    let number = fields.natural(name)?;
    if (least..=most).contains(&number) {
        return Some(number);
    }
    let message = format!("Input should be between {least} and {most}");
    fields.wrong(name, "value_error", message);
    None
}
