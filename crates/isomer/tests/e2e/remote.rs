//! Programs on servers: the same tasks as here, whatever the servers are and whatever becomes of
//! them.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use isomer_bench::process::Watched;

use crate::support::{Place, complete, finish, quick};

/// A sandbox in a process of its own, which ends with the test.
pub(crate) struct Server {
    process: Child,
    pub(crate) url: String,
}

impl Server {
    /// `isomer sandbox serve`.
    pub(crate) fn ours(place: &Place) -> Self {
        let mut command = place.isomer();
        command.args(["sandbox", "serve", "--addr", "127.0.0.1:0", "--jobs", "2"]);
        Self::start(&mut command)
    }

    /// What SandboxFusion does without isolation.
    fn fusion() -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e/fusion.py");
        Self::start(Command::new("python3").arg(script))
    }

    /// Starts a program that says on standard error where it serves.
    fn start(command: &mut Command) -> Self {
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut errors = BufReader::new(process.stderr.take().unwrap());
        let mut line = String::new();
        errors.read_line(&mut line).unwrap();
        // Somebody has to read what it says later.
        std::thread::spawn(move || errors.read_to_end(&mut Vec::new()));
        let url = line.strip_prefix("serving on ").unwrap_or_else(|| panic!("{line}"));
        let url = url.split_whitespace().next().unwrap().to_owned();
        Self { process, url }
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have been killed before.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn dataset(place: &Place, run: &str) -> Vec<u8> {
    std::fs::read(place.path(run).join("tasks.jsonl")).unwrap()
}

#[test]
fn a_replay_gives_the_same_bytes_though_one_of_two_servers_dies() {
    let place = Place::new(8);
    complete(&mut place.run("live", &quick(), &["--record", "answers.jsonl"]));
    let replay = ["--replay", "answers.jsonl"];
    complete(&mut place.run("here", &quick(), &replay));
    let (mut one, two) = (Server::ours(&place), Server::ours(&place));
    let urls = format!("{}, {}/run_code", one.url, two.url);
    let run =
        Watched::start(place.run("there", &quick(), &replay).env("SANDBOX_URL", urls)).unwrap();
    let tasks = place.path("there").join("tasks.jsonl");
    for _ in 0..3000 {
        if std::fs::metadata(&tasks).is_ok_and(|file| file.len() > 0) {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    one.kill();
    let measured = run.finish().unwrap();
    assert_eq!(measured.status.code(), Some(0), "{}", measured.stderr);
    assert!(!measured.stderr.contains("warning"), "{}", measured.stderr);
    let (here, there) = (dataset(&place, "here"), dataset(&place, "there"));
    assert!(!here.is_empty() && here == there, "the datasets differ");
}

#[test]
fn a_replay_on_a_server_of_others_gives_the_same_bytes() {
    let place = Place::new(4);
    complete(&mut place.run("here", &quick(), &["--record", "answers.jsonl"]));
    let server = Server::fusion();
    let run = |name: &str, more: &[&str]| {
        let base = ["--replay", "answers.jsonl", "--sandbox-url", &server.url];
        finish(&mut place.run(name, &quick(), &[&base[..], more].concat()))
    };
    let measured = run("there", &[]);
    assert_eq!(measured.status.code(), Some(0), "{}", measured.stderr);
    assert!(measured.stderr.contains("does not say how it walls programs off"));
    assert_eq!(dataset_without_source(&place, "here"), dataset_without_source(&place, "there"));

    // Who asks for full isolation by name does not get an unknown one.
    let refused = run("refused", &["--isolation", "full"]);
    assert_eq!(refused.status.code(), Some(6), "{}", refused.stderr);
    assert!(refused.stderr.contains("full isolation was asked for"), "{}", refused.stderr);
    assert!(!place.path("refused").exists());
}

/// A replayed task says that it was replayed; everything else is the same.
fn dataset_without_source(place: &Place, run: &str) -> Vec<serde_json::Value> {
    let mut tasks = place.tasks(run);
    assert!(!tasks.is_empty());
    for task in &mut tasks {
        task["provenance"] = serde_json::Value::Null;
    }
    tasks
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let place = Place::new(4);
    let url = "http://user:secret-word@127.0.0.1:9/run_code";
    let measured = finish(&mut place.run("out", &quick(), &["--sandbox-url", url]));
    assert_eq!(measured.status.code(), Some(6), "{}", measured.stderr);
    assert!(measured.stderr.contains("sandbox `http://127.0.0.1:9`"), "{}", measured.stderr);
    assert!(!measured.stderr.contains("secret-word"), "{}", measured.stderr);
    assert!(!place.path("out").exists());

    let server = Server::ours(&place);
    let both = format!("{url},{}", server.url);
    let doctor = |urls: &str| {
        let mut command = place.isomer();
        // Without a key no endpoint is asked.
        finish(command.args(["doctor", "--sandbox-url", urls]).env_remove("OPENAI_API_KEY"))
    };
    let measured = doctor(url);
    assert_eq!(measured.status.code(), Some(6), "{}", measured.stdout);
    let measured = doctor(&both);
    assert_eq!(measured.status.code(), Some(0), "{}", measured.stdout);
    assert!(measured.stdout.contains("2 at once, full isolation"), "{}", measured.stdout);
    assert!(!measured.stdout.contains("secret-word"), "{}", measured.stdout);
    // An empty address takes back what the environment says.
    let mut here = place.isomer();
    here.args(["doctor", "--sandbox-url", ""]).env("SANDBOX_URL", url).env_remove("OPENAI_API_KEY");
    assert!(finish(&mut here).stdout.contains("system call filter"));
}
