//! Files as an object from path to base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::WireError;

/// The files in JSON.
pub(crate) fn files_to_json(files: &[(String, Vec<u8>)]) -> Map<String, Value> {
    files.iter().map(|(path, content)| (path.clone(), json!(STANDARD.encode(content)))).collect()
}

/// The files of what [`files_to_json`] made; none when there is nothing.
pub(crate) fn files_from_json(json: Option<&Value>) -> Result<Vec<(String, Vec<u8>)>, WireError> {
    let wrong = || WireError::new("files", "an object from path to base64 was expected");
    let Some(json) = json else { return Ok(Vec::new()) };
    let files = json.as_object().ok_or_else(wrong)?.iter();
    files
        .map(|(path, content)| {
            let content = content.as_str().and_then(|text| STANDARD.decode(text).ok());
            Ok((path.clone(), content.ok_or_else(wrong)?))
        })
        .collect()
}
