//! Principal components (Pearson 1901, Hotelling 1933): the plane in which points differ most.

use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// The mean of points and the two directions in which they differ most.
#[derive(Clone, Debug)]
pub struct Components {
    mean: DVector<f64>,
    axes: [DVector<f64>; 2],
    /// Variance along each direction, by the number of points less one.
    pub variances: [f64; 2],
}

impl Components {
    /// Of points of `columns` numbers, one after the other; `None` of less than two points or
    /// columns. A direction points to where its largest number is positive, as in scikit-learn. It
    /// takes time with the cube of the number of points or of columns, whichever is less.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn of(points: &[f32], columns: usize) -> Option<Self> {
        let count = points.len() / columns.max(1);
        if count < 2 || columns < 2 {
            return None;
        }
        let numbers = points.iter().take(count * columns).map(|number| f64::from(*number));
        let mut centred = DMatrix::from_iterator(columns, count, numbers);
        let mean = centred.column_mean();
        for mut column in centred.column_iter_mut() {
            column -= &mean;
        }
        let other = centred.transpose();
        let few = count < columns;
        let products = if few { &other * &centred } else { &centred * &other };
        let eigen = SymmetricEigen::new(products);
        let mut order: Vec<usize> = (0..eigen.eigenvalues.len()).collect();
        order.sort_by(|one, next| eigen.eigenvalues[*next].total_cmp(&eigen.eigenvalues[*one]));
        let axis = |place: usize| {
            let vector = eigen.eigenvectors.column(order[place]);
            let axis = if few { &centred * vector } else { vector.into_owned() };
            pointed(&axis)
        };
        let variance = |place: usize| eigen.eigenvalues[order[place]].max(0.0) / (count - 1) as f64;
        Some(Self { mean, axes: [axis(0), axis(1)], variances: [variance(0), variance(1)] })
    }

    /// Where a point lies in the plane.
    pub fn place(&self, point: &[f32]) -> [f64; 2] {
        let along = |axis: &DVector<f64>| {
            let parts = point.iter().zip(self.mean.iter()).zip(axis.iter());
            parts.map(|((number, mean), axis)| (f64::from(*number) - mean) * axis).sum()
        };
        [along(&self.axes[0]), along(&self.axes[1])]
    }
}

/// Of length 1, with its largest number positive; without a direction it stays 0.
fn pointed(axis: &DVector<f64>) -> DVector<f64> {
    let length = axis.norm();
    let largest = axis
        .iter()
        .copied()
        .reduce(|most, number| if number.abs() > most.abs() { number } else { most });
    let scale = if largest.is_some_and(|number| number < 0.0) { -length } else { length };
    if length > 0.0 { axis / scale } else { axis.clone() }
}
