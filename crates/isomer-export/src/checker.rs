//! A checker that travels with a row: our comparison of text as a Python program.
//!
//! Called as `checker.py INPUT CORRECT ANSWER`; prints 1 when the answer is right and 0 when not.

use isomer_record::Comparison;

const HEAD: &str = "\
import sys


def read(path):
    with open(path, encoding=\"utf-8\", errors=\"replace\") as file:
        return file.read()


def lines(text):
    found = [line.rstrip() for line in text.split(\"\\n\")]
    while found and not found[-1]:
        found.pop()
    return found


def is_float(word):
    return any(sign in word for sign in \".eE\")


def close(left, right):
    if left == right:
        return True
    if not (is_float(left) or is_float(right)):
        return False
    try:
        left, right = float(left), float(right)
    except ValueError:
        return False
    return left == right or abs(left - right) <= 1e-9 * max(1.0, abs(left), abs(right))

";

const TAIL: &str = "

print(1 if same(read(sys.argv[2]), read(sys.argv[3])) else 0)
";

/// The source of the checker for a comparison.
pub(crate) fn source(comparison: Comparison) -> String {
    let rule = match comparison {
        Comparison::Exact => "lines(right) == lines(answer)",
        Comparison::Token => "right.split() == answer.split()",
        Comparison::Unordered => "sorted(lines(right)) == sorted(lines(answer))",
        Comparison::Float => {
            "len(right.split()) == len(answer.split()) and all(map(close, right.split(), answer.split()))"
        }
    };
    format!("{HEAD}\ndef same(right, answer):\n    return {rule}\n{TAIL}")
}
