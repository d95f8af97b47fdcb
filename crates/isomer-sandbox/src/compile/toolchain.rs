//! Compilers of this machine: found once, and believed only after a probe.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::process::Command;
use tokio::sync::OnceCell;

use super::header::Compiled as CompiledHeader;
use super::{Build, compile};
use crate::execution::clean_message;
use crate::language::{Compiled, Language};
use crate::launcher::Bind;
use crate::sandbox::Shared;
use crate::{Ending, SandboxError};

/// A compiler that works in a jail.
pub(super) struct Toolchain {
    /// What its language's file says.
    pub(super) definition: &'static Compiled,
    /// The executable, as it is seen in a jail.
    pub(super) path: String,
    /// First line of what it says about its version.
    pub(super) version: String,
    /// What it must see beyond the interpreter.
    pub(super) binds: Vec<Bind>,
    /// What was compiled ahead.
    pub(super) header: CompiledHeader,
}

impl Toolchain {
    /// Tells apart whatever could lead to another program.
    pub(super) fn key(&self, source: &str) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        let words = self.definition.flags.iter().chain(&self.definition.build);
        for part in words.map(String::as_str).chain([&*self.path, &*self.version, source]) {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        hasher.finalize()
    }
}

/// The compilers that were asked for, by language.
#[derive(Default)]
pub(super) struct Toolchains {
    known: Mutex<BTreeMap<Language, Arc<OnceCell<Arc<Toolchain>>>>>,
}

impl Toolchains {
    /// The compiler of a language; looked for again as long as there is none.
    pub(super) async fn get(
        &self,
        shared: &Shared,
        language: Language,
        definition: &'static Compiled,
    ) -> Result<Arc<Toolchain>, SandboxError> {
        let place = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.entry(language).or_default())
        };
        place.get_or_try_init(|| find(shared, definition)).await.cloned()
    }
}

/// Where compilers are: these folders are shown in every jail.
const FOLDERS: [&str; 3] = ["/usr/local/bin", "/usr/bin", "/bin"];

/// The first compiler that compiles the probe in a jail.
async fn find(
    shared: &Shared,
    definition: &'static Compiled,
) -> Result<Arc<Toolchain>, SandboxError> {
    let name = &definition.compiler;
    let visible = definition.visible.iter().map(PathBuf::from);
    let binds: Vec<Bind> = visible.filter(|path| path.is_dir()).map(Bind::Folder).collect();
    let mut detail = format!("there is no `{name}` in {}", FOLDERS.join(", "));
    for path in FOLDERS.map(|folder| Path::new(folder).join(name)) {
        if !path.is_file() {
            continue;
        }
        let Some(version) = version(&path, definition).await else {
            detail = format!("`{}` does not tell its version", path.display());
            continue;
        };
        let toolchain = Toolchain {
            definition,
            path: path.to_string_lossy().into_owned(),
            version,
            binds: binds.clone(),
            header: CompiledHeader::default(),
        };
        match compile(shared, &toolchain, &definition.probe).await? {
            Build::Program(_) => return Ok(Arc::new(toolchain)),
            Build::Refused(execution) => {
                let words = match &execution.ending {
                    Ending::CompileError { message, .. } => message.clone(),
                    other => other.describe(),
                };
                detail = format!("`{}` does not work: {words}", path.display());
            }
        }
    }
    let (language, help) = (definition.title.clone(), definition.help.clone());
    Err(SandboxError::LanguageMissing { language, detail, help })
}

async fn version(path: &Path, definition: &Compiled) -> Option<String> {
    let mut command = Command::new(path);
    command.args(&definition.version).stdin(Stdio::null()).kill_on_drop(true);
    let output = command.output().await.ok().filter(|output| output.status.success())?;
    String::from_utf8_lossy(&output.stdout).lines().next().map(|line| clean_message(line, ""))
}
