//! A first look at the seeds, before anything is created or paid for.

use std::path::{Path, PathBuf};

use isomer_flow::seeds::{BadRow, SeedReader, SeedSettings};
use isomer_record::Seed;

use crate::exit::Exit;
use crate::failure::Failure;

/// A blueprint draws on four seeds.
const FEWEST_SEEDS: u64 = 4;

/// How many unusable rows are kept to be shown.
const SHOWN: usize = 5;

/// What the seed files hold.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// BLAKE3 of all usable seeds in reading order: the same seeds in another file count as the
    /// same.
    pub(crate) digest: String,
    /// Usable seeds, repeated ones included.
    pub(crate) seeds: u64,
    /// Rows that give no seed.
    pub(crate) unusable: u64,
    /// The first few of them.
    pub(crate) examples: Vec<BadRow>,
}

/// Reads all seeds once, one at a time.
pub(crate) fn survey(paths: &[PathBuf], strict: bool) -> Result<Survey, Failure> {
    if paths.iter().any(|path| path == Path::new("-")) {
        return Err(Failure::usage("seeds cannot be read from standard input")
            .help("a run must be able to read them again: write them to a file first"));
    }
    let reader = SeedReader::open(paths, SeedSettings::default()).map_err(|error| {
        let failure = Failure::because("failed to read the seeds", &error).exit(Exit::Usage);
        match error.help() {
            Some(help) => failure.help(help),
            None => failure,
        }
    })?;
    let mut survey = Survey::default();
    let mut hasher = blake3::Hasher::new();
    for row in reader {
        match row {
            Ok(seed) => {
                survey.seeds += 1;
                add(&mut hasher, &seed);
            }
            Err(bad) => {
                survey.unusable += 1;
                if survey.examples.len() < SHOWN {
                    survey.examples.push(bad);
                }
            }
        }
    }
    survey.digest = hasher.finalize().to_hex().to_string();
    survey.check(strict)?;
    Ok(survey)
}

impl Survey {
    fn check(&self, strict: bool) -> Result<(), Failure> {
        if strict && self.unusable > 0 {
            return Err(Failure::usage(format!(
                "{} of the seed rows cannot be used, and the settings are strict\n{}",
                self.unusable,
                self.list()
            ))
            .help("mend these rows, or leave --strict out to skip them"));
        }
        if self.seeds >= FEWEST_SEEDS {
            return Ok(());
        }
        let mut message = format!(
            "a run needs at least {FEWEST_SEEDS} seeds, and there are {} usable ones",
            self.seeds
        );
        if self.unusable > 0 {
            message.push('\n');
            message.push_str(&self.list());
        }
        Err(Failure::usage(message).help(
            "each new task draws on four seeds; a row needs a text under `statement`, `prompt`,\n\
             `question` or `problem`; `isomer init` writes an example",
        ))
    }

    /// The first unusable rows, one a line.
    fn list(&self) -> String {
        let mut lines: Vec<String> = self.examples.iter().map(|row| format!("  {row}")).collect();
        let hidden = self.unusable.saturating_sub(lines.len() as u64);
        if hidden > 0 {
            lines.push(format!("  and {hidden} more"));
        }
        lines.join("\n")
    }
}

fn add(hasher: &mut blake3::Hasher, seed: &Seed) {
    for part in [Some(&seed.id), Some(&seed.statement), seed.solution.as_ref()] {
        let text = part.map(String::as_str).unwrap_or_default();
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::survey;
    use crate::output::Paint;

    fn written(text: &str) -> (tempfile::TempDir, Vec<std::path::PathBuf>) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("seeds.jsonl");
        std::fs::write(&path, text).unwrap();
        (dir, vec![path])
    }

    fn rows(count: usize) -> String {
        let row = |n| format!("{{\"id\":\"s{n}\",\"prompt\":\"problem {n}\"}}");
        (0..count).map(row).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn three_seeds_are_refused_before_anything_else() {
        let (_dir, paths) = written(&rows(3));
        let text = survey(&paths, false).unwrap_err().render(Paint::default());
        assert!(text.contains("at least 4 seeds, and there are 3"), "{text}");
    }

    #[test]
    fn unusable_rows_are_counted_and_refused_only_if_strict() {
        let (_dir, paths) = written(&format!("{}\n[1]\n", rows(4)));
        let found = survey(&paths, false).unwrap();
        assert_eq!((found.seeds, found.unusable), (4, 1));
        let text = survey(&paths, true).unwrap_err().render(Paint::default());
        assert!(text.contains("row 5"), "{text}");
    }

    #[test]
    fn the_digest_follows_the_seeds_and_not_their_layout() {
        let (_one, first) = written(&rows(4));
        let array = format!("[{}]", rows(4).trim().replace('\n', ","));
        let (_two, second) = written(&array);
        let digest = survey(&first, false).unwrap().digest;
        assert_eq!(digest, survey(&second, false).unwrap().digest);
        let (_three, third) = written(&rows(5));
        assert_ne!(digest, survey(&third, false).unwrap().digest);
    }
}
