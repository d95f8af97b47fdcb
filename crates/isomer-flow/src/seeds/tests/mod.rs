//! What goes in and what comes out, over the public reader.

mod faults;
mod files;
mod layouts;
mod limits;
mod properties;
mod records;

use std::io::{Cursor, Write};

use flate2::write::GzEncoder;
use isomer_record::Seed;

use super::{BadRow, Reason, SeedReader, SeedSettings};

/// What a file with these bytes gives.
fn read(bytes: impl Into<Vec<u8>>) -> Vec<Result<Seed, BadRow>> {
    read_up_to(bytes, SeedSettings::default().row_limit)
}

fn read_up_to(bytes: impl Into<Vec<u8>>, row_limit: usize) -> Vec<Result<Seed, BadRow>> {
    match SeedReader::over(Cursor::new(bytes.into()), SeedSettings { row_limit }) {
        Ok(reader) => reader.collect(),
        Err(bad) => vec![Err(bad)],
    }
}

/// The ids of the seeds, and the rows and reasons of the rest, in order.
fn told(bytes: impl Into<Vec<u8>>) -> Vec<String> {
    read(bytes)
        .into_iter()
        .map(|row| row.map_or_else(|bad| bad.to_string(), |seed| seed.id))
        .collect()
}

fn seeds(bytes: impl Into<Vec<u8>>) -> Vec<Seed> {
    read(bytes).into_iter().filter_map(Result::ok).collect()
}

fn reasons(bytes: impl Into<Vec<u8>>) -> Vec<(Option<u64>, Reason)> {
    read(bytes).into_iter().filter_map(Result::err).map(|bad| (bad.row, bad.reason)).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}
