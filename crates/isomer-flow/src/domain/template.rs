//! A new pack out of templates.
//!
//! The templates are data, in `packs/_template`: what all packs share, what packs of programs and
//! functions share, and what packs judged by pytest need. A pack's prompts are templates themselves,
//! so these are filled in between `[[` and `]]`.

use std::collections::BTreeMap;

use isomer_record::JudgeMode;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value, context};
use serde::Serialize;

use super::Proposal;
use crate::pack::template_files;

/// The question for a schema.
const QUESTION: &str = "infer.j2";

/// A fault in a template of ours.
#[derive(Debug, thiserror::Error)]
#[error("the template of new packs is at fault")]
pub struct TemplateError(#[from] minijinja::Error);

/// A domain that is not written down yet.
#[derive(Clone, Debug)]
pub struct NewPack<'a> {
    /// The name on the command line and in the dataset.
    pub name: &'a str,
    /// What the tasks are, in a few words.
    pub task_type: &'a str,
    /// How solutions are judged.
    pub judge_mode: JudgeMode,
    /// The schema.
    pub proposal: &'a Proposal,
}

impl NewPack<'_> {
    /// The files of the pack: name within its folder and content.
    ///
    /// # Errors
    ///
    /// When a template is at fault.
    pub fn files(&self) -> Result<BTreeMap<String, String>, TemplateError> {
        let rest = if self.judge_mode == JudgeMode::Pytest { "pytest/" } else { "program/" };
        let environment = environment(("[%", "%]"), ("[[", "]]"), ("[#", "#]"))?;
        let toml = |text: &str| serde_json::Value::from(text).to_string();
        let core: Vec<String> = self.proposal.core.iter().map(|name| toml(name)).collect();
        let vars = context! {
            mode => self.judge_mode.as_str(),
            task_type => self.task_type,
            name_toml => toml(self.name),
            title_toml => toml(&title(self.name)),
            task_type_toml => toml(self.task_type),
            core_toml => format!("[{}]", core.join(", ")),
        };
        let mut files = BTreeMap::new();
        for (name, text) in template_files() {
            let inner = ["shared/", rest].iter().find_map(|part| name.strip_prefix(part));
            if let Some(inner) = inner {
                let filled = environment.render_named_str(&name, text, &vars)?;
                files.insert(inner.to_owned(), filled + "\n");
            }
        }
        let elements = serde_json::to_string_pretty(&self.proposal.elements).unwrap_or_default();
        files.insert("elements.json".to_owned(), elements + "\n");
        Ok(files)
    }
}

/// `sql_queries` becomes `Sql queries`.
fn title(name: &str) -> String {
    let words = name.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// The question for a schema: its blocks `system`, `user` and `again`.
pub(super) fn question(vars: impl Serialize) -> Result<[String; 3], TemplateError> {
    let mut environment = environment(("{%", "%}"), ("{{", "}}"), ("{#", "#}"))?;
    let files = template_files();
    let text = files.iter().find(|(name, _)| name == QUESTION).map_or("", |(_, text)| text);
    environment.add_template_owned(QUESTION, text)?;
    let mut captured =
        environment.get_template(QUESTION)?.render_captured(Value::from(Serde(vars)))?;
    let mut block = |name: &str| {
        captured.with_state_mut(|state| state.render_block(name)).map(|text| text.trim().to_owned())
    };
    Ok([block("system")?, block("user")?, block("again")?])
}

type Marks = (&'static str, &'static str);

fn environment(
    block: Marks,
    variable: Marks,
    comment: Marks,
) -> Result<Environment<'static>, TemplateError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(
        SyntaxConfig::builder()
            .block_delimiters(block.0, block.1)
            .variable_delimiters(variable.0, variable.1)
            .comment_delimiters(comment.0, comment.1)
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()?,
    );
    Ok(environment)
}
