//! The binary from outside, without an endpoint: exit codes, streams, files.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail like tests")]

use std::path::Path;
use std::process::Command;

use common::outcome;

mod common;

fn isomer(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_isomer"));
    command.current_dir(dir);
    for variable in ["OPENAI_API_KEY", "OPENAI_BASE_URL", "ISOMER_MODEL", "COLUMNS"] {
        command.env_remove(variable);
    }
    command
}

#[test]
fn a_wrong_command_line_is_code_2_and_says_so_on_standard_error() {
    let dir = tempfile::tempdir().unwrap();
    let (code, out, err) = outcome(isomer(dir.path()).args(["run", "--sampels", "2", "-o", "r"]));
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("--samples"), "{err}");
}

#[test]
fn help_and_version_are_data() {
    let dir = tempfile::tempdir().unwrap();
    let (code, out, err) = outcome(isomer(dir.path()).args(["run", "--help"]));
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("Exit codes:"), "{out}");
    let (code, out, _) = outcome(isomer(dir.path()).arg("--version"));
    assert_eq!((code, out.trim()), (0, concat!("isomer ", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn init_writes_once_and_what_it_wrote_is_usable() {
    let dir = tempfile::tempdir().unwrap();
    let (code, out, err) = outcome(isomer(dir.path()).args(["init", "new"]));
    assert_eq!((code, out.as_str()), (0, ""));
    assert!(err.contains("wrote new/isomer.toml"), "{err}");
    std::fs::write(dir.path().join("new/isomer.toml"), "samples = 1\n").unwrap();
    outcome(isomer(dir.path()).args(["init", "new"]));
    let kept = std::fs::read_to_string(dir.path().join("new/isomer.toml")).unwrap();
    assert_eq!(kept, "samples = 1\n");
    // The samples are read, and the missing key is the first thing in the way.
    let new = dir.path().join("new");
    let (code, _, err) = outcome(isomer(&new).args(["run", "seeds.jsonl", "-o", "r"]));
    assert_eq!(code, 2);
    assert!(err.starts_with("error: no key for `https://api.deepseek.com/v1`"), "{err}");
    assert!(!new.join("r").exists(), "nothing is created before everything is checked");
}

#[test]
fn a_misspelt_setting_is_code_2_with_its_line() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("isomer.toml"), "\nsampels = 2\n").unwrap();
    let (code, _, err) = outcome(isomer(dir.path()).args(["run", "x.jsonl", "-o", "r"]));
    assert_eq!(code, 2);
    assert!(err.contains("isomer.toml:2:1") && err.contains("did you mean `samples`?"), "{err}");
}

#[test]
fn three_seeds_are_refused_before_anything_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let rows = "{\"prompt\": \"one\"}\n{\"prompt\": \"two\"}\n{\"prompt\": \"three\"}\n";
    std::fs::write(dir.path().join("few.jsonl"), rows).unwrap();
    let (code, _, err) = outcome(isomer(dir.path()).env("OPENAI_API_KEY", "k").args([
        "run",
        "few.jsonl",
        "-o",
        "r",
    ]));
    assert_eq!(code, 2);
    assert!(err.contains("at least 4 seeds"), "{err}");
    assert!(!dir.path().join("r").exists());
}

#[test]
fn looking_at_what_is_no_run_is_code_2() {
    let dir = tempfile::tempdir().unwrap();
    for command in ["status", "show"] {
        let (code, out, err) = outcome(isomer(dir.path()).args([command, "nowhere"]));
        assert_eq!((code, out.as_str()), (2, ""), "{command}");
        assert!(err.contains("there is no run in `nowhere`"), "{err}");
    }
    let (code, _, err) = outcome(isomer(dir.path()).args(["run", "-o", "nowhere"]));
    assert_eq!(code, 2);
    assert!(err.contains("no seeds, and no run in `nowhere`"), "{err}");
}

#[test]
fn wrong_names_and_numbers_are_code_2_with_a_way_out_and_nothing_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let new = dir.path();
    outcome(isomer(new).arg("init"));
    std::fs::write(new.join("file"), "").unwrap();
    std::fs::write(
        new.join("tasks.jsonl"),
        "{\"id\": \"a\", \"statement\": \"Add.\", \"judge_mode\": \"stdio\"}\n",
    )
    .unwrap();
    for (line, words) in [
        ("status file", "`file` is a file\nhelp: a run is a folder"),
        ("run seeds.jsonl -o file", "`file` is a file"),
        ("run seeds.jsonl -o r --replay gone", "there is no recording `gone`\nhelp: --record"),
        ("run seeds.jsonl -o r --budget-usd -3", "'-3' for '--budget-usd <X>': expected an amount"),
        ("run seeds.jsonl -o r --pack nope", "help: there are: `algorithm`"),
        ("schema infer seeds.jsonl --task-type x --replay gone", "there is no recording `gone`"),
        ("measure tasks.jsonl --solutions gone", "`isomer verify` wrote"),
        ("measure tasks.jsonl --solutions x --no-run", "cannot be used with '--no-run'"),
        ("measure tasks.jsonl --report-mib 2", "--report <FILE>"),
        ("verify tasks.jsonl --solutions gone", "failed to read `gone`"),
        ("curate tasks.jsonl -o .", "`.` is a folder"),
        ("export tasks.jsonl -f bogus -o out", "help: `card` writes a dataset card"),
        ("quickstart nope", "help: recorded: algorithm"),
    ] {
        let (code, out, err) = outcome(isomer(new).args(line.split(' ')));
        assert_eq!((code, out.as_str()), (2, ""), "{line}: {err}");
        assert!(err.contains(words), "{line}: {err}");
    }
    for made in ["r", "out", "tasks.measure"] {
        assert!(!new.join(made).exists(), "{made}");
    }
}

#[test]
fn an_output_that_cannot_be_written_is_told_before_anybody_is_asked() {
    let dir = tempfile::tempdir().unwrap();
    outcome(isomer(dir.path()).arg("init"));
    for line in [
        "pack new ab --from seeds.jsonl --task-type x -o /proc/ab/cd",
        "schema infer seeds.jsonl --task-type x -o gone/schema.json",
        "measure seeds.jsonl --no-run --report gone/report.html",
    ] {
        // Nobody listens there.
        let asked = ["--base-url", "http://127.0.0.1:9/v1"];
        let (code, _, err) = outcome(isomer(dir.path()).args(line.split(' ')).args(asked));
        assert_eq!(code, 1, "{line}: {err}");
        assert!(err.starts_with("error: failed to write `"), "{line}: {err}");
    }
}

#[test]
fn quickstart_never_removes_what_it_did_not_make() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("thesis")).unwrap();
    std::fs::write(dir.path().join("thesis/chapter.md"), "years of work").unwrap();
    let arguments = ["quickstart", "-o", "thesis", "--fresh"];
    let (code, _, _) = outcome(isomer(dir.path()).args(arguments));
    assert_eq!(code, 2);
    assert!(dir.path().join("thesis/chapter.md").exists());
}

#[test]
fn completions_are_data() {
    let dir = tempfile::tempdir().unwrap();
    let (code, out, err) = outcome(isomer(dir.path()).args(["completions", "bash"]));
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("quickstart"), "{out}");
}

#[test]
fn doctor_prints_json_that_agrees_with_its_exit_code() {
    let dir = tempfile::tempdir().unwrap();
    let (code, out, _) = outcome(isomer(dir.path()).args(["doctor", "--json"]));
    let found: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(found["ok"].as_bool(), Some(code == 0), "{out}");
    let arguments = ["doctor", "--json", "--python", "/nonexistent/python"];
    let (code, out, _) = outcome(isomer(dir.path()).args(arguments));
    assert_eq!(code, 6, "{out}");
    assert!(out.contains("\"level\": \"fail\""), "{out}");
}

#[test]
fn curate_takes_hashing_or_a_model_in_a_folder() {
    let dir = tempfile::tempdir().unwrap();
    let row = |id: &str, text: &str| format!("{{\"id\": \"{id}\", \"statement\": \"{text}\"}}\n");
    // Other words between, so that no run of five is shared; the same words to an embedder.
    let rows = row("a", "count ships sort coins weigh trees")
        + &row("b", "weigh trees sort coins count ships");
    std::fs::write(dir.path().join("rows.jsonl"), rows).unwrap();
    let curate = |embedder: &str| {
        let arguments = ["curate", "rows.jsonl", "-o", "out.jsonl", "--json", "--cosine", "0.8"];
        outcome(isomer(dir.path()).args(arguments).args(["--embedder", embedder]))
    };
    let (code, out, err) = curate("hashing");
    assert_eq!((code, err.as_str()), (0, ""));
    let summary: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(summary["kept"], 1, "{out}");
    let (code, _, err) = curate("nowhere");
    assert_eq!(code, 2);
    assert!(err.starts_with("error: there is no embedder and no folder `nowhere`"), "{err}");
    let (code, _, err) = curate("endpoint");
    assert!(code == 2 && err.contains("name the folder of a model"), "{err}");
    let (code, _, err) = curate(".");
    assert!(code == 1 && err.contains("failed to load the model in `.`"), "{err}");
}
