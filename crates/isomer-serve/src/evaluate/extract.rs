//! Finds the program in a completion.
//!
//! The rules are SandboxFusion's: the first fenced block of the wanted language, else the first
//! fenced block, else what follows an open fence. Two of its defects are not kept: a line of
//! backticks inside of a string does not end a block, and a program without any fence is found also
//! when it is not a single function.

/// What a fence may call each language, beside its own name.
const ALIASES: &[(&str, &[&str])] = &[
    ("python", &["python", "Python", "py", "Python3", "python3", "PY"]),
    ("cpp", &["cpp", "c++", "C++", "Cpp", "CPP"]),
];

struct Block<'a> {
    tag: &'a str,
    code: &'a str,
}

/// The program, or nothing.
pub(super) fn extract(completion: &str, language: &str) -> String {
    let blocks = fenced(completion, language);
    let names = ALIASES.iter().find(|(name, _)| *name == language).map_or(&[][..], |(_, all)| *all);
    let wanted = |block: &&Block<'_>| names.contains(&block.tag) || block.tag == language;
    if let Some(block) = blocks.iter().find(wanted).or(blocks.first()) {
        return block.code.to_owned();
    }
    if let Some((_, code)) = opening(completion) {
        return code.to_owned();
    }
    if language == "python" { unfenced_python(completion) } else { String::new() }
}

/// What stands behind the first opening fence, and what follows its line.
fn opening(text: &str) -> Option<(&str, &str)> {
    text.split_once("```")?.1.split_once('\n')
}

/// All blocks that are closed.
fn fenced<'a>(completion: &'a str, language: &str) -> Vec<Block<'a>> {
    let mut blocks = Vec::new();
    let mut rest = completion;
    while let Some((tag, body)) = opening(rest) {
        let Some((code, after)) = close(body, language) else { break };
        blocks.push(Block { tag: tag.trim(), code });
        rest = after;
    }
    blocks
}

/// Splits at the closing fence: the first that is not inside of a string, or else the first.
fn close<'a>(body: &'a str, language: &str) -> Option<(&'a str, &'a str)> {
    let mut first = None;
    for (at, end) in closing_fences(body) {
        let found = (&body[..at], &body[end..]);
        if language != "python" || !ends_inside_string(found.0) {
            return Some(found);
        }
        first.get_or_insert(found);
    }
    first
}

/// Where a line begins with a fence: the end of the last line before that is not blank, and the end
/// of the fence.
fn closing_fences(body: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    body.match_indices("```").filter_map(|(at, fence)| {
        let code = body[..at].trim_end().len();
        let line_end = code + body[code..at].find('\n')?;
        Some((line_end, at + fence.len()))
    })
}

/// Whether Python code ends inside of a string of three quotes.
fn ends_inside_string(code: &str) -> bool {
    let mut rest = code;
    while let Some(at) = rest.find(['"', '\'', '#']) {
        rest = &rest[at..];
        if rest.starts_with('#') {
            rest = rest.split_once('\n').map_or("", |(_, next)| next);
            continue;
        }
        let quote = &rest[..1];
        let triple = quote.repeat(3);
        let long = rest.starts_with(&triple);
        let mark = if long { triple.as_str() } else { quote };
        match string_end(&rest[mark.len()..], mark) {
            Some(after) => rest = after,
            None if long => return true,
            None => return false,
        }
    }
    false
}

/// What follows the string that `text` is in; a short one ends with its line at the latest.
fn string_end<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix(mark) {
            return Some(after);
        }
        if letter == '\n' && mark.len() == 1 {
            return Some(rest);
        }
        let skipped = if letter == '\\' {
            1 + rest[1..].chars().next().map_or(0, char::len_utf8)
        } else {
            letter.len_utf8()
        };
        rest = &rest[skipped..];
    }
    None
}

/// A completion that is a program as a whole, or the first function or class in prose.
fn unfenced_python(completion: &str) -> String {
    let first = completion.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    if looks_like_python(first) {
        return completion.to_owned();
    }
    let lines: Vec<&str> = completion.lines().filter(|line| !line.trim().is_empty()).collect();
    let is_head = |line: &str| {
        ["import", "from", "#"].iter().any(|word| line.starts_with(word) && line.len() > word.len())
    };
    let is_body = |line: &&&str| line.starts_with([' ', '\t']);
    for (at, line) in lines.iter().enumerate() {
        let body = lines[at + 1..].iter().take_while(is_body).count();
        if (line.starts_with("def ") || line.starts_with("class ")) && body > 0 {
            let heads = lines[..at].iter().rev().take_while(|line| is_head(line)).count();
            return lines[at - heads..=at + body].join("\n") + "\n";
        }
    }
    String::new()
}

fn looks_like_python(line: &str) -> bool {
    let line = line.trim_end();
    let starts = |words: &[&str]| words.iter().any(|word| line.starts_with(word));
    let block = ["def ", "class ", "if ", "for ", "while ", "with ", "try:"];
    let name = line.split(['=', '(', '[', ',', '.']).next().unwrap_or_default().trim_end();
    let word = !name.is_empty()
        && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
        && name.len() < line.len();
    starts(&["import ", "#!", "# -*-", "@", "\"\"\"", "'''"])
        || (starts(&["from "]) && line.contains(" import "))
        || (starts(&block) && line.contains(':'))
        || (word && (line.ends_with(')') || line.contains(" = ")))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::extract;

    fn check(completion: &str, expected: &str) {
        assert_eq!(extract(completion, "python"), expected, "{completion}");
    }

    #[test]
    fn the_first_block_of_the_language_wins() {
        check("Hi\n```python\nprint(1)\n```\nbye", "print(1)");
        check("```\na\n```\n```py\nb\n```\n```python\nc\n```", "b");
        check("```bash\na\n```\n```\nb\n```", "a");
        check("```python\r\nprint(1)\r\n```", "print(1)\r");
        check("  ```python\n  print(1)\n\n  ```", "  print(1)");
        assert_eq!(extract("```python\na\n```\n```c++\nb\n```", "cpp"), "b");
        assert_eq!(extract("no code", "cpp"), "");
    }

    #[test]
    fn an_open_fence_runs_to_the_end() {
        check("Here:\n```python\nprint(1)\nprint(2)", "print(1)\nprint(2)");
        check("```python", "");
    }

    #[test]
    fn fences_inside_of_strings_do_not_end_a_block() {
        let code =
            "def f():\n    \"\"\"\n    ```\n    f()\n    ```\n    \"\"\"\n    return '''\n```'''";
        check(&format!("```python\n{code}\n```\ntext"), code);
        check("```python\nx = '\"\"\"' # \"\"\"\n```\nand\n```\ny\n```", "x = '\"\"\"' # \"\"\"");
        check("```python\nx = \"it's\\\"\"\n```\nit's\n```", "x = \"it's\\\"\"");
        // A string that is never closed: then the first fence is as good as any.
        check("```python\nx = \"\"\"\n```\nbye", "x = \"\"\"");
    }

    #[test]
    fn programs_without_a_fence() {
        check("import sys\nprint(input())\n", "import sys\nprint(input())\n");
        check("n = int(input())\nprint(n)", "n = int(input())\nprint(n)");
        check("def f(x): return x", "def f(x): return x");
        check("print(1)", "print(1)");
        check(
            "The answer is\n\nimport math\n\ndef f(x):\n\n    return x\nas you see.",
            "import math\ndef f(x):\n    return x\n",
        );
        check("I do not know.", "");
        check("", "");
    }

    proptest! {
        #[test]
        fn any_text_is_taken_calmly(text in "[`\n\"'#\\\\a é]{0,60}") {
            extract(&text, "python");
            extract(&text, "cpp");
        }

        #[test]
        fn a_fenced_program_comes_back_whole(lines in prop::collection::vec("[a-z =()]{0,12}", 1..6)) {
            let code = lines.join("\n");
            let completion = format!("text\n```python\n{code}\n```\nmore");
            let found = extract(&completion, "python");
            prop_assert_eq!(found.trim_end(), code.trim_end());
        }
    }
}
