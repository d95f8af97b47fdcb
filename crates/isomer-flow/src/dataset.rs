//! `tasks.jsonl`: one line for each hardened task.
//!
//! A line holds no times and no sizes of memory: the same seeds, settings and recording give the same
//! bytes.

use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use isomer_record::{Blueprint, Hardened, Id, Provenance, Stage, TaskLine, TestSource, TestsLine};
use isomer_store::Reader;
use serde::Deserialize;
use serde_json::Value;

use crate::runner::{Bill, FlowError};
use crate::stages::Cx;

/// The file's name in the run's folder.
pub const FILE_NAME: &str = "tasks.jsonl";

/// What all lines of a run have in common.
#[derive(Clone, Debug)]
pub(crate) struct RunFacts {
    pack: String,
    pack_digest: String,
    prompts_digest: String,
    seed: u64,
}

impl RunFacts {
    pub(crate) fn of(cx: &Cx) -> Self {
        Self {
            pack: cx.pack.name.clone(),
            pack_digest: cx.pack.digest.clone(),
            prompts_digest: cx.pack.prompts_digest.clone(),
            seed: cx.settings.seed,
        }
    }

    /// The line of a task, without its end: `blueprint` and `hardened` are the products of the two
    /// stages as they are stored.
    pub(crate) fn line(
        &self,
        id: &Id,
        sample: u32,
        blueprint: Value,
        hardened: Value,
    ) -> Result<String, FlowError> {
        let blueprint: Blueprint =
            serde_json::from_value(blueprint).map_err(FlowError::record("a blueprint"))?;
        let Billed { hardened, bill } = Billed::read(hardened)?;
        let task = self.task(id, sample, blueprint, hardened, &bill);
        serde_json::to_string(&task).map_err(FlowError::record("a task"))
    }
}

/// A hardened task with the bill that is stored beside its fields.
struct Billed {
    hardened: Hardened,
    bill: Bill,
}

impl Billed {
    fn read(stored: Value) -> Result<Self, FlowError> {
        #[derive(Deserialize)]
        struct Beside {
            #[serde(default)]
            bill: Bill,
        }
        let Beside { bill } = Beside::deserialize(&stored).map_err(FlowError::record("a bill"))?;
        let hardened = serde_json::from_value(stored);
        Ok(Self { hardened: hardened.map_err(FlowError::record("a hardened task"))?, bill })
    }
}

impl RunFacts {
    fn task(
        &self,
        id: &Id,
        sample: u32,
        blueprint: Blueprint,
        hardened: Hardened,
        bill: &Bill,
    ) -> TaskLine {
        let verified = hardened.verified;
        let candidate = verified.candidate;
        let design = candidate.design;
        let fn_name = design.fn_name;
        let (generator, pytest) = match candidate.tests {
            TestSource::Generator(source) => (Some(source), None),
            TestSource::Pytest(source) => (None, Some(source)),
        };
        TaskLine {
            id: id.to_string(),
            pack: self.pack.clone(),
            statement: design.statement,
            judge_mode: design.judge_mode,
            comparison: design.comparison,
            header: design.header,
            solution: candidate.solution,
            generator,
            pytest,
            expected: verified.expected,
            tests: TestsLine::new(&verified.suite, design.judge_mode, fn_name.as_deref()),
            fn_name,
            elements: blueprint.elements,
            core_element: blueprint.core.first().cloned(),
            core_elements: blueprint.core,
            parents: blueprint.parents,
            near_misses: hardened.near_misses,
            kill_rate_before: hardened.kill_rate_before,
            kill_rate_after: hardened.kill_rate_after,
            rounds: hardened.rounds,
            inputs_tried: hardened.inputs_tried,
            repairs: verified.repairs,
            provenance: Some(self.provenance(sample, bill)),
        }
    }

    fn provenance(&self, sample: u32, bill: &Bill) -> Provenance {
        Provenance {
            isomer: env!("CARGO_PKG_VERSION").to_owned(),
            model: bill.models.iter().map(String::as_str).collect::<Vec<_>>().join(", "),
            replayed: bill.replayed,
            pack_digest: self.pack_digest.clone(),
            prompts_digest: self.prompts_digest.clone(),
            seed: self.seed,
            sample,
            calls: bill.calls.clone(),
            prompt_tokens: bill.prompt_tokens,
            completion_tokens: bill.completion_tokens,
            cost_usd: bill.cost_usd,
        }
    }
}

/// The file while a run writes it.
#[derive(Debug)]
pub(crate) struct Dataset {
    path: PathBuf,
    file: File,
    tasks: u64,
}

impl Dataset {
    /// Writes what the store has, sorted by id, in place of whatever was there, and goes on from
    /// there. Blocks.
    pub(crate) fn open(reader: &Reader, facts: &RunFacts) -> Result<Self, FlowError> {
        let path = reader.dir().join(FILE_NAME);
        let tasks = rewrite(reader, facts, &path)?;
        let file = OpenOptions::new()
            .append(true)
            .open(&path)
            .map_err(FlowError::io("open", path.clone()))?;
        Ok(Self { path, file, tasks })
    }

    /// Adds a line. It need not be durable at once: the store is, and the file is made from it.
    pub(crate) fn append(&mut self, line: &str) -> Result<(), FlowError> {
        let whole = format!("{line}\n");
        self.file.write_all(whole.as_bytes()).map_err(FlowError::io("write", self.path.clone()))?;
        self.tasks += 1;
        Ok(())
    }

    /// Lines in the file.
    pub(crate) const fn tasks(&self) -> u64 {
        self.tasks
    }
}

/// Replaces the file as a whole, so that a reader or a crash never sees half of it.
fn rewrite(reader: &Reader, facts: &RunFacts, path: &Path) -> Result<u64, FlowError> {
    let temporary = path.with_extension("jsonl.new");
    let io = |action| FlowError::io(action, temporary.clone());
    let mut writer = BufWriter::new(File::create(&temporary).map_err(io("create"))?);
    let mut tasks = 0;
    reader.for_each_hardened(|item| {
        let blueprint: Value = item.output(Stage::Recombine)?.unwrap_or_default();
        let hardened: Value = item.output(Stage::Harden)?.unwrap_or_default();
        let line = facts.line(&item.id, item.sample, blueprint, hardened)?;
        tasks += 1;
        writeln!(writer, "{line}").map_err(io("write"))
    })?;
    let file = writer.into_inner().map_err(|error| io("write")(error.into_error()))?;
    file.sync_all().map_err(io("sync"))?;
    fs::rename(&temporary, path).map_err(FlowError::io("replace", path))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(FlowError::io("sync", folder))?;
    Ok(tasks)
}
