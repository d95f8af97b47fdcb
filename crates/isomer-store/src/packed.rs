//! JSON as it lies in a column: text when short, zstd when long.
//!
//! Replies, suites and verdict tables shrink four- to tenfold, which matters twice: the file of a
//! large run, and the bytes each commit waits for. Packing happens in the caller's task, never in
//! the one thread that writes.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::StoreError;

/// Below this many bytes a frame's overhead and time are not worth it.
const PLAIN_BYTES: usize = 512;

/// zstd's own default: faster than a disk, and higher levels gain a few percent on such texts.
const LEVEL: i32 = 3;

/// A JSON text on its way to or from a column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Packed {
    Plain(String),
    Zstd(Vec<u8>),
}

impl Packed {
    pub(crate) fn pack<T: Serialize>(what: &'static str, value: &T) -> Result<Self, StoreError> {
        let text = serde_json::to_string(value).map_err(StoreError::record(what))?;
        if text.len() < PLAIN_BYTES {
            return Ok(Self::Plain(text));
        }
        zstd::bulk::compress(text.as_bytes(), LEVEL)
            .map(Self::Zstd)
            .map_err(|error| StoreError::Damaged { what, why: error.to_string() })
    }

    pub(crate) fn unpack<T: DeserializeOwned>(&self, what: &'static str) -> Result<T, StoreError> {
        match self {
            Self::Plain(text) => serde_json::from_str(text).map_err(StoreError::record(what)),
            Self::Zstd(bytes) => {
                let text = zstd::stream::decode_all(bytes.as_slice())
                    .map_err(|error| StoreError::Damaged { what, why: error.to_string() })?;
                serde_json::from_slice(&text).map_err(StoreError::record(what))
            }
        }
    }
}

impl ToSql for Packed {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Plain(text) => text.to_sql(),
            Self::Zstd(bytes) => bytes.to_sql(),
        }
    }
}

impl FromSql for Packed {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value {
            ValueRef::Text(_) => value.as_str().map(|text| Self::Plain(text.to_owned())),
            ValueRef::Blob(bytes) => Ok(Self::Zstd(bytes.to_vec())),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Packed;

    #[test]
    fn short_and_long_values_come_back() {
        for size in [0, 10, 511, 512, 100_000] {
            let value = json!({"text": "é".repeat(size), "number": 1e-7, "none": null});
            let packed = Packed::pack("a test", &value).unwrap();
            assert_eq!(matches!(packed, Packed::Zstd(_)), size > 200, "{size}");
            assert_eq!(packed.unpack::<Value>("a test").unwrap(), value);
        }
    }

    #[test]
    fn damage_is_an_error_and_not_a_panic() {
        assert!(Packed::Zstd(vec![1, 2, 3]).unpack::<Value>("a test").is_err());
        assert!(Packed::Plain("{".to_owned()).unpack::<Value>("a test").is_err());
    }
}
