//! A control for test files: a solution that does nothing.

/// Empties the functions of `_SOURCE` and runs what is left.
const EMPTYING: &str = include_str!("stubs.py");

/// The same module with functions and methods that do nothing and return `None`. A test file that
/// accepts it tests nothing; neither should one accept an empty module.
pub fn stubs(solution: &str) -> String {
    // A string of JSON, its quotes included, is one of Python as well.
    format!("_SOURCE = {}\n{EMPTYING}", serde_json::Value::from(solution))
}

#[cfg(test)]
mod tests {
    use super::stubs;

    #[test]
    fn the_source_is_one_literal() {
        let made = stubs("x = '\"\\n\"'\n\tdef f(): pass # é\u{2028}\0");
        assert_eq!(
            made.lines().next(),
            Some(
                r#"_SOURCE = "x = '\"\\n\"'\n\tdef f(): pass # é"#.to_owned() + "\u{2028}\\u0000\""
            )
            .as_deref()
        );
    }
}
