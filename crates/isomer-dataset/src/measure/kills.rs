//! Which tests kill which mutants of a reference.

use isomer_record::TaskLine;
use serde::{Deserialize, Serialize};

use super::Key;

/// Which tests kill the mutants that the tests of a task reject.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MutantKills {
    /// Stands for the reference and its tests in their order; what is said here is true of no others.
    pub of: String,
    /// One row per mutant killed, one letter per test, as in [`super::TestMatrix`]. Of a mutant that the
    /// time was too short for, only its first kill is known; what comes after it is `-`.
    pub rows: Vec<String>,
}

impl MutantKills {
    /// What [`MutantKills::of`] says of a task, whatever its statement and near-misses are.
    pub fn digest(task: &TaskLine) -> String {
        let tests = task.tests.as_ref();
        let column = |values: Option<&Vec<_>>| {
            serde_json::to_vec(values.map_or(&[][..], Vec::as_slice)).unwrap_or_default()
        };
        let input = column(tests.map(|tests| &tests.input));
        let output = column(tests.map(|tests| &tests.output));
        let judged = serde_json::to_vec(&(task.judge_mode, &task.fn_name, task.comparison));
        let judged = judged.unwrap_or_default();
        let file = task.pytest.as_deref().unwrap_or_default();
        let parts = [judged.as_slice(), task.solution.as_bytes(), file.as_bytes(), &input, &output];
        Key::of(parts).shown()
    }

    /// For each mutant, the places of the tests that kill it; `None` if a row has not a letter for each
    /// of so many tests.
    pub fn killers(&self, tests: usize) -> Option<Vec<Vec<usize>>> {
        let killers = |row: &String| {
            let letters = row.bytes().enumerate();
            let killers = letters.filter(|(_, letter)| !matches!(letter, b'A' | b'-'));
            (row.len() == tests).then(|| killers.map(|(test, _)| test).collect())
        };
        self.rows.iter().map(killers).collect()
    }
}

#[cfg(test)]
mod tests {
    use isomer_record::TaskLine;
    use serde_json::{Value, json};

    use super::MutantKills;

    #[test]
    fn a_digest_is_of_reference_and_tests_alone() {
        let digest = |change: fn(&mut Value)| {
            let mut line = json!({
                "id": "a", "statement": "s", "judge_mode": "stdio", "solution": "print(1)",
                "tests": {"input": ["1", "2"], "output": ["1", "1"], "type": "stdin_stdout"},
            });
            change(&mut line);
            MutantKills::digest(&serde_json::from_value::<TaskLine>(line).unwrap())
        };
        let same = digest(|_| {});
        assert_eq!(same, digest(|line| line["statement"] = "other words".into()));
        assert_eq!(same, digest(|line| line["kill_rate_after"] = 0.5.into()));
        for other in [
            digest(|line| line["solution"] = "print(2)".into()),
            digest(|line| line["tests"]["input"] = json!(["2", "1"])),
            digest(|line| line["tests"]["output"] = json!(["1", "2"])),
            digest(|line| line["tests"]["output"] = json!(["1"])),
            digest(|line| line["comparison"] = json!("float")),
            digest(|line| line["judge_mode"] = "call".into()),
        ] {
            assert_ne!(same, other);
        }
    }

    #[test]
    fn every_letter_but_two_is_a_kill() {
        let kills = |rows: &[&str]| MutantKills {
            rows: rows.iter().map(|row| (*row).to_owned()).collect(),
            ..MutantKills::default()
        };
        assert_eq!(
            kills(&["AWRTMC-", "AA-----"]).killers(7),
            Some(vec![vec![1, 2, 3, 4, 5], vec![]])
        );
        assert_eq!(kills(&[]).killers(7), Some(vec![]));
        assert_eq!(kills(&["AW"]).killers(3), None);
    }
}
