//! Cutting a file into rows, one at a time, whatever its layout.

use std::io::{self, BufRead};

use super::fault::Reason;
use super::input::{Input, Taken};
use super::scan::is_space;
use super::shape::{Shape, sniff};

/// A row as it lies in the file; [`Rows::bytes`] has its text.
#[derive(Debug)]
pub(super) struct Row {
    /// Counted from 1: the line, or the position in the array or object.
    pub(super) number: u64,
    /// Where its bytes start in the uncompressed file.
    pub(super) offset: u64,
    /// Its name in an object of objects.
    pub(super) key: Option<String>,
    /// Why its bytes cannot be used.
    pub(super) trouble: Option<Reason>,
}

/// The rows of one file.
pub(super) struct Rows {
    input: Input,
    shape: Shape,
    limit: usize,
    bytes: Vec<u8>,
    number: u64,
    /// Whether there was a row at all; blank lines have numbers, too.
    any: bool,
    ended: bool,
}

impl Rows {
    /// Finds the layout and stands before the first row.
    pub(super) fn open(mut input: Input, limit: usize) -> Result<Self, Reason> {
        let shape = sniff(&mut input, limit)?;
        if matches!(shape, Shape::Array | Shape::Members) {
            // Past the opening bracket, which the sniffer saw.
            input.next_after(|_| false).map_err(|error| input.reason(&error))?;
            input.consume(1);
        }
        Ok(Self { input, shape, limit, bytes: Vec::new(), number: 0, any: false, ended: false })
    }

    /// Bytes of the row that [`Rows::advance`] gave last.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The next row. An error speaks of the rest of the file, and nothing comes after it.
    pub(super) fn advance(&mut self) -> Result<Option<Row>, Reason> {
        if self.ended {
            return Ok(None);
        }
        let row = match self.shape {
            Shape::Lines => self.next_line(),
            Shape::Array => self.next_member(b']'),
            Shape::Members => self.next_member(b'}'),
            Shape::Stream => self.next_in_stream(),
        };
        let row = row.map_err(|error| self.input.reason(&error)).and_then(|row| row);
        match &row {
            Ok(Some(row)) => {
                self.any = true;
                self.ended = row.trouble == Some(Reason::Unclosed);
            }
            Ok(None) | Err(_) => self.ended = true,
        }
        row
    }

    fn next_line(&mut self) -> io::Result<Result<Option<Row>, Reason>> {
        loop {
            let offset = self.input.offset();
            let Some(taken) = self.input.take_line(&mut self.bytes, self.limit)? else {
                return Ok(if self.any { Ok(None) } else { Err(Reason::EmptyFile) });
            };
            self.number += 1;
            if taken != Taken::Whole || !self.bytes.iter().all(|byte| is_space(*byte)) {
                return Ok(Ok(Some(self.row(offset, None, taken))));
            }
        }
    }

    fn next_member(&mut self, close: u8) -> io::Result<Result<Option<Row>, Reason>> {
        match self.input.next_after(|byte| byte == b',')? {
            None => return Ok(Err(Reason::Unclosed)),
            Some(byte) if byte == close => {
                self.input.consume(1);
                return self.after_end();
            }
            Some(_) => {}
        }
        self.number += 1;
        let offset = self.input.offset();
        let taken = self.input.take_value(&mut self.bytes, self.limit)?;
        let is_key = self.shape == Shape::Members && self.bytes.starts_with(b"\"");
        if !is_key || self.input.next_after(|_| false)? != Some(b':') {
            return Ok(Ok(Some(self.row(offset, None, taken))));
        }
        self.input.consume(1);
        let key = serde_json::from_slice(&self.bytes).ok();
        self.input.next_after(|_| false)?;
        let offset = self.input.offset();
        let taken = self.input.take_value(&mut self.bytes, self.limit)?;
        Ok(Ok(Some(self.row(offset, key, taken))))
    }

    fn next_in_stream(&mut self) -> io::Result<Result<Option<Row>, Reason>> {
        if self.input.next_after(|_| false)?.is_none() {
            return Ok(Ok(None));
        }
        self.number += 1;
        let offset = self.input.offset();
        let taken = self.input.take_value(&mut self.bytes, self.limit)?;
        Ok(Ok(Some(self.row(offset, None, taken))))
    }

    fn after_end(&mut self) -> io::Result<Result<Option<Row>, Reason>> {
        let more = self.input.next_after(|_| false)?.is_some();
        Ok(if more {
            Err(Reason::TextAfterEnd { offset: self.input.offset() })
        } else if self.any {
            Ok(None)
        } else {
            Err(Reason::NoRows)
        })
    }

    fn row(&self, offset: u64, key: Option<String>, taken: Taken) -> Row {
        let trouble = match taken {
            Taken::Whole => None,
            Taken::TooLarge => Some(Reason::TooLarge { limit: self.limit }),
            Taken::Unclosed => Some(Reason::Unclosed),
        };
        Row { number: self.number, offset, key, trouble }
    }
}
