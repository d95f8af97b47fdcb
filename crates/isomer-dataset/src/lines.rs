//! Numbered lines of a file, plain or compressed.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

use crate::DatasetError;

/// Largest line in bytes; a task with all its tests is far smaller.
const MOST_BYTES: u64 = 512 << 20;

/// Bytes read at once.
const CHUNK: usize = 256 * 1024;

/// Kinds of files that people name by mistake, by their first bytes.
const OTHER_KINDS: &[(&[u8], &str)] = &[
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"PK\x03\x04", "a zip archive"),
    (b"SQLite format 3\0", "an SQLite database"),
];

/// A line that is not blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Counted from 1, blank lines too.
    pub number: u64,
    /// Its bytes, without the end of the line.
    pub bytes: &'a [u8],
}

/// The lines of a file, one at a time. Reading blocks.
pub struct Lines {
    path: PathBuf,
    reader: Box<dyn BufRead + Send>,
    number: u64,
    bytes: Vec<u8>,
}

/// The file of tasks that a path stands for: itself, or `tasks.jsonl` in the folder of a run.
pub fn tasks_file(path: &Path) -> PathBuf {
    if path.is_dir() { path.join("tasks.jsonl") } else { path.to_owned() }
}

impl Lines {
    /// Opens a file; compression is told from its first bytes.
    ///
    /// # Errors
    ///
    /// If it cannot be opened, or is of a kind known not to hold lines.
    pub fn open(path: &Path) -> Result<Self, DatasetError> {
        let fail = DatasetError::io("read", path);
        let file = File::open(path).map_err(&fail)?;
        let mut raw = BufReader::with_capacity(CHUNK, file);
        let head = raw.fill_buf().map_err(&fail)?;
        if let Some((_, kind)) = OTHER_KINDS.iter().find(|(magic, _)| head.starts_with(magic)) {
            return Err(DatasetError::OtherKind { path: path.to_owned(), kind });
        }
        let reader: Box<dyn BufRead + Send> = if head.starts_with(b"\x1F\x8B") {
            Box::new(BufReader::with_capacity(CHUNK, MultiGzDecoder::new(raw)))
        } else if head.starts_with(b"\x28\xB5\x2F\xFD") {
            let decoder = zstd::Decoder::with_buffer(raw).map_err(&fail)?;
            Box::new(BufReader::with_capacity(CHUNK, decoder))
        } else {
            Box::new(raw)
        };
        Ok(Self { path: path.to_owned(), reader, number: 0, bytes: Vec::new() })
    }

    /// The next line that is not blank.
    ///
    /// # Errors
    ///
    /// If the rest of the file cannot be read or decompressed, or the line is too large.
    pub fn advance(&mut self) -> Result<Option<Line<'_>>, DatasetError> {
        loop {
            self.bytes.clear();
            self.number += 1;
            let mut part = (&mut self.reader).take(MOST_BYTES);
            let read = part.read_until(b'\n', &mut self.bytes);
            let read = read.map_err(|source| self.failed(source))?;
            if read == 0 {
                return Ok(None);
            }
            if read as u64 == MOST_BYTES && !self.bytes.ends_with(b"\n") {
                let most = format!("the line is larger than {} MiB", MOST_BYTES >> 20);
                return Err(self.failed(io::Error::other(most)));
            }
            if self.number == 1 && self.bytes.starts_with(b"\xEF\xBB\xBF") {
                self.bytes.drain(..3);
            }
            if !self.bytes.trim_ascii().is_empty() {
                return Ok(Some(Line { number: self.number, bytes: self.bytes.trim_ascii_end() }));
            }
        }
    }

    fn failed(&self, source: io::Error) -> DatasetError {
        DatasetError::Line { path: self.path.clone(), line: self.number, source }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::Lines;
    use crate::DatasetError;

    const TEXT: &[u8] = b"\xEF\xBB\xBF{\"a\": 1}\r\n\n  \n{\"b\": 2}";

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read(bytes: &[u8]) -> Result<Vec<(u64, String)>, DatasetError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let mut lines = Lines::open(file.path())?;
        let mut all = Vec::new();
        while let Some(line) = lines.advance()? {
            all.push((line.number, String::from_utf8_lossy(line.bytes).into_owned()));
        }
        Ok(all)
    }

    #[test]
    fn lines_are_numbered_whatever_the_compression() {
        let wanted = [(1, "{\"a\": 1}".to_owned()), (4, "{\"b\": 2}".to_owned())];
        for bytes in [TEXT.to_vec(), gzip(TEXT), zstd::encode_all(TEXT, 1).unwrap()] {
            assert_eq!(read(&bytes).unwrap(), wanted);
        }
        assert_eq!(read(b"").unwrap(), []);
    }

    #[test]
    fn damage_is_told_with_its_place() {
        let torn = gzip(TEXT);
        let error = read(&torn[..torn.len() - 12]).unwrap_err();
        assert!(matches!(error, DatasetError::Line { .. }), "{error}");
        let error = read(b"PAR1\0\0").unwrap_err();
        assert!(error.to_string().ends_with("is a Parquet file, not JSON lines"));
    }
}
