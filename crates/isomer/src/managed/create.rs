//! Makes the environment: one process at a time, and complete or not there at all.
//!
//! It is made where it will stay, because the scripts of a virtual environment know their place.
//! A marker in it says that it is not complete until the last step says that it is: what a killed
//! process leaves is made anew. An older environment stands aside and comes back if that fails.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::install::Installer;
use super::place::Place;
use super::probe::{self, Question};
use super::requirements;
use super::state::{self, Depth, Marker, State};
use crate::exit::Exit;
use crate::failure::Failure;

/// What is asked for.
pub(crate) struct Wish<'a> {
    /// The Python it stands on, if the user named one.
    pub(crate) base: Option<&'a Path>,
    /// Whether a complete environment is made anew.
    pub(crate) again: bool,
}

/// Makes the environment unless it is there and as it should be; `say` hears what goes on.
pub(crate) fn ensure(
    place: &Place,
    wish: &Wish<'_>,
    say: &dyn Fn(&str),
) -> Result<Marker, Failure> {
    if !wish.again
        && let State::Ready(marker) = state::look(place, Depth::Quick)
    {
        return Ok(marker);
    }
    let base = wish.base.map_or_else(|| PathBuf::from("python3"), Path::to_path_buf);
    let folder = place.folder();
    let failed = |error: &std::io::Error| {
        Failure::because(format!("failed to make `{}`", folder.display()), error)
            .help("name another folder in ISOMER_ENV")
            .exit(Exit::Isolation)
    };
    fs::create_dir_all(folder.parent().unwrap_or(folder)).map_err(|error| failed(&error))?;
    let lock = lock_file(place).map_err(|error| failed(&error))?;
    if lock.try_lock().is_err() {
        say("Another process uses or makes the Python environment; waiting for it.");
        lock.lock().map_err(|error| failed(&error))?;
    }
    match state::look(place, Depth::Quick) {
        // Whoever held the lock has made it.
        State::Ready(marker) if !wish.again => return Ok(marker),
        State::Foreign => return Err(foreign(folder)),
        _ => {}
    }
    check_base(&base)?;
    say(&format!("Making the Python environment in {} (once; about 600 MiB).", folder.display()));
    replace(place, &failed, || build(place, &base, &lock, say))
}

fn lock_file(place: &Place) -> std::io::Result<File> {
    OpenOptions::new().create(true).truncate(false).read(true).write(true).open(place.lock())
}

/// Keeps others from making the environment anew while it is used. `None` where the folder cannot
/// be written, and so not be made anew either.
pub(crate) fn hold(place: &Place) -> Option<File> {
    let lock = lock_file(place).ok()?;
    lock.try_lock_shared().ok()?;
    Some(lock)
}

fn foreign(folder: &Path) -> Failure {
    Failure::usage(format!("`{}` is there, and isomer did not make it", folder.display())).help(
        "name an empty or new folder in ISOMER_ENV;\n\
         an environment of your own is used with --python FOLDER/bin/python",
    )
}

/// Puts the old environment aside, and back if there is no new one.
fn replace(
    place: &Place,
    failed: &dyn Fn(&std::io::Error) -> Failure,
    build: impl FnOnce() -> Result<Marker, Failure>,
) -> Result<Marker, Failure> {
    let (folder, before) = (place.folder(), place.before());
    let was_complete = state::read(place).is_some_and(|marker| marker.complete);
    if was_complete {
        remove(&before).map_err(|error| failed(&error))?;
        fs::rename(folder, &before).map_err(|error| failed(&error))?;
    } else {
        remove(folder).map_err(|error| failed(&error))?;
    }
    let result = build();
    let tidied = match &result {
        Ok(_) => remove(&before),
        Err(_) if before.exists() => remove(folder).and_then(|()| fs::rename(&before, folder)),
        Err(_) => remove(folder),
    };
    let marker = result?;
    tidied.map_err(|error| failed(&error))?;
    Ok(marker)
}

fn remove(folder: &Path) -> std::io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn build(place: &Place, base: &Path, lock: &File, say: &dyn Fn(&str)) -> Result<Marker, Failure> {
    let begun = Instant::now();
    let installer = Installer::find();
    let unfinished = Marker {
        complete: false,
        requirements: requirements::digest(),
        python: String::new(),
        installer: installer.describe(),
        libraries: std::collections::BTreeMap::new(),
    };
    write(place, &unfinished)?;
    installer.create(base, place, lock)?;
    say(&format!(
        "Installing {} with {}.",
        requirements::LIBRARIES.join(", "),
        installer.describe()
    ));
    installer.install(place, lock)?;
    let marker = state::marker(place, &installer.describe()).map_err(|error| {
        Failure::new("the Python environment was made, but cannot be used")
            .cause(error)
            .exit(Exit::Isolation)
    })?;
    write(place, &marker)?;
    say(&format!("The Python environment is ready, after {} s.", begun.elapsed().as_secs()));
    Ok(marker)
}

/// Written whole or not at all.
fn write(place: &Place, marker: &Marker) -> Result<(), Failure> {
    let path = place.marker();
    let part = path.with_extension("part");
    let written =
        serde_json::to_string_pretty(marker).map_err(std::io::Error::from).and_then(|text| {
            fs::create_dir_all(place.folder())?;
            fs::write(&part, text + "\n")?;
            fs::rename(&part, &path)
        });
    written.map_err(|error| {
        Failure::because(format!("failed to write `{}`", path.display()), &error)
            .exit(Exit::Isolation)
    })
}

/// Refuses a Python that the pins are not made for, before anything is made.
fn check_base(base: &Path) -> Result<(), Failure> {
    let help = format!(
        "name a CPython {} with --python, such as --python python3.13",
        requirements::range()
    );
    let found = probe::ask(base, &Question::default()).map_err(|error| {
        Failure::new("there is no Python to make the environment with")
            .cause(error)
            .help(&help)
            .exit(Exit::Isolation)
    })?;
    if found.implementation == "cpython" && requirements::supports(found.short) {
        return Ok(());
    }
    let message = format!(
        "the libraries are not pinned for {} {} (`{}`)",
        found.implementation,
        found.version,
        base.display()
    );
    Err(Failure::new(message).help(help).exit(Exit::Isolation))
}
