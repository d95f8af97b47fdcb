//! Export of many tasks: rows per second, all programs run.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use clap::Args;
use serde_json::Value;

use crate::Failure;
use crate::driver::{Driver, complete};
use crate::sandbox::{Busy, processors};
use crate::table::{line, print, progress, seconds};

/// Export the tasks of the quickstart, repeated, and count rows per second
///
/// Nothing is taken from an earlier export: the reference and every near-miss of each task run on all
/// of its tests, whatever the number of formats.
#[derive(Clone, Debug, Args)]
pub(crate) struct Arguments {
    /// Tasks
    #[arg(long, default_value_t = 120)]
    tasks: usize,

    /// Formats, each alone; `all` makes all at once
    #[arg(long, value_delimiter = ',', default_value = "livecodebench,parquet,all")]
    formats: Vec<String>,
}

pub(crate) fn run(driver: &Driver, arguments: &Arguments) -> Result<(), Failure> {
    let quickstart = driver.path("quickstart");
    complete(driver.command().args(["quickstart", "--quiet", "-o"]).arg(&quickstart))?;
    let dataset = driver.path("tasks.jsonl");
    let programs = repeat(&quickstart.join("tasks.jsonl"), &dataset, arguments.tasks)?;
    let mut rows = Vec::new();
    for format in &arguments.formats {
        progress(format);
        let watch = Busy::watch(processors()?.len())?;
        let mut command = driver.command();
        command.args(["export", "--json", "--format", format]).arg(&dataset);
        let measured = complete(command.arg("-o").arg(driver.path(&format!("export-{format}"))))?;
        let (busy, own) = watch.shares()?;
        let found: Value = serde_json::from_str(&measured.stdout)?;
        let formats = found["formats"].as_array().ok_or("`isomer export` named no formats")?;
        let written: u64 = formats.iter().filter_map(|format| format["rows"].as_u64()).sum();
        let wall = measured.wall.as_secs_f64();
        rows.push(vec![
            format.clone(),
            formats.len().to_string(),
            arguments.tasks.to_string(),
            programs.to_string(),
            written.to_string(),
            seconds(measured.wall),
            seconds(measured.own_cpu + measured.descendants_cpu),
            rate(arguments.tasks as u64, wall),
            rate(written, wall),
            rate(programs, wall),
            format!("{:.0} % / {:.0} %", 100.0 * busy, 100.0 * own),
        ]);
    }
    let head = [
        "format",
        "formats",
        "tasks",
        "executions",
        "rows",
        "wall s",
        "CPU s",
        "tasks / s",
        "rows / s",
        "executions / s",
        "busy / own",
    ];
    print("Export, judged by each format's graders", &head, &rows);
    line("\nAn execution is one program, the reference or a near-miss, on one test.");
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn rate(count: u64, seconds: f64) -> String {
    format!("{:.1}", count as f64 / seconds)
}

/// Writes the tasks again and again under new names, `count` in all; returns how many executions
/// judging them takes.
fn repeat(from: &Path, to: &Path, count: usize) -> Result<u64, Failure> {
    let text = std::fs::read_to_string(from)?;
    let tasks: Vec<Value> = text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let mut out = BufWriter::new(File::create(to)?);
    let mut executions = 0;
    for (number, task) in tasks.iter().cycle().take(count).enumerate() {
        let length = |value: &Value| value.as_array().map_or(0, Vec::len);
        let programs = 1 + length(&task["near_misses"]);
        executions += (programs * length(&task["tests"]["input"])) as u64;
        let mut task = task.clone();
        task["id"] = format!("{number:032x}").into();
        writeln!(out, "{task}")?;
    }
    out.flush()?;
    Ok(executions)
}
