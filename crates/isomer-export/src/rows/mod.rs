//! A row of each format: names and nesting as the consumer reads them.

mod columns;
mod make;

pub(crate) use columns::{Column, Kind, columns};
pub(crate) use make::rows;
