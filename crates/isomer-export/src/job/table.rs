//! Rows as Parquet.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{
    ArrayRef, Float64Array, Int64Array, ListArray, RecordBatch, StringArray, StructArray,
};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use serde_json::Value;

use crate::error::ExportError;
use crate::rows::{Column, Kind};

/// Rows of a group at most, which also bounds what a reader must hold.
const GROUP_ROWS: usize = 1024;
/// Bytes of a group's rows, about.
const GROUP_BYTES: usize = 32 << 20;

/// A Parquet file that is being written.
pub(super) struct Table {
    path: PathBuf,
    columns: Vec<Column>,
    schema: Arc<Schema>,
    writer: ArrowWriter<File>,
    rows: Vec<Value>,
    bytes: usize,
}

impl Table {
    /// Begins a file.
    pub(super) fn create(path: &Path, file: File, columns: &[Column]) -> Result<Self, ExportError> {
        let fields: Vec<Field> = columns.iter().map(field).collect();
        let schema = Arc::new(Schema::new(fields));
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(parquet::basic::ZstdLevel::default()))
            .set_created_by("isomer".to_owned())
            .build();
        let writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties))
            .map_err(|source| ExportError::Parquet { path: path.to_path_buf(), source })?;
        Ok(Self {
            path: path.to_path_buf(),
            columns: columns.to_vec(),
            schema,
            writer,
            rows: Vec::new(),
            bytes: 0,
        })
    }

    /// Adds a row of about so many bytes.
    pub(super) fn add(&mut self, row: Value, bytes: usize) -> Result<(), ExportError> {
        self.rows.push(row);
        self.bytes += bytes;
        if self.rows.len() >= GROUP_ROWS || self.bytes >= GROUP_BYTES {
            self.write_group()
        } else {
            Ok(())
        }
    }

    fn write_group(&mut self) -> Result<(), ExportError> {
        let rows: Vec<Option<&Value>> = self.rows.iter().map(Some).collect();
        let arrays = members(&self.columns, &rows)?;
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays)?;
        self.writer
            .write(&batch)
            .and_then(|()| self.writer.flush())
            .map_err(|source| ExportError::Parquet { path: self.path.clone(), source })?;
        self.rows.clear();
        self.bytes = 0;
        Ok(())
    }

    /// Ends the file.
    pub(super) fn close(mut self) -> Result<(), ExportError> {
        if !self.rows.is_empty() {
            self.write_group()?;
        }
        let path = self.path;
        self.writer.close().map(drop).map_err(|source| ExportError::Parquet { path, source })
    }
}

fn field(column: &Column) -> Field {
    Field::new(column.name, data_type(&column.kind), true)
}

fn item(kind: &Kind) -> Arc<Field> {
    Arc::new(Field::new("item", data_type(kind), true))
}

fn fields(columns: &[Column]) -> Fields {
    columns.iter().map(field).collect()
}

fn data_type(kind: &Kind) -> DataType {
    match kind {
        Kind::Text => DataType::Utf8,
        Kind::Int => DataType::Int64,
        Kind::Float => DataType::Float64,
        Kind::List(kind) => DataType::List(item(kind)),
        Kind::Struct(columns) => DataType::Struct(fields(columns)),
    }
}

fn members(columns: &[Column], rows: &[Option<&Value>]) -> Result<Vec<ArrayRef>, ArrowError> {
    columns
        .iter()
        .map(|column| {
            let values: Vec<Option<&Value>> =
                rows.iter().map(|row| row.and_then(|row| row.get(column.name))).collect();
            array(&column.kind, &values)
        })
        .collect()
}

fn array(kind: &Kind, values: &[Option<&Value>]) -> Result<ArrayRef, ArrowError> {
    Ok(match kind {
        Kind::Text => {
            let texts = values.iter().map(|value| value.and_then(Value::as_str));
            Arc::new(texts.collect::<StringArray>())
        }
        Kind::Int => {
            let numbers = values.iter().map(|value| value.and_then(Value::as_i64));
            Arc::new(numbers.collect::<Int64Array>())
        }
        Kind::Float => {
            let numbers = values.iter().map(|value| value.and_then(Value::as_f64));
            Arc::new(numbers.collect::<Float64Array>())
        }
        Kind::List(kind) => {
            let lists: Vec<Option<&Vec<Value>>> =
                values.iter().map(|value| value.and_then(Value::as_array)).collect();
            let lengths = lists.iter().map(|list| list.map_or(0, Vec::len));
            let offsets = OffsetBuffer::from_lengths(lengths);
            let present: NullBuffer = lists.iter().map(Option::is_some).collect();
            let items: Vec<Option<&Value>> =
                lists.iter().flatten().flat_map(|list| list.iter()).map(Some).collect();
            Arc::new(ListArray::try_new(item(kind), offsets, array(kind, &items)?, Some(present))?)
        }
        Kind::Struct(columns) => {
            let present: NullBuffer =
                values.iter().map(|value| value.is_some_and(Value::is_object)).collect();
            Arc::new(StructArray::try_new(
                fields(columns),
                members(columns, values)?,
                Some(present),
            )?)
        }
    })
}
