//! The header of a task: the imports and signatures that every solution keeps.

use super::Missing;
use super::code::{Quotes, python};
use super::solution::capitalised;

/// What the statement shows the header under.
const HEADING: &str = "## Starter code";

/// Reads the header of a design.
pub(super) fn read(block: Option<&str>) -> Result<String, Missing> {
    let Some(block) = block else {
        return Err(Missing::new(
            "There is no `<header>` block. It holds one Python code block with the imports and the \
             signature of everything that the tests use.",
        ));
    };
    let source = python("header", block, Some("def "))
        .map_err(|text| Missing::new(capitalised(&text)))?
        .trim_matches('\n')
        .to_owned();
    if statements(&source).iter().any(|lines| lines.iter().any(|line| defines(line))) {
        return Ok(source);
    }
    Err(Missing::new(
        "The code in `<header>` defines nothing. It holds the imports and the signature of every \
         function or class that the tests use.",
    ))
}

/// The statement with the header at its end.
pub(super) fn shown(statement: &str, header: &str) -> String {
    format!("{}\n\n{HEADING}\n\n```python\n{header}\n```", statement.trim_end())
}

/// Whether `solution` has every import and signature of `header` as it stands there; else the first
/// that it lacks.
pub(super) fn keeps(header: &str, solution: &str) -> Result<(), String> {
    let written: Vec<&str> = solution.lines().map(str::trim_end).collect();
    for wanted in statements(header) {
        let fits = |lines: &[&str]| {
            let pairs = lines.iter().zip(&wanted);
            let last = wanted.len() - 1;
            pairs.enumerate().all(|(index, (line, wanted))| {
                // A body may follow on the line on which the signature ends.
                line == wanted || (index == last && defines(wanted) && line.starts_with(wanted))
            })
        };
        if !written.windows(wanted.len()).any(fits) {
            return Err(wanted.join("\n"));
        }
    }
    Ok(())
}

/// The imports, decorators and signatures in a source, without bodies.
fn statements(source: &str) -> Vec<Vec<&str>> {
    let mut found: Vec<Vec<&str>> = Vec::new();
    let mut quotes = Quotes::default();
    let mut depth = 0;
    for line in source.lines().map(str::trim_end) {
        let inside = quotes.open.is_some();
        quotes.read(line);
        if inside || (depth == 0 && !starts(line)) {
            continue;
        }
        let line = without_body(line);
        match found.last_mut() {
            Some(lines) if depth > 0 => lines.push(line),
            _ => found.push(vec![line]),
        }
        depth = (depth + balance(line)).max(0);
    }
    found
}

fn starts(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("import ")
        || line.starts_with("from ")
        || line.starts_with('@')
        || defines(line)
}

fn defines(line: &str) -> bool {
    let line = line.trim_start();
    ["def ", "async def ", "class "].iter().any(|word| line.starts_with(word))
}

/// A signature whose body is three dots or `pass` on the same line.
fn without_body(line: &str) -> &str {
    ["...", "pass"]
        .iter()
        .find_map(|body| line.strip_suffix(body)?.trim_end().strip_suffix(':').map(str::len))
        .map_or(line, |length| &line[..=length])
}

/// Brackets opened and not closed.
fn balance(line: &str) -> i32 {
    line.chars()
        .map(|letter| match letter {
            '(' | '[' | '{' => 1,
            ')' | ']' | '}' => -1,
            _ => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::{keeps, read, shown};

    const HEADER: &str = "import numpy as np\nfrom collections import (\n    Counter,\n    deque,\n)\n\n\n\
        def ranks(\n    values: list[float],\n    *,\n    ties: str = \"mean\",\n) -> list[float]:\n    \
        \"\"\"Ranks values.\n\n    from one to many\n    \"\"\"\n    ...\n\n\n\
        class Box:\n    def size(self) -> int: ...";

    fn solution() -> String {
        HEADER.replace("    ...\n", "    return []\n").replace(": ...", ": return 1")
    }

    #[test]
    fn imports_and_signatures_are_kept_as_they_stand() {
        assert_eq!(keeps(HEADER, &solution()), Ok(()));
        assert_eq!(keeps(HEADER, &format!("import math\n{}  \n", solution())), Ok(()));
        for (old, new, told) in [
            ("import numpy as np\n", "import numpy\n", "import numpy as np"),
            ("    deque,\n", "", "from collections import (\n    Counter,\n    deque,\n)"),
            (
                "\"mean\"",
                "\"min\"",
                "def ranks(\n    values: list[float],\n    *,\n    ties: str = \"mean\",\n) -> list[float]:",
            ),
            ("    def size(self)", "    def size(self, more)", "    def size(self) -> int:"),
        ] {
            assert_eq!(keeps(HEADER, &solution().replace(old, new)), Err(told.to_owned()));
        }
    }

    #[test]
    fn a_docstring_is_no_signature() {
        let rewritten = solution().replace("from one to many", "otherwise");
        assert_eq!(keeps(HEADER, &rewritten), Ok(()));
    }

    #[test]
    fn a_header_defines_something_and_ends_the_statement() {
        assert_eq!(read(Some("\n```python\ndef f() -> int:\n```\n")).unwrap(), "def f() -> int:");
        assert!(read(Some("```python\nimport math\n```")).is_err());
        assert!(read(None).unwrap_err().text.contains("`<header>`"));
        let statement = shown("# A\n\nText.\n", "def f() -> int:");
        assert_eq!(statement, "# A\n\nText.\n\n## Starter code\n\n```python\ndef f() -> int:\n```");
    }
}
