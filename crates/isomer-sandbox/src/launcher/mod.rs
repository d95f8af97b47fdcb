//! The inside of the launcher process: from a copy of the trusted executable to a jailed Python.
//!
//! The launcher stays single-threaded. It enters new namespaces, forks the process that becomes the
//! first of the jail, and stays outside as its guard: when the host goes away, or kills it, the
//! jail goes with it.

mod confine;
mod group;
mod guard;
mod namespaces;
mod reduced;
mod root;
mod setup;

use std::io::{Read, Write};

use nix::unistd::ForkResult;

pub(crate) use setup::{Bind, Setup};

use crate::{Isolation, PyValue, frame, marshal};

/// The argument that turns an executable into a launcher.
pub(crate) const LAUNCHER_ARGUMENT: &str = "__jail";

/// A layer of the wall that could not be built, and why.
#[derive(Debug)]
pub(crate) struct Missing {
    layer: &'static str,
    detail: String,
}

impl Missing {
    fn new(layer: &'static str, detail: impl std::fmt::Display) -> Self {
        Self { layer, detail: detail.to_string() }
    }
}

/// Names the layer that a failing step belongs to.
trait Layer<T> {
    fn layer(self, layer: &'static str) -> Result<T, Missing>;
}

impl<T, E: std::fmt::Display> Layer<T> for Result<T, E> {
    fn layer(self, layer: &'static str) -> Result<T, Missing> {
        self.map_err(|error| Missing::new(layer, error))
    }
}

/// Turns this process into the jail launcher when its first argument says so, and then never
/// returns. To be called first in `main`, before any thread is started.
pub fn run_launcher_if_asked() {
    if std::env::args_os().nth(1).is_none_or(|argument| argument != LAUNCHER_ARGUMENT) {
        return;
    }
    let status = match launch() {
        Ok(status) => status,
        Err(missing) => {
            report(&missing);
            1
        }
    };
    #[expect(clippy::exit, reason = "the launcher must not run any of its host's own main")]
    std::process::exit(status)
}

fn launch() -> Result<i32, Missing> {
    guard::close_all_but_standard();
    let setup = read_setup().layer("launcher")?;
    let groups = group::Made::new(&setup.groups)?;
    let privileged = match setup.isolation {
        Isolation::Full => Some(namespaces::enter()?),
        Isolation::Reduced => None,
    };
    // SAFETY: the launcher has one thread, so the child may go on as if nothing had happened.
    match unsafe { nix::unistd::fork() }.layer("launcher")? {
        ForkResult::Parent { child } => guard::watch(child).layer("launcher"),
        ForkResult::Child => {
            let Err(missing) = jail(&setup, &groups, privileged);
            report(&missing);
            // SAFETY: ends the process; there is nothing to clean up.
            unsafe { libc::_exit(1) }
        }
    }
}

/// Builds the walls around the process itself and becomes the interpreter.
fn jail(
    setup: &Setup,
    groups: &group::Made,
    privileged: Option<bool>,
) -> Result<std::convert::Infallible, Missing> {
    // A new session has no terminal to write into, and a process group of its own: a signal to the
    // old one would reach launcher and host, from inside the process namespace too.
    nix::unistd::setsid().layer("process namespace")?;
    groups.join()?;
    match privileged {
        Some(privileged) => {
            namespaces::hide_groups()?;
            root::build(setup)?;
            confine::drop_privileges(privileged)?;
        }
        None => reduced::confine(setup)?,
    }
    confine::limit(setup)?;
    confine::become_interpreter(setup)
}

fn read_setup() -> std::io::Result<Setup> {
    let mut length = [0; 4];
    // Unbuffered: what follows the setup on this pipe is for the driver.
    let mut input = std::mem::ManuallyDrop::new(guard::standard_input());
    input.read_exact(&mut length)?;
    let mut content = vec![0; u32::from_le_bytes(length) as usize];
    input.read_exact(&mut content)?;
    Ok(serde_json::from_slice(&content)?)
}

/// Tells the host which layer is missing, in a frame like the driver's.
fn report(missing: &Missing) {
    let mut content = Vec::new();
    let words = [missing.layer.to_owned(), missing.detail.clone()].map(PyValue::Str);
    marshal::encode(&PyValue::Tuple(words.to_vec()), &mut content);
    let mut output = std::io::stdout();
    // Without the host nobody is left to be told.
    let _ = output.write_all(&frame::framed(&content)).and_then(|()| output.flush());
}
