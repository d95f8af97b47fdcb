//! Signatures cut into bands (Indyk and Motwani, *Approximate Nearest Neighbors*, 1998): similar sets
//! agree in a whole band at least once, others hardly ever.

use super::words::joined;

/// How a signature is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bands {
    /// Number of bands.
    pub bands: usize,
    /// Places of the signature in each.
    pub rows: usize,
}

impl Bands {
    /// The most rows, which means the fewest candidates, with which sets of just this similarity
    /// share a band with at least the probability `recall`.
    pub fn for_threshold(similarity: f64, hashes: usize, recall: f64) -> Self {
        (1..=hashes)
            .rev()
            .map(|rows| Self { bands: hashes / rows, rows })
            .find(|bands| bands.probability(similarity) >= recall)
            .unwrap_or(Self { bands: hashes, rows: 1 })
    }

    /// The probability that sets of this similarity share a band.
    pub fn probability(self, similarity: f64) -> f64 {
        let exponent = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        1.0 - (1.0 - similarity.powi(exponent(self.rows))).powi(exponent(self.bands))
    }

    /// A key for each band of a signature.
    pub fn keys(self, signature: &[u32]) -> Vec<u32> {
        let bands = signature.chunks_exact(self.rows.max(1)).take(self.bands);
        bands
            .map(|band| {
                let words = band.iter().map(|place| u64::from(*place)).collect::<Vec<_>>();
                (joined(&words) >> 32) as u32
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Bands;

    #[test]
    fn rows_follow_from_the_threshold() {
        assert_eq!(Bands::for_threshold(0.7, 128, 0.98), Bands { bands: 25, rows: 5 });
        assert_eq!(Bands::for_threshold(0.9, 128, 0.98), Bands { bands: 11, rows: 11 });
        assert_eq!(Bands::for_threshold(0.0, 128, 0.98), Bands { bands: 128, rows: 1 });
        let bands = Bands { bands: 25, rows: 5 };
        assert!((bands.probability(0.7) - 0.98995).abs() < 1e-4);
        assert!(bands.probability(0.2) < 0.01);
    }

    #[test]
    fn each_band_has_a_key_of_its_own_places() {
        let bands = Bands { bands: 2, rows: 2 };
        let keys = |signature: &[u32]| bands.keys(signature);
        assert_eq!(keys(&[1, 2, 3, 4, 5]).len(), 2);
        assert_eq!(keys(&[1, 2, 3, 4])[0], keys(&[1, 2, 9, 9])[0]);
        assert_ne!(keys(&[1, 2, 3, 4])[1], keys(&[1, 2, 9, 9])[1]);
    }
}
