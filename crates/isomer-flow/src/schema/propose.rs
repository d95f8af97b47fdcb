//! The question for proposals.

use isomer_model::{Message, Model};
use isomer_record::{Id, Stage};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

use super::proposal::{self, Proposal};
use crate::ask::Asker;
use crate::pack::{Pack, PackError, Prompt};
use crate::stages::{Exit, FlowSettings, Item};

const TEMPLATE: &str = include_str!("propose.j2");
const NAME: &str = "schema/propose.j2";

/// What the prompt shows. Figures are texts with two decimals: what varies beyond that from machine
/// to machine must not make another question of it.
#[derive(Clone, Debug, Serialize)]
pub struct ProposeVars<'a> {
    /// The kind of problem.
    pub task_type: &'a str,
    /// Problems measured.
    pub seeds: usize,
    /// The schema with its figures.
    pub elements: Vec<ElementFigures<'a>>,
    /// Score and parts.
    pub spread: String,
    /// See the score.
    pub coverage: String,
    /// See the score.
    pub sharing: String,
    /// The sum.
    pub total: String,
    /// Earlier proposals for this schema.
    pub refused: Vec<Refused>,
}

/// An element with its figures.
#[derive(Clone, Debug, Serialize)]
pub struct ElementFigures<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its definition.
    pub definition: &'a str,
    /// Entropy as a share of the most possible.
    pub entropy: String,
    /// Information about the problem.
    pub about: String,
    /// What it is beside each other element.
    pub others: Vec<Given<'a>>,
    /// A few values.
    pub values: Vec<&'a str>,
}

/// An element beside another one.
#[derive(Clone, Debug, Serialize)]
pub struct Given<'a> {
    /// The other.
    pub name: &'a str,
    /// Information about the problem where the other is known.
    pub given: String,
    /// Information that both hold.
    pub shared: String,
}

/// Proposals that were tried.
#[derive(Clone, Debug, Serialize)]
pub struct Refused {
    /// As JSON.
    pub proposals: String,
    /// Why they were not kept.
    pub why: String,
}

/// Asks whoever takes seeds apart, who must live with the answer, for changes to the schema.
///
/// # Errors
///
/// As for every question of a stage: [`Exit::Dropped`] when no answer could be read.
pub async fn propose(
    pack: &Pack,
    model: &dyn Model,
    settings: &FlowSettings,
    vars: &ProposeVars<'_>,
) -> Result<Vec<Proposal>, Exit> {
    let item =
        Item { id: Id::derive(["schema", &pack.digest]), sample: 0, stage: Stage::Decompose };
    let asker = Asker { pack, model, settings };
    let request = asker.request(&item, Prompt::Decompose, render(vars)?);
    asker.converse(request, proposal::read).await
}

fn render(vars: &ProposeVars<'_>) -> Result<Vec<Message>, PackError> {
    let failed = |error: minijinja::Error| PackError {
        file: NAME.to_owned(),
        line: error.line(),
        message: error.to_string(),
        help: None,
    };
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.map_err(failed)?);
    environment.add_template(NAME, TEMPLATE).map_err(failed)?;
    let template = environment.get_template(NAME).map_err(failed)?;
    let mut captured = template.render_captured(Serde(vars)).map_err(failed)?;
    let mut block = |name: &str| {
        let rendered = captured.with_state_mut(|state| state.render_block(name));
        rendered.map(|text| text.trim().to_owned()).map_err(failed)
    };
    Ok(vec![Message::system(block("system")?), Message::user(block("user")?)])
}

#[cfg(test)]
mod tests {
    use super::{ElementFigures, Given, ProposeVars, Refused, render};

    #[test]
    fn the_prompt_shows_schema_figures_values_and_history() {
        let given = |name| Given { name, given: "0.12".to_owned(), shared: "0.34".to_owned() };
        let element = |name, other| ElementFigures {
            name,
            definition: "what it is",
            entropy: "0.91".to_owned(),
            about: "0.56".to_owned(),
            others: vec![given(other)],
            values: vec!["one value", "another value"],
        };
        let vars = ProposeVars {
            task_type: "riddle",
            seeds: 200,
            elements: vec![element("Idea", "Story"), element("Story", "Idea")],
            spread: "0.91".to_owned(),
            coverage: "1.02".to_owned(),
            sharing: "0.15".to_owned(),
            total: "1.78".to_owned(),
            refused: vec![Refused { proposals: "[...]".to_owned(), why: "worse".to_owned() }],
        };
        let messages = render(&vars).unwrap();
        assert!(messages[0].content.starts_with("You improve the schema"));
        insta::assert_snapshot!(messages[1].content);
    }
}
