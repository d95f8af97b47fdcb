//! A dataset's card: `README.md` with the head that the Hugging Face hub reads.

mod facts;

use minijinja::Environment;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use serde::Serialize;

pub use facts::CardFacts;

const TEMPLATE: &str = include_str!("../../templates/card.md.j2");

/// One stage of the run that made the tasks.
#[derive(Clone, Debug, Serialize)]
pub struct FunnelRow {
    /// Its name.
    pub stage: String,
    /// Items that left it with a product.
    pub kept: u64,
    /// Items that it rejected.
    pub dropped: u64,
}

/// What only the user, or the run, can say.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CardWishes {
    /// Name of the dataset.
    pub name: String,
    /// Its licence, as the hub names it.
    pub licence: Option<String>,
    /// The files with its rows, as a pattern.
    pub data_files: String,
    /// The run's funnel, if a run made it.
    pub funnel: Vec<FunnelRow>,
}

/// The text of the card.
///
/// # Errors
///
/// If the template, which is part of the program, does not fit the facts.
pub fn card(wishes: &CardWishes, facts: &CardFacts) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).build()?);
    environment.add_template("card", TEMPLATE)?;
    environment.get_template("card")?.render(Serde(Whole { wishes, known: facts.values() }))
}

#[derive(Serialize)]
struct Whole<'a> {
    wishes: &'a CardWishes,
    known: facts::Values<'a>,
}
