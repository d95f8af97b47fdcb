//! What is to be exported, and where to.

use std::path::{Path, PathBuf};

use isomer_sandbox::Limits;

use crate::format::{Format, Layout};
use crate::shape::Room;

/// One format and its file.
#[derive(Clone, Debug)]
pub struct Target {
    /// The format.
    pub format: Format,
    /// The file; with shards the pattern of their names.
    pub path: PathBuf,
}

impl Target {
    /// How rows lie: as the name of the file says, or as the format has it.
    pub fn layout(&self) -> Layout {
        match self.path.extension().and_then(|ending| ending.to_str()) {
            Some("parquet") => Layout::Parquet,
            Some("jsonl" | "json" | "ndjson") => Layout::Lines,
            _ => self.format.layout(),
        }
    }

    /// The file of a shard: `rows.parquet` becomes `rows-00003.parquet`.
    pub(super) fn shard(&self, number: usize) -> PathBuf {
        let stem = self.path.file_stem().unwrap_or_default().to_string_lossy();
        let ending = self.path.extension().map(|ending| ending.to_string_lossy());
        let name = match ending {
            Some(ending) => format!("{stem}-{number:05}.{ending}"),
            None => format!("{stem}-{number:05}"),
        };
        self.path.with_file_name(name)
    }

    /// Where tasks that are left out are listed, if any are.
    pub fn sidecar(&self) -> PathBuf {
        with_suffix(&self.path, ".left-out.jsonl")
    }
}

/// What is to be exported.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Formats and files.
    pub targets: Vec<Target>,
    /// Where notes are kept until the files are whole.
    pub notes: PathBuf,
    /// Tells this export from any other: notes of another one are not used.
    pub fingerprint: String,
    /// Rows of a file at most.
    pub shard_rows: Option<u64>,
    /// Room for tests.
    pub room: Room,
    /// Limits of a program on one test.
    pub limits: Limits,
    /// Installed modules that programs may import; without any, the standard library alone is there.
    pub packages: Vec<String>,
    /// Tasks judged at the same time.
    pub jobs: usize,
}

impl Plan {
    /// Limits generous enough to tell what is too slow for a grader from what is too slow here.
    pub const LIMITS: Limits = Limits {
        cpu_ms: 15_000,
        wall_ms: 45_000,
        memory_bytes: 1 << 30,
        output_bytes: 16 << 20,
        file_bytes: 64 << 20,
    };

    /// What tells this export from others: the dataset, and everything that decides about rows.
    pub fn fingerprint(
        identity: &str,
        formats: &[Format],
        room: Room,
        packages: &[String],
    ) -> String {
        let names: Vec<&str> = formats.iter().map(|format| format.as_str()).collect();
        let version = env!("CARGO_PKG_VERSION");
        let text = format!(
            "{version}\n{}\n{}\n{}\n{identity}",
            names.join(","),
            room.row_bytes,
            packages.join(",")
        );
        blake3::hash(text.as_bytes()).to_hex().to_string()
    }

    /// The folder of notes for an output path.
    pub fn notes_beside(output: &Path) -> PathBuf {
        with_suffix(output, ".part")
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(suffix);
    path.with_file_name(name)
}
