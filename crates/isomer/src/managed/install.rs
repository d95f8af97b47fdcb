//! The programs that make an environment: venv and pip, or uv where it is there.

use std::ffi::OsStr;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use super::place::Place;
use super::requirements::TEXT;
use crate::exit::Exit;
use crate::failure::Failure;

/// Lines of a program's own words that are shown: enough for the error itself, which comes last.
const SHOWN: usize = 8;

/// What makes the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Installer {
    /// The module `venv` and the pip it brings.
    Pip,
    /// uv of this version.
    Uv(String),
}

impl Installer {
    /// uv if it answers, because it needs neither the module `venv` nor pip and is quicker.
    pub(super) fn find() -> Self {
        let answer = Command::new("uv").arg("--version").stdin(Stdio::null()).output();
        match answer {
            Ok(output) if output.status.success() => {
                let words = String::from_utf8_lossy(&output.stdout);
                Self::Uv(words.split_whitespace().nth(1).unwrap_or("?").to_owned())
            }
            _ => Self::Pip,
        }
    }

    /// The name for people.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Pip => "pip".to_owned(),
            Self::Uv(version) => format!("uv {version}"),
        }
    }

    /// Makes the environment without libraries; `base` is the Python it stands on.
    pub(super) fn create(&self, base: &Path, place: &Place, lock: &File) -> Result<(), Failure> {
        let mut command = match self {
            Self::Pip => {
                let mut command = Command::new(base);
                command.args(["-I", "-m", "venv"]);
                command
            }
            Self::Uv(_) => {
                let mut command = Command::new("uv");
                // The folder is there already, with the marker in it.
                command.args(["venv", "--quiet", "--allow-existing", "--no-python-downloads"]);
                command.arg("--python").arg(base);
                command
            }
        };
        finish(command.arg(place.folder()), lock, "failed to create the Python environment")
    }

    /// Installs the libraries.
    pub(super) fn install(&self, place: &Place, lock: &File) -> Result<(), Failure> {
        let list = place.folder().join("requirements.txt");
        std::fs::write(&list, TEXT).map_err(|error| {
            Failure::because(format!("failed to write `{}`", list.display()), &error)
        })?;
        let wheels = ["--only-binary", ":all:"];
        let mut command = match self {
            Self::Pip => {
                let mut command = Command::new(place.python());
                command.args(["-I", "-m", "pip", "install", "--disable-pip-version-check"]);
                command.args(["--no-input", "--progress-bar", "off"]);
                command
            }
            Self::Uv(_) => {
                let mut command = Command::new("uv");
                command.args(["pip", "install", "--no-progress"]).arg("--python");
                command.arg(place.python());
                command
            }
        };
        command.args(wheels).args([OsStr::new("-r"), list.as_os_str()]);
        finish(&mut command, lock, "failed to install the libraries")
    }
}

/// Runs a program to its end; what it said last is part of the error.
///
/// The program reads from the lock file, which is empty: so it holds the lock too, and whoever comes
/// after a killed process waits until the program that it left behind has ended.
fn finish(command: &mut Command, lock: &File, message: &str) -> Result<(), Failure> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output =
        lock.try_clone().and_then(|lock| command.stdin(lock).output()).map_err(|error| {
            Failure::because(format!("{message}: `{program}` does not run"), &error)
                .help("name a Python with --python")
                .exit(Exit::Isolation)
        })?;
    if output.status.success() {
        return Ok(());
    }
    // Notes go to one stream and errors to the other, and which is which depends on the program.
    let words =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let words = words.join("\n");
    let lines: Vec<&str> =
        words.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    let last = &lines[lines.len().saturating_sub(SHOWN)..];
    let cause = if last.is_empty() {
        format!("`{program}` said nothing ({})", output.status)
    } else {
        format!("`{program}` said:\n{}", last.join("\n"))
    };
    let failure = Failure::new(message).cause(cause).exit(Exit::Isolation);
    Err(match remedy(&words) {
        Some(help) => failure.help(help),
        None => failure,
    })
}

/// What to do, where the cause can be told from the words.
fn remedy(words: &str) -> Option<&'static str> {
    const REMEDIES: [(&[&str], &str); 3] = [
        (
            &["No space left on device", "Disk quota exceeded"],
            "the environment needs 600 MiB: free some, or name a folder on another disk in ISOMER_ENV",
        ),
        (
            &["No module named venv", "No module named ensurepip", "ensurepip is not available"],
            "install the module (Debian and Ubuntu: `apt-get install python3-venv`), or uv, which does without",
        ),
        (
            &[
                "Failed to establish a new connection",
                "Temporary failure in name resolution",
                "Name or service not known",
                "Network is unreachable",
                "Connection refused",
                "Read timed out",
                "dns error",
                "error sending request",
                "client error (Connect)",
                "Could not connect",
            ],
            "this needs the network once. Behind a proxy or with a mirror, set what pip or uv read: \
             HTTPS_PROXY,\nPIP_INDEX_URL or UV_DEFAULT_INDEX",
        ),
    ];
    let said = |phrase: &&str| words.contains(*phrase);
    REMEDIES.iter().find(|(phrases, _)| phrases.iter().any(said)).map(|(_, help)| *help)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::finish;
    use crate::output::Paint;

    fn said(script: &str) -> String {
        let lock = tempfile::tempfile().unwrap();
        let mut command = Command::new("sh");
        let failure = finish(command.args(["-c", script]), &lock, "failed to try").unwrap_err();
        failure.render(Paint::default())
    }

    #[test]
    fn the_last_words_and_what_to_do() {
        insta::assert_snapshot!(
            said("seq 100; echo 'OSError: [Errno 28] No space left on device' >&2; exit 1"),
            @r"
        error: failed to try
        caused by: `sh` said:
          94
          95
          96
          97
          98
          99
          100
          OSError: [Errno 28] No space left on device
        help: the environment needs 600 MiB: free some, or name a folder on another disk in ISOMER_ENV
        "
        );
        insta::assert_snapshot!(said("exit 3"), @r"
        error: failed to try
        caused by: `sh` said nothing (exit status: 3)
        ");
        assert!(said("echo 'No module named venv'; exit 1").contains("python3-venv"));
        assert!(
            said("echo 'x: Temporary failure in name resolution'; exit 1").contains("the network")
        );
    }
}
