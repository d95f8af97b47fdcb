//! Reads the fields of a request and collects what is wrong with them, in the words and kinds that
//! clients of Python servers know.

use serde_json::{Map, Value, json};

use crate::paths::below_working_folder;
use crate::python_json::finite;
use crate::refusal::Refusal;

/// Longest string of a request that an error repeats, in characters.
const ECHO_CHARACTERS: usize = 200;

/// Most unknown fields of an object that an error names.
const STRANGERS: usize = 20;

const OUTSIDE: &str = "The path should stay below the working folder";

/// One thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Problem {
    /// Kind, such as `missing`.
    pub(crate) kind: &'static str,
    /// Path to the field: names and indices.
    pub(crate) at: Vec<Value>,
    /// What is wrong, for people.
    pub(crate) message: String,
    /// What was found there, shortened.
    pub(crate) input: Value,
}

impl Problem {
    /// As one element of `detail`.
    pub(crate) fn to_json(&self) -> Value {
        json!({"type": self.kind, "loc": self.at, "msg": self.message, "input": self.input})
    }
}

/// The input with long strings cut, and no more than the size of a list and the names in an object:
/// an error is not a copy of the request.
fn echo(input: &Value) -> Value {
    match input {
        Value::String(text) if text.chars().count() > ECHO_CHARACTERS => {
            let head: String = text.chars().take(ECHO_CHARACTERS).collect();
            Value::String(format!("{head}..."))
        }
        Value::Array(items) => json!(format!("a list of {} items", items.len())),
        Value::Object(fields) => json!(fields.keys().take(20).collect::<Vec<_>>()),
        other => finite(other),
    }
}

/// The fields of one object. Absent and `null` are the same where a field is optional.
pub(crate) struct Fields<'a> {
    object: Option<&'a Map<String, Value>>,
    at: Vec<Value>,
    problems: Vec<Problem>,
}

impl<'a> Fields<'a> {
    /// The fields of a whole body.
    pub(crate) fn of_body(body: &'a Value) -> Self {
        Self::new(body, vec![json!("body")])
    }

    fn new(value: &'a Value, at: Vec<Value>) -> Self {
        let mut fields = Self { object: value.as_object(), at, problems: Vec::new() };
        if fields.object.is_none() {
            let message = "Input should be a valid dictionary".to_owned();
            let at = fields.at.clone();
            fields.problems.push(Problem { kind: "dict_type", at, message, input: echo(value) });
        }
        fields
    }

    /// The fields of the object in `name`; an absent one has no fields.
    pub(crate) fn child(&self, name: &str) -> Self {
        let mut at = self.at.clone();
        at.push(json!(name));
        match self.get(name) {
            Some(value) => Self::new(value, at),
            None => Self { object: None, at, problems: Vec::new() },
        }
    }

    /// The fields of an item of the array in `name`.
    pub(crate) fn item(&self, name: &str, index: usize, value: &'a Value) -> Self {
        let mut at = self.at.clone();
        at.extend([json!(name), json!(index)]);
        Self::new(value, at)
    }

    /// The raw value, unless it is absent or `null`.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        self.object?.get(name).filter(|value| !value.is_null())
    }

    /// Notes that something is wrong with `name`.
    pub(crate) fn wrong(&mut self, name: &str, kind: &'static str, message: impl Into<String>) {
        let found = self.object.and_then(|object| object.get(name));
        let names = || self.object.map(|object| json!(object.keys().take(20).collect::<Vec<_>>()));
        let input = found.map(echo).or_else(names).unwrap_or_default();
        let mut at = self.at.clone();
        at.push(json!(name));
        self.problems.push(Problem { kind, at, message: message.into(), input });
    }

    /// Notes that something is wrong with an item of the array in `name`.
    pub(crate) fn wrong_item(
        &mut self,
        name: &str,
        index: usize,
        kind: &'static str,
        message: impl Into<String>,
    ) {
        let input = self.get(name).and_then(|value| value.get(index)).map(echo).unwrap_or_default();
        let mut at = self.at.clone();
        at.extend([json!(name), json!(index)]);
        self.problems.push(Problem { kind, at, message: message.into(), input });
    }

    /// Notes that `name` is not there.
    pub(crate) fn missing(&mut self, name: &str) {
        self.wrong(name, "missing", "Field required");
    }

    /// Notes every field that is none of these: a name that is mistyped, or not known yet, must not
    /// change what a request means.
    pub(crate) fn only(&mut self, names: &[&str]) {
        let strange = |name: &&String| !names.contains(&name.as_str());
        let strange: Vec<_> = self.object.into_iter().flat_map(Map::keys).filter(strange).collect();
        for name in strange.into_iter().take(STRANGERS) {
            self.wrong(name, "extra_forbidden", "Extra inputs are not permitted");
        }
    }

    /// Takes over what is wrong with a child.
    pub(crate) fn adopt(&mut self, child: Self) {
        self.problems.extend(child.problems);
    }

    /// `value`, if nothing was wrong.
    pub(crate) fn finish<T>(self, value: T) -> Result<T, Refusal> {
        if self.problems.is_empty() { Ok(value) } else { Err(Refusal::Invalid(self.problems)) }
    }

    /// A string that must be there.
    pub(crate) fn text(&mut self, name: &str) -> String {
        match self.object.and_then(|object| object.get(name)) {
            None => {
                self.missing(name);
                String::new()
            }
            Some(Value::String(text)) => text.clone(),
            Some(_) => {
                self.wrong(name, "string_type", "Input should be a valid string");
                String::new()
            }
        }
    }

    /// A string that may be absent.
    pub(crate) fn optional_text(&mut self, name: &str) -> Option<String> {
        self.get(name)?;
        Some(self.text(name))
    }

    /// A number that may be absent; a string of one counts, as it does in Python servers.
    pub(crate) fn number(&mut self, name: &str) -> Option<f64> {
        let number = match self.get(name)? {
            Value::Number(number) => number.as_str().parse().ok(),
            Value::String(text) => text.trim().parse().ok(),
            Value::Bool(flag) => Some(f64::from(u8::from(*flag))),
            _ => {
                self.wrong(name, "float_type", "Input should be a valid number");
                return None;
            }
        };
        match number {
            Some(number) if !f64::is_nan(number) => Some(number),
            _ => {
                self.wrong(name, "float_parsing", "Input should be a valid number");
                None
            }
        }
    }

    /// A whole number that may be absent.
    pub(crate) fn integer(&mut self, name: &str) -> Option<i64> {
        let whole = match self.get(name)? {
            Value::Number(number) => whole(number.as_str()),
            Value::String(text) => whole(text.trim()),
            Value::Bool(flag) => Some(i64::from(*flag)),
            _ => None,
        };
        if whole.is_none() {
            self.wrong(name, "int_type", "Input should be a valid integer");
        }
        whole
    }

    /// A whole number from zero on that may be absent.
    pub(crate) fn natural(&mut self, name: &str) -> Option<u64> {
        let natural = u64::try_from(self.integer(name)?);
        if natural.is_err() {
            self.wrong(name, "greater_than_equal", "Input should be greater than or equal to 0");
        }
        natural.ok()
    }

    /// A flag; `false` when absent.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        match self.get(name) {
            None => false,
            Some(Value::Bool(flag)) => *flag,
            Some(Value::Number(number)) if number.as_str() == "0" => false,
            Some(Value::Number(number)) if number.as_str() == "1" => true,
            Some(_) => {
                self.wrong(name, "bool_type", "Input should be a valid boolean");
                false
            }
        }
    }

    /// An array; empty when absent.
    pub(crate) fn array(&mut self, name: &str) -> &'a [Value] {
        match self.get(name) {
            None => &[],
            Some(Value::Array(items)) => items,
            Some(_) => {
                self.wrong(name, "list_type", "Input should be a valid list");
                &[]
            }
        }
    }

    /// An array of strings; empty when absent.
    pub(crate) fn texts(&mut self, name: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for (index, item) in self.array(name).iter().enumerate() {
            match item {
                Value::String(text) => texts.push(text.clone()),
                _ => self.wrong_item(name, index, "string_type", "Input should be a valid string"),
            }
        }
        texts
    }

    /// Paths below the working folder, and the words they were asked for with.
    pub(crate) fn paths(&mut self, name: &str) -> Vec<(String, String)> {
        let mut paths = Vec::new();
        for (index, wish) in self.texts(name).into_iter().enumerate() {
            match below_working_folder(&wish) {
                Some(path) => paths.push((path, wish)),
                None => self.wrong_item(name, index, "value_error", OUTSIDE),
            }
        }
        paths
    }

    /// Files as an object from path to base64; those of `null` are left out.
    pub(crate) fn files(&mut self, name: &str) -> Vec<(String, Vec<u8>)> {
        use base64::Engine as _;
        let mut child = self.child(name);
        let mut files = Vec::new();
        for (path, content) in child.object.into_iter().flatten() {
            let decoded = match content {
                Value::Null => continue,
                Value::String(text) => base64::engine::general_purpose::STANDARD.decode(text).ok(),
                _ => None,
            };
            match (decoded, below_working_folder(path)) {
                (Some(bytes), Some(path)) => files.push((path, bytes)),
                (None, _) => child.wrong(path, "base64", "Input should be base64"),
                (_, None) => child.wrong(path, "value_error", OUTSIDE),
            }
        }
        self.adopt(child);
        files
    }
}

/// A whole number, also when it is written as `10.0`.
fn whole(text: &str) -> Option<i64> {
    text.parse().ok().or_else(|| {
        let number: f64 = text.parse().ok()?;
        let small = number.fract() == 0.0 && number.abs() < 9e15;
        #[expect(clippy::cast_possible_truncation, reason = "checked: whole and small")]
        small.then_some(number as i64)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Fields;
    use crate::refusal::Refusal;

    fn problems(fields: Fields<'_>) -> Vec<(&'static str, Value)> {
        match fields.finish(()) {
            Err(Refusal::Invalid(problems)) => {
                problems.into_iter().map(|problem| (problem.kind, json!(problem.at))).collect()
            }
            _ => Vec::new(),
        }
    }

    #[test]
    fn numbers_are_read_as_python_servers_read_them() {
        let body = json!({"a": "2.5", "b": 3, "c": 10.0, "d": "7", "e": null, "f": true});
        let mut fields = Fields::of_body(&body);
        assert_eq!(fields.number("a"), Some(2.5));
        assert_eq!(fields.number("b"), Some(3.0));
        assert_eq!(fields.integer("c"), Some(10));
        assert_eq!(fields.integer("d"), Some(7));
        assert_eq!(fields.integer("e"), None);
        assert_eq!(fields.integer("f"), Some(1));
        assert!(problems(fields).is_empty());
    }

    #[test]
    fn every_problem_is_named_with_its_place() {
        let body = json!({"code": 1, "t": "x", "list": ["a", 2], "child": {"n": 1.5}, "m": -1});
        let mut fields = Fields::of_body(&body);
        fields.text("code");
        fields.text("gone");
        fields.number("t");
        fields.texts("list");
        fields.natural("m");
        let mut child = fields.child("child");
        child.integer("n");
        fields.adopt(child);
        assert_eq!(
            problems(fields),
            [
                ("string_type", json!(["body", "code"])),
                ("missing", json!(["body", "gone"])),
                ("float_parsing", json!(["body", "t"])),
                ("string_type", json!(["body", "list", 1])),
                ("greater_than_equal", json!(["body", "m"])),
                ("int_type", json!(["body", "child", "n"])),
            ]
        );
    }

    #[test]
    fn a_body_that_is_no_object_is_one_problem() {
        let body = json!([1]);
        assert_eq!(problems(Fields::of_body(&body)), [("dict_type", json!(["body"]))]);
    }
}
