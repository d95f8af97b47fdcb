//! What a card says of a dataset's measures: a part of `measured.json` of `isomer measure`, and of what it
//! prints with `--json`.

use serde::{Deserialize, Serialize};

/// Why a text holds no measures of a dataset.
#[derive(Debug, thiserror::Error)]
pub enum NoMeasures {
    /// It is something else.
    #[error("this is not what `isomer measure` found")]
    Shape(#[from] serde_json::Error),
    /// It speaks of another one.
    #[error("measures of {measured} tasks, but the dataset has {tasks}")]
    Other {
        /// Tasks that were measured.
        measured: u64,
        /// Tasks of the dataset.
        tasks: u64,
    },
}

/// What was measured of a dataset.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct CardMeasures {
    tasks: u64,
    embedder: Option<String>,
    originality: Originality,
    diversity: Diversity,
    difficulty: Difficulty,
    test_quality: TestQuality,
}

impl CardMeasures {
    /// Reads what was measured of a dataset of so many tasks.
    ///
    /// # Errors
    ///
    /// If it is something else, or speaks of another dataset.
    pub fn read(text: &[u8], tasks: u64) -> Result<Self, NoMeasures> {
        let found: Self = serde_json::from_slice(text)?;
        if found.tasks == tasks {
            Ok(found)
        } else {
            Err(NoMeasures::Other { measured: found.tasks, tasks })
        }
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Originality {
    against: Vec<Against>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Against {
    name: String,
    rows: u64,
    cosine: Option<Spread>,
    containment: Option<Spread>,
    syntax: Option<Spread>,
}

/// Least, 5 %, 25 %, 50 %, 75 %, 95 %, greatest.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Spread {
    quantiles: [f64; 7],
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Diversity {
    vendi: Option<f64>,
    vendi_tasks: u64,
    near_duplicates: Share,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Share {
    share: Option<f64>,
    of: u64,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Difficulty {
    target: Option<Target>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Target {
    model: String,
    replayed: bool,
    samples: u32,
    pass_at: Vec<PassAt>,
    band: (f64, f64),
    inside: Share,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct PassAt {
    k: u32,
    mean: f64,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct TestQuality {
    reference_rejected: u64,
    mutants: Share,
    lines: Share,
    branches: Share,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{CardMeasures, NoMeasures};
    use crate::card::{CardFacts, CardWishes, card};

    fn measured() -> Value {
        let share = json!({"share": 0.98765, "low": 0.9, "high": 1.0, "of": 400});
        let nothing = json!({"share": null, "low": null, "high": null, "of": 0});
        json!({"tasks": 0, "embedder": "hashing-256",
            "originality": {"against": [{"name": "seeds", "rows": 12, "cosine": null,
                "containment": {"quantiles": [0.0, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5]}, "syntax": null}]},
            "diversity": {"vendi": 6.91, "vendi_tasks": 12, "near_duplicates": nothing},
            "difficulty": {"target": {"model": "m", "replayed": false, "samples": 8,
                "pass_at": [{"k": 1, "mean": 0.25}], "band": [0.05, 0.8], "inside": share}},
            "test_quality": {"reference_rejected": 0, "mutants": share, "lines": share, "branches": share}})
    }

    fn read(measured: &Value, tasks: u64) -> Result<CardMeasures, NoMeasures> {
        CardMeasures::read(measured.to_string().as_bytes(), tasks)
    }

    #[test]
    fn a_card_tells_what_was_measured_and_only_that() {
        let measures = Some(read(&measured(), 0).unwrap());
        let wishes = CardWishes { measures, ..CardWishes::default() };
        let text = card(&wishes, &CardFacts::default()).unwrap();
        for part in [
            "| containment of word 5-grams to the nearest of `seeds` (12 rows): median, most | 0.25, 0.50 |\n| Vendi score",
            "| Vendi score of 12 statements (hashing-256) | 6.9 |\n| near-duplicates of an earlier task | of nothing |\n",
            "| pass@1 of m, 8 samples a task | 25.0 % |\n| tasks with a pass rate from 0.05 to 0.8 | 98.8 % of 400 |\n",
            "| mutants of references killed | 98.8 % of 400 |\n",
        ] {
            assert!(text.contains(part), "{part}\n---\n{text}");
        }
        assert!(
            text.starts_with("---\n") && !text.contains("cosine") && !text.contains("not measured")
        );
    }

    #[test]
    fn measures_of_something_else_are_refused() {
        assert!(matches!(read(&measured(), 3), Err(NoMeasures::Other { measured: 0, tasks: 3 })));
        assert!(matches!(read(&json!({}), 0), Err(NoMeasures::Shape(_))));
    }
}
