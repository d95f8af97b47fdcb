//! Properties of what is said about vectors; `tests/reference.rs` has the figures of others.

use proptest::prelude::*;

use super::{Components, Gram, Neighbour, dot, offer, unit, vendi};

/// Rows of numbers without a pattern.
fn rows(count: usize, columns: usize, seed: u64) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // Never 0: a single number without a direction would have no unit vector.
        (f32::from(u16::try_from(state >> 48).unwrap()) + 0.5) / 32_768.0 - 1.0
    };
    (0..count)
        .flat_map(|_| unit(&(0..columns).map(|_| next()).collect::<Vec<_>>()).unwrap())
        .collect()
}

fn basis(count: usize, columns: usize) -> Vec<f32> {
    (0..count * columns).map(|at| if at / columns == at % columns { 3.0 } else { 0.0 }).collect()
}

#[test]
fn a_unit_vector_needs_a_direction() {
    assert_eq!(unit(&[3.0, 4.0]).unwrap(), [0.6, 0.8]);
    for bad in [vec![], vec![0.0, 0.0], vec![1.0, f32::NAN], vec![f32::INFINITY, 0.0]] {
        assert_eq!(unit(&bad), None, "{bad:?}");
    }
}

#[test]
fn identical_vectors_count_as_one_and_orthogonal_ones_each() {
    for (count, columns) in [(1, 3), (5, 12), (12, 12), (300, 7)] {
        let same = [0.3_f32, 0.1, -0.5].repeat(4)[..columns.min(12)].repeat(count);
        let same_columns = columns.min(12);
        assert!((vendi(&same, same_columns).unwrap() - 1.0).abs() < 1e-6);
        let mut gram = Gram::new(same_columns, true);
        gram.add(&same);
        assert!((gram.vendi().unwrap() - 1.0).abs() < 1e-6);
        assert!(count < 2 || gram.mean_distance().unwrap() < 1e-9);
    }
    for count in [1_u32, 2, 9, 40] {
        let rows = basis(count as usize, 40);
        assert!((vendi(&rows, 40).unwrap() - f64::from(count)).abs() < 1e-9);
        let mut gram = Gram::new(40, true);
        gram.add(&rows);
        assert!((gram.vendi().unwrap() - f64::from(count)).abs() < 1e-9);
        assert!(count < 2 || (gram.mean_distance().unwrap() - 1.0).abs() < 1e-12);
    }
    assert_eq!((vendi(&[], 3), Gram::new(3, true).vendi()), (None, None));
    assert_eq!(Gram::new(3, true).mean_distance(), None);
}

#[test]
fn points_in_a_line_have_one_component() {
    let points: Vec<f32> = (0_u8..9).flat_map(|at| [f32::from(at), 2.0, -f32::from(at)]).collect();
    let found = Components::of(&points, 3).unwrap();
    assert!(found.variances[1] < 1e-12 && (found.variances[0] - 15.0).abs() < 1e-9);
    let [x, y] = found.place(&points[..3]);
    assert!((x.abs() - 4.0 * 2.0_f64.sqrt()).abs() < 1e-9 && y.abs() < 1e-9);
    assert!(Components::of(&points[..3], 3).is_none());
    // Points that are all the same have no direction at all, and lie in the middle.
    let same = Components::of(&[1.0; 12], 3).unwrap();
    assert!(same.place(&[1.0; 3]).iter().all(|place| place.abs() < 1e-12));
}

proptest! {
    #[test]
    fn the_score_lies_between_one_and_the_number_of_vectors(
        count in 1_usize..30, columns in 1_usize..20, seed: u64,
    ) {
        let rows = rows(count, columns, seed);
        let score = vendi(&rows, columns).unwrap();
        prop_assert!(score > 1.0 - 1e-9);
        prop_assert!(score < f64::from(u32::try_from(count.min(columns)).unwrap()) + 1e-9);
        // Both ways of computing agree, and repeating all changes nothing.
        let mut gram = Gram::new(columns, true);
        gram.add(&rows);
        gram.add(&rows);
        prop_assert!((gram.vendi().unwrap() - score).abs() < 1e-9);
    }

    #[test]
    fn the_mean_distance_is_that_of_all_pairs(count in 2_usize..20, seed: u64) {
        let rows = rows(count, 6, seed);
        let mut gram = Gram::new(6, false);
        gram.add(&rows);
        let row = |at: usize| &rows[at * 6..(at + 1) * 6];
        let pairs = (0..count).flat_map(|one| (0..one).map(move |other| (one, other)));
        let distances: Vec<f64> = pairs.map(|(one, other)| 1.0 - dot(row(one), row(other))).collect();
        let mean = distances.iter().sum::<f64>() / f64::from(u32::try_from(distances.len()).unwrap());
        prop_assert!((gram.mean_distance().unwrap() - mean).abs() < 1e-6);
        prop_assert_eq!(gram.vendi(), None);
    }

    #[test]
    fn the_nearest_is_the_first_nearest_of_all(
        count in 1_usize..300, of in 1_usize..1200, columns in 1_usize..20, seed: u64,
    ) {
        let (queries, mut members) = (rows(count, columns, seed), rows(of, columns, !seed));
        // Some members twice: the first counts.
        members.extend_from_within(..(of / 2) * columns);
        let mut best = vec![None; count];
        let (front, back) = members.split_at(of / 3 * columns);
        let first_of_back = u32::try_from(of / 3).unwrap();
        offer(&queries, back, columns, |at| first_of_back + u32::try_from(at).unwrap(), &mut best);
        offer(&queries, front, columns, |at| u32::try_from(at).unwrap(), &mut best);
        for (query, best) in queries.chunks(columns).zip(best) {
            let all = (0..).zip(members.chunks(columns));
            let all = all.map(|(member, row)| Neighbour { member, cosine: dot(query, row) });
            let wanted = all.reduce(|most, next| if next.cosine > most.cosine { next } else { most });
            prop_assert_eq!(best, wanted);
        }
    }
}
