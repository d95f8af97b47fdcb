//! The part of Python's `marshal` format (version 2) that plain values need.
//!
//! `marshal.dumps` looks at exact types and runs no code of the objects it writes, which is what
//! makes it a strict encoder. What comes out of the jail is hostile: the decoder trusts no length,
//! knows no other type and bounds the depth.

use num_bigint::{BigInt, BigUint, Sign};

use crate::PyValue;

/// Deepest nesting that is read. JSON readers, ours included, stop at about the same depth.
const MAX_DEPTH: u32 = 100;

/// Bits in a digit of a long integer.
const DIGIT_BITS: u32 = 15;

/// Bytes that are not a plain value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DecodeError {
    #[error("the result is nested more than {MAX_DEPTH} levels deep")]
    TooDeep,
    #[error("the result contains bytes, a set or another type that is not a plain value")]
    Type,
    #[error("the encoded result is damaged")]
    Damaged,
}

/// Appends `value` to `bytes`.
pub(crate) fn encode(value: &PyValue, bytes: &mut Vec<u8>) {
    match value {
        PyValue::None => bytes.push(b'N'),
        PyValue::Bool(true) => bytes.push(b'T'),
        PyValue::Bool(false) => bytes.push(b'F'),
        PyValue::Int(number) => encode_integer(number, bytes),
        PyValue::Float(number) => {
            bytes.push(b'g');
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        PyValue::Str(text) => encode_sized(b'u', text.as_bytes(), bytes),
        PyValue::BrokenStr(text) => encode_sized(b'u', text, bytes),
        PyValue::List(items) => encode_items(b'[', items, bytes),
        PyValue::Tuple(items) => encode_items(b'(', items, bytes),
        PyValue::Dict(pairs) => {
            bytes.push(b'{');
            for (key, value) in pairs {
                encode(key, bytes);
                encode(value, bytes);
            }
            bytes.push(b'0');
        }
    }
}

/// Appends a `bytes` object, which is not a value of ours but travels in frames.
pub(crate) fn encode_bytes(content: &[u8], bytes: &mut Vec<u8>) {
    encode_sized(b's', content, bytes);
}

/// Appends the head of a tuple whose `count` items follow.
pub(crate) fn encode_tuple_head(count: usize, bytes: &mut Vec<u8>) {
    encode_head(b'(', count, bytes);
}

fn encode_head(tag: u8, count: usize, bytes: &mut Vec<u8>) {
    bytes.push(tag);
    // The format has no larger sizes; inputs are bounded far below by the frame limit.
    bytes.extend_from_slice(&u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
}

fn encode_sized(tag: u8, content: &[u8], bytes: &mut Vec<u8>) {
    encode_head(tag, content.len(), bytes);
    bytes.extend_from_slice(content);
}

fn encode_items(tag: u8, items: &[PyValue], bytes: &mut Vec<u8>) {
    encode_head(tag, items.len(), bytes);
    for item in items {
        encode(item, bytes);
    }
}

fn encode_integer(number: &BigInt, bytes: &mut Vec<u8>) {
    if let Ok(small) = i32::try_from(number) {
        bytes.push(b'i');
        bytes.extend_from_slice(&small.to_le_bytes());
        return;
    }
    let mut digits: Vec<u16> = Vec::new();
    let (mut pool, mut filled) = (0_u32, 0);
    for byte in number.magnitude().to_bytes_le() {
        pool |= u32::from(byte) << filled;
        filled += 8;
        if filled >= DIGIT_BITS {
            digits.push((pool & 0x7fff) as u16);
            pool >>= DIGIT_BITS;
            filled -= DIGIT_BITS;
        }
    }
    digits.push((pool & 0x7fff) as u16);
    while digits.last() == Some(&0) {
        digits.pop();
    }
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    bytes.push(b'l');
    let signed = if number.sign() == Sign::Minus { -count } else { count };
    bytes.extend_from_slice(&signed.to_le_bytes());
    for digit in digits {
        bytes.extend_from_slice(&digit.to_le_bytes());
    }
}

/// Reads the one value that `bytes` hold.
pub(crate) fn decode(bytes: &[u8]) -> Result<PyValue, DecodeError> {
    let mut reader = Reader::new(bytes);
    let value = reader.value(0)?;
    if reader.rest.is_empty() { Ok(value) } else { Err(DecodeError::Damaged) }
}

/// A position in marshalled bytes.
pub(crate) struct Reader<'bytes> {
    rest: &'bytes [u8],
}

impl<'bytes> Reader<'bytes> {
    /// Starts at the beginning of `bytes`.
    pub(crate) const fn new(bytes: &'bytes [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Reads the head of a tuple of exactly `count` items.
    pub(crate) fn tuple_head(&mut self, count: usize) -> Result<(), DecodeError> {
        if self.tuple_count()? == count { Ok(()) } else { Err(DecodeError::Damaged) }
    }

    /// Reads the head of a tuple and returns the number of its items, as it claims.
    pub(crate) fn tuple_count(&mut self) -> Result<usize, DecodeError> {
        if self.byte()? == b'(' { self.size() } else { Err(DecodeError::Damaged) }
    }

    /// Reads a string.
    pub(crate) fn string(&mut self) -> Result<String, DecodeError> {
        match self.value(0)? {
            PyValue::Str(text) => Ok(text),
            _ => Err(DecodeError::Damaged),
        }
    }

    /// Reads a `bytes` object.
    pub(crate) fn bytes(&mut self) -> Result<&'bytes [u8], DecodeError> {
        if self.byte()? != b's' {
            return Err(DecodeError::Damaged);
        }
        let size = self.size()?;
        self.take(size)
    }

    /// Reads an integer that fits.
    pub(crate) fn integer(&mut self) -> Result<i64, DecodeError> {
        match self.value(0)? {
            PyValue::Int(number) => i64::try_from(&number).map_err(|_| DecodeError::Damaged),
            _ => Err(DecodeError::Damaged),
        }
    }

    fn value(&mut self, depth: u32) -> Result<PyValue, DecodeError> {
        if depth > MAX_DEPTH {
            return Err(DecodeError::TooDeep);
        }
        Ok(match self.byte()? {
            b'N' => PyValue::None,
            b'T' => PyValue::Bool(true),
            b'F' => PyValue::Bool(false),
            b'i' => PyValue::Int(BigInt::from(i32::from_le_bytes(self.array()?))),
            b'l' => PyValue::Int(self.long()?),
            b'g' => PyValue::Float(f64::from_le_bytes(self.array()?)),
            b'u' => self.text()?,
            b'[' => PyValue::List(self.items(depth)?),
            b'(' => PyValue::Tuple(self.items(depth)?),
            b'{' => PyValue::Dict(self.pairs(depth)?),
            _ => return Err(DecodeError::Type),
        })
    }

    fn text(&mut self) -> Result<PyValue, DecodeError> {
        let size = self.size()?;
        let content = self.take(size)?;
        Ok(match std::str::from_utf8(content) {
            Ok(text) => PyValue::Str(text.to_owned()),
            Err(_) => PyValue::BrokenStr(content.to_vec()),
        })
    }

    fn items(&mut self, depth: u32) -> Result<Vec<PyValue>, DecodeError> {
        let count = self.size()?;
        // Each item takes a byte or more: a larger count is a lie and must not reserve memory.
        if count > self.rest.len() {
            return Err(DecodeError::Damaged);
        }
        (0..count).map(|_| self.value(depth + 1)).collect()
    }

    fn pairs(&mut self, depth: u32) -> Result<Vec<(PyValue, PyValue)>, DecodeError> {
        let mut pairs = Vec::new();
        while self.rest.first() != Some(&b'0') {
            pairs.push((self.value(depth + 1)?, self.value(depth + 1)?));
        }
        self.byte()?;
        Ok(pairs)
    }

    fn long(&mut self) -> Result<BigInt, DecodeError> {
        let signed = i32::from_le_bytes(self.array()?);
        let size = (signed.unsigned_abs() as usize).checked_mul(2).ok_or(DecodeError::Damaged)?;
        let mut magnitude = Vec::new();
        let (mut pool, mut filled) = (0_u32, 0);
        for pair in self.take(size)?.chunks_exact(2) {
            pool |= u32::from(u16::from_le_bytes([pair[0], pair[1]]) & 0x7fff) << filled;
            filled += DIGIT_BITS;
            while filled >= 8 {
                magnitude.push((pool & 0xff) as u8);
                pool >>= 8;
                filled -= 8;
            }
        }
        magnitude.push((pool & 0xff) as u8);
        let sign = if signed < 0 { Sign::Minus } else { Sign::Plus };
        Ok(BigInt::from_biguint(sign, BigUint::from_bytes_le(&magnitude)))
    }

    fn size(&mut self) -> Result<usize, DecodeError> {
        usize::try_from(i32::from_le_bytes(self.array()?)).map_err(|_| DecodeError::Damaged)
    }

    fn byte(&mut self) -> Result<u8, DecodeError> {
        Ok(self.array::<1>()?[0])
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        self.take(N)?.try_into().map_err(|_| DecodeError::Damaged)
    }

    fn take(&mut self, count: usize) -> Result<&'bytes [u8], DecodeError> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(DecodeError::Damaged)?;
        self.rest = rest;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigInt;
    use proptest::prelude::*;

    use super::{DecodeError, decode, encode};
    use crate::{PyValue, testing::any_value};

    fn round(value: &PyValue) -> Result<PyValue, DecodeError> {
        let mut bytes = Vec::new();
        encode(value, &mut bytes);
        decode(&bytes)
    }

    proptest! {
        #[test]
        fn values_survive_the_round(value in any_value()) {
            // Compared as text, because NaN equals nothing.
            prop_assert_eq!(format!("{:?}", round(&value)), format!("{:?}", Ok::<_, DecodeError>(value)));
        }

        #[test]
        fn garbage_is_refused_calmly(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&bytes);
        }

        #[test]
        fn integers_survive(digits in "-?[1-9][0-9]{0,80}") {
            let value = PyValue::Int(digits.parse::<BigInt>().unwrap());
            prop_assert_eq!(round(&value).unwrap(), value);
        }
    }

    #[test]
    fn lies_about_sizes_are_refused() {
        assert_eq!(decode(b"[\xff\xff\xff\x7f"), Err(DecodeError::Damaged));
        assert_eq!(decode(b"l\x00\x00\x00\x80"), Err(DecodeError::Damaged));
        assert_eq!(decode(b"s\x01\x00\x00\x00a"), Err(DecodeError::Type));
        assert_eq!(decode(b"NN"), Err(DecodeError::Damaged));
    }

    #[test]
    fn depth_is_bounded() {
        let mut value = PyValue::None;
        for _ in 0..100 {
            value = PyValue::List(vec![value]);
        }
        assert!(round(&value).is_ok());
        assert_eq!(round(&PyValue::List(vec![value])), Err(DecodeError::TooDeep));
    }
}
