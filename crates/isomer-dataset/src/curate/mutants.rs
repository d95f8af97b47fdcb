//! Which tests kill which mutants, from the lines of a measurement: some 50 bytes a task in memory, the
//! rest in a file without a name.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io;
use std::path::Path;

use isomer_record::TaskLine;
use serde::{Deserialize, Serialize};

use crate::digest::digest;
use crate::error::Problems;
use crate::measure::MutantKills;
use crate::shelf::{Record, Shelf};
use crate::{DatasetError, Lines};

/// What is known of the mutants of a row's reference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum MutantsOf {
    /// Nobody asked.
    #[default]
    NotAsked,
    /// For each that is killed, the tests that kill it.
    Known(Vec<Vec<usize>>),
    /// The reference or its tests are not those that were measured.
    Changed,
    /// Nothing was measured, or not with every test.
    Unknown,
}

/// How many rows with tests had mutants that could be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MutantCounts {
    /// Rows whose mutants count.
    pub known: u64,
    /// Rows that have another reference or other tests than were measured.
    pub changed: u64,
    /// Rows that were not measured, or not with every test.
    pub unknown: u64,
}

impl MutantCounts {
    pub(super) fn add(&mut self, of: &MutantsOf) {
        match of {
            MutantsOf::NotAsked => {}
            MutantsOf::Known(_) => self.known += 1,
            MutantsOf::Changed => self.changed += 1,
            MutantsOf::Unknown => self.unknown += 1,
        }
    }
}

/// The kills of all tasks that were measured, by id.
pub(super) struct Mutants {
    places: HashMap<[u8; 16], u32>,
    shelf: Shelf,
}

/// What is looked at in a line of `tasks.measures.jsonl`.
#[derive(Deserialize)]
struct Measures {
    id: String,
    mutants: Option<Measured>,
}

#[derive(Deserialize)]
struct Measured {
    kills: Option<MutantKills>,
}

impl Mutants {
    /// Reads a measurement's lines; the first of several with an id counts, as with rows.
    pub(super) fn read(path: &Path, folder: &Path) -> Result<Self, DatasetError> {
        let fail = DatasetError::io("keep the kills beside the result of", path);
        let mut shelf = Shelf::in_folder(folder).map_err(&fail)?;
        let mut places = HashMap::new();
        let mut problems = Problems::of(path);
        let mut lines = Lines::open(path)?;
        while let Some(line) = lines.advance()? {
            let measures: Measures = match serde_json::from_slice(line.bytes) {
                Ok(measures) => measures,
                Err(error) => {
                    problems.add(line.number, format!("not a task's measures: {error}"));
                    continue;
                }
            };
            let Some(kills) = measures.mutants.and_then(|mutants| mutants.kills) else { continue };
            let place =
                u32::try_from(places.len()).map_err(|error| fail(io::Error::other(error)))?;
            if let Entry::Vacant(vacant) = places.entry(digest(measures.id.as_bytes())) {
                vacant.insert(place);
                let record = Record { id: kills.of, note: kills.rows.join("\n"), set: Vec::new() };
                shelf.add(&record).map_err(&fail)?;
            }
        }
        problems.check()?;
        if places.is_empty() {
            return Err(DatasetError::NoKills { path: path.to_owned() });
        }
        shelf.settle().map_err(fail)?;
        Ok(Self { places, shelf })
    }

    /// What is known of a row.
    pub(super) fn of(&self, id: &str, line: &[u8]) -> io::Result<MutantsOf> {
        let Some(place) = self.places.get(&digest(id.as_bytes())) else {
            return Ok(MutantsOf::Unknown);
        };
        let Record { id: of, note, .. } = self.shelf.read(*place)?;
        let kills = MutantKills { of, rows: note.lines().map(str::to_owned).collect() };
        let killers = serde_json::from_slice::<TaskLine>(line).ok().and_then(|task| {
            let tests = task.tests.as_ref().map_or(0, |tests| tests.input.len());
            kills.killers(tests).filter(|_| MutantKills::digest(&task) == kills.of)
        });
        Ok(killers.map_or(MutantsOf::Changed, MutantsOf::Known))
    }
}

#[cfg(test)]
mod tests {
    use isomer_record::TaskLine;
    use serde_json::{Value, json};

    use super::{Mutants, MutantsOf};
    use crate::DatasetError;
    use crate::measure::{MutantKills, TaskMeasures};

    fn row(id: &str, output: &str) -> Value {
        json!({"id": id, "statement": "s", "judge_mode": "stdio", "solution": "print(1)",
               "tests": {"input": ["1", "2", "3"], "output": ["1", "1", output]}})
    }

    fn measures(row: &Value, rows: Option<&[&str]>) -> String {
        let task: TaskLine = serde_json::from_value(row.clone()).unwrap();
        let kills = rows.map(|rows| MutantKills {
            of: MutantKills::digest(&task),
            rows: rows.iter().map(|row| (*row).to_owned()).collect(),
        });
        let mutants = crate::measure::Mutants { made: 9, kills, ..Default::default() };
        let measures =
            TaskMeasures { id: task.id, mutants: Some(mutants), ..TaskMeasures::default() };
        serde_json::to_string(&measures).unwrap()
    }

    fn read(lines: &[String]) -> Result<Mutants, DatasetError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tasks.measures.jsonl");
        std::fs::write(&path, lines.join("\n")).unwrap();
        Mutants::read(&path, folder.path())
    }

    #[test]
    fn kills_are_found_by_id_for_the_tests_that_were_measured() {
        let mutants = read(&[
            measures(&row("a", "1"), Some(&["AWR", "-AT", "AA-"])),
            measures(&row("b", "1"), None),
            measures(&row("c", "1"), Some(&[])),
            measures(&row("d", "1"), Some(&["AW"])),
            measures(&row("a", "2"), Some(&["WWW"])),
        ])
        .unwrap();
        let of = |id: &str, output: &str| {
            mutants.of(id, row(id, output).to_string().as_bytes()).unwrap()
        };
        assert_eq!(of("a", "1"), MutantsOf::Known(vec![vec![1, 2], vec![2], vec![]]));
        assert_eq!(of("a", "2"), MutantsOf::Changed);
        assert_eq!(of("b", "1"), MutantsOf::Unknown);
        assert_eq!(of("c", "1"), MutantsOf::Known(vec![]));
        assert_eq!(of("d", "1"), MutantsOf::Changed);
        assert_eq!(of("e", "1"), MutantsOf::Unknown);
        assert_eq!(mutants.of("a", b"{\"id\": \"a\"}").unwrap(), MutantsOf::Changed);
    }

    #[test]
    fn a_file_without_any_kill_is_refused() {
        for lines in [vec![measures(&row("a", "1"), None)], vec![row("a", "1").to_string()], vec![]]
        {
            let error = read(&lines).err().unwrap();
            assert!(matches!(error, DatasetError::NoKills { .. }), "{error}");
            assert!(error.help().unwrap().contains("--every-test"));
        }
        let error = read(&["{\"id\":".to_owned()]).err().unwrap().to_string();
        assert!(error.contains("line 1: not a task's measures"), "{error}");
    }
}
