//! `isomer curate`.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use crate::exit::Exit;

/// Take out what repeats, what benchmarks hold, and what is too easy or too hard
///
/// Rows are JSON lines with a statement, of isomer or of anyone, plain or compressed; those of Parquet
/// files become such lines. The first of several rows that are alike stays; every row that goes gets a
/// line in OUT's file of removals, with the reason and what proves it. The result does not depend on
/// the number of threads.
#[derive(Clone, Debug, Args)]
#[command(after_help = help())]
#[command(group(ArgGroup::new("tests").args(["min_tests", "suite_bytes", "public"]).multiple(true)))]
pub(crate) struct CurateArgs {
    /// Folders of runs, or files of tasks: JSON lines or Parquet
    #[arg(required = true, value_name = "RUN|FILE")]
    pub(crate) inputs: Vec<PathBuf>,

    /// File to write; removals go beside it, with the ending .removed.jsonl
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: PathBuf,

    /// Seeds that tasks must not be much like: a file or folder (repeatable)
    #[arg(long, value_name = "PATH", help_heading = "Repetition")]
    pub(crate) seeds: Vec<PathBuf>,

    /// Jaccard similarity of word 5-grams from which on two texts count as one; 0: never
    #[arg(long, value_name = "X", default_value_t = 0.7, help_heading = "Repetition",
          value_parser = share)]
    pub(crate) similarity: f64,

    /// Compare by an embedder, too: `hashing`, which needs nothing, or the folder of a
    /// sentence-transformers model such as all-MiniLM-L6-v2
    #[arg(long, value_name = "NAME|DIR", help_heading = "Repetition")]
    pub(crate) embedder: Option<String>,

    /// Cosine from which on two texts mean the same
    #[arg(long, value_name = "X", default_value_t = 0.9, help_heading = "Repetition",
          requires = "embedder", value_parser = share)]
    pub(crate) cosine: f64,

    /// Benchmark that tasks must not hold: a file or folder, rows as they are (repeatable)
    #[arg(long, value_name = "PATH", help_heading = "Benchmarks")]
    pub(crate) against: Vec<PathBuf>,

    /// Words in a row that must not be shared with a benchmark
    #[arg(long, value_name = "N", default_value_t = 13, help_heading = "Benchmarks",
          value_parser = clap::value_parser!(u32).range(3..=100))]
    pub(crate) words: u32,

    /// Share of a benchmark text's runs of words that must be shared to count; 0: one does
    #[arg(long, value_name = "X", default_value_t = 0.0, help_heading = "Benchmarks",
          value_parser = share)]
    pub(crate) overlap: f64,

    /// Benchmark texts that may share a run of words before it is a turn of phrase
    #[arg(long, value_name = "N", default_value_t = 10, help_heading = "Benchmarks",
          value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) phrase: u32,

    /// Kill rates to keep, such as 0.8..1
    #[arg(long, value_name = "LOW..HIGH", help_heading = "Difficulty", value_parser = band)]
    pub(crate) kill_rate: Option<(f64, f64)>,

    /// Pass rates to keep, such as 0.05..0.8
    #[arg(long, value_name = "LOW..HIGH", help_heading = "Difficulty", value_parser = band)]
    pub(crate) pass_rate: Option<(f64, f64)>,

    /// File with the pass rates: results of `isomer verify`, or `tasks.measures.jsonl` of `isomer
    /// measure --target` [default: the rows' own `pass_rate`]
    #[arg(long, value_name = "FILE", help_heading = "Difficulty", requires = "pass_rate")]
    pub(crate) verdicts: Option<PathBuf>,

    /// Keep the fewest tests that kill the same near-misses, with --kills the same mutants, too, and at
    /// least N
    #[arg(long, value_name = "N", help_heading = "Tests",
          value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) min_tests: Option<u32>,

    /// Bytes of all tests of a task, as JSON, at most
    #[arg(long, value_name = "BYTES", help_heading = "Tests",
          value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) suite_bytes: Option<u64>,

    /// Mark N small tests that no near-miss or mutant needs as public, in `public_tests`
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Tests")]
    pub(crate) public: u32,

    /// Let mutants decide about tests, too: `tasks.measures.jsonl` of `isomer measure --every-test`. Where
    /// it does not know a task with just these tests, --min-tests leaves them alone
    #[arg(long, value_name = "FILE", help_heading = "Tests", requires = "tests")]
    pub(crate) kills: Option<PathBuf>,

    /// Print the counts as JSON on standard output
    #[arg(long)]
    pub(crate) json: bool,
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("expected a number from 0 to 1".to_owned()),
    }
}

pub(super) fn band(text: &str) -> Result<(f64, f64), String> {
    let ends = text.split_once("..");
    let ends = ends.and_then(|(low, high)| Some((share(low).ok()?, share(high).ok()?)));
    match ends {
        Some((low, high)) if low <= high => Ok((low, high)),
        _ => Err("expected two numbers from 0 to 1, such as 0.05..0.8".to_owned()),
    }
}

fn help() -> String {
    format!(
        "\
Examples:
  isomer curate runs/first -o clean.jsonl --seeds seeds.jsonl
  isomer curate a.jsonl b.jsonl -o c.jsonl --against HumanEval.jsonl.gz
  isomer curate runs/first -o small.jsonl --min-tests 8 --public 2
  isomer curate runs/a -o b.jsonl --min-tests 8 --kills tasks.measures.jsonl

{}",
        Exit::table()
    )
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::{band, share};
    use crate::cli::Cli;

    #[test]
    fn kills_are_named_for_something_that_they_decide() {
        let parses = |more: &[&str]| {
            let arguments = ["isomer", "curate", "a", "-o", "b", "--kills", "c"];
            Cli::try_parse_from(arguments.iter().chain(more)).is_ok()
        };
        assert!(!parses(&[]));
        for one in [["--min-tests", "1"], ["--suite-bytes", "9"], ["--public", "1"]] {
            assert!(parses(&one), "{one:?}");
        }
        assert!(parses(&["--min-tests", "1", "--suite-bytes", "9", "--public", "1"]));
    }

    #[test]
    fn shares_and_bands() {
        assert_eq!((share("0.5"), share("1")), (Ok(0.5), Ok(1.0)));
        assert!(share("1.5").is_err() && share("x").is_err() && share("NaN").is_err());
        assert_eq!(band("0.05..0.8"), Ok((0.05, 0.8)));
        assert!(band("0.8..0.05").is_err() && band("1").is_err() && band("0..2").is_err());
    }
}
