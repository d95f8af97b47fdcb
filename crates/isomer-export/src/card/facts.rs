//! What a card says about the tasks, gathered one by one.

use std::collections::{BTreeMap, BTreeSet};

use isomer_record::{NearMissStatus, TaskLine};
use serde::Serialize;

/// Facts about the tasks seen so far.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CardFacts {
    tasks: u64,
    bytes: u64,
    tests: u64,
    unreadable: u64,
    modes: BTreeMap<&'static str, u64>,
    packs: BTreeMap<String, u64>,
    models: BTreeSet<String>,
    versions: BTreeSet<String>,
    #[serde(skip)]
    seeds: BTreeSet<String>,
    replayed: u64,
    prompt_tokens: u64,
    completion_tokens: u64,
    cost: f64,
    unknown_costs: u64,
    near_misses: u64,
    survivors: u64,
    rates: [f64; 2],
}

impl CardFacts {
    /// Takes note of a task whose line has so many bytes.
    pub fn add(&mut self, line: &TaskLine, bytes: usize) {
        self.tasks += 1;
        self.bytes += bytes as u64;
        let collected = line.expected.as_ref().map_or(0, |expected| expected.tests.len());
        self.tests += line.tests.as_ref().map_or(collected, |tests| tests.input.len()) as u64;
        *self.modes.entry(line.judge_mode.as_str()).or_default() += 1;
        if !line.pack.is_empty() {
            *self.packs.entry(line.pack.clone()).or_default() += 1;
        }
        self.seeds.extend(line.parents.iter().cloned());
        self.rates[0] += line.kill_rate_before;
        self.rates[1] += line.kill_rate_after;
        for near_miss in &line.near_misses {
            let survived = near_miss.status == NearMissStatus::Survived;
            self.near_misses += u64::from(survived || near_miss.status == NearMissStatus::Killed);
            self.survivors += u64::from(survived);
        }
        match &line.provenance {
            Some(made) => {
                self.models.insert(made.model.clone());
                self.versions.insert(made.isomer.clone());
                self.replayed += u64::from(made.replayed);
                self.prompt_tokens += made.prompt_tokens;
                self.completion_tokens += made.completion_tokens;
                self.cost += made.cost_usd.unwrap_or(0.0);
                self.unknown_costs += u64::from(made.cost_usd.is_none());
            }
            None => self.unknown_costs += 1,
        }
    }

    /// Takes note of a line that is no task.
    pub fn add_unreadable(&mut self) {
        self.unreadable += 1;
    }

    /// Tasks seen so far.
    pub fn tasks(&self) -> u64 {
        self.tasks
    }

    #[expect(clippy::cast_precision_loss, reason = "a mean for people")]
    fn mean(&self, sum: f64) -> String {
        if self.tasks == 0 {
            "0 %".to_owned()
        } else {
            format!("{:.1} %", 100.0 * sum / self.tasks as f64)
        }
    }

    /// What the template says of them.
    pub(super) fn values(&self) -> Values<'_> {
        Values {
            facts: self,
            seeds: self.seeds.len(),
            cost: (self.unknown_costs == 0 && self.tasks > 0).then(|| format!("{:.4}", self.cost)),
            kill_rate_before: self.mean(self.rates[0]),
            kill_rate_after: self.mean(self.rates[1]),
            size_category: size_category(self.tasks),
        }
    }
}

/// What the template is told beside the counts themselves.
#[derive(Serialize)]
pub(super) struct Values<'a> {
    facts: &'a CardFacts,
    seeds: usize,
    cost: Option<String>,
    kill_rate_before: String,
    kill_rate_after: String,
    size_category: &'static str,
}

/// The hub's own classes.
const fn size_category(tasks: u64) -> &'static str {
    match tasks {
        0..1_000 => "n<1K",
        1_000..10_000 => "1K<n<10K",
        10_000..100_000 => "10K<n<100K",
        100_000..1_000_000 => "100K<n<1M",
        _ => "1M<n<10M",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CardFacts;
    use crate::card::{CardWishes, DataFiles, FunnelRow, card};

    #[test]
    fn a_card_has_a_head_and_tells_what_is_known() {
        let row = json!({
            "id": "a", "pack": "algorithm", "statement": "Add.", "judge_mode": "call", "fn_name": "add",
            "tests": {"input": [[1, 2]], "output": [[3]], "fn_name": "add", "type": "function_call"},
            "parents": ["s1", "s2"], "kill_rate_before": 0.5, "kill_rate_after": 1.0,
            "provenance": {"isomer": "0.1.0", "model": "some-model", "cost_usd": 0.25},
        });
        let mut facts = CardFacts::default();
        facts.add(&crate::task(&row).unwrap(), 100);
        facts.add_unreadable();
        let wishes = CardWishes {
            name: "Sums: new".to_owned(),
            licence: Some("mit".to_owned()),
            data: ["verl", "taco"]
                .map(|name| DataFiles { name: name.to_owned(), files: format!("{name}-*.jsonl") })
                .to_vec(),
            funnel: vec![FunnelRow { stage: "design".to_owned(), kept: 3, dropped: 1 }],
            measures: None,
        };
        let text = card(&wishes, &facts).unwrap();
        for part in [
            "---\nlicense: mit\npretty_name: \"Sums: new\"\n",
            "size_categories:\n- n<1K\nconfigs:\n- config_name: verl\n  data_files: \"verl-*.jsonl\"\n  default: true\n- config_name: taco\n  data_files: \"taco-*.jsonl\"\n---\n",
            "| judged by call | 1 |\n| domain `algorithm` | 1 |\n| tests | 1 |\n| different seeds | 2 |",
            "| design | 3 | 1 |\n",
            "| killed by the first tests (mean of tasks) | 50.0 % |",
            "| cost in US dollars | 0.2500 |",
            "1 lines are no tasks",
        ] {
            assert!(text.contains(part), "{part}\n---\n{text}");
        }
        assert!(!text.contains("recorded answers"));
    }
}
