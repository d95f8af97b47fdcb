//! Seed problems from files: JSON arrays, objects of objects and JSON lines, plain or compressed,
//! Parquet, and folders with one problem each, streamed one row at a time.
//!
//! A [row reader](crate::seeds::RowReader) gives the rows as they are, for whoever reads more than
//! seeds from them. `input` gives bytes, `shape` looks at the first of them to tell the layouts apart,
//! `rows` cuts them into rows, `fields` finds a seed in a row, and `reader` goes through the files.
//! Whatever is wrong with a row or a file becomes a `BadRow` and the next one is read.

mod fault;
mod fields;
mod files;
mod input;
mod reader;
mod row_reader;
mod rows;
mod scan;
mod shape;
#[cfg(test)]
mod tests;

pub use fault::{BadRow, Compression, Reason, SeedError};
pub use fields::{CONTAINERS, ID_FIELDS, SOLUTION_FIELDS, STATEMENT_FIELDS, seed_in};
pub use files::EXTENSIONS;
pub use reader::SeedReader;
pub use row_reader::{DataRow, RowReader, SeedSettings};
