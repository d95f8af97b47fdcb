//! Tells which layers of the wall work on this machine, by building them.

use crate::groups::{self, Groups};
use crate::{Interpreter, Isolation, Language, Sandbox, SandboxError, Settings, resources};

/// What works on this machine.
#[derive(Debug)]
pub struct Diagnosis {
    /// The interpreter, or why there is none.
    pub python: Result<Interpreter, String>,
    /// The layers of the asked isolation, in the order they are built.
    pub layers: Vec<LayerState>,
    /// The languages; none when no jail can be built.
    pub languages: Vec<LanguageState>,
    /// Whether jobs can run with the asked isolation.
    pub usable: bool,
}

/// One language on this machine.
#[derive(Debug)]
pub struct LanguageState {
    /// The language.
    pub language: Language,
    /// The version of what runs or compiles it, or why there is nothing.
    pub version: Result<String, SandboxError>,
}

/// One layer of the wall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerState {
    /// Its name.
    pub name: &'static str,
    /// Whether it works here.
    pub active: bool,
    /// What was seen.
    pub detail: String,
    /// Whether the walls hold without it.
    pub optional: bool,
    /// What a user can do when it was tried and does not work.
    pub help: Option<&'static str>,
}

/// Layers of [`Isolation::Full`], as they are built.
const FULL: [&str; 12] = [
    "user namespace",
    "mount namespace",
    "process namespace",
    "network namespace",
    "IPC namespace",
    "host name namespace",
    "control group namespace",
    "own root file system",
    "own /proc",
    "no privileges",
    resources::LAYER,
    "system call filter",
];

/// Layers of [`Isolation::Reduced`], as they are built.
const REDUCED: [&str; 4] = ["no privileges", "Landlock", resources::LAYER, "system call filter"];

/// Builds a jail and tells how far it came.
pub async fn diagnose(settings: Settings) -> Diagnosis {
    let isolation = settings.isolation;
    let python = crate::interpreter::find(settings.python.as_deref()).await;
    let python = python.map_err(|error| error.to_string());
    let opened = Sandbox::open(settings).await;
    let languages = match &opened {
        Ok(sandbox) => sandbox.languages().await,
        Err(_) => Vec::new(),
    };
    let usable = opened.is_ok();
    let groups = opened.as_ref().map(|sandbox| &sandbox.shared.groups).ok().map(control_groups);
    let mut layers = layers(isolation, opened.err().as_ref());
    layers.extend(groups);
    Diagnosis { python, layers, languages, usable }
}

/// The layer that may be missing.
fn control_groups(groups: &Groups) -> LayerState {
    let active = groups.are_there();
    LayerState {
        name: groups::LAYER,
        active,
        detail: groups.describe(),
        optional: true,
        help: (!active).then(|| help(groups::LAYER)),
    }
}

fn layers(isolation: Isolation, error: Option<&SandboxError>) -> Vec<LayerState> {
    let names: &[&'static str] = match isolation {
        Isolation::Full => &FULL,
        Isolation::Reduced => &REDUCED,
    };
    let missing = match error {
        Some(SandboxError::IsolationMissing { layer, detail, .. }) => {
            names.iter().position(|name| name == layer).map(|at| (at, detail.clone()))
        }
        Some(error @ SandboxError::Resources { .. }) => names
            .iter()
            .position(|name| *name == resources::LAYER)
            .map(|at| (at, error.to_string())),
        _ => None,
    };
    // Found out before anything is built.
    let untried = matches!(error, Some(SandboxError::Resources { .. }));
    let state = |at: usize, name: &'static str| {
        let (active, detail) = match (&missing, error) {
            (_, None) => (true, "works".to_owned()),
            (Some((failed, _)), _) if at < *failed && !untried => (true, "works".to_owned()),
            (Some((failed, detail)), _) if at == *failed => (false, detail.clone()),
            (Some((failed, _)), _) => (false, format!("not tried: needs the {}", names[*failed])),
            (None, Some(error)) => (false, format!("not known: {error}")),
        };
        let tried = missing.as_ref().is_none_or(|(failed, _)| at == *failed);
        let help = (!active && tried).then(|| help(name));
        LayerState { name, active, detail, optional: false, help }
    };
    names.iter().enumerate().map(|(at, name)| state(at, name)).collect()
}

/// What a user can do about a missing layer.
pub(crate) fn help(layer: &str) -> &'static str {
    match layer {
        "user namespace" => {
            "allow unprivileged user namespaces (`sysctl user.max_user_namespaces`, \
             `kernel.unprivileged_userns_clone`, `kernel.apparmor_restrict_unprivileged_userns`); \
             in a container add `--security-opt seccomp=unconfined`, or name the reduced isolation"
        }
        "own /proc" => {
            "in a container add `--security-opt systempaths=unconfined`, or name the reduced \
             isolation"
        }
        "Landlock" => "use a kernel of version 5.13 or newer with `landlock` among its LSMs",
        "system call filter" => "use a kernel with seccomp filters on x86_64 or aarch64",
        resources::LAYER => "raise the hard limit in the shell or service that starts this program",
        groups::LAYER => {
            "run as the superuser, or in a control group that was handed to you (`systemd-run --user \
             --scope -p Delegate=yes`), so that a bound holds for all that a jail uses together"
        }
        "interpreter" => "name a Python that every user may read and execute",
        layer if layer.ends_with("namespace") || layer == "own root file system" => {
            "use Linux 5.12 or newer; in a container allow `unshare`, `mount` and `pivot_root`, or \
             name the reduced isolation"
        }
        _ => "run as an ordinary user on Linux 5.12 or newer",
    }
}

#[cfg(test)]
mod tests {
    use super::{control_groups, layers};
    use crate::groups::Groups;
    use crate::{Isolation, SandboxError};

    #[test]
    fn layers_after_the_missing_one_are_not_claimed() {
        let error = SandboxError::missing("network namespace", "EPERM");
        let states = layers(Isolation::Full, Some(&error));
        assert!(states[2].active && !states[3].active && !states[4].active);
        assert!(states[3].help.is_some());
        assert_eq!(states[3].detail, "EPERM");
        assert!(states[11].detail.starts_with("not tried") && states[11].help.is_none());
        assert!(layers(Isolation::Reduced, None).iter().all(|state| state.active));
    }

    #[test]
    fn a_limit_is_found_before_any_layer_is_built() {
        let error =
            SandboxError::Resources { option: "-n", unit: "open files", allowed: 20, needed: 64 };
        let states = layers(Isolation::Full, Some(&error));
        assert!(states.iter().all(|state| !state.active));
        let told: Vec<_> =
            states.iter().filter(|state| state.detail == error.to_string()).collect();
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].name, told[0].help), ("resource limits", error.help()));
    }

    #[test]
    fn control_groups_can_be_done_without() {
        let state = control_groups(&Groups::default());
        assert_eq!((state.active, state.optional), (false, true));
        assert_eq!(state.detail, "none: limits by rlimit only");
        assert!(state.help.is_some());
    }
}
