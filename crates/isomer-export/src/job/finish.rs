//! Notes become files: each is written beside its target and moved into place once it is whole.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::notes::Notes;
use super::plan::{Plan, Target};
use super::table::Table;
use crate::error::ExportError;
use crate::format::Layout;
use crate::rows::columns;

/// Writes the files of one target.
pub(super) fn finish(plan: &Plan, target: &Target, notes: &Notes) -> Result<(), ExportError> {
    let name = target.format.as_str();
    let source = notes.rows(name);
    let file = File::open(&source).map_err(ExportError::io("read", &source))?;
    let mut lines = BufReader::new(file).lines();
    let mut written: Vec<(PathBuf, PathBuf)> = Vec::new();
    loop {
        let last = match plan.shard_rows {
            Some(_) => target.shard(written.len()),
            None => target.path.clone(),
        };
        let temporary = temporary(&last);
        let most = plan.shard_rows.unwrap_or(u64::MAX);
        let rows = fill(target, &temporary, &mut lines, most, &source)?;
        if rows == 0 && !written.is_empty() {
            fs::remove_file(&temporary).map_err(ExportError::io("remove", &temporary))?;
            break;
        }
        written.push((temporary, last));
        if rows < most {
            break;
        }
    }
    let shards = written.len();
    let (sidecar, left_out) = (target.sidecar(), notes.left_out(name));
    let some = fs::metadata(&left_out).map_err(ExportError::io("read", &left_out))?.len() > 0;
    if some {
        let beside = temporary(&sidecar);
        fs::copy(&left_out, &beside).map_err(ExportError::io("write", &beside))?;
        written.push((beside, sidecar.clone()));
    }
    for (temporary, last) in &written {
        File::open(temporary)
            .and_then(|file| file.sync_all())
            .map_err(ExportError::io("sync", temporary))?;
        fs::rename(temporary, last).map_err(ExportError::io("replace", last))?;
    }
    if !some {
        remove(&sidecar)?;
    }
    // Those of a longer export before this one would be read along with it.
    let mut stale = shards;
    while plan.shard_rows.is_some() && remove(&target.shard(stale))? {
        stale += 1;
    }
    sync_folder(&target.path)
}

/// Removes a file and says whether there was one.
fn remove(path: &Path) -> Result<bool, ExportError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(ExportError::io("remove", path)(error)),
    }
}

/// Writes at most so many rows into a new file and says how many there were.
fn fill(
    target: &Target,
    path: &Path,
    lines: &mut impl Iterator<Item = std::io::Result<String>>,
    most: u64,
    source: &Path,
) -> Result<u64, ExportError> {
    let io = |action| ExportError::io(action, path);
    let file = File::create(path).map_err(io("create"))?;
    let mut rows = 0;
    let mut next = || lines.next().transpose().map_err(ExportError::io("read", source));
    match target.layout() {
        Layout::Lines => {
            let mut writer = BufWriter::new(file);
            while rows < most {
                let Some(line) = next()? else { break };
                writeln!(writer, "{line}").map_err(io("write"))?;
                rows += 1;
            }
            writer.flush().map_err(io("write"))?;
        }
        Layout::Parquet => {
            let mut table = Table::create(path, file, &columns(target.format))?;
            while rows < most {
                let Some(line) = next()? else { break };
                let row: Value = serde_json::from_str(&line).map_err(|error| {
                    ExportError::Notes { path: source.to_path_buf(), source: error }
                })?;
                table.add(row, line.len())?;
                rows += 1;
            }
            table.close()?;
        }
    }
    Ok(rows)
}

fn temporary(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".new");
    path.with_file_name(name)
}

fn sync_folder(path: &Path) -> Result<(), ExportError> {
    let folder =
        path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(ExportError::io("sync", folder))
}
