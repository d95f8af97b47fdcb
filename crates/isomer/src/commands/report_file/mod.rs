//! The report of `isomer measure` as a file: begun with the figures, filled task by task, there
//! only when it is complete.

mod facts;

use std::io::BufWriter;
use std::path::{Path, PathBuf};

use isomer_dataset::measure::{Measured, Similarity, TaskMeasures};
use isomer_record::TaskLine;
use isomer_report::{Bounds, Figures, Head, Page, ReportError, Written};
use tempfile::NamedTempFile;

use crate::failure::Failure;
use crate::settings::RunFile;

/// Places on the map; more would only hide each other.
const PLACES: usize = 5000;

/// What the report says before the first task.
pub(crate) struct Above<'a> {
    /// What it is about.
    pub(crate) title: &'a str,
    /// What was measured.
    pub(crate) measured: Measured,
    /// What was measured it of: files of tasks or folders of runs. Folders of runs tell their facts.
    pub(crate) datasets: &'a [PathBuf],
}

/// A report being written beside where it will be.
pub(crate) struct ReportFile {
    page: Page<BufWriter<NamedTempFile>>,
    path: PathBuf,
}

impl ReportFile {
    /// Begins the file.
    pub(crate) fn begin(path: &Path, above: Above<'_>, bounds: Bounds) -> Result<Self, Failure> {
        let mut runs = Vec::new();
        for dataset in above.datasets.iter().filter(|path| RunFile::path(path).is_file()) {
            runs.push(facts::facts(dataset)?);
        }
        let sources: Vec<String> =
            above.datasets.iter().map(|path| path.display().to_string()).collect();
        let mut measured = above.measured;
        thin(&mut measured.diversity.map, PLACES);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))
            .map_err(|error| failed(path, &error))?;
        let head = Head {
            title: above.title,
            made_by: concat!("isomer ", env!("CARGO_PKG_VERSION")),
            measured: &measured,
            runs: &runs,
            sources: &sources,
        };
        let page = Page::begin(BufWriter::new(file), &head, bounds);
        Ok(Self { page: page.map_err(|error| unwritten(path, &error))?, path: path.to_owned() })
    }

    /// Adds a task.
    pub(crate) fn task(&mut self, line: &TaskLine, measures: &TaskMeasures) -> Result<(), Failure> {
        let added = self.page.task(line, measures, figures(measures));
        added.map_err(|error| unwritten(&self.path, &error))
    }

    /// Completes the file and puts it into its place.
    pub(crate) fn end(self) -> Result<Written, Failure> {
        let path = self.path;
        let (written, out) = self.page.end().map_err(|error| unwritten(&path, &error))?;
        let file = out.into_inner().map_err(|error| failed(&path, error.error()))?;
        file.as_file().sync_all().map_err(|error| failed(&path, &error))?;
        readable(&file).map_err(|error| failed(&path, &error))?;
        file.persist(&path).map_err(|error| failed(&path, &error.error))?;
        Ok(written)
    }
}

/// Temporary files are for their owner alone; a report is as any other file.
fn readable(file: &NamedTempFile) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::because(format!("failed to write the report `{}`", path.display()), error)
}

fn unwritten(path: &Path, error: &ReportError) -> Failure {
    Failure::because(format!("failed to write the report `{}`", path.display()), error)
}

/// Keeps an even draw of at most `most`.
fn thin<T>(all: &mut Vec<T>, most: usize) {
    let count = all.len();
    let mut index = 0;
    all.retain(|_| {
        let keep = index * most / count.max(1) != (index + 1) * most / count.max(1);
        index += 1;
        keep || count <= most
    });
}

/// The numbers that the list of tasks is sorted by.
fn figures(measures: &TaskMeasures) -> Figures {
    let nearest = |by: Similarity| {
        let values = measures.nearest.iter().filter(|one| one.by == by).map(|one| one.value);
        values.reduce(f64::max)
    };
    let share = |part: u32, of: u32| (of > 0).then(|| f64::from(part) / f64::from(of));
    Figures {
        cosine: nearest(Similarity::Cosine),
        containment: nearest(Similarity::Containment),
        jaccard: nearest(Similarity::Jaccard),
        syntax: nearest(Similarity::Syntax),
        passes: measures.passes.and_then(|passes| share(passes.passed, passes.samples)),
        lines: measures.size.map(|size| size.lines),
        cyclomatic: measures.size.map(|size| size.cyclomatic),
        mutants: measures
            .mutants
            .as_ref()
            .and_then(|mutants| share(mutants.killed, mutants.made - mutants.equivalent)),
        coverage: measures
            .coverage
            .as_ref()
            .and_then(|coverage| share(coverage.lines_reached, coverage.lines)),
    }
}

#[cfg(test)]
mod tests {
    use isomer_dataset::measure::{Measured, Mutants, Nearest, Similarity, TaskMeasures};
    use isomer_record::TaskLine;
    use isomer_report::Bounds;
    use serde_json::json;

    use super::{Above, ReportFile, figures, thin};

    #[test]
    fn an_even_draw_keeps_the_number_asked_for() {
        for (count, most) in [(10, 5), (11, 5), (5, 5), (3, 5), (100_000, 4999)] {
            let mut all: Vec<usize> = (0..count).collect();
            thin(&mut all, most);
            assert_eq!(all.len(), count.min(most));
            assert!(all.windows(2).all(|two| two[1] - two[0] <= count.div_ceil(most)), "{all:?}");
        }
    }

    #[test]
    fn the_list_has_the_nearest_neighbour_over_all_sets() {
        let nearest = |set, by, value| Nearest { set, by, value, other: String::new() };
        let measures = TaskMeasures {
            nearest: vec![
                nearest(0, Similarity::Cosine, 0.3),
                nearest(1, Similarity::Cosine, 0.7),
                nearest(0, Similarity::Syntax, 0.1),
            ],
            mutants: Some(Mutants { made: 12, equivalent: 2, killed: 9, ..Mutants::default() }),
            ..TaskMeasures::default()
        };
        let figures = figures(&measures);
        assert_eq!((figures.cosine, figures.syntax), (Some(0.7), Some(0.1)));
        assert_eq!((figures.mutants, figures.coverage), (Some(0.9), None));
    }

    #[test]
    fn a_report_is_there_when_it_is_complete() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("report.html");
        let measured = Measured { tasks: 1, ..Measured::default() };
        let above = Above { title: "t", measured, datasets: &[] };
        let mut file = ReportFile::begin(&path, above, Bounds::default()).unwrap();
        let line: TaskLine =
            serde_json::from_value(json!({"id": "a", "statement": "s", "judge_mode": "stdio"}))
                .unwrap();
        file.task(&line, &TaskMeasures::default()).unwrap();
        assert!(!path.exists());
        let written = file.end().unwrap();
        assert_eq!((written.tasks, written.whole), (1, 1));
        assert_eq!(std::fs::metadata(&path).unwrap().len(), written.bytes);
    }
}
