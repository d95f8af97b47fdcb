//! The tests of a row: fewer of them, killers first, some shown to solvers.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

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

/// Shapes the tests of a row; one without tests that can be told apart stays as it was.
pub(super) fn shape(line: &[u8], suites: Suites) -> Shaped {
    let Ok(mut row) = serde_json::from_slice::<Map<String, Value>>(line) else {
        return Shaped::AsItWas;
    };
    let Some((input, output)) = columns(&row) else { return Shaped::AsItWas };
    let tests = input.len();
    let matrix = matrix(&row, &input, &output);
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

fn matrix(row: &Map<String, Value>, input: &[Value], output: &[Value]) -> Matrix {
    let bytes = |value: &Value| value.to_string().len() as u64;
    let sizes = input.iter().zip(output).map(|(input, output)| bytes(input) + bytes(output));
    let near_misses = row.get("near_misses").and_then(Value::as_array);
    let killed = near_misses
        .into_iter()
        .flatten()
        .filter(|one| one.get("status").and_then(Value::as_str) == Some("killed"));
    let killers = killed.map(|near_miss| {
        let verdicts = near_miss.get("verdicts").and_then(Value::as_array);
        let verdicts = verdicts.into_iter().flatten().take(input.len()).enumerate();
        verdicts.filter(|(_, verdict)| fails(verdict)).map(|(test, _)| test).collect::<Vec<_>>()
    });
    let killers = killers.filter(|killers| !killers.is_empty()).collect();
    Matrix { sizes: sizes.collect(), killers }
}

/// A test that was not run says nothing.
fn fails(verdict: &Value) -> bool {
    !matches!(verdict.as_str(), None | Some("accepted" | "not_run"))
}

fn choose(matrix: &Matrix, output: &[Value], suites: Suites) -> Result<Chosen, TooLarge> {
    let all = output.len();
    // Where nothing is known about a test, nothing says that it can be done without.
    let least = match suites.keep {
        Some(keep) if !matrix.killers.is_empty() => keep.max(1),
        _ => all,
    };
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

/// The smallest tests that no near-miss needs, by their new places; one at least stays hidden.
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

    use super::{Shaped, shape};
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
        match shape(row.to_string().as_bytes(), suites) {
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
        assert_eq!(shape(row().to_string().as_bytes(), suites(5)), Shaped::TooLarge { bytes: 6 });
    }

    #[test]
    fn where_nothing_is_known_tests_stay() {
        let suites = Suites { keep: Some(1), ..Suites::default() };
        for plain in [
            json!({"tests": {"input": ["1", "2"], "output": ["1", "2"]}}),
            json!({"tests": null, "pytest": "def test_a(): ..."}),
            json!({"tests": {"input": ["1"], "output": []}}),
        ] {
            assert_eq!(shape(plain.to_string().as_bytes(), suites), Shaped::AsItWas);
        }
    }
}
