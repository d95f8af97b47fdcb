//! Parquet files as rows of JSON, one at a time.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use base64::Engine as _;
use parquet::errors::ParquetError;
use parquet::file::reader::SerializedFileReader;
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row};
use serde_json::{Map, Number, Value};
use thiserror::Error;

/// What every Parquet file begins with.
const MAGIC: [u8; 4] = *b"PAR1";

/// Why a Parquet file cannot be read, or not any further.
#[derive(Debug, Error)]
pub enum ParquetFault {
    /// The system failed to read it.
    #[error("the file cannot be read")]
    Unreadable(#[from] io::Error),
    /// It is cut off or damaged.
    #[error("the Parquet file is cut off or damaged: {0}")]
    Damaged(#[from] ParquetError),
}

/// Whether a file begins as Parquet does.
///
/// # Errors
///
/// If it cannot be read.
pub fn is_parquet(path: &Path) -> io::Result<bool> {
    let mut start = Vec::new();
    File::open(path)?.take(MAGIC.len() as u64).read_to_end(&mut start)?;
    Ok(start == MAGIC)
}

/// The rows of a Parquet file. After an error there are no more.
pub struct ParquetRows {
    rows: RowIter<'static>,
    ended: bool,
}

impl ParquetRows {
    /// Opens a file.
    ///
    /// # Errors
    ///
    /// If it cannot be read or is no whole Parquet file.
    pub fn open(path: &Path) -> Result<Self, ParquetFault> {
        let reader = SerializedFileReader::new(File::open(path)?)?;
        Ok(Self { rows: RowIter::from_file_into(Box::new(reader)), ended: false })
    }
}

impl Iterator for ParquetRows {
    type Item = Result<Value, ParquetFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let row = self.rows.next()?;
        self.ended = row.is_err();
        Some(row.map(object).map_err(ParquetFault::from))
    }
}

fn object(row: Row) -> Value {
    let fields = row.into_columns().into_iter();
    Value::Object(fields.map(|(name, field)| (name, value(field))).collect::<Map<_, _>>())
}

/// The field as JSON; what JSON has no words for becomes text.
fn value(field: Field) -> Value {
    match field {
        Field::Null => Value::Null,
        Field::Bool(flag) => Value::Bool(flag),
        Field::Byte(number) => number.into(),
        Field::Short(number) => number.into(),
        Field::Int(number) => number.into(),
        Field::Long(number) => number.into(),
        Field::UByte(number) => number.into(),
        Field::UShort(number) => number.into(),
        Field::UInt(number) => number.into(),
        Field::ULong(number) => number.into(),
        Field::Float(number) => float(f64::from(number)),
        Field::Double(number) => float(number),
        Field::Str(text) => Value::String(text),
        Field::Bytes(bytes) => Value::String(match str::from_utf8(bytes.data()) {
            Ok(text) => text.to_owned(),
            Err(_) => base64::engine::general_purpose::STANDARD.encode(bytes.data()),
        }),
        Field::Group(row) => object(row),
        Field::ListInternal(list) => list.elements().iter().cloned().map(value).collect(),
        Field::MapInternal(map) => {
            let pairs = map.entries().iter().cloned();
            Value::Object(pairs.map(|(key, item)| (name(key), value(item))).collect())
        }
        other => Value::String(other.to_string()),
    }
}

fn float(number: f64) -> Value {
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

fn name(key: Field) -> String {
    match value(key) {
        Value::String(text) => text,
        other => other.to_string(),
    }
}
