//! The program in a free answer to a task, as any model gives it.

use super::blocks::{Blocks, normalise};
use super::code;

/// Where some models put their program although nobody asked for tags.
const TAGS: &[&str] = &["solution", "answer", "code"];

/// Reads the Python source out of an answer: the last fenced block that is Python and no mere
/// snippet, of those that define `function` if one is wanted, or the whole answer if that is Python.
/// `None` where there is no program.
pub fn program(reply: &str, function: Option<&str>) -> Option<String> {
    let text = normalise(reply);
    let marker = function.map(|name| format!("def {name}"));
    let read = |content: &str| code::python("answer", content, marker.as_deref()).ok();
    let blocks = Blocks::find(&text, TAGS);
    let tagged = TAGS.iter().find_map(|tag| read(blocks.last(tag)?));
    tagged.or_else(|| read(&text))
}

#[cfg(test)]
mod tests {
    use super::program;

    #[test]
    fn programs_are_found_in_all_usual_forms() {
        let code = "def add(a, b):\n    return a + b\n";
        for reply in [
            format!("Here:\n```python\n{code}```\nIt adds."),
            format!("<answer>\n```py\n{code}```\n</answer>"),
            format!(
                "First I thought of\n```python\ndef add(a, b):\n    return a\n```\nbut:\n```python\n{code}```\nUse it:\n```python\nadd(1, 2)\n```"
            ),
            format!("```cpp\nint add();\n```\n```python\n{code}```"),
            code.to_owned(),
            format!("```python\n{code}"),
        ] {
            assert_eq!(program(&reply, Some("add")).as_deref(), Some(code), "{reply}");
        }
        assert_eq!(program("```\nprint(input())\n```", None).as_deref(), Some("print(input())\n"));
    }

    #[test]
    fn an_answer_without_a_program_has_none() {
        for reply in [
            "I'm sorry, but I can't help with that.",
            "",
            "```cpp\nint main() {}\n```",
            "```python\n```",
        ] {
            assert_eq!(program(reply, None), None, "{reply}");
        }
    }
}
