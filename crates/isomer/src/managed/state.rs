//! What is at the place of the environment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::place::Place;
use super::probe::{self, Question};
use super::requirements::{self, LIBRARIES};

/// Modules that are loaded when the environment is looked at closely. One that loads may still
/// lack a part; one that does not is of no use to anybody.
const MODULES: [&str; 6] = ["numpy", "pandas", "scipy", "sklearn", "matplotlib.pyplot", "pytest"];

/// What an environment of ours says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Marker {
    /// Whether it was made to the end.
    pub(super) complete: bool,
    /// Digest of the pins it was made from.
    pub(super) requirements: String,
    /// Version of its Python.
    pub(crate) python: String,
    /// What installed it.
    pub(crate) installer: String,
    /// Versions of the libraries.
    pub(crate) libraries: BTreeMap<String, String>,
}

/// How an environment is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Nothing is there.
    Missing,
    /// Somebody else's folder is there.
    Foreign,
    /// It was never made to the end.
    Incomplete,
    /// It was made to the end, and something is wrong with it now.
    Broken(String),
    /// It is as it should be.
    Ready(Marker),
}

/// How closely to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Versions alone: a fraction of a second.
    Quick,
    /// Load every library too: seconds.
    Whole,
}

/// Looks at the environment.
pub(crate) fn look(place: &Place, depth: Depth) -> State {
    let folder = place.folder();
    if folder.symlink_metadata().is_err() {
        return State::Missing;
    }
    let Some(marker) = read(place) else {
        let empty = folder.read_dir().is_ok_and(|mut entries| entries.next().is_none());
        return if empty { State::Missing } else { State::Foreign };
    };
    if !marker.complete {
        return State::Incomplete;
    }
    if marker.requirements != requirements::digest() {
        return State::Broken("it was made for other versions of the libraries".to_owned());
    }
    match fault(place, &marker, depth) {
        Some(fault) => State::Broken(fault),
        None => State::Ready(marker),
    }
}

/// Reads what the environment says about itself; `None` if it is none of ours.
pub(super) fn read(place: &Place) -> Option<Marker> {
    serde_json::from_str(&std::fs::read_to_string(place.marker()).ok()?).ok()
}

fn fault(place: &Place, marker: &Marker, depth: Depth) -> Option<String> {
    let load: &[&str] = if depth == Depth::Whole { &MODULES } else { &[] };
    let question = Question { distributions: &LIBRARIES, load, ..Question::default() };
    let found = match probe::ask(&place.python(), &question) {
        Ok(found) => found,
        Err(error) => return Some(format!("its Python does not run: {error}")),
    };
    for (name, wanted) in &marker.libraries {
        match found.versions.get(name) {
            Some(version) if version == wanted => {}
            Some(version) => return Some(format!("{name} is {version}, not {wanted}")),
            None => return Some(format!("{name} is missing")),
        }
    }
    let (module, reason) = found.broken.into_iter().next()?;
    Some(format!("{module} does not load: {reason}"))
}

/// What a new environment says about itself.
pub(super) fn marker(place: &Place, installer: &str) -> Result<Marker, String> {
    let question = Question { distributions: &LIBRARIES, load: &MODULES, ..Question::default() };
    let found = probe::ask(&place.python(), &question)?;
    if let Some((module, reason)) = found.broken.into_iter().next() {
        return Err(format!("{module} does not load: {reason}"));
    }
    if let Some(name) = LIBRARIES.iter().find(|name| !found.versions.contains_key(**name)) {
        return Err(format!("{name} was not installed"));
    }
    Ok(Marker {
        complete: true,
        requirements: requirements::digest(),
        python: found.version,
        installer: installer.to_owned(),
        libraries: found.versions,
    })
}

/// Libraries with their versions, for people.
pub(crate) fn describe(libraries: &BTreeMap<String, String>) -> String {
    let named = |name: &&str| libraries.get(*name).map(|version| format!("{name} {version}"));
    LIBRARIES.iter().filter_map(named).collect::<Vec<_>>().join(", ")
}
