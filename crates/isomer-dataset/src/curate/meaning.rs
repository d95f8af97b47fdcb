//! Who means the same: vectors of an embedder, candidates by random hyperplanes (Charikar,
//! *Similarity Estimation Techniques from Rounding Algorithms*, 2002), then the exact cosine.

use std::io;
use std::path::Path;
use std::sync::Arc;

use isomer_embed::{EmbedError, Embedder};
use isomer_measure::text::{BandIndex, Bands};

use crate::shelf::{Record, Shelf};

/// Hyperplanes; each gives one bit of a vector.
const PLANES: usize = 512;

/// The probability with which two texts of just the threshold's cosine become candidates.
const RECALL: f64 = 0.98;

/// All texts that stay, by meaning.
pub(super) struct Meaning {
    embedder: Arc<dyn Embedder>,
    cosine: f32,
    bands: Bands,
    index: BandIndex,
    /// On which side of each plane a text lies.
    sides: Vec<[u64; PLANES / 64]>,
    /// The most planes that part two texts of the threshold's cosine.
    apart: u32,
    shelf: Shelf,
}

impl Meaning {
    pub(super) fn new(embedder: Arc<dyn Embedder>, cosine: f32, folder: &Path) -> io::Result<Self> {
        let angle = f64::from(cosine.clamp(-1.0, 1.0)).acos();
        let agree = 1.0 - angle / std::f64::consts::PI;
        let bands = Bands::for_threshold(agree, PLANES, RECALL);
        let planes: f64 = (0..PLANES).map(|_| 1.0).sum();
        // Four standard deviations above what is expected.
        let apart = planes * (1.0 - agree) + 4.0 * (planes * agree * (1.0 - agree)).sqrt();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 603")]
        let apart = apart as u32;
        Ok(Self {
            embedder,
            cosine,
            bands,
            index: BandIndex::new(bands.bands),
            sides: Vec::new(),
            apart,
            shelf: Shelf::in_folder(folder)?,
        })
    }

    /// The vectors of texts.
    pub(super) fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        self.embedder.embed(texts)
    }

    /// The first text that means the same, with the cosine.
    pub(super) fn first_alike(&self, vector: &[f32]) -> io::Result<Option<(Record, f32)>> {
        let sides = sides(vector);
        for member in self.index.candidates(&self.keys(&sides)) {
            let other = &self.sides[member as usize];
            let apart: u32 =
                sides.iter().zip(other).map(|(one, other)| (one ^ other).count_ones()).sum();
            if apart > self.apart {
                continue;
            }
            let record = self.shelf.read(member)?;
            let cosine: f32 = vector
                .iter()
                .zip(&record.set)
                .map(|(one, other)| one * f32::from_bits(*other))
                .sum();
            if cosine >= self.cosine {
                return Ok(Some((record, cosine)));
            }
        }
        Ok(None)
    }

    /// Adds a text; it can be found from now on.
    pub(super) fn add(&mut self, id: &str, file: &str, vector: &[f32]) -> io::Result<()> {
        let sides = sides(vector);
        let member = u32::try_from(self.sides.len()).map_err(io::Error::other)?;
        self.index.insert(member, &self.keys(&sides));
        self.sides.push(sides);
        let set = vector.iter().map(|number| number.to_bits()).collect();
        self.shelf.add(&Record { id: id.to_owned(), note: file.to_owned(), set })?;
        self.shelf.settle()
    }

    fn keys(&self, sides: &[u64; PLANES / 64]) -> Vec<u32> {
        let bit = |plane: usize| (sides[plane / 64] >> (plane % 64) & 1) as u32;
        self.bands.keys(&(0..PLANES).map(bit).collect::<Vec<_>>())
    }
}

/// The sides of planes whose normals are random signs.
fn sides(vector: &[f32]) -> [u64; PLANES / 64] {
    let mut sums = [0.0_f32; PLANES];
    let mut state = 0x0C05_17E5_u64;
    for number in vector {
        for sums in sums.as_chunks_mut::<64>().0 {
            // SplitMix64: 64 signs at a time, the same for all vectors.
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut signs = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            signs = (signs ^ (signs >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            signs ^= signs >> 31;
            for (bit, sum) in sums.iter_mut().enumerate() {
                *sum += if signs >> bit & 1 == 1 { *number } else { -*number };
            }
        }
    }
    let mut sides = [0; PLANES / 64];
    for (plane, sum) in sums.iter().enumerate() {
        sides[plane / 64] |= u64::from(*sum > 0.0) << (plane % 64);
    }
    sides
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use isomer_embed::Hashing;

    use super::Meaning;

    /// Two unit vectors at this cosine.
    fn pair(cosine: f32, seed: u16) -> (Vec<f32>, Vec<f32>) {
        let wave = |at: u16, factor: f32| (f32::from(at + 1) * factor + f32::from(seed)).sin();
        let unit = |vector: Vec<f32>| {
            let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
            vector.into_iter().map(|number| number / length).collect::<Vec<_>>()
        };
        let one = unit((0..96).map(|at| wave(at, 1.3)).collect());
        let other: Vec<f32> = (0..96).map(|at| wave(at, 2.7)).collect();
        let along: f32 = one.iter().zip(&other).map(|(one, other)| one * other).sum();
        let aside = unit(one.iter().zip(&other).map(|(one, other)| other - along * one).collect());
        let sine = (1.0 - cosine * cosine).sqrt();
        let second = one.iter().zip(&aside).map(|(one, aside)| cosine * one + sine * aside);
        (one.clone(), second.collect())
    }

    #[test]
    fn the_near_are_found_and_the_far_are_not() {
        let found = |cosine: f32| {
            let hit = |seed: &u16| {
                let folder = std::env::temp_dir();
                let mut all = Meaning::new(Arc::new(Hashing::new()), 0.9, &folder).unwrap();
                let (one, other) = pair(cosine, *seed);
                all.add("a", "f", &one).unwrap();
                all.first_alike(&other).unwrap().is_some()
            };
            (0..40).filter(hit).count()
        };
        assert!(found(0.92) >= 38, "{}", found(0.92));
        assert_eq!(found(0.88), 0);
        assert_eq!(found(0.2), 0);
    }
}
