//! k-means on rows whose clusters are known.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::{KMeans, Matrix, MatrixError, usual_clusters};

/// Rows around `kinds` corners, in turn.
fn rows(items: usize, kinds: usize, width: f32) -> Matrix {
    let mut random = Pcg64Mcg::seed_from_u64(1);
    let numbers = (0..items).flat_map(|item| {
        let corner = item % kinds;
        let row: Vec<f32> = (0..12)
            .map(|column| {
                let at = if column == corner { 1.0 } else { 0.0 };
                at + width * (random.random_range(0.0..1.0_f32) - 0.5)
            })
            .collect();
        row
    });
    Matrix::new(numbers.collect(), 12).unwrap()
}

#[test]
fn clusters_that_are_there_are_found() {
    for items in [40, 3000] {
        let found = KMeans { clusters: 7, ..KMeans::usual(items, 3) }.run(&rows(items, 7, 0.4));
        let wanted: Vec<usize> = (0..items).map(|item| item % 7).collect();
        assert_eq!(found.labels, wanted);
        assert!(found.spread < 0.25, "{}", found.spread);
    }
}

#[test]
fn the_same_seed_gives_the_same_clusters_with_any_number_of_threads() {
    let matrix = rows(2500, 9, 2.0);
    let run = || KMeans::usual(2500, 5).run(&matrix);
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let alone = pool(1).install(run);
    assert_eq!(alone, pool(4).install(run));
    assert_eq!(alone.labels.iter().max(), Some(&9));
}

#[test]
fn rows_that_are_alike_make_one_cluster() {
    let matrix = Matrix::new(vec![0.5; 40], 4).unwrap();
    let found = KMeans::usual(10, 0).run(&matrix);
    assert_eq!(found.labels, [0; 10]);
    assert!(found.spread < 1e-12);
    let two = Matrix::new([vec![0.0; 8], vec![1.0; 8]].concat(), 4).unwrap();
    let found = KMeans { clusters: 4, ..KMeans::usual(4, 0) }.run(&two);
    assert_eq!(found.labels, [0, 0, 1, 1]);
}

#[test]
fn odd_input_is_no_accident() {
    let empty = Matrix::new(Vec::new(), 3).unwrap();
    assert!(KMeans::usual(0, 0).run(&empty).labels.is_empty());
    let ragged = Matrix::new(vec![1.0; 7], 3).unwrap_err();
    assert_eq!(ragged, MatrixError::Ragged { numbers: 7, columns: 3 });
    let hole = Matrix::new(vec![1.0, 2.0, 3.0, f32::NAN], 2).unwrap_err();
    assert_eq!(hole, MatrixError::NotFinite { row: 1 });
}

#[test]
fn the_number_of_clusters_follows_the_plan() {
    for (items, clusters) in [(0, 0), (1, 1), (2, 2), (8, 2), (9, 3), (99, 9), (20_000, 10)] {
        assert_eq!(usual_clusters(items), clusters, "{items}");
    }
}
