//! A pack that has been read and checked.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use isomer_model::{Message, Sampling};
use isomer_record::JudgeMode;
use minijinja::value::Serde;
use serde::Serialize;

use super::files::PackFiles;
use super::limits::{HardenPolicy, PackLimits};
use super::nearest::suggest;
use super::prompt::Prompts;
use super::samples::Samples;
use super::{ElementDefinition, PackError, Prompt, embedded, manifest, schema};

/// A domain: everything the stages need to know about it.
#[derive(Clone, Debug)]
pub struct Pack {
    /// The name on the command line and in the dataset.
    pub name: String,
    /// The name for people.
    pub title: String,
    /// Raised by the pack's author when tasks of the old and new pack should not be mixed.
    pub version: u32,
    /// What the tasks are, in a few words.
    pub task_type: String,
    /// The schema, in order.
    pub elements: Vec<ElementDefinition>,
    /// Names of the core elements, in the schema's order.
    pub core: Vec<String>,
    /// Ways to judge; a task uses one of them.
    pub judge_modes: Vec<JudgeMode>,
    /// Limits of programs, suites and statements.
    pub limits: PackLimits,
    /// When tests count as hard.
    pub harden: HardenPolicy,
    /// Distribution to module: what solutions and tests may import beside the standard library, in
    /// [`JudgeMode::Pytest`].
    pub libraries: BTreeMap<String, String>,
    /// BLAKE3 digest, in hexadecimal, of all that can change what the pack makes: elements, core,
    /// numbers and prompts, overrides included.
    pub digest: String,
    /// The same of the prompts alone.
    pub prompts_digest: String,
    sampling: BTreeMap<String, Sampling>,
    prompts: Prompts,
    place: String,
}

impl Pack {
    /// Names of the packs in the binary, sorted.
    pub fn names() -> Vec<&'static str> {
        embedded::names()
    }

    /// A pack of the binary.
    ///
    /// # Errors
    ///
    /// When there is none of this name; the help lists those there are.
    pub fn embedded(name: &str) -> Result<Self, PackError> {
        Self::read(&embedded::files(name)?).map_err(first)
    }

    /// A pack in a folder on disk.
    ///
    /// # Errors
    ///
    /// When a file is missing or anything in one is wrong, with file and line.
    pub fn load(folder: &Path) -> Result<Self, PackError> {
        Self::read(&PackFiles::from_disk(folder)?).map_err(first)
    }

    /// A pack in a folder on disk, with everything that is wrong with it.
    ///
    /// # Errors
    ///
    /// The faults: at least one, and as many as can be told apart.
    pub fn check(folder: &Path) -> Result<Self, Vec<PackError>> {
        Self::read(&PackFiles::from_disk(folder).map_err(|error| vec![error])?)
    }

    /// The pack with another schema: a JSON array of `{name, definition}`.
    ///
    /// Core elements that the new schema also has stay; when it has none of them, its first element
    /// becomes the core.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or is no schema.
    pub fn with_schema(mut self, file: &Path) -> Result<Self, PackError> {
        let place = file.display().to_string();
        let text =
            fs::read_to_string(file).map_err(|error| PackError::new(&place, error.to_string()))?;
        self.elements = schema::read(&place, &text)?;
        let unknown: Vec<String> =
            manifest::unknown_core(&self.core, &self.elements).map(str::to_owned).collect();
        self.core.retain(|name| !unknown.contains(name));
        if self.core.is_empty() {
            self.core.extend(self.elements.first().map(|element| element.name.clone()));
        }
        self.place = place;
        self.sort_core();
        self.digest = self.compute_digest();
        Ok(self)
    }

    /// The pack with other core elements; case and outer white space of the names do not matter.
    ///
    /// # Errors
    ///
    /// When the schema has no such element, when none is named, or when none would be left to
    /// recombine.
    pub fn with_core(mut self, names: &[String]) -> Result<Self, PackError> {
        let mut core = Vec::with_capacity(names.len());
        for name in names {
            let wanted = name.trim().to_lowercase();
            let found = self.elements.iter().find(|element| element.name.to_lowercase() == wanted);
            let Some(element) = found else {
                let known = self.elements.iter().map(|element| element.name.as_str());
                return Err(PackError::new(
                    &self.place,
                    format!("`{name}` is no element of the schema"),
                )
                .help(suggest(name, known)));
            };
            if !core.contains(&element.name) {
                core.push(element.name.clone());
            }
        }
        if core.is_empty() {
            return Err(PackError::new(&self.place, "no core element is named"));
        }
        if core.len() == self.elements.len() {
            return Err(PackError::new(
                &self.place,
                "every element is a core element, so there is nothing to recombine",
            ));
        }
        self.core = core;
        self.sort_core();
        self.digest = self.compute_digest();
        Ok(self)
    }

    /// Names of the distributions that solutions and tests may use, sorted.
    pub fn library_names(&self) -> Vec<&str> {
        self.libraries.keys().map(String::as_str).collect()
    }

    /// Fills in a prompt with its variables (see the `…Vars` structures): a system and a user
    /// message, or for [`Prompt::Again`] the user message alone.
    ///
    /// # Errors
    ///
    /// When the template uses something that `vars` lacks, which loading rules out for the
    /// structures of this module.
    pub fn render(&self, prompt: Prompt, vars: impl Serialize) -> Result<Vec<Message>, PackError> {
        self.prompts.render(prompt, Serde(vars))
    }

    /// How answers to a prompt are drawn by default. A follow-up has no defaults of its own: ask
    /// with the prompt it follows.
    pub fn sampling(&self, prompt: Prompt) -> Sampling {
        prompt.role().and_then(|role| self.sampling.get(role)).cloned().unwrap_or_default()
    }

    /// The errors are all that can be told apart, at least one: a schema that cannot be read says
    /// nothing about the manifest, and without that there is nothing to fill prompts with.
    fn read(files: &PackFiles) -> Result<Self, Vec<PackError>> {
        let one = |error| vec![error];
        let text = files.text("elements.json").map_err(one)?;
        let elements = schema::read(&files.path("elements.json"), text).map_err(one)?;
        let manifest = manifest::read(files, &elements)?;
        let samples = Samples {
            modes: &manifest.judge_modes,
            limits: &manifest.limits,
            libraries: manifest.libraries.keys().map(String::as_str).collect(),
        };
        let prompts = Prompts::load(files, &samples)?;
        let mut pack = Self {
            name: manifest.name,
            title: manifest.title,
            version: manifest.version,
            task_type: manifest.task_type,
            elements,
            core: manifest.core_elements,
            judge_modes: manifest.judge_modes,
            limits: manifest.limits,
            harden: manifest.harden,
            libraries: manifest.libraries,
            digest: String::new(),
            prompts_digest: prompts.digest.clone(),
            sampling: manifest
                .sampling
                .iter()
                .map(|(role, sampling)| (role.clone(), sampling.to_sampling()))
                .collect(),
            prompts,
            place: files.place().to_owned(),
        };
        pack.sort_core();
        pack.digest = pack.compute_digest();
        Ok(pack)
    }

    /// The order in which core elements are named must not make another dataset.
    fn sort_core(&mut self) {
        let elements = &self.elements;
        self.core.sort_by_key(|name| elements.iter().position(|element| element.name == *name));
    }

    fn compute_digest(&self) -> String {
        let mut normal = serde_json::json!([
            self.name,
            self.version,
            self.task_type,
            self.elements,
            self.core,
            self.judge_modes,
            self.limits,
            self.harden,
            self.sampling,
            self.prompts_digest,
        ]);
        if let (Some(parts), false) = (normal.as_array_mut(), self.libraries.is_empty()) {
            parts.push(serde_json::json!(self.libraries));
        }
        blake3::hash(normal.to_string().as_bytes()).to_hex().to_string()
    }
}

/// The first of several faults, which stands at the head of them.
fn first(mut faults: Vec<PackError>) -> PackError {
    faults.swap_remove(0)
}
