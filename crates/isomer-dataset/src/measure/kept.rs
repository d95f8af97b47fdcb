//! Results that are kept, so that a second call does not work for them again.
//!
//! A file of lines `{"key": ..., "value": ...}` that only grows. A key stands for everything that the
//! value depends on, so that a changed task or limit is simply another key. What a killed process
//! left of its last line is cut off; every line before it counts.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::marker::PhantomData;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::DatasetError;
use crate::error::Problems;
use crate::torn::open_whole_lines;

/// What a result depends on, as a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key([u8; 16]);

impl Key {
    /// The digest of several parts, each with its length.
    pub fn of<'parts>(parts: impl IntoIterator<Item = &'parts [u8]>) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let mut short = [0; 16];
        short.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        Self(short)
    }

    /// Its bytes, as a part of another key.
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Its bytes in hexadecimal.
    pub(super) fn shown(self) -> String {
        self.0.iter().fold(String::with_capacity(32), |text, byte| text + &format!("{byte:02x}"))
    }

    fn read(text: &str) -> Option<Self> {
        let bytes = text.as_bytes().as_chunks::<2>();
        let (pairs, []) = bytes else { return None };
        let byte = |pair: &[u8; 2]| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok();
        let bytes: Option<Vec<u8>> = pairs.iter().map(byte).collect();
        Some(Self(bytes?.try_into().ok()?))
    }
}

/// Where a line lies.
#[derive(Clone, Copy, Debug)]
struct Place {
    offset: u64,
    length: usize,
}

/// Kept results of one kind. Only keys and places are in memory. The file is this process's alone as
/// long as this lives.
#[derive(Debug)]
pub struct Kept<T> {
    path: PathBuf,
    file: File,
    state: Mutex<State>,
    value: PhantomData<fn() -> T>,
}

#[derive(Debug)]
struct State {
    places: HashMap<Key, Place>,
    end: u64,
}

#[derive(Serialize, Deserialize)]
struct Line<K, V> {
    key: K,
    value: V,
}

#[derive(Deserialize)]
struct KeyOfLine<'line> {
    #[serde(borrow)]
    key: &'line str,
}

impl<T: Serialize + DeserializeOwned> Kept<T> {
    /// Opens or makes the file. Blocks.
    ///
    /// # Errors
    ///
    /// If it cannot be opened, another process has it, or a line is none of ours.
    pub fn open(path: &Path) -> Result<Self, DatasetError> {
        let (file, _) = open_whole_lines(path)?;
        let fail = DatasetError::io("read", path);
        let mut state = State { places: HashMap::new(), end: 0 };
        let mut problems = Problems::of(path);
        let mut reader = BufReader::new(File::open(path).map_err(&fail)?);
        let mut bytes = Vec::new();
        for number in 1.. {
            bytes.clear();
            let length = reader.read_until(b'\n', &mut bytes).map_err(&fail)?;
            if length == 0 {
                break;
            }
            let key = serde_json::from_slice::<KeyOfLine<'_>>(&bytes);
            match key.ok().and_then(|line| Key::read(line.key)) {
                Some(key) => {
                    state.places.insert(key, Place { offset: state.end, length });
                }
                None => problems.add(number, "not a kept result"),
            }
            state.end += length as u64;
        }
        problems.check()?;
        let state = Mutex::new(state);
        Ok(Self { path: path.to_owned(), file, state, value: PhantomData })
    }

    /// Whether there is a result.
    pub fn has(&self, key: Key) -> bool {
        self.place(key).is_some()
    }

    /// The result, if there is one. One that this version cannot read counts as none.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn get(&self, key: Key) -> Result<Option<T>, DatasetError> {
        let Some(place) = self.place(key) else { return Ok(None) };
        let mut bytes = vec![0; place.length];
        let read = self.file.read_exact_at(&mut bytes, place.offset);
        read.map_err(DatasetError::io("read", &self.path))?;
        Ok(serde_json::from_slice::<Line<String, T>>(&bytes).ok().map(|line| line.value))
    }

    /// Keeps a result; it survives the end of this process, however that comes.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn put(&self, key: Key, value: &T) -> Result<(), DatasetError> {
        let fail = DatasetError::io("write", &self.path);
        let line = serde_json::to_vec(&Line { key: key.shown(), value });
        let mut line = line.map_err(|error| fail(error.into()))?;
        line.push(b'\n');
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // In one piece: what a full disk leaves of it is cut off when the file is opened again.
        (&self.file).write_all(&line).map_err(fail)?;
        let place = Place { offset: state.end, length: line.len() };
        state.end += line.len() as u64;
        state.places.insert(key, place);
        Ok(())
    }

    /// Makes sure that all is on disk.
    ///
    /// # Errors
    ///
    /// If the system cannot promise that.
    pub fn sync(&self) -> Result<(), DatasetError> {
        self.file.sync_all().map_err(DatasetError::io("sync", &self.path))
    }

    fn place(&self, key: Key) -> Option<Place> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.places.get(&key).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::{Kept, Key};
    use crate::DatasetError;

    #[test]
    fn parts_of_a_key_do_not_run_together() {
        let of = |parts: &[&str]| Key::of(parts.iter().map(|part| part.as_bytes()));
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_eq!(Key::read(&of(&["a"]).shown()), Some(of(&["a"])));
        for text in ["", "00", "zz", &"0".repeat(33), "äääääääääääääääää"] {
            assert_eq!(Key::read(text), None, "{text}");
        }
    }

    #[test]
    fn results_outlive_their_process_and_half_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kept.jsonl");
        let key = |name: &str| Key::of([name.as_bytes()]);
        let kept = Kept::<Vec<u32>>::open(&path).unwrap();
        assert!(matches!(Kept::<u32>::open(&path), Err(DatasetError::Busy { .. })));
        kept.put(key("a"), &vec![1, 2]).unwrap();
        kept.put(key("b"), &vec![3]).unwrap();
        kept.put(key("a"), &vec![4]).unwrap();
        assert_eq!(kept.get(key("a")).unwrap(), Some(vec![4]));
        kept.sync().unwrap();
        drop(kept);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 5]).unwrap();
        let kept = Kept::<Vec<u32>>::open(&path).unwrap();
        assert_eq!(kept.get(key("a")).unwrap(), Some(vec![1, 2]));
        assert_eq!(kept.get(key("b")).unwrap(), Some(vec![3]));
        kept.put(key("c"), &vec![5]).unwrap();
        assert_eq!(kept.get(key("c")).unwrap(), Some(vec![5]));
        assert!(kept.has(key("c")) && !kept.has(key("d")));
        drop(kept);
        // What an older version wrote is worked for again.
        let other = Kept::<String>::open(&path).unwrap();
        assert_eq!(other.get(key("c")).unwrap(), None);
        drop(other);
        std::fs::write(&path, "{\"key\": 7}\n").unwrap();
        let error = Kept::<u32>::open(&path).unwrap_err();
        assert!(error.to_string().contains("line 1: not a kept result"), "{error}");
    }
}
