//! All axes put together: the summary, what is kept of it, and the report.

use std::path::Path;
use std::sync::Arc;

use isomer_dataset::measure::test_quality::TaskTests;
use isomer_dataset::measure::{Difficulty, Measured, TaskMeasures, Tasks, TestQuality};
use isomer_record::TaskLine;
use isomer_report::Bounds;

use super::axes::Axes;
use super::folder;
use super::quality::{Ran, TestsRun};
use super::target::Asked;
use crate::cli::MeasureArgs;
use crate::commands::report_file::{Above, ReportFile};
use crate::commands::{Setting, write};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::report::{self, Measurements};

/// What was found on all axes.
pub(super) struct Found {
    pub(super) tasks: Arc<Tasks>,
    pub(super) unusable: u64,
    pub(super) axes: Axes,
    /// What the tests find, task by task and all together.
    pub(super) tests: Option<(TestsRun, Ran)>,
    pub(super) asked: Option<Asked>,
}

impl Found {
    fn measured(&self) -> Measured {
        Measured {
            tasks: self.tasks.len() as u64,
            unusable: self.unusable,
            embedder: Some(self.axes.embedder.clone()),
            originality: self.axes.originality.clone(),
            diversity: self.axes.diversity.clone(),
            difficulty: Difficulty {
                target: self.asked.as_ref().map(|asked| asked.target.clone()),
                proxies: self.axes.proxies.clone(),
            },
            test_quality: match &self.tests {
                Some((_, ran)) => ran.quality.clone(),
                None => TestQuality::default(),
            },
        }
    }

    /// Everything that is said of each task, in order.
    fn each(
        &self,
        mut on: impl FnMut(&TaskLine, TaskMeasures) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        for (place, line) in self.tasks.iter().enumerate() {
            let line = line.map_err(|error| super::kept_failure(&error))?;
            let of_task = self.axes.each.get(place)?;
            let tests = match &self.tests {
                Some((tests, _)) => tests.of(&self.tasks, place)?.unwrap_or_default(),
                None => TaskTests::default(),
            };
            let measures = TaskMeasures {
                id: line.id.clone(),
                nearest: of_task.nearest,
                size: of_task.size,
                passes: self.asked.as_ref().and_then(|asked| asked.tally.task(place)),
                matrix: tests.matrix,
                mutants: tests.mutants,
                coverage: tests.coverage,
            };
            on(&line, measures)?;
        }
        Ok(())
    }
}

/// Writes and prints everything.
pub(super) fn finish(
    args: &MeasureArgs,
    folder: &Path,
    found: &Found,
    setting: Setting<'_>,
) -> Result<Exit, Failure> {
    let measured = found.measured();
    let kept = args.output.is_some() || folder.is_dir();
    if kept {
        folder::make(folder)?;
        folder::write(&folder.join("measured.json"), |out| {
            serde_json::to_writer_pretty(&mut *out, &measured)
                .map_err(std::io::Error::from)
                .and_then(|()| out.write_all(b"\n"))
                .map_err(|error| unwritten(&error))
        })?;
        folder::write(&folder.join("tasks.measures.jsonl"), |out| {
            found.each(|_, measures| {
                serde_json::to_writer(&mut *out, &measures)
                    .map_err(std::io::Error::from)
                    .and_then(|()| out.write_all(b"\n"))
                    .map_err(|error| unwritten(&error))
            })
        })?;
    }
    let reported = if let Some(path) = &args.report {
        let title = title(args);
        let above = Above { title: &title, measured: measured.clone(), datasets: &args.datasets };
        let bounds = Bounds { most_bytes: args.report_mib << 20 };
        let mut report = ReportFile::begin(path, above, bounds)?;
        found.each(|line, mut measures| {
            // The page shows none of them, and they are as long as all else that is said of a task.
            measures.mutants.as_mut().and_then(|mutants| mutants.kills.take());
            report.task(line, &measures)
        })?;
        Some(report.end()?)
    } else {
        None
    };
    let asked = found.asked.as_ref();
    let measurements = Measurements {
        datasets: args.datasets.iter().map(|path| path.display().to_string()).collect(),
        folder: kept.then(|| folder.display().to_string()),
        report: args.report.as_ref().map(|path| path.display().to_string()),
        reported,
        trouble: asked.and_then(|asked| asked.trouble.clone()),
        failed: found.tests.as_ref().map_or(0, |(_, ran)| ran.failed),
        failure: found.tests.as_ref().and_then(|(_, ran)| ran.trouble.clone()),
        measured,
    };
    if args.json {
        write(output::json(&measurements))?;
    } else {
        write(output::data(&report::measurements(&measurements, setting.data_paint)))?;
    }
    let exits = [asked.map(|asked| asked.exit), found.tests.as_ref().map(|(_, ran)| ran.exit)];
    let ended = exits.into_iter().flatten().find(|exit| *exit != Exit::Complete);
    Ok(ended.unwrap_or(Exit::Complete))
}

fn title(args: &MeasureArgs) -> String {
    let name = |path: &std::path::PathBuf| {
        let full = std::fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        full.file_name().unwrap_or(full.as_os_str()).to_string_lossy().into_owned()
    };
    args.datasets.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn unwritten(error: &std::io::Error) -> Failure {
    Failure::because("failed to write what was measured", error)
        .help("name another folder with --output")
}
