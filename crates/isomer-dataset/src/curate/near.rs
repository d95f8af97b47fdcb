//! Who is alike: candidates by bands of MinHash, then the exact similarity of their sets.

use std::io;
use std::path::Path;

use isomer_measure::text::{BandIndex, Bands, MinHash, Sketch, Words, jaccard, word_shingles};

use crate::shelf::{Record, Shelf};

/// Words of a shingle, as in most deduplication of text (Lee et al., *Deduplicating Training Data
/// Makes Language Models Better*, 2022).
const SHINGLE_WORDS: usize = 5;

/// Places of a signature.
const HASHES: usize = 128;

/// The probability with which two texts of just the threshold's similarity become candidates.
const RECALL: f64 = 0.98;

/// What is compared of a text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Print {
    pub(crate) set: Vec<u32>,
    keys: Vec<u32>,
    sketch: Sketch,
}

/// A text that another one is alike to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Alike {
    /// Its number in the order of adding.
    pub(crate) member: u32,
    pub(crate) id: String,
    pub(crate) file: String,
    pub(crate) similarity: f64,
}

/// How texts become prints.
#[derive(Clone, Debug)]
pub(crate) struct Printer {
    family: MinHash,
    bands: Bands,
    pub(crate) similarity: f64,
}

impl Printer {
    pub(crate) fn new(similarity: f64) -> Self {
        let bands = Bands::for_threshold(similarity, HASHES, RECALL);
        Self { family: MinHash::new(HASHES), bands, similarity }
    }

    pub(crate) fn print(&self, words: &Words<'_>) -> Print {
        let set = word_shingles(words, SHINGLE_WORDS);
        let signature = self.family.signature(&set);
        Print { keys: self.bands.keys(&signature), sketch: Sketch::of(&signature), set }
    }

    /// The similarity of two texts, where it reaches the threshold.
    fn alike(&self, one: &[u32], other: &[u32]) -> Option<f64> {
        let similarity = jaccard(one, other);
        (similarity >= self.similarity).then_some(similarity)
    }
}

/// All texts that stay.
pub(crate) struct Near {
    pub(crate) printer: Printer,
    index: BandIndex,
    sketches: Vec<Sketch>,
    shelf: Shelf,
}

impl Near {
    pub(crate) fn new(similarity: f64, folder: &Path) -> io::Result<Self> {
        let printer = Printer::new(similarity);
        let index = BandIndex::new(printer.bands.bands);
        Ok(Self { printer, index, sketches: Vec::new(), shelf: Shelf::in_folder(folder)? })
    }

    /// Number of texts.
    pub(crate) fn len(&self) -> usize {
        self.sketches.len()
    }

    pub(crate) fn add(&mut self, id: &str, file: &str, print: Print) -> io::Result<()> {
        let member = u32::try_from(self.len()).map_err(io::Error::other)?;
        self.index.insert(member, &print.keys);
        self.sketches.push(print.sketch);
        let record = Record { id: id.to_owned(), note: file.to_owned(), set: print.set };
        self.shelf.add(&record)
    }

    pub(crate) fn settle(&mut self) -> io::Result<()> {
        self.shelf.settle()
    }

    /// The first text, in the order of adding, that is as alike as the threshold wants.
    pub(crate) fn first_alike(&self, print: &Print) -> io::Result<Option<Alike>> {
        for member in self.index.candidates(&print.keys) {
            let sketch = self.sketches[member as usize];
            if !sketch.may_reach(print.sketch, self.printer.similarity) {
                continue;
            }
            let record = self.shelf.read(member)?;
            if let Some(similarity) = self.printer.alike(&print.set, &record.set) {
                let Record { id, note: file, .. } = record;
                return Ok(Some(Alike { member, id, file, similarity }));
            }
        }
        Ok(None)
    }
}

/// The texts of one batch that stay, not yet among all.
pub(crate) struct Young<'a> {
    printer: &'a Printer,
    index: BandIndex,
    members: Vec<usize>,
}

impl<'a> Young<'a> {
    pub(crate) fn new(printer: &'a Printer) -> Self {
        Self { printer, index: BandIndex::new(printer.bands.bands), members: Vec::new() }
    }

    pub(crate) fn add(&mut self, place: usize, print: &Print) {
        let member = u32::try_from(self.members.len()).unwrap_or(u32::MAX);
        self.index.insert(member, &print.keys);
        self.members.push(place);
    }

    /// The first of them that is alike, by its place in the batch.
    pub(crate) fn first_alike<'p>(
        &self,
        print: &Print,
        of: impl Fn(usize) -> Option<&'p Print>,
    ) -> Option<(usize, f64)> {
        self.index.candidates(&print.keys).into_iter().find_map(|member| {
            let place = *self.members.get(member as usize)?;
            Some((place, self.printer.alike(&print.set, &of(place)?.set)?))
        })
    }
}
