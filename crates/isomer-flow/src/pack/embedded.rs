//! The packs that are part of the binary.

use include_dir::{Dir, include_dir};

use super::PackError;
use super::files::PackFiles;
use super::nearest::suggest;

static PACKS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../packs");

/// Names of the embedded packs, sorted.
pub(super) fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> = PACKS
        .dirs()
        .filter(|folder| folder.get_file(folder.path().join("pack.toml")).is_some())
        .filter_map(|folder| folder.path().to_str())
        .collect();
    names.sort_unstable();
    names
}

/// The files of one embedded pack.
pub(super) fn files(name: &str) -> Result<PackFiles, PackError> {
    match PACKS.get_dir(name) {
        Some(folder) if names().contains(&name) => Ok(PackFiles::from_embedded(name, folder)),
        _ => Err(PackError::new("packs", format!("there is no pack `{name}`"))
            .help(suggest(name, names()))),
    }
}
