//! The packs that are part of the binary.

use include_dir::{Dir, include_dir};

use super::PackError;
use super::files::PackFiles;
use super::nearest::suggest;

static PACKS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../packs");

/// Not a pack: it has no `pack.toml` of its own.
const TEMPLATE: &str = "_template";

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

/// What new packs are made of: name within `packs/_template` and text, sorted by name.
pub(crate) fn template_files() -> Vec<(String, &'static str)> {
    fn collect(folder: &Dir<'static>, found: &mut Vec<(String, &'static str)>) {
        for file in folder.files() {
            let name = file.path().strip_prefix(TEMPLATE).unwrap_or(file.path());
            if let (Some(name), Some(text)) = (name.to_str(), file.contents_utf8()) {
                found.push((name.to_owned(), text));
            }
        }
        folder.dirs().for_each(|folder| collect(folder, found));
    }
    let mut found = Vec::new();
    if let Some(folder) = PACKS.get_dir(TEMPLATE) {
        collect(folder, &mut found);
    }
    found.sort_unstable();
    found
}
