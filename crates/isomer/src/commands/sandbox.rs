//! `isomer sandbox run`: one program, for a person.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;

use isomer_record::{Comparison, JudgeMode, Verdict};
use isomer_sandbox::{Ending, Entry, Execution, Job, Language, Limits, Output, Sandbox, judge};
use isomer_serve::wire;
use serde_json::{Value, json};

use super::{Setting, live, write};
use crate::cli::{RunArgs, SandboxRunArgs, WallArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{self, Paint};
use crate::settings::{Operation, SettingsFile};

/// Added to the processor time when nobody says how long a program may sleep.
const PATIENCE_MS: u64 = 20_000;

/// Runs the command.
pub(super) async fn run(args: &SandboxRunArgs, setting: Setting<'_>) -> Result<Exit, Failure> {
    let job = job(args)?;
    let expected = expected(args)?;
    let operation = operation(&args.walls, None, setting)?;
    let sandbox = live::sandbox(&operation).await?;
    let execution = once(&sandbox, job).await?;
    let verdict = expected.map(|expected| {
        let mode = if args.function.is_some() { JudgeMode::Call } else { JudgeMode::Stdio };
        judge(mode, Comparison::Exact, &expected, &execution)
    });
    let fine = verdict.unwrap_or(Verdict::Accepted) == Verdict::Accepted
        && execution.ending == Ending::Finished;
    if args.json {
        let mut shown = wire::execution_to_json(&execution);
        shown["verdict"] = json!(verdict);
        write(output::json(&shown))?;
    } else {
        write(output::data(&answer(&execution)))?;
        let errors = execution.stderr.trim_end();
        if !errors.is_empty() {
            output::note(errors);
        }
        if !(fine && setting.loudness.quiet) {
            output::note(&summary(&execution, verdict, setting.paint));
        }
    }
    Ok(if fine { Exit::Complete } else { Exit::ProgramFailed })
}

/// What the settings file says, with flags above it.
pub(super) fn operation(
    walls: &WallArgs,
    slots: Option<u32>,
    setting: Setting<'_>,
) -> Result<Operation, Failure> {
    let file = SettingsFile::load(walls.config.as_deref())?;
    let wishes = RunArgs {
        isolation: walls.isolation,
        python: walls.python.clone(),
        sandbox_slots: slots,
        ..RunArgs::default()
    };
    Ok(Operation::merge(&wishes, setting.environment, &file, None))
}

fn job(args: &SandboxRunArgs) -> Result<Job, Failure> {
    if args.file == Path::new("-") && args.stdin.as_deref() == Some(Path::new("-")) {
        return Err(Failure::usage("source and input cannot both be standard input"));
    }
    let (entry, input) = match &args.function {
        Some(function) => {
            let arguments = args.args.as_deref().unwrap_or("[]");
            let parsed: Option<Vec<Value>> = serde_json::from_str(arguments).ok();
            let parsed = parsed
                .ok_or_else(|| Failure::usage(format!("`{arguments}` is not a JSON array")))?;
            (Entry::Call { function: function.clone() }, json!(parsed))
        }
        None => {
            (Entry::Stdio, json!(args.stdin.as_deref().map(text).transpose()?.unwrap_or_default()))
        }
    };
    let limits = Limits {
        cpu_ms: args.cpu_ms,
        wall_ms: args.wall_ms.unwrap_or((args.cpu_ms + PATIENCE_MS).min(86_400_000)),
        memory_bytes: args.memory_mib << 20,
        ..Limits::default()
    };
    Ok(Job {
        source: text(&args.file)?,
        entry,
        inputs: vec![input],
        limits,
        language: language(args)?,
        packages: args.walls.packages.clone(),
        ..Job::default()
    })
}

fn language(args: &SandboxRunArgs) -> Result<Language, Failure> {
    let ending = args.file.extension().and_then(|ending| ending.to_str());
    let name = match (args.language.as_deref(), ending) {
        (Some(name), _) => name,
        (None, Some("cc" | "cpp" | "cxx")) => "cpp",
        (None, _) => return Ok(Language::PYTHON),
    };
    let all = || Language::all().map(Language::name).collect::<Vec<_>>().join(", ");
    Language::named(name).ok_or_else(|| {
        Failure::usage(format!("no language is called `{name}`"))
            .help(format!("known are {}", all()))
    })
}

fn expected(args: &SandboxRunArgs) -> Result<Option<Value>, Failure> {
    let Some(path) = &args.expected else { return Ok(None) };
    let text = text(path)?;
    if args.function.is_none() {
        return Ok(Some(json!(text)));
    }
    let value = serde_json::from_str(&text).map_err(|error| {
        Failure::because(format!("`{}` is not a JSON value", path.display()), &error)
            .exit(Exit::Usage)
    })?;
    Ok(Some(value))
}

/// The text of a file, or of standard input.
fn text(path: &Path) -> Result<String, Failure> {
    let fail = |error| {
        Failure::because(format!("failed to read `{}`", path.display()), &error).exit(Exit::Usage)
    };
    if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().lock().read_to_string(&mut text).map_err(fail)?;
        return Ok(text);
    }
    std::fs::read_to_string(path).map_err(fail)
}

async fn once(sandbox: &Sandbox, job: Job) -> Result<Execution, Failure> {
    let mut executions = sandbox.run(job).await.map_err(|error| {
        let failure = Failure::because("the sandbox failed", &error);
        match error.help() {
            Some(help) => failure.help(help),
            None => failure,
        }
    })?;
    executions.pop().ok_or_else(|| Failure::new("the sandbox gave no answer"))
}

/// Standard output as it was, or the returned value on a line.
fn answer(execution: &Execution) -> String {
    match &execution.output {
        Output::Text(text) => text.clone(),
        Output::Value(value) => {
            let plain = value.to_json().unwrap_or_else(|_| wire::value_to_json(value));
            format!("{plain}\n")
        }
        Output::None => String::new(),
    }
}

fn summary(execution: &Execution, verdict: Option<Verdict>, paint: Paint) -> String {
    let mut words = String::new();
    if let Some(verdict) = verdict {
        let name = verdict.as_str().replace('_', " ");
        let coloured =
            if verdict == Verdict::Accepted { paint.good(&name) } else { paint.bad(&name) };
        let _ = write!(words, "{coloured}: ");
    }
    let ending = execution.ending.describe();
    let finished = execution.ending == Ending::Finished;
    words.push_str(&if finished { paint.good(&ending) } else { paint.bad(&ending) });
    let figures = format!(
        "cpu {} ms, wall {} ms, memory {} MiB",
        execution.cpu_ms,
        execution.wall_ms,
        execution.memory_bytes >> 20
    );
    let _ = write!(words, "; {}", paint.dim(&figures));
    words
}

#[cfg(test)]
mod tests {
    use isomer_record::Verdict;
    use isomer_sandbox::{Ending, Execution, Output, PyValue};

    use super::{answer, summary};
    use crate::output::Paint;

    fn execution(ending: Ending, output: Output) -> Execution {
        Execution {
            ending,
            output,
            cpu_ms: 12,
            wall_ms: 15,
            memory_bytes: 10 << 20,
            stderr: String::new(),
            files: Vec::new(),
        }
    }

    #[test]
    fn one_line_says_how_it_ended() {
        let right = execution(Ending::Finished, Output::None);
        assert_eq!(
            summary(&right, Some(Verdict::Accepted), Paint::default()),
            "accepted: finished; cpu 12 ms, wall 15 ms, memory 10 MiB"
        );
        let slow = execution(Ending::TimeLimit, Output::None);
        assert_eq!(
            summary(&slow, None, Paint::default()),
            "time limit exceeded; cpu 12 ms, wall 15 ms, memory 10 MiB"
        );
    }

    #[test]
    fn answers_are_data() {
        let text = execution(Ending::Finished, Output::Text("a\nb".to_owned()));
        assert_eq!(answer(&text), "a\nb");
        let value = PyValue::Tuple(vec![PyValue::Float(f64::NAN), PyValue::Str("x".to_owned())]);
        let value = execution(Ending::Finished, Output::Value(value));
        assert_eq!(answer(&value), "{\"tuple\":[{\"float\":\"nan\"},\"x\"]}\n");
    }
}
