//! The file, written from top to bottom.

use std::io::Write;

use isomer_record::TaskLine;
use serde::Serialize;

use crate::assets;
use crate::embed;
use crate::error::ReportError;
use crate::facts::RunFacts;
use crate::row::{Figures, Row};
use crate::shown::shown;

/// Bytes of tasks that are packed together: little enough to be unpacked unnoticed, enough to pack well.
const BLOCK: usize = 256 * 1024;
/// Of the bytes of a file, the part that is kept for the list of tasks: one of this many.
const FOR_ROWS: u64 = 8;

/// What stands above the tasks.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Head<'a, M> {
    /// What the report is about.
    pub title: &'a str,
    /// Who wrote it, and the version.
    pub made_by: &'a str,
    /// What was measured; the script knows the form of `isomer_dataset::measure::Measured`.
    pub measured: &'a M,
    /// The runs that the tasks come from, as far as they are known.
    pub runs: &'a [RunFacts],
    /// Where the tasks are whole, for the notes on what was cut: names of files or folders.
    pub sources: &'a [String],
}

/// How large a report may become.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Bytes of the file. What stands above the tasks is always written.
    pub most_bytes: u64,
}

impl Default for Bounds {
    /// 48 MiB: by estimate eight thousand tasks of usual length.
    fn default() -> Self {
        Self { most_bytes: 48 << 20 }
    }
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Written {
    /// Tasks that were given.
    pub tasks: u64,
    /// Tasks in the list.
    pub listed: u64,
    /// Tasks that can be opened.
    pub whole: u64,
    /// Bytes of the file.
    pub bytes: u64,
}

/// A report being written.
#[derive(Debug)]
pub struct Page<W> {
    out: W,
    bounds: Bounds,
    written: Written,
    /// Rows of the list, as lines of JSON, and the bytes they may take.
    rows: Vec<u8>,
    /// Tasks of the block that is not full yet, as lines of JSON, and their rows.
    block: Vec<u8>,
    waiting: Vec<Row>,
    blocks: usize,
    /// True from the first block that did not fit: what follows is listed alone.
    full: bool,
}

impl<W: Write> Page<W> {
    /// Writes what stands above the tasks.
    pub fn begin<M: Serialize>(
        out: W,
        head: &Head<'_, M>,
        bounds: Bounds,
    ) -> Result<Self, ReportError> {
        let mut page = Self {
            out,
            bounds,
            written: Written::default(),
            rows: Vec::new(),
            block: Vec::new(),
            waiting: Vec::new(),
            blocks: 0,
            full: false,
        };
        page.put(&assets::top(head.title))?;
        page.data("head", &embed::json(head)?)?;
        Ok(page)
    }

    /// Adds a task with what was measured of it, in the form of `isomer_dataset::measure::TaskMeasures`.
    pub fn task(
        &mut self,
        line: &TaskLine,
        measures: &impl Serialize,
        figures: Figures,
    ) -> Result<(), ReportError> {
        self.written.tasks += 1;
        let room_for_rows = self.bounds.most_bytes / FOR_ROWS;
        if self.rows.len() as u64 >= room_for_rows {
            return Ok(());
        }
        self.waiting.push(Row::new(line, figures));
        if !self.full {
            serde_json::to_writer(&mut self.block, &shown(line, measures))?;
            self.block.push(b'\n');
        }
        if self.block.len() >= BLOCK || self.full {
            self.flush()?;
        }
        Ok(())
    }

    /// Writes the list and what draws it all, flushes, and gives back what was written to.
    pub fn end(mut self) -> Result<(Written, W), ReportError> {
        self.flush()?;
        let rows = embed::packed(&self.rows)?;
        self.packed("rows", &rows)?;
        let written = embed::json(&self.written)?;
        self.data("written", &written)?;
        self.put(&assets::bottom())?;
        self.out.flush()?;
        Ok((self.written, self.out))
    }

    /// Packs the waiting tasks; leaves them out if they do not fit any more.
    fn flush(&mut self) -> Result<(), ReportError> {
        if !self.block.is_empty() {
            let packed = embed::packed(&self.block)?;
            let most = self.bounds.most_bytes - self.bounds.most_bytes / FOR_ROWS;
            if self.written.bytes + packed.len() as u64 <= most {
                self.packed("block", &packed)?;
                for (place, row) in self.waiting.iter_mut().enumerate() {
                    row.place = Some((self.blocks, place));
                }
                self.blocks += 1;
                self.written.whole += self.waiting.len() as u64;
            } else {
                self.full = true;
            }
            self.block.clear();
        }
        self.written.listed += self.waiting.len() as u64;
        for row in self.waiting.drain(..) {
            serde_json::to_writer(&mut self.rows, &row)?;
            self.rows.push(b'\n');
        }
        Ok(())
    }

    fn data(&mut self, id: &str, json: &str) -> Result<(), ReportError> {
        self.put(&format!("<script type=\"application/json\" id=\"{id}\">{json}</script>\n"))
    }

    fn packed(&mut self, class: &str, base64: &str) -> Result<(), ReportError> {
        self.put(&format!(
            "<script type=\"application/gzip\" class=\"{class}\">{base64}</script>\n"
        ))
    }

    fn put(&mut self, text: &str) -> Result<(), ReportError> {
        self.out.write_all(text.as_bytes())?;
        self.written.bytes += text.len() as u64;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use isomer_record::TaskLine;
    use serde_json::json;

    use super::{Bounds, Head, Page, Written};
    use crate::row::Figures;

    const HEAD: Head<'_, ()> =
        Head { title: "<t>", made_by: "isomer", measured: &(), runs: &[], sources: &[] };

    /// A file of `count` tasks that do not pack well.
    fn written(count: u64, most_bytes: u64) -> (Written, String) {
        let mut page = Page::begin(Vec::new(), &HEAD, Bounds { most_bytes }).unwrap();
        for number in 0..count {
            let noise: Vec<String> =
                (0..400_u64).map(|at| format!("{:x}", (number * 400 + at).pow(2))).collect();
            let line = json!({"id": number.to_string(), "statement": noise.join(" "), "judge_mode": "stdio"});
            let line: TaskLine = serde_json::from_value(line).unwrap();
            page.task(&line, &(), Figures::default()).unwrap();
        }
        let (written, bytes) = page.end().unwrap();
        (written, String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn a_file_has_all_that_fits_and_counts_the_rest() {
        let (all, file) = written(400, 4 << 20);
        assert_eq!((all.tasks, all.listed, all.whole), (400, 400, 400));
        assert_eq!(all.bytes, file.len() as u64);
        let most = all.bytes / 2;
        let (some, file) = written(400, most);
        assert!(some.whole > 0 && some.whole < some.listed, "{some:?}");
        assert!(file.len() as u64 <= most, "{} of {most}", file.len());
        assert_eq!(some.tasks, 400);
    }

    #[test]
    fn the_same_tasks_give_the_same_bytes_under_a_policy_of_digests() {
        let (_, file) = written(3, 1 << 20);
        assert_eq!(file, written(3, 1 << 20).1);
        assert!(file.contains("<title>&lt;t&gt;</title>"));
        let policy = file.split("Content-Security-Policy\" content=\"").nth(1).unwrap();
        let policy = policy.split('"').next().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    }
}
