//! Python literals read as JSON, as far as JSON has words for them.

use serde_json::Value;

/// The value of a literal; `None` for what is none, or has no JSON form.
pub(super) fn value(literal: &str) -> Option<Value> {
    serde_json::from_str(literal).ok().or_else(|| serde_json::from_str(&as_json(literal)?).ok())
}

/// The same in JSON's words, without looking at the structure.
fn as_json(literal: &str) -> Option<String> {
    let mut json = String::with_capacity(literal.len());
    let mut letters = literal.chars().peekable();
    let mut word = String::new();
    loop {
        let next = letters.next();
        match next {
            Some(letter) if letter.is_alphanumeric() || matches!(letter, '_' | '.' | '+' | '-') => {
                word.push(letter);
                continue;
            }
            _ => {}
        }
        json.push_str(match word.as_str() {
            "True" => "true",
            "False" => "false",
            "None" => "null",
            other => other,
        });
        word.clear();
        match next {
            None => return Some(json),
            Some('(') => json.push('['),
            Some(close @ (')' | ']' | '}')) => {
                // The comma after the last item; texts end with quotes.
                json.truncate(json.trim_end().trim_end_matches(',').len());
                json.push(if close == '}' { '}' } else { ']' });
            }
            Some(quote @ ('"' | '\'')) => {
                let text = string(&mut letters, quote)?;
                json.push_str(&serde_json::to_string(&text).ok()?);
            }
            Some(other) => json.push(other),
        }
    }
}

/// The rest of a string that began with `quote`.
fn string(letters: &mut impl Iterator<Item = char>, quote: char) -> Option<String> {
    let mut text = String::new();
    loop {
        match letters.next()? {
            letter if letter == quote => return Some(text),
            '\\' => match letters.next()? {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'r' => text.push('\r'),
                'x' => text.push(coded(letters, 2)?),
                'u' => text.push(coded(letters, 4)?),
                'U' => text.push(coded(letters, 8)?),
                '0' => text.push('\0'),
                other @ ('\\' | '"' | '\'') => text.push(other),
                other => {
                    text.push('\\');
                    text.push(other);
                }
            },
            letter => text.push(letter),
        }
    }
}

fn coded(letters: &mut impl Iterator<Item = char>, digits: usize) -> Option<char> {
    let code: String = letters.take(digits).collect();
    char::from_u32(u32::from_str_radix(&code, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::value;

    #[test]
    fn literals_become_json() {
        assert_eq!(value("[None, True, (1, -2.5,)]"), value("[null, true, [1, -2.5]]"));
        assert_eq!(value(r#"{'a': "it's\n\U0001f600"}"#), Some(json!({"a": "it's\n😀"})));
        assert_eq!(value("'True'"), Some(json!("True")));
        assert_eq!(value("nothing"), None);
        assert_eq!(value("'open"), None);
    }
}
