//! The tests of a row: fewer of them, killers first, some shown to solvers.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::mutants::MutantsOf;
use super::settings::Suites;
use super::suite::{Chosen, Matrix, TooLarge};

/// What became of a row's tests.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shaped {
    /// Nothing.
    AsItWas,
    /// Another line.
    Changed {
        /// The row.
        line: Vec<u8>,
        /// Old places of the tests that stay, in their new order.
        kept: Vec<usize>,
        /// Old places of those that are gone.
        dropped: Vec<usize>,
    },
    /// The tests that are needed take more than the budget.
    TooLarge {
        /// Their size.
        bytes: u64,
    },
}

/// Shapes the tests of a row by its near-misses and by what is known of its mutants; one without tests
/// that can be told apart stays as it was.
pub(super) fn shape(line: &[u8], suites: Suites, mutants: &MutantsOf) -> Shaped {
    let Ok(mut row) = serde_json::from_slice::<Map<String, Value>>(line) else {
        return Shaped::AsItWas;
    };
    let Some((input, output)) = columns(&row) else { return Shaped::AsItWas };
    let tests = input.len();
    let near_misses = near_misses(&row, tests);
    // Where it is not known what a test kills, nothing says that it can be done without.
    let told = matches!(mutants, MutantsOf::NotAsked | MutantsOf::Known(_))
        && near_misses.iter().all(|killers| !killers.is_empty());
    let matrix = matrix(near_misses, &input, &output, mutants);
    let suites =
        Suites { keep: suites.keep.filter(|_| told && !matrix.killers.is_empty()), ..suites };
    let chosen = match choose(&matrix, &output, suites) {
        Ok(chosen) => chosen,
        Err(TooLarge { bytes }) => return Shaped::TooLarge { bytes },
    };
    let public = public(&chosen, &matrix, suites.public);
    let kept = chosen.order;
    if kept.iter().copied().eq(0..tests) && public.is_empty() {
        return Shaped::AsItWas;
    }
    reorder(&mut row, &kept, tests);
    if !public.is_empty() {
        row.insert("public_tests".to_owned(), json!(public));
    }
    let dropped = (0..tests).filter(|test| !kept.contains(test)).collect();
    match serde_json::to_vec(&row) {
        Ok(line) => Shaped::Changed { line, kept, dropped },
        Err(_) => Shaped::AsItWas,
    }
}

/// Number of tests of a row.
pub(super) fn count(line: &[u8]) -> u64 {
    let row: Map<String, Value> = serde_json::from_slice(line).unwrap_or_default();
    columns(&row).map_or(0, |(input, _)| input.len() as u64)
}

fn columns(row: &Map<String, Value>) -> Option<(Vec<Value>, Vec<Value>)> {
    let column = |name: &str| row.get("tests")?.get(name)?.as_array().cloned();
    let (input, output) = (column("input")?, column("output")?);
    (!input.is_empty() && input.len() == output.len()).then_some((input, output))
}

/// The tests that kill each killed near-miss; none where the row does not tell.
fn near_misses(row: &Map<String, Value>, tests: usize) -> Vec<Vec<usize>> {
    let near_misses = row.get("near_misses").and_then(Value::as_array);
    let killed = near_misses
        .into_iter()
        .flatten()
        .filter(|one| one.get("status").and_then(Value::as_str) == Some("killed"));
    let killers = killed.map(|near_miss| {
        let verdicts = near_miss.get("verdicts").and_then(Value::as_array);
        let verdicts = verdicts.into_iter().flatten().take(tests).enumerate();
        verdicts.filter(|(_, verdict)| fails(verdict)).map(|(test, _)| test).collect()
    });
    killers.collect()
}

fn matrix(
    near_misses: Vec<Vec<usize>>,
    input: &[Value],
    output: &[Value],
    mutants: &MutantsOf,
) -> Matrix {
    let bytes = |value: &Value| value.to_string().len() as u64;
    let sizes = input.iter().zip(output).map(|(input, output)| bytes(input) + bytes(output));
    let mutants = if let MutantsOf::Known(killers) = mutants { killers.as_slice() } else { &[] };
    let killers = near_misses.into_iter().chain(mutants.iter().cloned());
    let killers = killers.filter(|killers| !killers.is_empty()).collect();
    Matrix { sizes: sizes.collect(), killers }
}

/// A test that was not run says nothing.
fn fails(verdict: &Value) -> bool {
    !matches!(verdict.as_str(), None | Some("accepted" | "not_run"))
}

fn choose(matrix: &Matrix, output: &[Value], suites: Suites) -> Result<Chosen, TooLarge> {
    let all = output.len();
    let least = suites.keep.map_or(all, |keep| keep.max(1));
    let chosen = matrix.choose(&[], least, suites.bytes)?;
    if suites.keep.is_none() && chosen.order.len() == all {
        return Ok(Chosen { order: (0..all).collect(), needed: chosen.needed });
    }
    // A program that always gives the same answer must not pass because of what was left out.
    let outputs: BTreeSet<String> =
        chosen.order.iter().map(|test| output[*test].to_string()).collect();
    let other = (0..all).filter(|test| !outputs.contains(&output[*test].to_string()));
    match other.min_by_key(|test| (matrix.sizes[*test], *test)) {
        Some(other) if outputs.len() == 1 => matrix.choose(&[other], least, suites.bytes),
        _ => Ok(chosen),
    }
}

/// The smallest tests that no near-miss and no mutant needs, by their new places; one at least stays hidden.
fn public(chosen: &Chosen, matrix: &Matrix, wanted: usize) -> Vec<usize> {
    let most = wanted.min(chosen.order.len().saturating_sub(1));
    let mut places: Vec<usize> = (0..chosen.order.len())
        .filter(|place| !chosen.needed.contains(&chosen.order[*place]))
        .collect();
    places.sort_by_key(|place| (matrix.sizes[chosen.order[*place]], *place));
    places.truncate(most);
    places.sort_unstable();
    places
}

/// Brings everything that goes by test into the new order.
fn reorder(row: &mut Map<String, Value>, kept: &[usize], tests: usize) {
    let sort = |value: Option<&mut Value>| {
        let Some(Value::Array(list)) = value else { return };
        if list.len() == tests {
            *list = kept.iter().map(|test| list[*test].clone()).collect();
        }
    };
    if let Some(columns) = row.get_mut("tests") {
        sort(columns.get_mut("input"));
        sort(columns.get_mut("output"));
    }
    let Some(Value::Array(near_misses)) = row.get_mut("near_misses") else { return };
    for near_miss in near_misses {
        sort(near_miss.get_mut("verdicts"));
        let verdicts = near_miss.get("verdicts").and_then(Value::as_array);
        let first = verdicts.and_then(|all| all.iter().find(|verdict| fails(verdict)).cloned());
        if let (Some(first), Some(after)) = (first, near_miss.get_mut("verdict_after")) {
            *after = first;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use proptest::prelude::*;

    use super::{Shaped, shape};
    use crate::curate::mutants::MutantsOf;
    use crate::curate::settings::Suites;

    fn row() -> Value {
        let near_miss = |verdicts: [&str; 5], status: &str| json!({"status": status, "verdict_after": verdicts[0], "verdicts": verdicts});
        let (a, w, n, r) = ("accepted", "wrong_answer", "not_run", "runtime_error");
        json!({
            "id": "a", "big": 123_456_789_012_345_678_901_234_567_890_u128,
            "tests": {"input": ["1", "22", "3", "4", "5"], "output": ["x", "x", "x", "y", "x"], "type": "stdin_stdout"},
            "near_misses": [
                near_miss([a, w, a, w, a], "killed"),
                near_miss([a, a, w, w, n], "killed"),
                near_miss([r, r, r, r, r], "invalid"),
                near_miss([a, a, a, a, a], "survived"),
            ],
        })
    }

    fn changed(row: &Value, suites: Suites) -> (Value, Vec<usize>, Vec<usize>) {
        changed_with(row, suites, &MutantsOf::NotAsked)
    }

    fn changed_with(
        row: &Value,
        suites: Suites,
        mutants: &MutantsOf,
    ) -> (Value, Vec<usize>, Vec<usize>) {
        match shape(row.to_string().as_bytes(), suites, mutants) {
            Shaped::Changed { line, kept, dropped } => {
                (serde_json::from_slice(&line).unwrap(), kept, dropped)
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_fewest_tests_and_one_against_constant_answers() {
        let (line, kept, dropped) = changed(&row(), Suites { keep: Some(1), ..Suites::default() });
        // Test 3 kills both; test 0 is the smallest with another output.
        assert_eq!((kept, dropped), (vec![3, 0], vec![1, 2, 4]));
        assert_eq!(line["tests"]["input"], json!(["4", "1"]));
        assert_eq!(line["tests"]["output"], json!(["y", "x"]));
        assert_eq!(line["near_misses"][1]["verdicts"], json!(["wrong_answer", "accepted"]));
        assert_eq!(line["near_misses"][1]["verdict_after"], "wrong_answer");
        assert_eq!(line["near_misses"][3]["verdict_after"], "accepted");
        assert_eq!(line["big"], row()["big"]);
    }

    #[test]
    fn a_row_that_does_not_tell_what_kills_a_near_miss_keeps_its_tests() {
        let mut row = row();
        row["near_misses"][1].as_object_mut().unwrap().remove("verdicts");
        let suites = Suites { keep: Some(1), ..Suites::default() };
        let shaped = shape(row.to_string().as_bytes(), suites, &MutantsOf::NotAsked);
        assert_eq!(shaped, Shaped::AsItWas);
    }

    #[test]
    fn public_tests_are_small_and_no_killers() {
        let (line, kept, dropped) = changed(&row(), Suites { public: 2, ..Suites::default() });
        assert_eq!((kept.len(), dropped.len()), (5, 0));
        assert_eq!(line["public_tests"], json!([0, 2]));
        assert_eq!(line["tests"], row()["tests"]);
    }

    #[test]
    fn a_budget_is_kept_or_the_row_goes() {
        let suites = |bytes| Suites { bytes: Some(bytes), ..Suites::default() };
        let (_, kept, _) = changed(&row(), suites(20));
        assert_eq!(kept, [3, 1, 2]);
        let shaped = shape(row().to_string().as_bytes(), suites(5), &MutantsOf::NotAsked);
        assert_eq!(shaped, Shaped::TooLarge { bytes: 6 });
    }

    #[test]
    fn where_nothing_is_known_tests_stay() {
        let suites = Suites { keep: Some(1), ..Suites::default() };
        for plain in [
            json!({"tests": {"input": ["1", "2"], "output": ["1", "2"]}}),
            json!({"tests": null, "pytest": "def test_a(): ..."}),
            json!({"tests": {"input": ["1"], "output": []}}),
        ] {
            let shaped = shape(plain.to_string().as_bytes(), suites, &MutantsOf::NotAsked);
            assert_eq!(shaped, Shaped::AsItWas);
        }
    }

    #[test]
    fn mutants_are_killed_as_before_or_nothing_is_left_out() {
        let suites = Suites { keep: Some(1), ..Suites::default() };
        let mutants = MutantsOf::Known(vec![vec![0, 2, 4], vec![4], vec![], vec![2, 3, 4]]);
        let (line, kept, _) = changed_with(&row(), suites, &mutants);
        // Test 4 kills three mutants, test 3 both near-misses and one mutant.
        assert_eq!(kept, [3, 4]);
        assert_eq!(line["near_misses"][0]["verdicts"], json!(["wrong_answer", "accepted"]));
        let row = row().to_string();
        for unknown in [MutantsOf::Changed, MutantsOf::Unknown] {
            assert_eq!(shape(row.as_bytes(), suites, &unknown), Shaped::AsItWas);
        }
        // Near-misses decide alone where no mutant is killed.
        let (_, kept, _) = changed(&super::tests::row(), suites);
        let none = changed_with(&super::tests::row(), suites, &MutantsOf::Known(Vec::new()));
        assert_eq!(none.1, kept);
    }

    /// For each of some programs, which of so many tests reject it.
    fn rows_of(tests: usize, most: usize) -> impl Strategy<Value = Vec<Vec<bool>>> {
        prop::collection::vec(prop::collection::vec(prop::bool::weighted(0.2), tests), 0..most)
    }

    fn any_row() -> impl Strategy<Value = (usize, Vec<Vec<bool>>, Vec<Vec<bool>>)> {
        (1_usize..40).prop_flat_map(|tests| (Just(tests), rows_of(tests, 6), rows_of(tests, 60)))
    }

    proptest! {
        #[test]
        fn what_some_test_killed_some_kept_test_kills(
            (tests, near_misses, mutants) in any_row(),
            keep in 1_usize..12,
        ) {
            let verdicts = |row: &Vec<bool>| {
                row.iter().map(|kills| if *kills { "wrong_answer" } else { "accepted" }).collect::<Vec<_>>()
            };
            let near_miss = |row| json!({"status": "killed", "verdicts": verdicts(row)});
            let row = json!({
                "tests": {"input": (0..tests).collect::<Vec<_>>(), "output": (0..tests).collect::<Vec<_>>()},
                "near_misses": near_misses.iter().map(near_miss).collect::<Vec<_>>(),
            });
            let killers = |row: &Vec<bool>| (0..tests).filter(|test| row[*test]).collect::<Vec<_>>();
            let known = MutantsOf::Known(mutants.iter().map(killers).collect());
            let suites = Suites { keep: Some(keep), ..Suites::default() };
            let kept = match shape(row.to_string().as_bytes(), suites, &known) {
                Shaped::Changed { kept, .. } => kept,
                Shaped::AsItWas => (0..tests).collect(),
                Shaped::TooLarge { .. } => panic!("there is no budget"),
            };
            for row in near_misses.iter().chain(&mutants) {
                let kills = |test: &usize| row[*test];
                prop_assert_eq!(kept.iter().any(kills), row.contains(&true));
            }
            prop_assert!(kept.len() >= keep.min(tests));
            let kills = |test: &usize| {
                near_misses.iter().chain(&mutants).filter(|row| row[*test]).count()
            };
            prop_assert!(kept.iter().map(kills).is_sorted_by(|one, next| one >= next) || kept.len() == tests);
        }
    }
}
