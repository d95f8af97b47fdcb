//! The header that takes most of the time of a compilation, compiled ahead.
//!
//! It takes as long as a few compilations and more than 100 MB, so that it is made only when a
//! process has compiled some sources that want it; meanwhile the plain header serves.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use tempfile::TempDir;

use super::toolchain::Toolchain;
use super::{Step, run};
use crate::language::{HEADER_FOLDER, Header};
use crate::launcher::Bind;
use crate::{Ending, Isolation, Sandbox, SandboxError};

/// The compilation that starts to make it, counted from 0.
const WORTHWHILE: u32 = 2;

/// A header compiled ahead, once there is one.
#[derive(Default)]
pub(super) struct Compiled {
    wanted: AtomicU32,
    folder: OnceLock<TempDir>,
}

impl Compiled {
    /// The folder to show in a jail.
    pub(super) fn bind(&self) -> Option<Bind> {
        let folder = self.folder.get()?.path().to_owned();
        Some(Bind::Shown(folder, PathBuf::from(HEADER_FOLDER)))
    }
}

/// Counts a source that wants the header, and starts to make it when that pays.
pub(super) fn consider(sandbox: &Sandbox, toolchain: &Arc<Toolchain>, source: &str) {
    let Some(header) = &toolchain.definition.header else { return };
    // Landlock shows files at their own places only.
    if sandbox.shared.isolation == Isolation::Reduced || !source.contains(&header.name) {
        return;
    }
    if toolchain.header.wanted.fetch_add(1, Ordering::Relaxed) == WORTHWHILE {
        let (sandbox, toolchain) = (sandbox.clone(), Arc::clone(toolchain));
        tokio::spawn(async move {
            // Without it everything works as before.
            if let Ok(Some(folder)) = make(&sandbox, &toolchain, header).await {
                let _ = toolchain.header.folder.set(folder);
            }
        });
    }
}

async fn make(
    sandbox: &Sandbox,
    toolchain: &Toolchain,
    header: &Header,
) -> Result<Option<TempDir>, SandboxError> {
    let _slot = sandbox.free_slot().await?;
    let step = Step {
        file: &header.source,
        content: &format!("#include <{}>\n", header.name),
        arguments: &header.build,
        result: &header.result,
    };
    let (execution, result) =
        run(&sandbox.shared, toolchain, step, toolchain.binds.clone()).await?;
    let (Ending::Finished, Some(content)) = (execution.ending, result) else { return Ok(None) };
    let written = tokio::task::spawn_blocking({
        let file = header.file.clone();
        move || write(&file, &content)
    });
    let failed = |source| SandboxError::System { action: "keep a compiled header", source };
    let written = written.await.map_err(|error| failed(error.into()))?;
    written.map(Some).map_err(failed)
}

fn write(file: &str, content: &[u8]) -> std::io::Result<TempDir> {
    let folder = TempDir::with_prefix("isomer-header-")?;
    let path = folder.path().join(file);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(&path, content)?;
    // A jail is another user.
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755))?;
    Ok(folder)
}
