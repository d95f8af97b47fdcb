//! Which Python runs the programs of a pack, and whether it has what the pack needs.

use std::path::{Path, PathBuf};

use isomer_flow::pack::Pack;
use isomer_record::JudgeMode;

use super::place::Place;
use super::probe::{self, Question};
use super::state::{self, Depth, State};
use crate::exit::Exit;
use crate::failure::Failure;

/// What a pack needs beside the standard library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Need {
    pack: String,
    /// Names to install by.
    distributions: Vec<String>,
    /// Names to import by, in the same order.
    modules: Vec<String>,
}

impl Need {
    /// What this pack needs.
    pub(crate) fn of(pack: &Pack) -> Self {
        let mut need =
            Self { pack: pack.name.clone(), distributions: Vec::new(), modules: Vec::new() };
        for (distribution, module) in &pack.libraries {
            need.add(distribution, module);
        }
        if pack.judge_modes.contains(&JudgeMode::Pytest) {
            need.add("pytest", "pytest");
        }
        need
    }

    /// What tasks of other makers need that are judged by a test file.
    pub(crate) fn of_test_files() -> Self {
        let mut need =
            Self { pack: "pytest".to_owned(), distributions: Vec::new(), modules: Vec::new() };
        need.add("pytest", "pytest");
        need
    }

    fn add(&mut self, distribution: &str, module: &str) {
        self.distributions.push(distribution.to_owned());
        self.modules.push(module.to_owned());
    }

    /// Whether the standard library is enough.
    pub(crate) fn is_empty(&self) -> bool {
        self.distributions.is_empty()
    }

    fn list(&self) -> String {
        self.distributions.join(", ")
    }
}

/// The Python for a pack: the one named, else the managed one if the pack needs libraries, else
/// none in particular. Whatever it is, it has what the pack needs.
pub(crate) fn choose(
    named: Option<&Path>,
    need: &Need,
    place: impl FnOnce() -> Result<Place, Failure>,
) -> Result<Option<PathBuf>, Failure> {
    if need.is_empty() {
        return Ok(named.map(Path::to_path_buf));
    }
    let (python, install) = match named {
        Some(python) => (python.to_path_buf(), format!("{} -m pip install", python.display())),
        None => managed(need, &place()?)?,
    };
    let question = Question { modules: &need.modules, ..Question::default() };
    let found = probe::ask(&python, &question).map_err(|error| {
        Failure::new("the Python for generated code does not run")
            .cause(error)
            .exit(Exit::Isolation)
    })?;
    let lacks: Vec<&str> = need
        .distributions
        .iter()
        .zip(&need.modules)
        .filter(|(_, module)| found.missing.contains(module))
        .map(|(name, _)| name.as_str())
        .collect();
    if lacks.is_empty() {
        return Ok(Some(python));
    }
    let lacks = lacks.join(", ");
    let mut help = format!("{install} {}", lacks.replace(',', ""));
    if named.is_some() {
        help.push_str(
            "\nor leave the Python open: `isomer env` makes one that has what packs need",
        );
    }
    let message = format!("pack `{}` needs {lacks}, which `{}` lacks", need.pack, python.display());
    Err(Failure::new(message).help(help).exit(Exit::Isolation))
}

/// A jail has a `/tmp` of its own, so that a Python whose packages lie below it finds none of them.
pub(crate) fn expect_visible(python: Option<&Path>) -> Result<(), Failure> {
    let hidden = python.filter(|path| path.starts_with("/tmp"));
    let Some(python) = hidden else { return Ok(()) };
    Err(Failure::new(format!("`{}` cannot be seen in a jail", python.display()))
        .cause("a jail has a `/tmp` of its own")
        .help("put the environment elsewhere, with ISOMER_ENV or --python")
        .exit(Exit::Isolation))
}

/// The managed Python, and the command that installs more into it.
fn managed(need: &Need, place: &Place) -> Result<(PathBuf, String), Failure> {
    let (what, help) = match state::look(place, Depth::Quick) {
        State::Ready(marker) => {
            let python = place.python();
            let install = if marker.installer.starts_with("uv") {
                format!("uv pip install --python {}", python.display())
            } else {
                format!("{} -m pip install", python.display())
            };
            return Ok((python, install));
        }
        State::Missing => ("is not there yet".to_owned(), "`isomer env` makes it, once"),
        State::Incomplete => ("is not complete".to_owned(), "`isomer env` makes it anew"),
        State::Broken(fault) => (format!("cannot be used: {fault}"), "`isomer env` makes it anew"),
        State::Foreign => (
            "is a folder that isomer did not make".to_owned(),
            "name an empty or new folder in ISOMER_ENV, then `isomer env` makes it",
        ),
    };
    let message = format!(
        "pack `{}` needs {}, and the Python environment `{}` {what}",
        need.pack,
        need.list(),
        place.folder().display()
    );
    Err(Failure::new(message).help(help).exit(Exit::Isolation))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::expect_visible;
    use crate::output::Paint;

    #[test]
    fn a_python_that_jails_cannot_see_is_refused() {
        assert!(expect_visible(None).is_ok());
        assert!(expect_visible(Some(Path::new("/home/me/tmp/bin/python"))).is_ok());
        let failure = expect_visible(Some(Path::new("/tmp/env/bin/python"))).unwrap_err();
        insta::assert_snapshot!(failure.render(Paint::default()), @r"
        error: `/tmp/env/bin/python` cannot be seen in a jail
        caused by: a jail has a `/tmp` of its own
        help: put the environment elsewhere, with ISOMER_ENV or --python
        ");
    }
}
