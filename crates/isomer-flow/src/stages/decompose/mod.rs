//! Step 1: a seed is read into one value per element of the schema.

use isomer_record::{Elements, Seed};

use super::{Cx, Exit, Item};
use crate::ask::ask;
use crate::pack::{DecomposeVars, Prompt};
use crate::reply;

/// Asks for the elements of `seed`.
pub async fn run(cx: &Cx, item: &Item, seed: Seed) -> Result<Elements, Exit> {
    let vars = DecomposeVars {
        elements: &cx.pack.elements,
        statement: &seed.statement,
        solution: seed.solution.as_deref(),
    };
    let parse = |text: &str| reply::elements(text, &cx.pack.elements);
    ask(cx, item, Prompt::Decompose, &vars, parse).await
}
