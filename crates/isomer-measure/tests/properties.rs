//! What holds for information whatever the labels are.

use isomer_measure::information::{conditional_mutual_information, entropy, mutual_information};
use proptest::prelude::*;

const EXACT: f64 = 1e-9;

fn columns() -> impl Strategy<Value = (Vec<usize>, Vec<usize>, Vec<usize>)> {
    prop::collection::vec((0_usize..6, 0_usize..4, 0_usize..5), 1..200).prop_map(|rows| {
        (
            rows.iter().map(|row| row.0).collect(),
            rows.iter().map(|row| row.1).collect(),
            rows.iter().map(|row| row.2).collect(),
        )
    })
}

/// Two columns as one.
fn together(x: &[usize], y: &[usize]) -> Vec<usize> {
    x.iter().zip(y).map(|(x, y)| x * 1000 + y).collect()
}

proptest! {
    #[test]
    fn information_is_never_negative_and_never_more_than_the_entropies((x, y, z) in columns()) {
        let plain = mutual_information(&x, &y);
        prop_assert!(plain >= 0.0 && plain <= entropy(&x).min(entropy(&y)) + EXACT);
        let known = conditional_mutual_information(&x, &y, &z);
        prop_assert!(known >= 0.0 && known <= entropy(&x).min(entropy(&y)) + EXACT);
        prop_assert!(entropy(&x) >= 0.0 && entropy(&x) <= 6_f64.ln() + EXACT);
    }

    #[test]
    fn information_is_symmetric((x, y, z) in columns()) {
        prop_assert!((mutual_information(&x, &y) - mutual_information(&y, &x)).abs() < EXACT);
        let (there, back) =
            (conditional_mutual_information(&x, &y, &z), conditional_mutual_information(&y, &x, &z));
        prop_assert!((there - back).abs() < EXACT);
    }

    #[test]
    fn the_chain_rule_holds((x, y, z) in columns()) {
        let whole = mutual_information(&x, &together(&y, &z));
        let parts = mutual_information(&x, &z) + conditional_mutual_information(&x, &y, &z);
        prop_assert!((whole - parts).abs() < EXACT, "{whole} {parts}");
    }

    #[test]
    fn names_of_labels_play_no_part((x, y, z) in columns(), factor in 1_usize..9_000_000_000) {
        let renamed: Vec<usize> = x.iter().map(|label| (label + 3) * factor).collect();
        let same = |left: f64, right: f64| (left - right).abs() < 1e-12;
        prop_assert!(same(entropy(&x), entropy(&renamed)));
        prop_assert!(same(mutual_information(&x, &y), mutual_information(&renamed, &y)));
        let known = conditional_mutual_information(&x, &y, &z);
        prop_assert!(same(known, conditional_mutual_information(&renamed, &y, &z)));
        prop_assert!(same(
            conditional_mutual_information(&y, &z, &x),
            conditional_mutual_information(&y, &z, &renamed),
        ));
    }

    #[test]
    fn independent_labels_share_nothing(left in 1_usize..7, right in 1_usize..7, times in 1_usize..4) {
        let rows = (0..times).flat_map(|_| (0..left).flat_map(move |x| (0..right).map(move |y| (x, y))));
        let (x, y): (Vec<usize>, Vec<usize>) = rows.unzip();
        prop_assert!(mutual_information(&x, &y) < EXACT);
        let z: Vec<usize> = vec![1; x.len()];
        prop_assert!(conditional_mutual_information(&x, &y, &z) < EXACT);
    }

    #[test]
    fn a_labelling_tells_all_about_itself((x, _, z) in columns()) {
        prop_assert!((mutual_information(&x, &x) - entropy(&x)).abs() < EXACT);
        let known = entropy(&x) - mutual_information(&x, &z);
        prop_assert!((conditional_mutual_information(&x, &x, &z) - known).abs() < EXACT);
    }
}
