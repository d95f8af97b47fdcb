//! Why a row is not in the result, and who says so.

use serde::Serialize;

/// The closed set of reasons, in the order in which they are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It is no JSON object, or has no statement.
    Unreadable,
    /// An earlier row has the same id.
    DuplicateId,
    /// Its kill rate is outside of the band, or unknown.
    KillRate,
    /// Its pass rate is outside of the band, or unknown.
    PassRate,
    /// It shares words in a row with a benchmark.
    InBenchmark,
    /// As a whole it is much like a text of a benchmark.
    LikeBenchmark,
    /// It is much like a seed.
    LikeSeed,
    /// It is much like a row that stays.
    LikeTask,
    /// It means much the same as a row that stays.
    MeansTheSame,
    /// The tests that it needs are larger than allowed.
    TestsTooLarge,
    /// Not the row, but some of its tests: others kill the same near-misses and mutants.
    Tests,
}

impl Reason {
    /// All, in order.
    pub const ALL: [Self; 11] = [
        Self::Unreadable,
        Self::DuplicateId,
        Self::KillRate,
        Self::PassRate,
        Self::InBenchmark,
        Self::LikeBenchmark,
        Self::LikeSeed,
        Self::LikeTask,
        Self::MeansTheSame,
        Self::TestsTooLarge,
        Self::Tests,
    ];

    /// The name used in records.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::DuplicateId => "duplicate_id",
            Self::KillRate => "kill_rate",
            Self::PassRate => "pass_rate",
            Self::InBenchmark => "in_benchmark",
            Self::LikeBenchmark => "like_benchmark",
            Self::LikeSeed => "like_seed",
            Self::LikeTask => "like_task",
            Self::MeansTheSame => "means_the_same",
            Self::TestsTooLarge => "tests_too_large",
            Self::Tests => "tests",
        }
    }
}

/// What proves a reason.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Witness {
    /// What the parser said.
    Error {
        /// Its words.
        error: String,
    },
    /// A number that is not as wanted.
    Number {
        /// The number; `None` where the row has none.
        found: Option<f64>,
        /// The least wanted.
        low: f64,
        /// The most wanted.
        high: f64,
    },
    /// A run of words in common.
    Words {
        /// The benchmark's row: its id.
        id: String,
        /// Its file.
        file: String,
        /// The words as the removed row has them.
        words: String,
        /// Share of the benchmark text's runs that are in the removed row.
        share: f64,
    },
    /// Another text: one that stays, a seed, or one of a benchmark.
    Text {
        /// Its id.
        id: String,
        /// Its file, where that is remembered.
        #[serde(skip_serializing_if = "String::is_empty")]
        file: String,
        /// How alike the two are: Jaccard similarity, or the cosine. `None` where only ids are
        /// compared.
        #[serde(skip_serializing_if = "Option::is_none")]
        similarity: Option<f64>,
    },
    /// The size of tests that cannot be done without.
    Bytes {
        /// Their size.
        bytes: u64,
        /// The most allowed.
        most: u64,
    },
    /// What became of the tests.
    Tests {
        /// Old places of the tests that stay, in their new order.
        kept: Vec<usize>,
        /// Old places of those that are gone.
        dropped: Vec<usize>,
    },
}

/// A line of the file of removals.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Removed {
    /// The row's id, where it has one.
    pub id: Option<String>,
    /// Its file.
    pub file: String,
    /// Its line, from 1.
    pub line: u64,
    /// Why.
    pub reason: Reason,
    /// What proves it.
    pub witness: Witness,
}
