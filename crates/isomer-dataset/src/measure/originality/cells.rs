//! Vectors that do not fit into memory, on disk by cells of near ones (the inverted file of Sivic and
//! Zisserman, *Video Google*, 2003): a task is compared with all vectors of the cells that it is
//! nearest to.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use isomer_measure::cluster::{KMeans, Matrix};
use isomer_measure::vectors::{Neighbour, nearest_few, offer, unit};
use rayon::prelude::*;

/// Cells.
const CELLS: usize = 512;

/// Cells that a task is compared with: a sixteenth of all vectors.
const LOOKED_AT: usize = 32;

/// Vectors whose clusters are the cells, evenly from all.
const SAMPLE: usize = 16_384;

/// Vectors read at once.
const BLOCK: usize = 4_096;

/// Collects vectors in a file.
pub(super) struct CellsBuilder {
    folder: PathBuf,
    columns: usize,
    file: BufWriter<File>,
    count: usize,
}

/// Vectors by cell.
pub(super) struct Cells {
    columns: usize,
    /// The middle of each cell, a unit vector.
    middles: Vec<f32>,
    /// Where the members of each cell begin.
    starts: Vec<usize>,
    /// Numbers of vectors, by cell.
    members: Vec<u32>,
    file: File,
}

impl CellsBuilder {
    pub(super) fn new(folder: &Path, columns: usize) -> io::Result<Self> {
        let file = BufWriter::with_capacity(1 << 20, tempfile::tempfile_in(folder)?);
        Ok(Self { folder: folder.to_owned(), columns, file, count: 0 })
    }

    /// Adds one or more vectors.
    pub(super) fn add(&mut self, vectors: &[f32]) -> io::Result<()> {
        self.count += vectors.len() / self.columns;
        vectors.iter().try_for_each(|number| self.file.write_all(&number.to_le_bytes()))
    }

    pub(super) fn finish(self) -> io::Result<Cells> {
        let Self { folder, columns, file, count } = self;
        let unsorted = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        let middles = middles(&unsorted, columns, count)?;
        let mut cell_of = Vec::with_capacity(count);
        for first in (0..count).step_by(BLOCK) {
            let block = read(&unsorted, columns, first, BLOCK.min(count - first))?;
            let mut best = vec![None; block.len() / columns];
            offer(&block, &middles, columns, number, &mut best);
            cell_of.extend(best.iter().map(|best| best.map_or(0, |best| best.member)));
        }
        let mut members: Vec<u32> = (0..number(count)).collect();
        members.sort_by_key(|member| cell_of[*member as usize]);
        let cells = middles.len() / columns;
        let cell = |place: u32| cell_of[members[place as usize] as usize];
        let places: Vec<u32> = (0..number(count)).collect();
        let starts = (0..=number(cells))
            .map(|wanted| places.partition_point(|place| cell(*place) < wanted))
            .collect();
        let mut sorted = BufWriter::with_capacity(1 << 20, tempfile::tempfile_in(folder)?);
        for member in &members {
            sorted.write_all(&read_bytes(&unsorted, columns, *member as usize, 1)?)?;
        }
        let file = sorted.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(Cells { columns, middles, starts, members, file })
    }
}

impl Cells {
    /// Looks for a nearer neighbour of each query in the cells nearest to it. Each cell is read once
    /// for all queries.
    pub(super) fn offer(&self, queries: &[f32], best: &mut [Option<Neighbour>]) -> io::Result<()> {
        let query = |number: usize| &queries[number * self.columns..(number + 1) * self.columns];
        let chosen: Vec<Vec<u32>> = (0..best.len())
            .into_par_iter()
            .map(|number| nearest_few(query(number), &self.middles, LOOKED_AT))
            .collect();
        let mut visitors = vec![Vec::new(); self.starts.len() - 1];
        for (number, cells) in chosen.iter().enumerate() {
            for cell in cells {
                visitors[*cell as usize].push(number);
            }
        }
        let visits = visitors.into_par_iter().enumerate().filter(|(_, some)| !some.is_empty());
        let found = visits.map(|(cell, visitors)| {
            let (first, end) = (self.starts[cell], self.starts[cell + 1]);
            let members = read(&self.file, self.columns, first, end - first)?;
            let together: Vec<f32> =
                visitors.iter().flat_map(|number| query(*number)).copied().collect();
            let mut best = vec![None; visitors.len()];
            let number = |place: usize| self.members[first + place];
            offer(&together, &members, self.columns, number, &mut best);
            Ok(visitors.into_iter().zip(best).collect::<Vec<_>>())
        });
        for (number, found) in found.collect::<io::Result<Vec<_>>>()?.into_iter().flatten() {
            if found.is_some_and(|found: Neighbour| found.beats(best[number])) {
                best[number] = found;
            }
        }
        Ok(())
    }
}

/// Middles of clusters of a sample.
fn middles(file: &File, columns: usize, count: usize) -> io::Result<Vec<f32>> {
    let step = count.div_ceil(SAMPLE).max(1);
    let mut sample = Vec::new();
    for row in (0..count).step_by(step) {
        sample.extend(read(file, columns, row, 1)?);
    }
    let matrix = Matrix::new(sample, columns).map_err(io::Error::other)?;
    let settings = KMeans { clusters: CELLS.min(matrix.rows()), restarts: 1, rounds: 10, seed: 0 };
    let labels = settings.run(&matrix).labels;
    let clusters = labels.iter().max().map_or(0, |most| most + 1);
    let mut sums = vec![0.0; clusters * columns];
    for (row, label) in labels.into_iter().enumerate() {
        let sum = &mut sums[label * columns..(label + 1) * columns];
        sum.iter_mut().zip(matrix.row(row)).for_each(|(sum, number)| *sum += number);
    }
    // Vectors that cancel each other have no middle; any direction will do then.
    let middle = |sum: &[f32]| unit(sum).unwrap_or_else(|| sum.to_vec());
    Ok(sums.chunks(columns).flat_map(middle).collect())
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn read(file: &File, columns: usize, first: usize, count: usize) -> io::Result<Vec<f32>> {
    let bytes = read_bytes(file, columns, first, count)?;
    Ok(bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
}

fn read_bytes(file: &File, columns: usize, first: usize, count: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; 4 * columns * count];
    file.read_exact_at(&mut bytes, 4 * (columns * first) as u64)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use isomer_measure::vectors::{offer, unit};

    use super::CellsBuilder;

    /// Vectors around some middles, as embeddings are.
    fn vectors(count: usize, columns: usize, seed: u64) -> Vec<f32> {
        let mut state = seed;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            f32::from(u16::try_from(state >> 48).unwrap_or_default()) / 32_768.0 - 1.0
        };
        let row = |number: usize, next: &mut dyn FnMut() -> f32| {
            let middle = number % 90;
            let numbers: Vec<f32> = (0..columns)
                .map(|column| {
                    let wave =
                        u16::try_from((middle * 37 + column * 101) % 997).unwrap_or_default();
                    f32::from(wave).sin() + 1.2 * next()
                })
                .collect();
            unit(&numbers).unwrap()
        };
        (0..count).flat_map(|number| row(number, &mut next)).collect()
    }

    #[test]
    fn cells_find_nearly_what_a_search_through_all_does() {
        let (columns, count) = (24, 6_000);
        let (rows, queries) = (vectors(count, columns, 1), vectors(400, columns, 2));
        let mut builder = CellsBuilder::new(&std::env::temp_dir(), columns).unwrap();
        builder.add(&rows[..999 * columns]).unwrap();
        for row in rows[999 * columns..].chunks(columns) {
            builder.add(row).unwrap();
        }
        let cells = builder.finish().unwrap();
        assert_eq!(cells.members.len(), count);
        let mut wanted = vec![None; 400];
        offer(&queries, &rows, columns, |place| u32::try_from(place).unwrap(), &mut wanted);
        let mut found = vec![None; 400];
        cells.offer(&queries, &mut found).unwrap();
        let mut same = 0;
        for ((query, found), wanted) in queries.chunks(columns).zip(&found).zip(&wanted) {
            let found = found.unwrap();
            let row = &rows[found.member as usize * columns..][..columns];
            let mut exact = [None];
            offer(query, row, columns, |_| found.member, &mut exact);
            assert_eq!(exact, [Some(found)]);
            same += u32::from(Some(found) == *wanted);
        }
        assert!(same >= 380, "{same} of 400");
    }
}
