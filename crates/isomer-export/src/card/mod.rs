//! A dataset's card: `README.md` with the head that the Hugging Face hub reads.

mod facts;
mod measures;

use minijinja::Environment;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use serde::Serialize;

pub use facts::CardFacts;
pub use measures::{CardMeasures, NoMeasures};

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
    /// Its files, by format; what the hub shows comes first.
    pub data: Vec<DataFiles>,
    /// The run's funnel, if a run made it.
    pub funnel: Vec<FunnelRow>,
    /// What was measured of it, if that is known.
    pub measures: Option<CardMeasures>,
}

/// The files of one format.
#[derive(Clone, Debug, Serialize)]
pub struct DataFiles {
    /// What a user loads them by.
    pub name: String,
    /// Where they are, as a pattern.
    pub files: String,
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
