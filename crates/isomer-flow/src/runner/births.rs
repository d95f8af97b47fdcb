//! Blueprints are born with their seed's element set, or later, when a run wants more of them.

use isomer_record::{Id, Stage};
use isomer_store::{NewItem, Store};
use serde_json::json;

use super::FlowError;
use super::identity::blueprint_id;
use crate::stages::Cx;

/// Seeds per transaction.
const BATCH: usize = 500;

/// All blueprints of one seed, of `seeds` in the run.
pub(super) fn blueprints(cx: &Cx, seed: &Id, position: u64, seeds: u64) -> Vec<NewItem> {
    let Cx { pack, settings, .. } = cx;
    (0..settings.samples)
        .map(|sample| NewItem {
            id: blueprint_id(pack, settings, seed, seeds, sample),
            stage: Stage::Recombine,
            position,
            sample,
            input: json!({ "seed": seed }),
        })
        .collect()
}

/// Gives the seeds that were decomposed for fewer samples the blueprints they lack. What is there
/// stays as it is, so that a start that was killed here is simply repeated.
pub(super) async fn catch_up(cx: &Cx, store: &Store, seeds: u64) -> Result<(), FlowError> {
    let wanted = cx.settings.samples;
    if store.samples().await? == Some(wanted.into()) {
        return Ok(());
    }
    let mut from = 0;
    loop {
        let batch = store.decomposed(from, BATCH).await?;
        let Some((last, _)) = batch.last() else { break };
        from = last + 1;
        let items =
            batch.iter().flat_map(|(position, seed)| blueprints(cx, seed, *position, seeds));
        store.add_items(items.collect()).await?;
    }
    Ok(store.set_samples(wanted).await?)
}
