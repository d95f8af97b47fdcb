//! Sets of hashes on disk: they are wanted again only where two rows may be alike.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

/// Records in the order in which they were added.
#[derive(Debug)]
pub(crate) struct Shelf {
    file: BufWriter<File>,
    /// Where each record ends.
    ends: Vec<u64>,
}

/// What is kept of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) id: String,
    /// What else is to be told of it: its file, or its text.
    pub(crate) note: String,
    pub(crate) set: Vec<u32>,
}

impl Shelf {
    /// An empty one, in a file without a name beside the result.
    pub(crate) fn in_folder(folder: &Path) -> io::Result<Self> {
        let file = tempfile::tempfile_in(folder)?;
        Ok(Self { file: BufWriter::with_capacity(1 << 20, file), ends: Vec::new() })
    }

    pub(crate) fn add(&mut self, record: &Record) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(16 + record.id.len() + 4 * record.set.len());
        for text in [&record.id, &record.note] {
            bytes.extend(u32::try_from(text.len()).unwrap_or_default().to_le_bytes());
            bytes.extend(text.as_bytes());
        }
        bytes.extend(record.set.iter().flat_map(|shingle| shingle.to_le_bytes()));
        self.file.write_all(&bytes)?;
        self.ends.push(self.ends.last().copied().unwrap_or_default() + bytes.len() as u64);
        Ok(())
    }

    /// Makes everything added so far readable.
    pub(crate) fn settle(&mut self) -> io::Result<()> {
        self.file.flush()
    }

    /// A record that was settled.
    pub(crate) fn read(&self, number: u32) -> io::Result<Record> {
        let number = number as usize;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        let length = usize::try_from(self.ends[number] - start).map_err(io::Error::other)?;
        let mut bytes = vec![0; length];
        self.file.get_ref().read_exact_at(&mut bytes, start)?;
        parse(&bytes).ok_or_else(|| io::Error::other("a record of shingles is damaged"))
    }
}

fn parse(bytes: &[u8]) -> Option<Record> {
    let (id, rest) = text(bytes)?;
    let (note, rest) = text(rest)?;
    let set = rest.as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect();
    Some(Record { id, note, set })
}

fn text(bytes: &[u8]) -> Option<(String, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (text, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    Some((String::from_utf8_lossy(text).into_owned(), rest))
}

#[cfg(test)]
mod tests {
    use super::{Record, Shelf};

    #[test]
    fn records_come_back() {
        let mut shelf = Shelf::in_folder(&std::env::temp_dir()).unwrap();
        let record = |id: &str, set: &[u32]| Record {
            id: id.to_owned(),
            note: "f".to_owned(),
            set: set.to_vec(),
        };
        let records = [record("é", &[1, u32::MAX]), record("", &[]), record("c", &[7])];
        for record in &records {
            shelf.add(record).unwrap();
        }
        shelf.settle().unwrap();
        for (number, record) in (0..).zip(&records) {
            assert_eq!(shelf.read(number).unwrap(), *record);
        }
    }
}
