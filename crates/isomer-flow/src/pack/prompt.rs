//! The prompts of a pack: templates with a constant and a varying block.

use isomer_model::Message;
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, ErrorKind, UndefinedBehavior, Value};

use super::PackError;
use super::error::line_of;
use super::files::PackFiles;
use super::nearest::suggest;
use super::samples::Samples;

/// The prompts every pack has, one file `prompts/<name>.j2` each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Prompt {
    /// A seed is read into its elements: [`super::DecomposeVars`].
    Decompose,
    /// Four element sets become one: [`super::RecombineVars`].
    Recombine,
    /// A blueprint becomes a statement: [`super::DesignVars`].
    Design,
    /// A statement gets solution and generator: [`super::SolveVars`].
    Solve,
    /// Solution and generator did not fit together: [`super::RepairVars`].
    Repair,
    /// Plausible wrong solutions: [`super::NearMissVars`].
    NearMiss,
    /// A better generator: [`super::HardenVars`].
    Harden,
    /// The reply to one of the others lacked something: [`super::AgainVars`]. Sent after that reply,
    /// so it has no system block.
    Again,
}

impl Prompt {
    /// All prompts.
    pub const ALL: [Self; 8] = [
        Self::Decompose,
        Self::Recombine,
        Self::Design,
        Self::Solve,
        Self::Repair,
        Self::NearMiss,
        Self::Harden,
        Self::Again,
    ];

    /// The name of the template, without `.j2`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Decompose => "decompose",
            Self::Recombine => "recombine",
            Self::Design => "design",
            Self::Solve => "solve",
            Self::Repair => "repair",
            Self::NearMiss => "near_miss",
            Self::Harden => "harden",
            Self::Again => "again",
        }
    }

    /// Who answers the prompt. A follow-up is answered by whoever was asked before.
    pub const fn role(self) -> Option<&'static str> {
        match self {
            Self::Decompose => Some("decomposer"),
            Self::Recombine => Some("recombiner"),
            Self::Design => Some("designer"),
            Self::Solve | Self::Repair => Some("solver"),
            Self::NearMiss => Some("attacker"),
            Self::Harden => Some("tester"),
            Self::Again => None,
        }
    }

    fn file_name(self) -> String {
        format!("{}.j2", self.as_str())
    }
}

/// The compiled prompts of one pack.
#[derive(Clone, Debug)]
pub(super) struct Prompts {
    environment: Environment<'static>,
    /// What the file names in errors start with.
    place: String,
    pub(super) digest: String,
}

impl Prompts {
    /// Compiles and test-renders all prompts of a pack; the errors are one for each prompt at most.
    pub(super) fn load(files: &PackFiles, samples: &Samples<'_>) -> Result<Self, Vec<PackError>> {
        let environment =
            environment().map_err(|error| vec![template_error(files.place(), "", &error)])?;
        let mut prompts =
            Self { environment, place: files.place().to_owned(), digest: String::new() };
        let mut hasher = blake3::Hasher::new();
        let mut faults = Vec::new();
        let mut broken = Vec::new();
        for (name, text) in files.prompts() {
            for part in [name, text] {
                hasher.update(&(part.len() as u64).to_le_bytes());
                hasher.update(part.as_bytes());
            }
            let added = prompts.environment.add_template_owned(name.to_owned(), text.to_owned());
            let added = added.map_err(|error| template_error(files.place(), name, &error));
            if let Err(fault) = check_name(files, name).and(added) {
                faults.push(fault);
                broken.push(name);
            }
        }
        prompts.digest = hasher.finalize().to_hex().to_string();
        let whole = |prompt: &Prompt| !broken.contains(&prompt.file_name().as_str());
        for prompt in Prompt::ALL.into_iter().filter(whole) {
            faults.extend(prompts.try_out(files, prompt, samples).err());
        }
        if faults.is_empty() { Ok(prompts) } else { Err(faults) }
    }

    /// Fills in a prompt.
    pub(super) fn render(
        &self,
        prompt: Prompt,
        vars: impl Into<Value>,
    ) -> Result<Vec<Message>, PackError> {
        let name = prompt.file_name();
        let failed = |error: minijinja::Error| template_error(&self.place, &name, &error);
        let template = self.environment.get_template(&name).map_err(failed)?;
        let mut captured = template.render_captured(vars).map_err(failed)?;
        let mut block = |name: &str| {
            captured
                .with_state_mut(|state| state.render_block(name))
                .map(|text| text.trim().to_owned())
                .map_err(failed)
        };
        let mut messages = Vec::with_capacity(2);
        if prompt != Prompt::Again {
            messages.push(Message::system(block("system")?));
        }
        messages.push(Message::user(block("user")?));
        Ok(messages)
    }

    /// Renders a prompt with every kind of content it can meet, so that no run is the first to
    /// find out that a template is wrong.
    fn try_out(
        &self,
        files: &PackFiles,
        prompt: Prompt,
        samples: &Samples<'_>,
    ) -> Result<(), PackError> {
        let name = prompt.file_name();
        let file = files.path(&format!("prompts/{name}"));
        let Some(text) = files.prompt(&name) else {
            return Err(PackError::new(file, "the prompt is missing").help(format!(
                "every pack has the prompts {}",
                Prompt::ALL.map(|prompt| format!("`{}`", prompt.file_name())).join(", ")
            )));
        };
        let variants = samples.of(prompt);
        let keys = variants.first().and_then(|vars| vars.try_iter().ok()).into_iter().flatten();
        let known: Vec<String> = keys.map(|key| key.to_string()).collect();
        self.check_variables(&file, &name, text, &known)?;
        for vars in variants {
            for message in self.render(prompt, vars)? {
                if message.content.is_empty() {
                    return Err(PackError::new(&file, "a block renders to nothing"));
                }
            }
        }
        Ok(())
    }

    fn check_variables(
        &self,
        file: &str,
        name: &str,
        text: &str,
        known: &[String],
    ) -> Result<(), PackError> {
        let template = self
            .environment
            .get_template(name)
            .map_err(|error| template_error(&self.place, name, &error))?;
        let globals: Vec<&str> = self.environment.globals().map(|(name, _)| name).collect();
        let mut unknown: Vec<String> = template
            .undeclared_variables(false)
            .into_iter()
            .filter(|name| !known.contains(name) && !globals.contains(&name.as_str()))
            .collect();
        unknown.sort();
        let Some(wrong) = unknown.first() else {
            return Ok(());
        };
        Err(PackError::new(file, format!("the variable `{wrong}` is unknown to this prompt"))
            .at(text.find(wrong.as_str()).map(|offset| line_of(text, offset)))
            .help(suggest(wrong, known.iter().map(String::as_str))))
    }
}

fn environment() -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    Ok(environment)
}

/// A file is one of the prompts, or a part that they include, named with a leading underscore.
fn check_name(files: &PackFiles, name: &str) -> Result<(), PackError> {
    let names = Prompt::ALL.map(Prompt::file_name);
    if name.starts_with('_') || names.iter().any(|known| known == name) {
        return Ok(());
    }
    Err(PackError::new(files.path(&format!("prompts/{name}")), "no prompt has this name").help(
        format!(
            "{}; a part that prompts include starts with `_`",
            suggest(name, names.iter().map(String::as_str))
        ),
    ))
}

fn template_error(place: &str, name: &str, error: &minijinja::Error) -> PackError {
    // An error inside an included part names the part in its innermost cause.
    let mut innermost = error;
    while let Some(inner) = std::error::Error::source(innermost)
        .and_then(|source| source.downcast_ref::<minijinja::Error>())
    {
        innermost = inner;
    }
    let file = format!("{place}/prompts/{}", innermost.name().unwrap_or(name));
    let message = match (innermost.kind(), innermost.detail()) {
        (kind, Some(detail)) => format!("{kind}: {detail}"),
        (ErrorKind::UndefinedError, None) => "a variable or field used here is unknown".into(),
        (kind, None) => kind.to_string(),
    };
    PackError::new(file, message).at(innermost.line()).help(
        "a prompt has the blocks `system` (except `again`) and `user`; its variables are listed in \
         the documentation of the crate's `pack` module",
    )
}
