//! Figures held against vendi-score, scikit-learn and NumPy; `data/make_vectors.py` makes the files.

use isomer_measure::spread::{histogram, quantile};
use isomer_measure::text::{Words, containment, jaccard, word_shingles};
use isomer_measure::vectors::{Components, Gram, offer, unit, vendi};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vectors {
    columns: usize,
    rows: Vec<f32>,
    others: Vec<f32>,
    vendi: f64,
    vendi_dual: f64,
    mean_distance: f64,
    variances: [f64; 2],
    places: Vec<f64>,
    nearest: Vec<u32>,
    cosines: Vec<f64>,
}

fn near(found: f64, wanted: f64, what: &str) {
    assert!((found - wanted).abs() < 1e-9, "{what}: {found} {wanted}");
}

#[test]
fn figures_of_vectors_agree_to_nine_digits() {
    let cases: Vec<Vectors> = serde_json::from_str(include_str!("data/vectors.json")).unwrap();
    assert_eq!(cases.len(), 5);
    for case in &cases {
        near(vendi(&case.rows, case.columns).unwrap(), case.vendi, "vendi");
        let mut gram = Gram::new(case.columns, true);
        for row in case.rows.chunks(case.columns) {
            gram.add(row);
        }
        near(gram.vendi().unwrap(), case.vendi_dual, "vendi of sums");
        near(gram.mean_distance().unwrap(), case.mean_distance, "mean distance");
        let found = Components::of(&case.rows, case.columns).unwrap();
        for (found, wanted) in found.variances.iter().zip(case.variances) {
            near(*found, wanted, "variance");
        }
        for (row, wanted) in case.rows.chunks(case.columns).zip(case.places.chunks(2)) {
            let [x, y] = found.place(row);
            near(x, wanted[0], "first component");
            near(y, wanted[1], "second component");
        }
    }
}

#[test]
fn the_nearest_are_those_of_scikit_learn() {
    let cases: Vec<Vectors> = serde_json::from_str(include_str!("data/vectors.json")).unwrap();
    for case in &cases {
        let units = |rows: &[f32]| -> Vec<f32> {
            rows.chunks(case.columns).flat_map(|row| unit(row).unwrap()).collect()
        };
        let mut best = vec![None; case.nearest.len()];
        let number = |place| u32::try_from(place).unwrap();
        offer(&units(&case.rows), &units(&case.others), case.columns, number, &mut best);
        for (best, (nearest, cosine)) in best.iter().zip(case.nearest.iter().zip(&case.cosines)) {
            let best = best.unwrap();
            assert_eq!(best.member, *nearest);
            // Vectors of length 1 are kept in single precision.
            assert!((best.cosine - cosine).abs() < 2e-7, "{} {cosine}", best.cosine);
        }
    }
}

#[derive(Deserialize)]
struct Sample {
    numbers: Vec<f64>,
    shares: Vec<f64>,
    quantiles: Vec<f64>,
    bins: Vec<u64>,
}

#[test]
fn quantiles_and_bins_are_those_of_numpy() {
    let cases: Vec<Sample> = serde_json::from_str(include_str!("data/spread.json")).unwrap();
    for mut case in cases {
        assert_eq!(histogram(&case.numbers, 0.0, 1.0, 20), case.bins);
        case.numbers.sort_by(f64::total_cmp);
        for (share, wanted) in case.shares.iter().zip(&case.quantiles) {
            near(quantile(&case.numbers, *share), *wanted, "quantile");
        }
    }
}

#[derive(Deserialize)]
struct Sets {
    texts: Vec<String>,
    cases: Vec<Pair>,
}

#[derive(Deserialize)]
struct Pair {
    one: usize,
    other: usize,
    size: usize,
    jaccard: f64,
    containment: f64,
}

#[test]
fn shared_runs_of_words_are_those_of_scikit_learn() {
    let sets: Sets = serde_json::from_str(include_str!("data/sets.json")).unwrap();
    assert!(sets.cases.len() > 150);
    for case in &sets.cases {
        let set = |text: usize| word_shingles(&Words::of(&sets.texts[text]), case.size);
        let (one, other) = (set(case.one), set(case.other));
        near(jaccard(&one, &other), case.jaccard, "jaccard");
        near(containment(&one, &other), case.containment, "containment");
    }
}
