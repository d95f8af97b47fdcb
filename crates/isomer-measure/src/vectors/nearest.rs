//! Who is nearest by cosine: blocks of products in single precision find the few pairs worth a look,
//! and these are computed in double precision, so that the result is the same on every machine.

use nalgebra::{DMatrixView, DMatrixViewMut};
use rayon::prelude::*;

use super::dot;
use crate::cluster::dot as quick;

/// Queries that one thread multiplies at once, and members likewise: their products fit into the
/// second cache.
const QUERIES: usize = 128;
const MEMBERS: usize = 512;

/// More than products of unit vectors in single precision can be wrong by.
const SLACK: f32 = 1e-5;

/// The nearest member so far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neighbour {
    /// Its number.
    pub member: u32,
    /// The cosine of the angle to it.
    pub cosine: f64,
}

impl Neighbour {
    /// Whether this one is nearer; of equally near ones the one of the lower number.
    pub fn beats(self, other: Option<Self>) -> bool {
        other.is_none_or(|other| {
            self.cosine > other.cosine
                || (self.cosine >= other.cosine && self.member < other.member)
        })
    }
}

/// Looks for a nearer neighbour of each query among members; `best` holds the nearest so far of each.
/// Queries and members are unit vectors of `columns` numbers, one after the other, and `number` gives
/// the number of a member from its place. Every pair is compared.
pub fn offer(
    queries: &[f32],
    members: &[f32],
    columns: usize,
    number: impl Fn(usize) -> u32 + Sync,
    best: &mut [Option<Neighbour>],
) {
    if columns == 0 || members.is_empty() {
        return;
    }
    let parts = queries.par_chunks(QUERIES * columns).zip(best.par_chunks_mut(QUERIES));
    parts.for_each_init(
        || vec![0.0; QUERIES * MEMBERS],
        |products, (queries, best)| {
            // Side by side as columns both would have strides, which `nalgebra` minds.
            let count = queries.len() / columns;
            let left = DMatrixView::from_slice(queries, columns, count).transpose();
            for (block, members) in members.chunks(MEMBERS * columns).enumerate() {
                let products = &mut products[..count * (members.len() / columns)];
                let right = DMatrixView::from_slice(members, columns, members.len() / columns);
                DMatrixViewMut::from_slice(products, count, right.ncols())
                    .gemm(1.0, &left, &right, 0.0);
                let number = |place: usize| number(block * MEMBERS + place);
                look(queries, members, columns, &number, products, best);
            }
        },
    );
}

/// Looks through the products of a block: those of one member with all queries, then of the next.
fn look(
    queries: &[f32],
    members: &[f32],
    columns: usize,
    number: &impl Fn(usize) -> u32,
    products: &[f32],
    best: &mut [Option<Neighbour>],
) {
    let mut least: Vec<f32> = best.iter().map(|best| floor(*best)).collect();
    let members = members.chunks_exact(columns).zip(products.chunks_exact(best.len()));
    for (place, (member, products)) in members.enumerate() {
        for (at, (product, least)) in products.iter().zip(&mut least).enumerate() {
            if product < least {
                continue;
            }
            let query = &queries[at * columns..(at + 1) * columns];
            let found = Neighbour { member: number(place), cosine: dot(query, member) };
            if found.beats(best[at]) {
                best[at] = Some(found);
                *least = floor(best[at]);
            }
        }
    }
}

/// The product from which on a member may be as near.
#[expect(clippy::cast_possible_truncation, reason = "a cosine, and less precision is allowed for")]
fn floor(best: Option<Neighbour>) -> f32 {
    best.map_or(f32::NEG_INFINITY, |best| best.cosine as f32 - SLACK)
}

/// The numbers of the few members with the largest cosines, nearest first; of equally near ones the
/// lower number. For few members: single precision, summed in one order everywhere.
pub fn nearest_few(query: &[f32], members: &[f32], few: usize) -> Vec<u32> {
    let products = members.chunks_exact(query.len().max(1)).map(|member| quick(query, member));
    let mut products: Vec<(f32, u32)> = products.zip(0..).collect();
    products.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    products.into_iter().take(few).map(|(_, member)| member).collect()
}
