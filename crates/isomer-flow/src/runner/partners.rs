//! The parents of a blueprint, as soon as all of them are decided.

use isomer_record::Id;
use isomer_store::{Decomposed, Store};

use super::FlowError;
use crate::draw::{REFERENCES, references};
use crate::stages::recombine::{Parent, Parents};

/// What is known about a blueprint's parents.
pub(super) enum Family {
    /// All are there.
    Complete(Parents),
    /// This seed is not decided yet.
    WaitsFor(Id),
    /// The seed that should give the core has no element set.
    NoOwn,
    /// Too few others have one.
    TooFew(usize),
}

/// Looks the parents up; references that were dropped are replaced by the next of the same draw.
pub(super) async fn family(
    store: &Store,
    position: u64,
    sample: u32,
    seeds: u64,
) -> Result<Family, FlowError> {
    let own = match parent(store, position).await? {
        Ok(own) => own,
        Err(Some(pending)) => return Ok(Family::WaitsFor(pending)),
        Err(None) => return Ok(Family::NoOwn),
    };
    let mut chosen = Vec::with_capacity(REFERENCES);
    for partner in references(position, sample, seeds) {
        match parent(store, partner).await? {
            Ok(reference) => chosen.push(reference),
            Err(Some(pending)) => return Ok(Family::WaitsFor(pending)),
            Err(None) => {}
        }
        if chosen.len() == REFERENCES {
            return Ok(Family::Complete(Parents { own, references: chosen }));
        }
    }
    Ok(Family::TooFew(chosen.len()))
}

/// The element set of a seed; otherwise the seed to wait for, or none when it was dropped.
async fn parent(store: &Store, position: u64) -> Result<Result<Parent, Option<Id>>, FlowError> {
    let seed = store.seed_at(position).await?;
    Ok(match seed.state {
        Decomposed::Kept(elements) => Ok(Parent { seed_id: seed.seed_id, elements }),
        Decomposed::Pending => Err(Some(seed.item)),
        Decomposed::Dropped => Err(None),
    })
}
