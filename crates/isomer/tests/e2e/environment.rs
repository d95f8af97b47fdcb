//! `isomer env` with programs that only play uv, pip and Python: no network, and every fault at will.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use isomer_bench::process::{Measured, Watched};

use crate::support::{Place, finish};

/// What a Python with all libraries answers to every question.
const ANSWER: &str = r#"{"version": "3.12.3", "short": [3, 12], "implementation": "cpython",
"versions": {"numpy": "2", "pandas": "3", "scipy": "1", "scikit-learn": "1", "matplotlib": "3",
"pytest": "9"}, "missing": [], "broken": {}}"#;

/// Plays uv: `venv` makes a folder with a Python that answers, `pip` does what `$FAULT` says.
const UV: &str = r#"#!/bin/sh
echo "$1" >> "$CALLS"
case "$1" in
--version) echo "uv 1.2.3 (a play)" ;;
venv) for last; do :; done; mkdir -p "$last/bin" && cp "$PLAYED" "$last/bin/python" ;;
pip) eval "$FAULT" ;;
esac
"#;

/// A folder with programs that play others.
struct Stage {
    place: Place,
}

impl Stage {
    fn new() -> Self {
        let stage = Self { place: Place::new(0) };
        std::fs::create_dir(stage.place.path("bin")).unwrap();
        stage.play("uv", UV);
        stage.answer("python3", ANSWER);
        stage
    }

    fn play(&self, name: &str, script: &str) {
        let path = self.place.path("bin").join(name);
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn answer(&self, name: &str, answer: &str) {
        self.play(name, &format!("#!/bin/sh\ncat <<'END'\n{answer}\nEND\n"));
    }

    fn env(&self, fault: &str, more: &[&str]) -> Command {
        let mut command = self.place.isomer();
        command.arg("env").args(more);
        let path = format!("{}:/usr/bin:/bin", self.place.path("bin").display());
        command.env("PATH", path).env("FAULT", fault).env("CALLS", self.place.path("calls"));
        command.env("PLAYED", self.place.path("bin/python3")).env("ISOMER_ENV", self.folder());
        command
    }

    fn folder(&self) -> PathBuf {
        self.place.path("made/here")
    }

    fn run(&self, fault: &str, more: &[&str]) -> (i32, Measured) {
        let measured = finish(&mut self.env(fault, more));
        (measured.status.code().unwrap(), measured)
    }

    /// How often the environment was begun.
    fn begun(&self) -> usize {
        let calls = std::fs::read_to_string(self.place.path("calls")).unwrap();
        calls.lines().filter(|call| *call == "venv").count()
    }
}

#[test]
fn it_is_made_once_and_its_path_is_printed() {
    let stage = Stage::new();
    let (code, measured) = stage.run("", &["--check"]);
    assert_eq!(code, 6, "{}", measured.stderr);
    assert!(measured.stderr.contains("is not there"), "{}", measured.stderr);
    let (code, measured) = stage.run("", &[]);
    assert_eq!(code, 0, "{}", measured.stderr);
    let python = stage.folder().join("bin/python");
    assert_eq!(measured.stdout.trim(), python.to_str().unwrap());
    assert!(measured.stderr.contains("numpy 2, pandas 3"), "{}", measured.stderr);
    let (_, measured) = stage.run("", &["--json"]);
    let found: serde_json::Value = serde_json::from_str(&measured.stdout).unwrap();
    assert_eq!(found["ok"], true);
    assert_eq!(found["installer"], "uv 1.2.3");
    assert_eq!(stage.begun(), 1);
    stage.run("", &["--recreate"]);
    assert_eq!(stage.begun(), 2);
    assert_eq!(stage.run("", &["--check"]).0, 0);
}

#[test]
fn an_environment_that_changed_since_is_told_and_made_anew() {
    let stage = Stage::new();
    stage.run("", &[]);
    stage.answer("python3", &ANSWER.replace(r#""pandas": "3""#, r#""pandas": "2""#));
    std::fs::copy(stage.place.path("bin/python3"), stage.folder().join("bin/python")).unwrap();
    let (code, measured) = stage.run("", &["--check", "--json"]);
    assert_eq!(code, 6);
    assert!(measured.stdout.contains("pandas is 2, not 3"), "{}", measured.stdout);
    assert_eq!(stage.run("", &[]).0, 0);
    assert_eq!(stage.begun(), 2);
}

#[test]
fn what_fails_says_so_leaves_nothing_and_keeps_what_was_there() {
    let stage = Stage::new();
    let offline = "echo 'error: dns error: failed to lookup address' >&2; exit 2";
    let (code, measured) = stage.run(offline, &[]);
    assert_eq!(code, 6);
    assert!(measured.stderr.contains("failed to lookup address"), "{}", measured.stderr);
    assert!(measured.stderr.contains("needs the network once"), "{}", measured.stderr);
    assert!(!stage.folder().exists());
    stage.run("", &[]);
    let full = "echo 'error: No space left on device (os error 28)' >&2; exit 2";
    let (code, measured) = stage.run(full, &["--recreate"]);
    assert_eq!(code, 6);
    assert!(measured.stderr.contains("ISOMER_ENV"), "{}", measured.stderr);
    assert_eq!(stage.run("", &["--check"]).0, 0, "the old one came back");
    assert_eq!(stage.begun(), 3);
}

#[test]
fn a_killed_creation_is_made_anew_after_what_it_left_behind_has_ended() {
    let stage = Stage::new();
    let begun = Watched::start(&mut stage.env("sleep 2; touch ended", &[])).unwrap();
    let marker = stage.folder().join("requirements.txt");
    for _ in 0..500 {
        if marker.exists() {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let pid = begun.pid().to_string();
    assert!(Command::new("kill").args(["-s", "KILL", &pid]).status().unwrap().success());
    drop(begun.finish());
    let (code, measured) = stage.run("", &["--check"]);
    assert_eq!(code, 6);
    assert!(measured.stderr.contains("is not complete"), "{}", measured.stderr);
    let (code, measured) = stage.run("", &[]);
    assert_eq!(code, 0, "{}", measured.stderr);
    assert!(stage.place.path("ended").exists(), "nobody else writes to the same folder");
    assert_eq!(stage.begun(), 2);
}

#[test]
fn of_two_at_once_one_makes_it_and_the_other_waits() {
    let stage = Stage::new();
    let first = Watched::start(&mut stage.env("sleep 1", &[])).unwrap();
    let second = Watched::start(&mut stage.env("sleep 1", &[])).unwrap();
    for measured in [first.finish().unwrap(), second.finish().unwrap()] {
        assert_eq!(measured.status.code(), Some(0), "{}", measured.stderr);
    }
    assert_eq!(stage.begun(), 1);
}

#[test]
fn somebody_elses_folder_is_left_alone() {
    let stage = Stage::new();
    std::fs::create_dir_all(stage.folder()).unwrap();
    std::fs::write(stage.folder().join("thesis.txt"), "years of work").unwrap();
    for flags in [&[][..], &["--recreate"]] {
        let (code, measured) = stage.run("", flags);
        assert_eq!(code, 2, "{}", measured.stderr);
        assert!(measured.stderr.contains("isomer did not make it"), "{}", measured.stderr);
    }
    assert!(stage.folder().join("thesis.txt").exists());
}

#[test]
fn a_python_that_will_not_do_is_named_before_anything_is_made() {
    let stage = Stage::new();
    stage.answer("python3", &ANSWER.replace("[3, 12]", "[3, 15]").replace("3.12.3", "3.15.0"));
    let (code, measured) = stage.run("", &[]);
    assert_eq!(code, 6);
    assert!(measured.stderr.contains("3.15.0"), "{}", measured.stderr);
    assert!(measured.stderr.contains("CPython 3.9 to 3.14"), "{}", measured.stderr);
    // Debian's Python comes without the module; uv is not there either.
    stage.play("uv", "#!/bin/sh\nexit 127\n");
    let without = format!(
        "#!/bin/sh\nif [ \"$3\" = venv ]; then echo 'ensurepip is not available'; exit 1; fi\n\
         cat <<'END'\n{ANSWER}\nEND\n"
    );
    stage.play("python3", &without);
    let (code, measured) = stage.run("", &[]);
    assert_eq!(code, 6);
    assert!(measured.stderr.contains("apt-get install python3-venv"), "{}", measured.stderr);
    assert!(!stage.folder().exists());
}
