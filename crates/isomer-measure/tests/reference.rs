//! Figures held against scikit-learn and scipy; `data/make.py` makes the files.

use isomer_measure::cluster::{KMeans, Matrix};
use isomer_measure::information::{
    conditional_mutual_information, corrected_conditional_mutual_information, corrected_entropy,
    corrected_mutual_information, entropy, mutual_information,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Information {
    x: Vec<usize>,
    y: Vec<usize>,
    z: Vec<usize>,
    entropy: f64,
    mutual: f64,
    conditional: f64,
    corrected_entropy: f64,
    corrected_mutual: f64,
    corrected_conditional: f64,
}

#[test]
fn estimates_agree_to_nine_digits() {
    let cases: Vec<Information> =
        serde_json::from_str(include_str!("data/information.json")).unwrap();
    assert!(cases.len() > 20);
    for case in cases {
        let Information { x, y, z, .. } = &case;
        for (found, wanted) in [
            (entropy(x), case.entropy),
            (mutual_information(x, y), case.mutual),
            (conditional_mutual_information(x, y, z), case.conditional),
            (corrected_entropy(x), case.corrected_entropy),
            (corrected_mutual_information(x, y), case.corrected_mutual),
            (corrected_conditional_mutual_information(x, y, z), case.corrected_conditional),
        ] {
            assert!((found - wanted).abs() < 1e-9, "{} items: {found} {wanted}", x.len());
        }
    }
}

#[derive(Deserialize)]
struct Clusters {
    columns: usize,
    #[serde(rename = "clusters")]
    count: usize,
    rows: Vec<f32>,
    labels: Vec<usize>,
    spread: f64,
}

#[test]
fn clusters_are_those_of_scikit_learn() {
    let cases: Vec<Clusters> = serde_json::from_str(include_str!("data/clusters.json")).unwrap();
    for case in cases {
        let matrix = Matrix::new(case.rows, case.columns).unwrap();
        let kmeans = KMeans { clusters: case.count, ..KMeans::usual(matrix.rows(), 0) };
        let found = kmeans.run(&matrix);
        assert!(found.spread <= case.spread * 1.005, "{} {}", found.spread, case.spread);
        // The same up to the names of clusters: each labelling tells all about the other.
        let known = mutual_information(&found.labels, &case.labels);
        assert!(known > 0.97 * entropy(&case.labels), "{known} {}", entropy(&case.labels));
    }
}
