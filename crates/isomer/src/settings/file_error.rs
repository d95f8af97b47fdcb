//! Errors in `isomer.toml`: the line, the place, and the name that was probably meant.

use std::ops::Range;

use crate::failure::Failure;

/// Turns what the TOML reader said into an error with the line and, for an unknown key, the
/// nearest known one.
pub(crate) fn explain(error: &toml::de::Error, text: &str, file: &str) -> Failure {
    let span = error.span().unwrap_or(0..0);
    let message = error.message().trim();
    let Some((unknown, known)) = unknown_field(message) else {
        return Failure::usage(format!("{message}\n{}", excerpt(text, span, file)));
    };
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    unknown_at("key", &unknown, &known, text, span, file)
}

/// A name outside a closed list, for instance of roles.
pub(crate) fn unknown_name(
    what: &str,
    name: &str,
    known: &[&str],
    text: &str,
    file: &str,
) -> Failure {
    unknown_at(what, name, known, text, find(text, name), file)
}

/// A value that parses and yet makes no sense.
pub(crate) fn bad_value(key: &str, rule: &str, text: &str, file: &str) -> Failure {
    Failure::usage(format!("`{key}` {rule}\n{}", excerpt(text, find(text, key), file)))
}

fn unknown_at(
    what: &str,
    name: &str,
    known: &[&str],
    text: &str,
    span: Range<usize>,
    file: &str,
) -> Failure {
    let failure = Failure::usage(format!("unknown {what} `{name}`\n{}", excerpt(text, span, file)));
    match nearest(name, known) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None => failure.help(format!("known here: {}", known.join(", "))),
    }
}

/// The known name closest to `name`, if one is close.
pub(crate) fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate), *candidate))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, candidate)| candidate)
}

/// Reads serde's fixed wording: unknown field `a`, expected one of `b`, `c`.
fn unknown_field(message: &str) -> Option<(String, Vec<String>)> {
    let rest = message.strip_prefix("unknown field ")?;
    let mut names = rest.split('`').skip(1).step_by(2).map(str::to_owned);
    Some((names.next()?, names.collect()))
}

fn find(text: &str, name: &str) -> Range<usize> {
    let start = text.find(name).unwrap_or(0);
    start..start + name.len().min(text.len() - start)
}

/// The line with the place marked, in the manner of a compiler.
fn excerpt(text: &str, span: Range<usize>, file: &str) -> String {
    let start = span.start.min(text.len());
    let before = text.get(..start).unwrap_or_default();
    let number = before.matches('\n').count() + 1;
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(line_start..).unwrap_or_default().lines().next().unwrap_or_default();
    let line = hide_key(line);
    let column = before.get(line_start..).unwrap_or_default().chars().count();
    let marked = text
        .get(start..span.end.min(text.len()))
        .map_or(1, |part| part.lines().next().unwrap_or_default().chars().count().max(1));
    let gutter = " ".repeat(number.to_string().len());
    format!(
        "{gutter}--> {file}:{number}:{}\n{number} | {line}\n{gutter} | {}{}",
        column + 1,
        " ".repeat(column),
        "^".repeat(marked)
    )
}

/// A key that somebody wrote into the file by mistake must not end up in a log.
fn hide_key(line: &str) -> String {
    match line.split_once('=') {
        Some((name, _)) if name.contains("key") && !name.contains("env") => format!("{name}= …"),
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::output::Paint;
    use crate::settings::file::SettingsFile;

    fn error(text: &str) -> String {
        SettingsFile::parse(text, "isomer.toml").unwrap_err().render(Paint::default())
    }

    #[test]
    fn unknown_key_names_line_and_nearest() {
        insta::assert_snapshot!(error("samples = 2\n\nmodle = \"x\"\n"), @r#"
        error: unknown key `modle`
         --> isomer.toml:3:1
        3 | modle = "x"
          | ^^^^^
        help: did you mean `model`?
        "#);
    }

    #[test]
    fn unknown_key_without_a_near_one_lists_all() {
        insta::assert_snapshot!(error("[budget]\nq = 1\n"), @r"
        error: unknown key `q`
         --> isomer.toml:2:1
        2 | q = 1
          | ^
        help: known here: usd, tokens
        ");
    }

    #[test]
    fn unknown_role_is_named() {
        insta::assert_snapshot!(error("[roles.solvr]\nmodel = \"x\"\n"), @r"
        error: unknown role `solvr`
         --> isomer.toml:1:8
        1 | [roles.solvr]
          |        ^^^^^
        help: did you mean `solver`?
        ");
    }

    #[test]
    fn wrong_types_and_syntax_show_the_place() {
        insta::assert_snapshot!(error("samples = \"two\"\n"), @r#"
        error: invalid type: string "two", expected u32
         --> isomer.toml:1:11
        1 | samples = "two"
          |           ^^^^^
        "#);
        insta::assert_snapshot!(error("jobs = 0\n"), @r"
        error: `jobs` must be at least 1
         --> isomer.toml:1:1
        1 | jobs = 0
          | ^^^^
        ");
    }

    #[test]
    fn a_key_is_never_taken_from_the_file() {
        let text = error("api_key = \"sk-secret\"\n");
        assert!(text.contains("unknown key `api_key`"), "{text}");
        assert!(!text.contains("sk-secret"), "{text}");
        assert!(text.contains("did you mean `api_key_env`?"), "{text}");
    }
}
