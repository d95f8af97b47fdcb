//! Memory stays small whatever the files hold.

use std::fs;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{read_up_to, zstd};
use crate::seeds::{Reason, SeedReader, SeedSettings};

const MEBIBYTE: u64 = 1024 * 1024;

/// A text with a long run of one letter in it; notes the largest memory use of the process.
struct Long {
    before: &'static [u8],
    letters: u64,
    after: &'static [u8],
    peak: Arc<AtomicU64>,
}

impl Read for Long {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.peak.fetch_max(resident_bytes(), Ordering::Relaxed);
        if !self.before.is_empty() {
            return self.before.read(buffer);
        }
        if self.letters == 0 {
            return self.after.read(buffer);
        }
        let count = usize::try_from(self.letters).unwrap_or(usize::MAX).min(buffer.len());
        buffer[..count].fill(b'x');
        self.letters -= count as u64;
        Ok(count)
    }
}

fn resident_bytes() -> u64 {
    let pages = fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4096
}

fn passes_over(before: &'static [u8], after: &'static [u8]) {
    let peak = Arc::new(AtomicU64::new(0));
    let source = Long { before, letters: 100 * MEBIBYTE, after, peak: Arc::clone(&peak) };
    let start = resident_bytes();
    let settings = SeedSettings { row_limit: 1 << 20 };
    let rows: Vec<_> = SeedReader::over(source, settings).unwrap().collect();
    let ids: Vec<_> = rows.iter().filter_map(|row| Some(row.as_ref().ok()?.id.as_str())).collect();
    assert_eq!(ids, ["1", "3"]);
    let bad = rows[1].as_ref().unwrap_err();
    assert_eq!((bad.row, &bad.reason), (Some(2), &Reason::TooLarge { limit: 1 << 20 }));
    // Other tests run beside this one, hence the room; holding the row would take 100 MiB.
    let grown = peak.load(Ordering::Relaxed).saturating_sub(start) / MEBIBYTE;
    assert!(grown < 60, "{grown} MiB");
}

#[test]
fn a_line_of_100_mib_is_not_held() {
    passes_over(
        b"{\"id\": 1, \"text\": \"t\"}\n{\"id\": 2, \"text\": \"",
        b"\"}\n{\"id\": 3, \"text\": \"t\"}\n",
    );
}

#[test]
fn a_row_of_100_mib_in_an_array_is_not_held() {
    passes_over(
        b"[{\"id\": 1, \"text\": \"t\"}, {\"id\": 2, \"text\": \"",
        b"\"}, {\"id\": 3, \"text\": \"t\"}]",
    );
}

#[test]
fn the_limit_is_inclusive_and_applies_to_every_layout() {
    let row = r#"{"id": 1, "text": "t"}"#;
    let large = r#"{"id": 2, "text": "tt"}"#;
    for text in [
        format!("{row}\n{large}\n{row}"),
        format!("[{row}, {large}, {row}]"),
        format!("{{\"x\": {row}, \"y\": {large}, \"z\": {row}}}"),
    ] {
        let found: Vec<_> = read_up_to(text, row.len())
            .into_iter()
            .map(|row| row.map_or_else(|bad| bad.reason.to_string(), |seed| seed.id))
            .collect();
        assert_eq!(found, ["1", "the row is larger than 22 bytes", "1"]);
    }
}

#[test]
fn layouts_are_told_apart_when_the_first_value_is_out_of_sight() {
    let row = |id: u64| format!("{{\"id\": {id}, \"text\": \"t\"}}");
    let members: Vec<String> = (0..20_000).map(|id| format!("\"k{id}\": {}", row(id))).collect();
    let object = format!("{{{}}}", members.join(","));
    let rows = read_up_to(zstd(object.as_bytes()), 1000);
    assert_eq!(rows.iter().filter(|row| row.is_ok()).count(), 20_000);
    let lines = format!("{{\"text\": \"{}\", \"extra\": {{}}}}\n{}\n", "x".repeat(200_000), row(1));
    let rows = read_up_to(lines, 1000);
    assert!(rows[0].is_err() && rows[1].is_ok() && rows.len() == 2);
}
