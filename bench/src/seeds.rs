//! Seed files of any size.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::json;

const PLACES: [&str; 8] =
    ["harbour", "bakery", "observatory", "library", "orchard", "depot", "mill", "lighthouse"];
const THINGS: [&str; 7] = ["crates", "loaves", "plates", "volumes", "baskets", "wagons", "sacks"];
const QUESTIONS: [&str; 6] = [
    "how many of them are heavier than the one before",
    "what the largest weight among any three neighbours is",
    "how often the running total is even",
    "which weight occurs most often",
    "how many different weights there are",
    "what the smallest difference of two weights is",
];

/// Writes `count` different seeds as JSONL, each with an id and a statement of a few hundred
/// characters.
pub fn write(path: &Path, count: usize) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    for index in 0..count {
        let statement = format!(
            "Every evening the keeper of {} number {index} weighs the {} that came in and writes \
             the weights into a book, in the order of arrival. The next morning she wants to know \
             {}, before the {} opens again. Given the number of entries and the entries \
             themselves, print the answer. There are at most {} entries, and no weight exceeds {}.",
            PLACES[index % PLACES.len()],
            THINGS[index % THINGS.len()],
            QUESTIONS[index % QUESTIONS.len()],
            PLACES[index % PLACES.len()],
            100 + index % 900,
            1000 + index,
        );
        writeln!(file, "{}", json!({"id": format!("seed-{index}"), "statement": statement}))?;
    }
    file.flush()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    #[test]
    fn seeds_differ() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("seeds.jsonl");
        super::write(&path, 500).unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        let statements: HashSet<String> = text
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
            .map(|seed| seed["statement"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(statements.len(), 500);
    }
}
