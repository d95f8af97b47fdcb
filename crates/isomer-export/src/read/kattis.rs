//! Kattis problem packages: a folder with a statement, tests, and submissions sorted by verdict.

use std::fs;
use std::path::{Path, PathBuf};

use isomer_record::{JudgeMode, Suite, TestsLine, Verdict};
use serde_json::{Value, json};

use super::NoTask;
use super::shapes::labelled_wrong;

/// Whether a folder is a package.
pub fn is_package(folder: &Path) -> bool {
    folder.join("problem.yaml").is_file()
}

/// Reads a package as a line of `tasks.jsonl`.
///
/// Its tests are those of `data/sample` and `data/secret`, its solution the first accepted one in
/// Python, its near-misses the other submissions in Python. A package with a validator of its own
/// allows several answers; that is said in `output_validators`.
///
/// # Errors
///
/// If a file cannot be read, or there is no statement.
pub fn package(folder: &Path) -> Result<Value, NoTask> {
    let statement = statement(folder)?;
    let mut suite = Suite::default();
    for group in ["data/sample", "data/secret"] {
        for input in files(&folder.join(group), "in")? {
            suite.input.push(json!(read(&input)?));
            suite.output.push(json!(read(&input.with_extension("ans"))?));
        }
    }
    let submissions = |kind: &str| -> Result<Vec<String>, NoTask> {
        files(&folder.join("submissions").join(kind), "py")?.iter().map(|path| read(path)).collect()
    };
    let mut near_misses = Vec::new();
    for (kind, verdict) in [
        ("wrong_answer", Verdict::WrongAnswer),
        ("time_limit_exceeded", Verdict::TimeLimit),
        ("run_time_error", Verdict::RuntimeError),
    ] {
        near_misses
            .extend(submissions(kind)?.into_iter().map(|code| labelled_wrong(code, verdict)));
    }
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    Ok(json!({
        "id": name,
        "statement": statement,
        "judge_mode": JudgeMode::Stdio,
        "solution": submissions("accepted")?.first().cloned().unwrap_or_default(),
        "tests": TestsLine::new(&suite, JudgeMode::Stdio, None),
        "near_misses": near_misses,
        "output_validators": folder.join("output_validators").is_dir(),
    }))
}

/// The statement in English, or in whatever language comes first.
fn statement(folder: &Path) -> Result<String, NoTask> {
    let mut found: Vec<PathBuf> = Vec::new();
    for place in ["problem_statement", "statement"] {
        for ending in ["tex", "md"] {
            found.extend(files(&folder.join(place), ending)?);
        }
    }
    let english = |path: &&PathBuf| {
        path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with(".en"))
    };
    match found.iter().find(english).or(found.first()) {
        Some(path) => read(path),
        None => Err(NoTask::field("problem_statement", "the folder has no statement")),
    }
}

/// Files with this ending, sorted by name; none where there is no such folder.
fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, NoTask> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(Vec::new()) };
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths: Vec<PathBuf> = paths
        .collect::<Result<_, _>>()
        .map_err(|error| NoTask::field(&folder.display().to_string(), error))?;
    paths.retain(|path| path.extension().is_some_and(|found| found == ending));
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<String, NoTask> {
    fs::read_to_string(path).map_err(|error| NoTask::field(&path.display().to_string(), error))
}
