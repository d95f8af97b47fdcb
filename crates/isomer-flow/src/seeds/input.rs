//! Bytes of a seed file: decompressed, checked for their kind, with as much look-ahead as needed.

use std::io::{self, BufRead, ErrorKind, Read};

use flate2::bufread::MultiGzDecoder;

use super::fault::{Compression, Reason};
use super::scan::{Scanner, is_space};

const CHUNK: usize = 64 * 1024;

/// Kinds of files that people name by mistake, by their first bytes.
const OTHER_KINDS: &[(&[u8], &str)] = &[
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\xFD7zXZ\0", "xz data"),
    (b"BZh", "bzip2 data"),
    (b"SQLite format 3\0", "an SQLite database"),
    (GZIP, "gzip data inside compressed data"),
    (ZSTD, "zstd data inside compressed data"),
];
const GZIP: &[u8] = b"\x1F\x8B";
const ZSTD: &[u8] = b"\x28\xB5\x2F\xFD";

/// How much of a value or line was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// All of it is in the buffer.
    Whole,
    /// It was larger than the limit and was passed without being kept.
    TooLarge,
    /// The file ended inside.
    Unclosed,
}

/// A buffered reader whose buffer can be made to grow, so that the first bytes can be looked at
/// before they are read.
pub(super) struct Input {
    rest: Box<dyn Read + Send>,
    ahead: Vec<u8>,
    start: usize,
    /// An error met while looking ahead; it is raised when the bytes before it have been read.
    failed: Option<io::Error>,
    ended: bool,
    offset: u64,
    compression: Option<Compression>,
}

impl Input {
    /// Decompresses if the first bytes say so, and refuses what is known not to be JSON.
    pub(super) fn open(source: Box<dyn Read + Send>) -> Result<Self, Reason> {
        let mut raw = Self::over(source, None);
        let mut input = if raw.starts_with(GZIP) {
            Self::over(Box::new(MultiGzDecoder::new(raw)), Some(Compression::Gzip))
        } else if raw.starts_with(ZSTD) {
            let decoder = zstd::Decoder::with_buffer(raw)
                .map_err(|error| Reason::Unreadable { error: error.to_string() })?;
            Self::over(Box::new(decoder), Some(Compression::Zstd))
        } else {
            raw
        };
        if let Some((_, kind)) = OTHER_KINDS.iter().find(|(magic, _)| input.starts_with(magic)) {
            return Err(Reason::OtherKind { kind });
        }
        if input.starts_with(b"\xFF\xFE") || input.starts_with(b"\xFE\xFF") || input.has_early_nul()
        {
            return Err(Reason::NotUtf8File);
        }
        if input.starts_with(b"\xEF\xBB\xBF") {
            input.consume(3);
        }
        Ok(input)
    }

    fn over(rest: Box<dyn Read + Send>, compression: Option<Compression>) -> Self {
        Self {
            rest,
            ahead: Vec::new(),
            start: 0,
            failed: None,
            ended: false,
            offset: 0,
            compression,
        }
    }

    /// Bytes that are ahead and already in memory.
    pub(super) fn ahead(&self) -> &[u8] {
        self.ahead.get(self.start..).unwrap_or_default()
    }

    /// Gets more bytes ahead; `false` at the end of the file and at an error.
    pub(super) fn grow(&mut self) -> bool {
        if self.ended || self.failed.is_some() {
            return false;
        }
        let before = self.ahead.len();
        match (&mut self.rest).take(CHUNK as u64).read_to_end(&mut self.ahead) {
            Ok(_) => self.ended = self.ahead.len() == before,
            Err(error) => self.failed = Some(error),
        }
        self.ahead.len() > before
    }

    /// Position of the next byte in the uncompressed file.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Puts an error of the system or of a decoder into the user's words.
    pub(super) fn reason(&self, error: &io::Error) -> Reason {
        match self.compression {
            Some(compression) if error.kind() == ErrorKind::UnexpectedEof => {
                Reason::Torn { compression }
            }
            Some(compression) => Reason::Damaged { compression, error: error.to_string() },
            None => Reason::Unreadable { error: error.to_string() },
        }
    }

    /// Passes white space and bytes for which `other` holds, and looks at the next one.
    pub(super) fn next_after(&mut self, other: impl Fn(u8) -> bool) -> io::Result<Option<u8>> {
        loop {
            let bytes = self.fill_buf()?;
            if bytes.is_empty() {
                return Ok(None);
            }
            let passed = bytes.iter().take_while(|byte| is_space(**byte) || other(**byte)).count();
            let next = bytes.get(passed).copied();
            self.consume(passed);
            if next.is_some() {
                return Ok(next);
            }
        }
    }

    /// Takes the JSON value that starts with the next byte.
    pub(super) fn take_value(&mut self, buffer: &mut Vec<u8>, limit: usize) -> io::Result<Taken> {
        buffer.clear();
        let mut scanner = Scanner::new();
        let mut taken = Taken::Whole;
        loop {
            let bytes = self.fill_buf()?;
            if bytes.is_empty() {
                return Ok(if scanner.may_end() { taken } else { Taken::Unclosed });
            }
            let end = scanner.feed(bytes);
            let part = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default();
            if buffer.len() + part.len() > limit {
                taken = Taken::TooLarge;
                *buffer = Vec::new();
            }
            if taken == Taken::Whole {
                buffer.extend_from_slice(part);
            }
            let passed = part.len();
            self.consume(passed);
            if end.is_some() {
                return Ok(taken);
            }
        }
    }

    /// Takes the rest of the line with its end; `None` at the end of the file.
    pub(super) fn take_line(
        &mut self,
        buffer: &mut Vec<u8>,
        limit: usize,
    ) -> io::Result<Option<Taken>> {
        buffer.clear();
        let most = (limit as u64).saturating_add(1);
        let read = self.by_ref().take(most).read_until(b'\n', buffer)?;
        if read == 0 {
            return Ok(None);
        }
        if buffer.len() <= limit || buffer.last() == Some(&b'\n') {
            return Ok(Some(Taken::Whole));
        }
        *buffer = Vec::new();
        self.skip_until(b'\n')?;
        Ok(Some(Taken::TooLarge))
    }

    fn starts_with(&mut self, magic: &[u8]) -> bool {
        while self.ahead().len() < magic.len() && self.grow() {}
        self.ahead().starts_with(magic)
    }

    /// UTF-16 without a byte order mark: JSON starts with an ASCII character, so one of the first
    /// two bytes is zero.
    fn has_early_nul(&mut self) -> bool {
        self.starts_with(b"\0") || self.ahead().get(1) == Some(&0)
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Input {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start >= self.ahead.len() {
            self.start = 0;
            self.ahead.clear();
            self.ahead.shrink_to(2 * CHUNK);
            if !self.grow()
                && let Some(error) = self.failed.take()
            {
                self.ended = true;
                return Err(error);
            }
        }
        Ok(self.ahead())
    }

    fn consume(&mut self, amount: usize) {
        self.start += amount;
        self.offset += amount as u64;
    }
}
