//! Finds the real Python binary, never a shim, and what of the file system it needs.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde::Deserialize;
use tokio::process::Command;

use crate::{SandboxError, execution::last_words, launcher::Bind};

/// The interpreter that runs programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interpreter {
    /// Its own binary, with all links resolved.
    pub path: PathBuf,
    /// Version, such as `3.12.1`.
    pub version: String,
    /// Where it is installed.
    pub(crate) prefix: PathBuf,
    /// What must be visible in a jail.
    binds: Vec<Bind>,
    /// Folders of installed packages, in the order they are searched.
    sites: Vec<PathBuf>,
}

impl Interpreter {
    /// What is visible in a jail. Without `packages` it is the standard library only, so that
    /// programs behave the same on every machine.
    pub(crate) fn binds(&self, packages: bool) -> Vec<Bind> {
        let empty = |bind: &&Bind| matches!(bind, Bind::Empty(_));
        if !packages {
            return self.binds.clone();
        }
        let mut binds: Vec<Bind> = self.binds.iter().filter(|bind| !empty(bind)).cloned().collect();
        let covered = |folder: &PathBuf, binds: &[Bind]| {
            binds
                .iter()
                .any(|bind| matches!(bind, Bind::Folder(above) if folder.starts_with(above)))
        };
        for site in &self.sites {
            if site.is_dir() && !covered(site, &binds) {
                binds.push(Bind::Folder(site.clone()));
            }
        }
        binds
    }

    /// Folders of installed packages, in the order they are searched.
    pub(crate) fn sites(&self) -> Vec<String> {
        self.sites.iter().map(|site| site.to_string_lossy().into_owned()).collect()
    }
}

/// Asked of the interpreter itself, because only it knows where it really lives.
const QUESTION: &str = r"
import json, os, platform, site, sys, sysconfig
paths = sysconfig.get_paths()
print(json.dumps({
    'path': os.path.realpath(getattr(sys, '_base_executable', '') or sys.executable),
    'version': platform.python_version(),
    'recent': sys.version_info >= (3, 9),
    'prefix': os.path.realpath(sys.base_prefix),
    'libraries': sorted({os.path.dirname(os.path.realpath(paths[name]))
                         for name in ('stdlib', 'platstdlib')}),
    'sites': [os.path.realpath(path) for path in site.getsitepackages()],
    'packages': sorted({os.path.realpath(paths[name]) for name in ('purelib', 'platlib')}),
}))
";

#[derive(Deserialize)]
struct Answer {
    path: PathBuf,
    version: String,
    recent: bool,
    prefix: PathBuf,
    libraries: Vec<PathBuf>,
    packages: Vec<PathBuf>,
    sites: Vec<PathBuf>,
}

/// Asks `python`, or `python3` on the search path, about itself.
pub(crate) async fn find(python: Option<&Path>) -> Result<Interpreter, SandboxError> {
    let asked = python.unwrap_or(Path::new("python3"));
    let unusable = |detail: String| SandboxError::Python {
        detail: format!("`{}`: {detail}", asked.display()),
    };
    let output = Command::new(asked)
        .args(["-I", "-c", QUESTION])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .map_err(|error| unusable(error.to_string()))?;
    if !output.status.success() {
        return Err(unusable(last_words(&output.stderr, "no answer")));
    }
    let answer: Answer =
        serde_json::from_slice(&output.stdout).map_err(|error| unusable(error.to_string()))?;
    if !answer.recent {
        return Err(unusable(format!("version {} is older than 3.9", answer.version)));
    }
    let binds = binds(&answer);
    let Answer { path, version, prefix, sites, .. } = answer;
    Ok(Interpreter { path, version, prefix, binds, sites })
}

/// System folders with the C library, then the interpreter's own, each only once.
fn binds(answer: &Answer) -> Vec<Bind> {
    let mut binds = Vec::new();
    let mut covered = Vec::new();
    for path in ["/usr", "/lib", "/lib64", "/bin"].map(PathBuf::from) {
        match std::fs::read_link(&path) {
            Ok(target) => binds.push(Bind::Link(path, target)),
            Err(_) if path.is_dir() => {
                covered.push(path.clone());
                binds.push(Bind::Folder(path));
            }
            Err(_) => {}
        }
    }
    let store = PathBuf::from("/nix/store");
    let mut folders = answer.libraries.clone();
    if answer.path.starts_with(&store) {
        // There each library is a package of its own.
        folders.insert(0, store);
    }
    for folder in folders {
        if !covered.iter().any(|above| folder.starts_with(above)) {
            covered.push(folder.clone());
            binds.push(Bind::Folder(folder));
        }
    }
    for file in [answer.path.clone(), PathBuf::from("/etc/ld.so.cache")] {
        if file.is_file() && !covered.iter().any(|above| file.starts_with(above)) {
            binds.push(Bind::File(file));
        }
    }
    let mut packages = answer.packages.clone();
    packages.push(PathBuf::from("/usr/lib/python3/dist-packages"));
    for folder in packages {
        if folder.is_dir() && covered.iter().any(|above| folder.starts_with(above)) {
            binds.push(Bind::Empty(folder));
        }
    }
    binds
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{Answer, binds, find};
    use crate::{SandboxError, launcher::Bind};

    #[tokio::test]
    async fn finds_a_binary_and_not_a_script() {
        let found = find(None).await.unwrap();
        let magic = std::fs::read(&found.path).unwrap();
        assert_eq!(&magic[..4], b"\x7fELF");
        assert!(found.version.starts_with("3."));
    }

    #[tokio::test]
    async fn refuses_what_is_not_python() {
        let error = find(Some(Path::new("/bin/false"))).await.unwrap_err();
        assert!(matches!(error, SandboxError::Python { .. }));
        assert!(find(Some(Path::new("/nonexistent/python"))).await.is_err());
    }

    #[test]
    fn binds_of_an_interpreter_below_a_home() {
        let home = PathBuf::from("/home/someone/py");
        let binds = binds(&Answer {
            path: "/proc/self/exe".into(),
            version: "3.12.1".to_owned(),
            recent: true,
            prefix: home.clone(),
            libraries: vec![home.join("lib"), home.join("lib/python3.12")],
            packages: vec![],
            sites: vec![],
        });
        assert!(binds.contains(&Bind::Folder(home.join("lib"))));
        assert!(!binds.contains(&Bind::Folder(home)));
    }
}
