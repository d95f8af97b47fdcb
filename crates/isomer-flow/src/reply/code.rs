//! The Python source in a block.

use super::blocks::Fence;

/// A fenced piece of a block.
struct Piece {
    language: String,
    source: String,
}

/// Reads the Python source out of the content of block `tag`.
///
/// Several fences: those that contain `marker` are preferred, and of the rest the last one that is
/// no mere snippet, because a correction follows what it corrects and an example is short.
pub(super) fn python(tag: &str, content: &str, marker: Option<&str>) -> Result<String, String> {
    let pieces = pieces(content);
    if pieces.is_empty() {
        let raw = dedent(content);
        return if looks_like_python(&raw) {
            Ok(raw)
        } else {
            Err(format!("`<{tag}>` contains no Python code block (```python … ```)."))
        };
    }
    let usable: Vec<&Piece> = pieces.iter().filter(|piece| piece.may_be_python()).collect();
    let wanted = |piece: &Piece| marker.is_some_and(|marker| piece.source.contains(marker));
    let preferred = usable.iter().any(|piece| wanted(piece));
    let choice: Vec<&Piece> =
        usable.into_iter().filter(|piece| !preferred || wanted(piece)).collect();
    let longest = choice.iter().map(|piece| piece.source.len()).max().unwrap_or_default();
    let Some(chosen) = choice.iter().rev().find(|piece| piece.source.len() * 2 >= longest) else {
        let languages: Vec<String> =
            pieces.iter().map(|piece| format!("`{}`", piece.language)).collect();
        return Err(format!(
            "the code in `<{tag}>` is marked as {}, but Python was asked for.",
            languages.join(", ")
        ));
    };
    if chosen.source.trim().is_empty() {
        return Err(format!("the code block in `<{tag}>` is empty."));
    }
    Ok(chosen.source.clone())
}

impl Piece {
    fn may_be_python(&self) -> bool {
        match self.language.as_str() {
            "python" | "python3" | "py" | "py3" | "python2" | "ipython" | "cpython" | "pypy"
            | "pypy3" => true,
            "" | "text" | "txt" | "code" | "plain" | "plaintext" | "script" => {
                looks_like_python(&self.source)
            }
            _ => false,
        }
    }
}

fn pieces(content: &str) -> Vec<Piece> {
    let lines: Vec<&str> = content.lines().collect();
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let Some((fence, info)) = Fence::opened(lines[at]) else {
            at += 1;
            continue;
        };
        let body = &lines[at + 1..];
        let length = end_of(fence, body);
        pieces.push(Piece { language: language(info), source: dedent(&body[..length].join("\n")) });
        at += length + 2;
    }
    pieces
}

/// Lines before the closing fence. A fence line inside a triple-quoted string belongs to the
/// string, unless that leaves the block without an end.
fn end_of(fence: Fence, body: &[&str]) -> usize {
    let mut quotes = Quotes::default();
    let mut first = None;
    for (index, line) in body.iter().enumerate() {
        if fence.closed_by(line) {
            if quotes.open.is_none() {
                return index;
            }
            first = first.or(Some(index));
        }
        quotes.read(line);
    }
    first.unwrap_or(body.len())
}

/// Whether a reader of Python source is inside a triple-quoted string.
#[derive(Default)]
pub(super) struct Quotes {
    pub(super) open: Option<&'static str>,
}

impl Quotes {
    /// Goes on to the end of `line`.
    pub(super) fn read(&mut self, line: &str) {
        let mut rest = line;
        loop {
            rest = match self.open {
                Some(quote) => {
                    let Some(end) = rest.find(quote) else { return };
                    self.open = None;
                    &rest[end + 3..]
                }
                None => match self.outside(rest) {
                    Some(rest) => rest,
                    None => return,
                },
            };
        }
    }

    /// Reads up to the next triple quote; `None` at the end of the line.
    fn outside<'a>(&mut self, text: &'a str) -> Option<&'a str> {
        let at = text.find(['#', '"', '\''])?;
        let rest = &text[at..];
        if rest.starts_with('#') {
            return None;
        }
        for quote in ["\"\"\"", "'''"] {
            if let Some(inside) = rest.strip_prefix(quote) {
                self.open = Some(quote);
                return Some(inside);
            }
        }
        let mark = if rest.starts_with('"') { '"' } else { '\'' };
        let mut escaped = false;
        for (index, letter) in rest.char_indices().skip(1) {
            match letter {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                _ if letter == mark => return Some(&rest[index + 1..]),
                _ => {}
            }
        }
        None
    }
}

fn language(info: &str) -> String {
    info.split(|letter: char| letter.is_whitespace() || "{},:=".contains(letter))
        .map(|word| word.trim_start_matches('.').to_lowercase())
        .find(|word| !word.is_empty())
        .unwrap_or_default()
}

/// Takes away the indentation that all lines share, as when a list item holds the code.
fn dedent(source: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let shared = source.lines().filter(|line| !line.trim().is_empty()).map(indent).min();
    let shared = shared.unwrap_or_default();
    let lines: Vec<&str> = source
        .lines()
        .map(|line| if line.trim().is_empty() { "" } else { &line[shared..] })
        .collect();
    let body = lines.join("\n");
    format!("{}\n", body.trim_matches('\n'))
}

fn looks_like_python(source: &str) -> bool {
    source.lines().any(|line| {
        let words = line.trim_end();
        ["import ", "from ", "def ", "class ", "print(", "for ", "while ", "if ", "@"]
            .iter()
            .any(|start| words.starts_with(start))
            && (words.ends_with([':', ')', '(', ',', '\\'])
                || words.starts_with("import ")
                || words.contains(" import ")
                || words.starts_with('@'))
    }) && !source.contains("#include")
}

#[cfg(test)]
mod tests {
    use super::python;

    fn read(content: &str) -> Result<String, String> {
        python("solution", content, Some("def f"))
    }

    #[test]
    fn fences_of_every_kind_are_read() {
        for content in [
            "```python\ndef f():\n    pass\n```",
            "~~~\ndef f():\n    pass\n~~~",
            "````Python3 title=\"a\"\ndef f():\n    pass\n````",
            "```{.python}\ndef f():\n    pass",
            "1. here:\n   ```py\n   def f():\n       pass\n   ```",
            "def f():\n    pass\n",
            "```\nx y z\n```\nno, this:\n```text\ndef f():\n    pass\n```",
        ] {
            assert_eq!(read(content).as_deref(), Ok("def f():\n    pass\n"), "{content:?}");
        }
    }

    #[test]
    fn a_fence_in_a_docstring_does_not_end_the_code() {
        let code = "def f():\n    pass\ntext = \"\"\"\n```\n1 2\n```\n\"\"\"\nprint('#', \"it's\")";
        assert_eq!(read(&format!("```python\n{code}\n```\nthat is all")), Ok(format!("{code}\n")));
    }

    #[test]
    fn corrections_beat_drafts_and_snippets_do_not() {
        let draft = "```python\ndef f():\n    return 1\n```";
        let right = "```python\ndef f():\n    return 2\n```";
        let usage = "```python\nf()\n```";
        let text = format!("{draft}\nwrong, so:\n{right}\ncalled as\n{usage}");
        assert_eq!(read(&text).as_deref(), Ok("def f():\n    return 2\n"));
    }

    #[test]
    fn other_languages_are_named() {
        let error = read("```cpp\nint main() {}\n```").unwrap_err();
        assert_eq!(error, "the code in `<solution>` is marked as `cpp`, but Python was asked for.");
        assert!(read("I would rather not.").unwrap_err().contains("no Python code block"));
    }
}
