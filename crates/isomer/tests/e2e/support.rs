//! A folder with seeds and settings, and the binary that works in it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use isomer_bench::mock::{Ending, Faults, Latency, Mock, Profile};
use isomer_bench::process::{Measured, Watched};
use serde_json::Value;

/// The key that every start is given; it must never be found anywhere.
pub(crate) const KEY: &str = "sk-endtoend-7f3a9b1c5d2e4f60";

/// Retries without long waits and attempts that end soon: tests are in a hurry.
const SETTINGS: &str = "\
[timeouts]
connect = 2
first_token = 3
idle = 3
total = 20
";

pub(crate) struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    /// A folder with `seeds.jsonl` and `isomer.toml`.
    pub(crate) fn new(seeds: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        isomer_bench::seeds::write(&folder.path().join("seeds.jsonl"), seeds).unwrap();
        std::fs::write(folder.path().join("isomer.toml"), SETTINGS).unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The binary, in the folder, with the key and nothing else of the caller's settings.
    pub(crate) fn isomer(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_isomer"));
        command.current_dir(self.folder.path());
        for variable in ["OPENAI_BASE_URL", "ISOMER_MODEL", "SANDBOX_URL", "RUST_LOG"] {
            command.env_remove(variable);
        }
        command.env("OPENAI_API_KEY", KEY).env("NO_COLOR", "1");
        command
    }

    /// `isomer run seeds.jsonl -o RUN` against a mock, with further arguments.
    pub(crate) fn run(&self, run: &str, mock: &Mock, more: &[&str]) -> Command {
        let mut command = self.isomer();
        command.args(["run", "seeds.jsonl", "-o", run]);
        command.args(["--base-url", &mock.base_url(), "--model", "mock"]).args(more);
        command
    }

    pub(crate) fn tasks(&self, run: &str) -> Vec<Value> {
        let text = std::fs::read_to_string(self.path(run).join("tasks.jsonl")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    pub(crate) fn task_ids(&self, run: &str) -> Vec<String> {
        self.tasks(run).iter().map(|task| task["id"].as_str().unwrap().to_owned()).collect()
    }

    pub(crate) fn recorded(&self, run: &str) -> BTreeSet<String> {
        isomer_bench::ledger::recorded(&self.path(run)).unwrap()
    }

    /// `isomer status RUN --json`.
    pub(crate) fn status(&self, run: &str) -> Value {
        let measured = finish(self.isomer().args(["status", run, "--json"]));
        assert_eq!(measured.status.code(), Some(0), "{}", measured.stderr);
        serde_json::from_str(&measured.stdout).unwrap()
    }
}

/// Half of the tasks end after design, because what follows costs seconds and most tests are about
/// something else.
fn sparing() -> Profile {
    Profile { short_designs: 0.5, ..Profile::default() }
}

/// A mock without faults that answers at once.
pub(crate) fn quick() -> Mock {
    Mock::start(sparing()).unwrap()
}

/// A mock without faults that takes a fixed time.
pub(crate) fn slow(milliseconds: u64) -> Mock {
    let latency = Latency::Fixed(Duration::from_millis(milliseconds));
    Mock::start(Profile { latency, ..sparing() }).unwrap()
}

/// A mock with faults, such as `429=0.1,cut=0.05`.
pub(crate) fn faulty(faults: &str) -> Mock {
    let faults: Faults = faults.parse().unwrap();
    Mock::start(Profile { faults, ..sparing() }).unwrap()
}

/// A mock whose code has faults, such as `hostile=0.5`, and whose tasks all get that far.
pub(crate) fn malicious(faults: &str) -> Mock {
    let faults: Faults = faults.parse().unwrap();
    Mock::start(Profile { faults, ..Profile::default() }).unwrap()
}

/// Runs to the end, whatever that is.
pub(crate) fn finish(command: &mut Command) -> Measured {
    Watched::start(command).unwrap().finish().unwrap()
}

/// Runs to the end, which must be exit code 0.
pub(crate) fn complete(command: &mut Command) -> Measured {
    let measured = finish(command);
    assert_eq!(measured.status.code(), Some(0), "{}", measured.stderr);
    measured
}

/// Sends a signal by name.
pub(crate) fn signal(process: &Watched, name: &str) {
    let pid = process.pid().to_string();
    assert!(Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
}

/// Names of the requests that the mock has answered.
pub(crate) fn answered(mock: &Mock) -> BTreeSet<String> {
    let answered = |asked: &isomer_bench::mock::Asked| asked.ending == Ending::Answered;
    mock.asked().into_iter().filter(answered).map(|asked| asked.body).collect()
}

/// Waits until the mock was asked `count` times.
pub(crate) fn wait_for_requests(mock: &Mock, count: usize) {
    for _ in 0..1500 {
        if mock.asked().len() >= count {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("the mock was asked {} times in 30 s, not {count}", mock.asked().len());
}

/// Every file below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}
