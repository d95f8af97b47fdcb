//! Step 1: a seed is read into one value per element of the schema.

use isomer_model::Model;
use isomer_record::{Elements, Seed};

use super::{Cx, Exit, FlowSettings, Item};
use crate::ask::Asker;
use crate::pack::{DecomposeVars, Pack, Prompt};
use crate::reply;

/// Asks for the elements of `seed`.
pub async fn run(cx: &Cx, item: &Item, seed: Seed) -> Result<Elements, Exit> {
    let asker = Asker { pack: &cx.pack, model: &*cx.model, settings: &cx.settings };
    elements(asker, item, &seed).await
}

/// The same outside of a run, where no sandbox is open: how another schema reads a seed.
pub async fn alone(
    pack: &Pack,
    model: &dyn Model,
    settings: &FlowSettings,
    item: &Item,
    seed: &Seed,
) -> Result<Elements, Exit> {
    elements(Asker { pack, model, settings }, item, seed).await
}

async fn elements(asker: Asker<'_>, item: &Item, seed: &Seed) -> Result<Elements, Exit> {
    let schema = &asker.pack.elements;
    let vars = DecomposeVars {
        elements: schema,
        statement: &seed.statement,
        solution: seed.solution.as_deref(),
    };
    asker.ask(item, Prompt::Decompose, &vars, |text| reply::elements(text, schema)).await
}
