//! Looking at Python source without running it: just enough to know what a harness cannot run.

use serde::Serialize;

/// Something in a program that a harness which runs it inside its own interpreter cannot cope with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Hindrance {
    /// Standard input or output as bytes: the stand-ins have text only.
    ByteStreams,
    /// Standard input opened as a file.
    InputAsFile,
    /// A loop over standard input itself.
    InputAsIterator,
    /// A `global` statement: the program has become the body of a function.
    GlobalStatement,
    /// The module's name anywhere but in a main guard at the end.
    ModuleName,
    /// `exit` or `quit`, which are gone.
    ExitBuiltin,
    /// A string over several lines, into which tabs are put.
    LongString,
    /// `import *` below the first line that is no import.
    LateStarImport,
}

/// A program's text with everything inside strings and comments made blank.
struct Code {
    text: String,
    /// A string that goes over several lines and is not a statement of its own.
    long_string: bool,
}

/// What hinders the program where its text is wrapped into a function and its standard input
/// replaced.
pub(crate) fn hindrances(source: &str) -> Vec<Hindrance> {
    let code = blank(source);
    let has = |words: &[&str]| words.iter().any(|word| code.text.contains(word));
    let mut found = Vec::new();
    let mut add = |present: bool, hindrance| {
        if present {
            found.push(hindrance);
        }
    };
    add(has(&["stdin.buffer", "stdout.buffer", "stdin.fileno"]), Hindrance::ByteStreams);
    add(has(&["open(", "os.read(", "fileinput"]), Hindrance::InputAsFile);
    add(iterates_input(&code.text), Hindrance::InputAsIterator);
    add(starts_a_line(&code.text, "global "), Hindrance::GlobalStatement);
    add(names_module_early(&code.text), Hindrance::ModuleName);
    add(calls(&code.text, "exit") || calls(&code.text, "quit"), Hindrance::ExitBuiltin);
    add(code.long_string, Hindrance::LongString);
    add(imports_all_late(&code.text), Hindrance::LateStarImport);
    found
}

/// The program with standard input read as text and encoded, where it was read as bytes: the same
/// bytes, by means that every harness has. `None` where nothing has to change.
pub(crate) fn with_text_input(source: &str) -> Option<String> {
    const REPLACED: [(&str, &str); 2] = [
        ("sys.stdin.buffer.read()", "sys.stdin.read().encode()"),
        ("sys.stdin.buffer.readline()", "sys.stdin.readline().encode()"),
    ];
    let mut text = source.to_owned();
    for (from, to) in REPLACED {
        // Blanking keeps every byte in its place.
        while let Some(at) = blank(&text).text.find(from) {
            text.replace_range(at..at + from.len(), to);
        }
    }
    (text != source).then_some(text)
}

fn blank(source: &str) -> Code {
    let bytes = source.as_bytes();
    let mut text = bytes.to_vec();
    let mut long_string = false;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'#' => {
                while at < bytes.len() && bytes[at] != b'\n' {
                    text[at] = b' ';
                    at += 1;
                }
            }
            quote @ (b'"' | b'\'') => {
                let end = string_end(bytes, at, quote);
                let inside = &bytes[at..end];
                if inside.contains(&b'\n') && !stands_alone(&bytes[..at]) {
                    long_string = true;
                }
                for byte in
                    text.get_mut(at + 1..end.saturating_sub(1).max(at + 1)).unwrap_or_default()
                {
                    if *byte != b'\n' {
                        *byte = b' ';
                    }
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    Code { text: String::from_utf8_lossy(&text).into_owned(), long_string }
}

/// The position after a string that begins at `start`.
fn string_end(bytes: &[u8], start: usize, quote: u8) -> usize {
    let triple = bytes[start..].starts_with(&[quote; 3]);
    let mut at = start + if triple { 3 } else { 1 };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'\n' if !triple => return at,
            byte if byte == quote && !triple => return at + 1,
            byte if byte == quote && bytes[at..].starts_with(&[quote; 3]) => return at + 3,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// Whether nothing but space and letters that may stand before a string come before it on its line.
fn stands_alone(before: &[u8]) -> bool {
    let line = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'r' | b'R'))
}

fn starts_a_line(text: &str, word: &str) -> bool {
    text.lines().any(|line| line.trim_start().starts_with(word))
}

/// Whether `sys.stdin` is used without asking it for anything.
fn iterates_input(text: &str) -> bool {
    text.match_indices("sys.stdin").any(|(at, word)| {
        let rest = text.get(at + word.len()..).unwrap_or_default();
        rest.starts_with([':', ')', ',']) || rest.starts_with(" if ")
    })
}

fn calls(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + name.len()..).unwrap_or_default();
        after.starts_with('(')
            && before
                .is_none_or(|letter| !(letter.is_alphanumeric() || matches!(letter, '_' | '.')))
    })
}

/// Whether `__name__` is used by anything but an `if` that begins the last block.
fn names_module_early(text: &str) -> bool {
    let guard = text.match_indices("__name__").count();
    if guard == 0 {
        return false;
    }
    let last_block = text
        .match_indices('\n')
        .map(|(at, _)| at + 1)
        .chain([0])
        .filter(|at| {
            text.get(*at..)
                .is_some_and(|rest| rest.starts_with(|first: char| !first.is_whitespace()))
        })
        .max()
        .unwrap_or(0);
    let last = text.get(last_block..).unwrap_or_default();
    guard > 1 || !last.starts_with("if __name__ == ")
}

fn imports_all_late(text: &str) -> bool {
    text.lines()
        .skip_while(|line| line.starts_with("from ") || line.starts_with("import "))
        .any(|line| line.starts_with("from ") && line.contains("import *"))
}

#[cfg(test)]
mod tests {
    use super::Hindrance::{
        ByteStreams, ExitBuiltin, GlobalStatement, InputAsFile, InputAsIterator, LateStarImport,
        LongString, ModuleName,
    };
    use super::{hindrances, with_text_input};

    #[test]
    fn what_a_harness_cannot_run() {
        for (source, expected) in [
            ("print(input())", vec![]),
            ("import sys\nsys.stdout.buffer.write(b'a')", vec![ByteStreams]),
            ("print(open(0).read())", vec![InputAsFile]),
            ("import sys\nfor line in sys.stdin:\n    pass", vec![InputAsIterator]),
            ("import sys\nfor line in sys.stdin.read().split():\n    pass", vec![]),
            ("def f():\n    global x\n    x = 1", vec![GlobalStatement]),
            ("# global x, open(0)\nprint('stdin.buffer')", vec![]),
            ("def main():\n    pass\nif __name__ == '__main__':\n    main()\n", vec![]),
            ("if __name__ == '__main__':\n    pass\nprint(1)", vec![ModuleName]),
            ("if '__main__' == __name__:\n    pass", vec![ModuleName]),
            ("exit(0)", vec![ExitBuiltin]),
            ("import sys\nsys.exit(0)\nself_exit(1)", vec![]),
            ("x = '''a\nb'''", vec![LongString]),
            ("def f():\n    '''a\n    b'''", vec![]),
            ("import sys\nfrom math import *\nprint(1)", vec![]),
            ("print(1)\nfrom math import *", vec![LateStarImport]),
        ] {
            assert_eq!(hindrances(source), expected, "{source}");
        }
    }

    #[test]
    fn bytes_are_read_as_text() {
        let source =
            "import sys\ndata = sys.stdin.buffer.read().split()  # sys.stdin.buffer.read()\n";
        let adapted = with_text_input(source).unwrap();
        assert!(adapted.starts_with("import sys\ndata = sys.stdin.read().encode().split()"));
        assert!(hindrances(&adapted).is_empty());
        assert_eq!(with_text_input("print('sys.stdin.buffer.read()')"), None);
    }
}
