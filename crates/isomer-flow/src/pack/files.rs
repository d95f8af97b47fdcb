//! A pack's text files, wherever they come from.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use include_dir::Dir;

use super::PackError;

/// The files that make up a pack; line ends are `\n`, whatever a checkout made of them.
#[derive(Clone, Debug)]
pub(super) struct PackFiles {
    place: String,
    texts: BTreeMap<String, String>,
}

impl PackFiles {
    /// Reads a folder on disk.
    pub(super) fn from_disk(folder: &Path) -> Result<Self, PackError> {
        let mut files = Self { place: folder.display().to_string(), texts: BTreeMap::new() };
        for name in ["pack.toml", "elements.json"] {
            files.read(folder, name)?;
        }
        let prompts = folder.join("prompts");
        let listing = fs::read_dir(&prompts)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| PackError::new(prompts.display().to_string(), error.to_string()))?;
        for entry in listing {
            let name = entry.file_name().to_string_lossy().into_owned();
            // Editors leave backups and hidden files beside what they edit.
            if Path::new(&name).extension().is_some_and(|extension| extension == "j2")
                && !name.starts_with('.')
            {
                files.read(folder, &format!("prompts/{name}"))?;
            }
        }
        Ok(files)
    }

    /// Takes a folder that was embedded at build time.
    pub(super) fn from_embedded(name: &str, folder: &Dir<'_>) -> Self {
        let mut files = Self { place: format!("packs/{name}"), texts: BTreeMap::new() };
        let prompts = folder.get_dir(folder.path().join("prompts"));
        let all = folder.files().chain(prompts.into_iter().flat_map(Dir::files));
        for file in all {
            let inner = file.path().strip_prefix(folder.path()).unwrap_or(file.path());
            if let (Some(inner), Some(text)) = (inner.to_str(), file.contents_utf8()) {
                files.texts.insert(inner.to_owned(), normalise(text));
            }
        }
        files
    }

    /// What the names of files start with in errors.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// A file as errors name it.
    pub(super) fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.place)
    }

    /// A file's text.
    pub(super) fn text(&self, name: &str) -> Result<&str, PackError> {
        self.texts
            .get(name)
            .map(String::as_str)
            .ok_or_else(|| PackError::new(self.path(name), "the file is missing"))
    }

    /// A template's text.
    pub(super) fn prompt(&self, name: &str) -> Option<&str> {
        self.texts.get(&format!("prompts/{name}")).map(String::as_str)
    }

    /// Name and text of all templates, sorted by name.
    pub(super) fn prompts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts
            .iter()
            .filter_map(|(name, text)| Some((name.strip_prefix("prompts/")?, text.as_str())))
    }

    fn read(&mut self, folder: &Path, name: &str) -> Result<(), PackError> {
        let text = fs::read_to_string(folder.join(name)).map_err(|error| {
            PackError::new(self.path(name), error.to_string())
                .help("a pack is a folder with `pack.toml`, `elements.json` and `prompts/*.j2`")
        })?;
        self.texts.insert(name.to_owned(), normalise(&text));
        Ok(())
    }
}

fn normalise(text: &str) -> String {
    text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n")
}
