//! The languages that programs may be written in: each is a file in `languages/`.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use crate::Limits;

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/languages");

/// Definitions by name, which is that of the file.
static DEFINITIONS: LazyLock<BTreeMap<&'static str, Definition>> = LazyLock::new(|| {
    let named = FILES.files().filter_map(|file| {
        let name = file.path().file_stem()?.to_str()?;
        Some((name, toml::from_str(file.contents_utf8()?).ok()?))
    });
    named.collect()
});

/// A language that programs may be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language {
    name: &'static str,
}

impl Language {
    /// Python, which is always there: the sandbox itself needs it.
    pub const PYTHON: Self = Self { name: "python" };

    /// The language of this name, such as `python` or `cpp`.
    pub fn named(name: &str) -> Option<Self> {
        DEFINITIONS.get_key_value(name).map(|(name, _)| Self { name })
    }

    /// All languages, by name.
    pub fn all() -> impl Iterator<Item = Self> {
        DEFINITIONS.keys().map(|name| Self { name })
    }

    /// Its name in jobs and settings.
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// How people write it, such as `C++`.
    pub fn title(self) -> &'static str {
        match DEFINITIONS.get(self.name) {
            Some(Definition::Warm { title }) => title,
            Some(Definition::Compiled(compiled)) => &compiled.title,
            None => self.name,
        }
    }

    /// How it is compiled; `None` when the driver runs it as it is.
    pub(crate) fn compiled(self) -> Option<&'static Compiled> {
        match DEFINITIONS.get(self.name) {
            Some(Definition::Compiled(compiled)) => Some(compiled),
            Some(Definition::Warm { .. }) | None => None,
        }
    }
}

impl Default for Language {
    fn default() -> Self {
        Self::PYTHON
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

/// What a language's file says.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Definition {
    /// Run by the driver itself.
    Warm { title: String },
    /// Compiled to a program that needs nothing else.
    Compiled(Box<Compiled>),
}

/// How sources become programs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Compiled {
    pub(crate) title: String,
    /// The compiler, an executable of the system.
    pub(crate) compiler: String,
    /// Name of the file that a source is put into.
    pub(crate) source: String,
    /// What the compiler is always told.
    pub(crate) flags: Vec<String>,
    /// What makes it compile a program.
    pub(crate) build: Vec<String>,
    /// The file with the program.
    pub(crate) result: String,
    /// What the program is told: its name and arguments.
    pub(crate) run: Vec<String>,
    /// A program that compiles wherever the compiler works.
    pub(crate) probe: String,
    /// What makes the compiler tell its version.
    pub(crate) version: Vec<String>,
    /// Folders that the compiler needs to see, beyond what the driver's interpreter shows.
    pub(crate) visible: Vec<String>,
    /// What the first error in the compiler's words follows or begins with.
    pub(crate) marks: Vec<String>,
    /// What the compiler says when it needs more than it may have.
    pub(crate) exhausted: Vec<String>,
    /// What a user can do when the compiler is missing.
    pub(crate) help: String,
    limits: CompileLimits,
    /// What is compiled ahead.
    pub(crate) header: Option<Header>,
}

impl Compiled {
    /// Limits of one compilation.
    pub(crate) fn limits(&self) -> Limits {
        let CompileLimits { cpu_ms, wall_ms, memory_bytes, file_bytes } = self.limits;
        // Compilers talk on standard error, which has a limit of its own.
        Limits { cpu_ms, wall_ms, memory_bytes, output_bytes: 1 << 20, file_bytes }
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CompileLimits {
    cpu_ms: u64,
    wall_ms: u64,
    memory_bytes: u64,
    file_bytes: u64,
}

/// A part of most programs that is compiled ahead.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Header {
    /// What sources call it.
    pub(crate) name: String,
    /// Name of the file that includes it and nothing else.
    pub(crate) source: String,
    /// What makes the compiler compile that.
    pub(crate) build: Vec<String>,
    /// The file with the result.
    pub(crate) result: String,
    /// Where the result is put below [`HEADER_FOLDER`].
    pub(crate) file: String,
    /// What makes the compiler find it there.
    #[serde(rename = "use")]
    pub(crate) usage: Vec<String>,
}

/// Where what was compiled ahead is seen in a jail.
pub(crate) const HEADER_FOLDER: &str = "/header";

#[cfg(test)]
mod tests {
    use super::{DEFINITIONS, Definition, FILES, HEADER_FOLDER, Language};

    #[test]
    fn every_file_is_a_language() {
        for file in FILES.files() {
            let text = file.contents_utf8().unwrap();
            let definition = toml::from_str::<Definition>(text);
            assert!(definition.is_ok(), "{}: {:?}", file.path().display(), definition.err());
        }
        assert_eq!(FILES.files().count(), DEFINITIONS.len());
        assert_eq!(Language::named("python"), Some(Language::PYTHON));
        assert_eq!(Language::all().count(), DEFINITIONS.len());
    }

    #[test]
    fn languages_have_names_and_titles() {
        let cpp = Language::named("cpp").unwrap();
        assert_eq!((cpp.to_string().as_str(), cpp.title()), ("cpp", "C++"));
        assert_eq!(Language::named("c++"), None);
        assert!(Language::PYTHON.compiled().is_none());
    }

    #[test]
    fn definitions_fit_together() {
        for definition in Language::all().filter_map(Language::compiled) {
            assert!(definition.build.contains(&definition.result));
            assert!(definition.build.contains(&definition.source));
            assert!(!definition.run.is_empty() && !definition.marks.is_empty());
            if let Some(header) = &definition.header {
                assert!(header.build.contains(&header.result));
                assert!(header.build.contains(&header.source));
                assert!(header.usage.iter().any(|word| word == HEADER_FOLDER));
            }
        }
    }
}
