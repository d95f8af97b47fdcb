//! What a target model is asked: the task and what to write, nothing of tests or solutions.

use isomer_model::Message;
use isomer_record::{JudgeMode, TaskLine};
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior, context};

const NAME: &str = "prompt.j2";
const TEMPLATE: &str = include_str!("prompt.j2");

/// A fault in the template, which is ours.
#[derive(Debug, thiserror::Error)]
#[error("the question for the target model cannot be written")]
pub struct PromptError(#[from] minijinja::Error);

/// The question for one task. `libraries` are the modules that are there beside the standard library.
///
/// # Errors
///
/// If the template is at fault.
pub fn question(task: &TaskLine, libraries: &[String]) -> Result<Vec<Message>, PromptError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?;
    environment.set_syntax(syntax);
    environment.add_template(NAME, TEMPLATE)?;
    // A statement of ours ends with its header; those of others may have it apart.
    let header = task.header.as_deref().filter(|header| !task.statement.contains(header.trim()));
    let template = environment.get_template(NAME)?;
    let mut captured = template.render_captured(context! {
        mode => task.judge_mode.as_str(),
        statement => task.statement.trim(),
        function => task.fn_name.as_deref().unwrap_or_default(),
        header => header.map(str::trim),
        libraries => libraries.to_vec(),
    })?;
    let mut block = |name: &str| {
        captured.with_state_mut(|state| state.render_block(name)).map(|text| text.trim().to_owned())
    };
    Ok(vec![Message::system(block("system")?), Message::user(block("user")?)])
}

/// The function that an answer must define, if it is known.
pub(super) fn function(task: &TaskLine) -> Option<&str> {
    task.fn_name.as_deref().filter(|_| task.judge_mode == JudgeMode::Call)
}

#[cfg(test)]
mod tests {
    use isomer_record::TaskLine;
    use serde_json::{Value, json};

    use super::question;

    fn asked(line: Value, libraries: &[&str]) -> String {
        let task: TaskLine = serde_json::from_value(line).unwrap();
        let libraries: Vec<String> = libraries.iter().map(|name| (*name).to_owned()).collect();
        question(&task, &libraries).unwrap()[1].content.clone()
    }

    #[test]
    fn programs_functions_and_modules_are_asked_for() {
        let line =
            json!({"id": "a", "statement": "Add {{ two }} <numbers>.\n", "judge_mode": "stdio"});
        insta::assert_snapshot!(asked(line, &[]));
        let line = json!({"id": "a", "statement": "Add.", "judge_mode": "call", "fn_name": "add"});
        insta::assert_snapshot!(asked(line, &[]));
        let line = json!({"id": "a", "statement": "Add.", "judge_mode": "pytest", "header": "def add(a, b): ...\n"});
        insta::assert_snapshot!(asked(line, &["numpy", "scipy"]));
        let line = json!({"id": "a", "statement": "Add.\n\n```python\ndef add(a, b): ...\n```",
            "judge_mode": "pytest", "header": "def add(a, b): ...\n"});
        insta::assert_snapshot!(asked(line, &[]));
    }

    #[test]
    fn nothing_of_tests_or_solutions_is_told() {
        let line = json!({"id": "a", "statement": "Add.", "judge_mode": "stdio", "solution": "SECRET",
            "generator": "SECRET", "tests": {"input": ["SECRET"], "output": ["SECRET"], "type": "stdin_stdout"},
            "near_misses": [], "elements": {"Idea": "SECRET"}});
        assert!(!asked(line, &[]).contains("SECRET"));
    }
}
