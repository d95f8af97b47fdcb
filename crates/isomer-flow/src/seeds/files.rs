//! From the paths a user names to the files that are read.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use isomer_export::is_package;
use walkdir::{DirEntry, WalkDir};

use super::fault::SeedError;

/// Ends of the names of files that are read when a folder is named; `.gz` or `.zst` may follow. A
/// file that is named itself is read whatever it is called.
pub const EXTENSIONS: &[&str] = &[".json", ".jsonl", ".ndjson", ".parquet"];

const COMPRESSED: &[&str] = &[".gz", ".zst"];

/// The files to read, in order.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// Files, folders that are one problem each, and `-` for standard input.
    pub(super) named: Vec<PathBuf>,
    /// Files inside folders that do not look like seeds.
    pub(super) skipped: Vec<PathBuf>,
}

/// Whether a path stands for standard input.
pub(super) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Expands folders (recursively, sorted by name, hidden entries left out) and checks that
/// everything named is there, so that a misspelt path is known before the first row is read.
pub(super) fn expand(paths: &[PathBuf]) -> Result<Files, SeedError> {
    if paths.is_empty() {
        return Err(SeedError::NoPaths);
    }
    if paths.iter().filter(|path| is_stdin(path)).count() > 1 {
        return Err(SeedError::StdinTwice);
    }
    let mut files = Files::default();
    for path in paths {
        if is_stdin(path) {
            files.named.push(path.clone());
            continue;
        }
        let metadata = fs::metadata(path).map_err(|error| unreadable(path, error))?;
        if metadata.is_dir() {
            expand_folder(path, &mut files)?;
        } else {
            // A pipe opened here and closed again would kill its writer.
            if metadata.is_file() {
                File::open(path).map_err(|error| unreadable(path, error))?;
            }
            files.named.push(path.clone());
        }
    }
    Ok(files)
}

fn expand_folder(folder: &Path, files: &mut Files) -> Result<(), SeedError> {
    let (named, skipped) = (files.named.len(), files.skipped.len());
    let walk = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter();
    let mut walk = walk.filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry));
    while let Some(entry) = walk.next() {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(folder).to_owned();
            unreadable(&path, error.into())
        })?;
        if entry.file_type().is_dir() && is_package(entry.path()) {
            walk.skip_current_dir();
            files.named.push(entry.into_path());
            continue;
        }
        if !entry.file_type().is_file() {
            continue;
        }
        let list =
            if looks_like_seeds(entry.path()) { &mut files.named } else { &mut files.skipped };
        list.push(entry.into_path());
    }
    if files.named.len() == named {
        let skipped = files.skipped.len() - skipped;
        return Err(SeedError::NothingInFolder { path: folder.to_owned(), skipped });
    }
    Ok(())
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn looks_like_seeds(path: &Path) -> bool {
    let Some(name) = path.file_name() else { return false };
    let name = name.to_string_lossy().to_lowercase();
    let name = COMPRESSED.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
    EXTENSIONS.iter().any(|end| name.ends_with(end))
}

fn unreadable(path: &Path, source: io::Error) -> SeedError {
    let path = path.to_owned();
    if source.kind() == io::ErrorKind::NotFound {
        SeedError::NotFound { path }
    } else {
        SeedError::Unreadable { path, source }
    }
}
