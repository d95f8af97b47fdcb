//! `isomer env`: the Python environment for generated code.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;

use super::{Setting, write};
use crate::cli::EnvArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::managed::{self, Depth, Marker, Place, State};
use crate::output;
use crate::report::{Check, Level};
use crate::settings::Environment;

/// What a machine reads.
#[derive(Serialize)]
struct Findings {
    ok: bool,
    folder: PathBuf,
    /// The interpreter, once the environment is as it should be.
    python: Option<PathBuf>,
    version: Option<String>,
    installer: Option<String>,
    libraries: BTreeMap<String, String>,
    problem: Option<String>,
}

/// Runs the command.
pub(super) fn env(args: &EnvArgs, setting: Setting<'_>) -> Result<Exit, Failure> {
    let place = Place::find(setting.environment)?;
    let state = if args.check {
        managed::look(&place, Depth::Whole)
    } else {
        let wish = managed::Wish { base: args.python.as_deref(), again: args.recreate };
        State::Ready(managed::ensure(&place, &wish, &|text| note(setting, text))?)
    };
    let exit = if matches!(state, State::Ready(_)) { Exit::Complete } else { Exit::Isolation };
    match (&state, args.json) {
        (_, true) => write(output::json(&findings(&place, &state)))?,
        (State::Ready(marker), false) => {
            note(setting, &describe(marker));
            write(output::data(&format!("{}\n", place.python().display())))?;
        }
        (state, false) => {
            let problem = problem(state).unwrap_or_default();
            let message =
                format!("the Python environment `{}` {problem}", place.folder().display());
            return Err(Failure::new(message).help("`isomer env` makes it").exit(exit));
        }
    }
    Ok(exit)
}

/// Makes the environment unless it is there, saying so.
pub(super) fn ensure(place: &Place, setting: Setting<'_>) -> Result<(), Failure> {
    let wish = managed::Wish { base: None, again: false };
    managed::ensure(place, &wish, &|text| note(setting, text)).map(drop)
}

fn note(setting: Setting<'_>, text: &str) {
    if !setting.loudness.quiet {
        output::note(text);
    }
}

fn describe(marker: &Marker) -> String {
    format!(
        "Python {}, {}; installed by {}",
        marker.python,
        managed::describe(&marker.libraries),
        marker.installer
    )
}

fn problem(state: &State) -> Option<String> {
    match state {
        State::Ready(_) => None,
        State::Missing => Some("is not there".to_owned()),
        State::Foreign => Some("is a folder that isomer did not make".to_owned()),
        State::Incomplete => Some("is not complete".to_owned()),
        State::Broken(fault) => Some(format!("cannot be used: {fault}")),
    }
}

fn findings(place: &Place, state: &State) -> Findings {
    let marker = match state {
        State::Ready(marker) => Some(marker),
        _ => None,
    };
    Findings {
        ok: marker.is_some(),
        folder: place.folder().to_owned(),
        python: marker.map(|_| place.python()),
        version: marker.map(|marker| marker.python.clone()),
        installer: marker.map(|marker| marker.installer.clone()),
        libraries: marker.map(|marker| marker.libraries.clone()).unwrap_or_default(),
        problem: problem(state),
    }
}

/// The environment in `isomer doctor`. A run without libraries needs none.
pub(super) fn check(environment: &Environment) -> Check {
    let check = |level, detail, help: Option<&str>| Check {
        name: "python environment".to_owned(),
        level,
        detail,
        help: help.map(str::to_owned),
    };
    let Ok(place) = Place::find(environment) else {
        let help = "name a folder in ISOMER_ENV";
        return check(Level::Warn, "no place for one: HOME is not set".to_owned(), Some(help));
    };
    let state = managed::look(&place, Depth::Quick);
    let folder = place.folder().display();
    match (&state, problem(&state)) {
        (State::Ready(marker), _) => {
            check(Level::Ok, format!("{} in {folder}", describe(marker)), None)
        }
        (_, problem) => check(
            Level::Warn,
            format!("{folder} {}", problem.unwrap_or_default()),
            Some("`isomer env` makes it; packs whose tasks use libraries or pytest need it"),
        ),
    }
}
