//! Golden rows of the collections people have.

use serde_json::{Value, json};

use super::{reasons, seeds};
use crate::seeds::{CONTAINERS, ID_FIELDS, Reason, STATEMENT_FIELDS};

fn seed(row: &Value) -> (String, String, Option<String>) {
    let seed = seeds(row.to_string()).pop().unwrap_or_else(|| panic!("no seed in {row}"));
    (seed.id, seed.statement, seed.solution)
}

fn reason(row: &Value) -> Reason {
    reasons(row.to_string()).pop().unwrap().1
}

#[test]
fn every_statement_field_is_found_in_the_row_and_in_every_container() {
    for field in STATEMENT_FIELDS {
        let row = json!({"id": "a", *field: "Add."});
        assert_eq!(seed(&row), ("a".into(), "Add.".into(), None));
        for container in CONTAINERS {
            let nested = json!({*container: {"problem_id": 7, *field: "Add.", "code": "x = 1"}});
            assert_eq!(seed(&nested), ("7".into(), "Add.".into(), Some("x = 1".into())));
        }
    }
}

#[test]
fn earlier_fields_win_when_they_can_be_used() {
    let row = json!({"statement": "second", "question": "first", "prompt": null, "problem": " "});
    assert_eq!(seed(&row).1, "first");
    let row = json!({"text": "outer", "metadata": {"prompt": "inner"}});
    assert_eq!(seed(&row).1, "outer");
}

#[test]
fn solution_may_be_a_list_or_a_list_written_as_text() {
    for (field, value, wanted) in [
        ("gold_standard_solution", json!("a"), Some("a")),
        ("solutions", json!(["", "b", "c"]), Some("b")),
        ("solutions", json!("[\"d\", \"e\"]"), Some("d")),
        ("solutions", json!("print([1])"), Some("print([1])")),
        ("solutions", json!("[]"), None),
        ("solutions", json!(""), None),
        ("code", json!(12), None),
        ("solution", json!(null), None),
    ] {
        let row = json!({"prompt": "Add.", field: value});
        assert_eq!(seed(&row).2.as_deref(), wanted, "{row}");
    }
    let both = json!({"prompt": "Add.", "code": "late", "solution": "early"});
    assert_eq!(seed(&both).2.as_deref(), Some("early"));
}

#[test]
fn apps_and_taco_rows_come_in_as_they_are() {
    let row = json!({
        "problem_id": 4000,
        "question": "Return the larger number.\n",
        "solutions": "[\"class Solution:\\n    pass\\n\", \"other\"]",
        "input_output": "{\"fn_name\": \"larger\", \"inputs\": [[1, 2]], \"outputs\": [2]}",
        "difficulty": "interview",
        "starter_code": "class Solution:\n    def larger(self, a, b):\n",
    });
    let (id, statement, solution) = seed(&row);
    assert_eq!(id, "4000");
    assert_eq!(solution.as_deref(), Some("class Solution:\n    pass\n"));
    assert_eq!(
        statement,
        "Return the larger number.\n\n```python\nclass Solution:\n    def larger(self, a, b):\n```"
    );
    let without = json!({"question": "Add.", "solutions": "", "starter_code": "", "id": 3});
    assert_eq!(seed(&without), ("3".into(), "Add.".into(), None));
}

#[test]
fn humaneval_solution_gets_its_signature_back() {
    let prompt = "def twice(x):\n    \"\"\"Double x.\"\"\"\n";
    let row = json!({
        "task_id": "HumanEval/500", "prompt": prompt, "entry_point": "twice",
        "canonical_solution": "    return 2 * x\n", "test": "def check(candidate): ...",
    });
    let (id, statement, solution) = seed(&row);
    assert_eq!((id.as_str(), statement.as_str()), ("HumanEval/500", prompt));
    assert_eq!(solution, Some(format!("{prompt}    return 2 * x\n")));
    let complete = json!({
        "prompt": prompt, "entry_point": "twice", "canonical_solution": "def twice(x):\n    return x + x\n",
    });
    assert_eq!(seed(&complete).2.as_deref(), Some("def twice(x):\n    return x + x\n"));
}

#[test]
fn finished_tasks_of_an_earlier_run_are_seeds() {
    let row = json!({
        "id": "0f3a", "pack": "algorithm", "statement": "Count pairs.", "judge_mode": "stdio",
        "fn_name": null, "solution": "print(1)\n", "generator": "def generate_tests(seed): ...",
        "tests": {"input": ["1\n"], "output": ["1\n"]}, "elements": {"Core Algorithm Idea": "sort"},
        "parents": ["a", "b"], "near_misses": [{"code": "print(2)"}], "provenance": {"seed": 1},
    });
    assert_eq!(seed(&row), ("0f3a".into(), "Count pairs.".into(), Some("print(1)\n".into())));
}

#[test]
fn ids_are_text_and_numbers_keep_all_their_digits() {
    for (value, wanted) in [
        (json!(12), "12"),
        (json!(-1), "-1"),
        (json!(" x1 "), "x1"),
        (json!(18_446_744_073_709_551_615_u64), "18446744073709551615"),
    ] {
        for field in ID_FIELDS {
            assert_eq!(seed(&json!({"text": "t", *field: value})).0, wanted);
        }
    }
    let long = r#"{"text": "t", "id": 123456789012345678901234567890}"#;
    assert_eq!(seeds(long).pop().unwrap().id, "123456789012345678901234567890");
    assert_eq!(seed(&json!({"text": "t", "id": "", "task_id": 5})).0, "5");
}

#[test]
fn derived_ids_depend_on_content_alone() {
    let id = |row: &Value| seed(row).0;
    let first = id(&json!({"prompt": "t", "solution": "s"}));
    assert!(first.starts_with("seed-") && first.len() == 21, "{first}");
    assert_eq!(first, id(&json!({"code": "s", "question": "t", "extra": 1})));
    assert_ne!(first, id(&json!({"prompt": "t"})));
    assert_ne!(first, id(&json!({"prompt": "u", "solution": "s"})));
}

#[test]
fn rows_without_a_usable_statement_say_what_was_found() {
    let empty = |field: &str| Reason::EmptyStatement { field: field.to_owned() };
    assert_eq!(reason(&json!({"prompt": " \n"})), empty("prompt"));
    assert_eq!(reason(&json!({"raw": {"text": ""}})), empty("raw.text"));
    assert_eq!(
        reason(&json!({"prompt": [{"role": "user", "content": "Add."}]})),
        Reason::StatementNotText { field: "prompt".to_owned(), found: "an array" }
    );
    let missing = reason(&json!({"title": "t", "body": "b"}));
    let text = missing.to_string();
    assert!(text.starts_with("no statement: none of `prompt`, `question`, "), "{text}");
    assert!(text.ends_with("is there; the row has `title`, `body`"), "{text}");
    assert!(missing.help().unwrap().contains("`metadata`"));
    assert!(reason(&json!({})).to_string().ends_with("the row has no fields"));
}

#[test]
fn a_row_with_very_many_fields_is_reported_shortly() {
    let row: serde_json::Map<String, Value> =
        (0..500).map(|number| (format!("{number}{}", "x".repeat(100)), json!(1))).collect();
    let text = reason(&Value::Object(row)).to_string();
    assert!(text.ends_with("488 more") && text.len() < 900, "{text}");
}
