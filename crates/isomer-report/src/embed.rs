//! Data inside HTML: escaped where it is to be read, packed where it is large.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

/// A value as JSON that cannot end the element it stands in: `<`, `>`, `&` and the line separators
/// of JavaScript are written as escapes, which JSON reads as the same text.
pub(crate) fn json(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let plain = serde_json::to_string(value)?;
    let mut text = String::with_capacity(plain.len() + plain.len() / 32);
    for letter in plain.chars() {
        match letter {
            '<' => text.push_str("\\u003c"),
            '>' => text.push_str("\\u003e"),
            '&' => text.push_str("\\u0026"),
            '\u{2028}' => text.push_str("\\u2028"),
            '\u{2029}' => text.push_str("\\u2029"),
            other => text.push(other),
        }
    }
    Ok(text)
}

/// Text between tags or in a quoted attribute.
pub(crate) fn text(plain: &str) -> String {
    let mut text = String::with_capacity(plain.len());
    for letter in plain.chars() {
        match letter {
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '&' => text.push_str("&amp;"),
            '"' => text.push_str("&quot;"),
            '\'' => text.push_str("&#39;"),
            other => text.push(other),
        }
    }
    text
}

/// Bytes packed by gzip, in the letters of base64.
pub(crate) fn packed(bytes: &[u8]) -> io::Result<String> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), Compression::best());
    encoder.write_all(bytes)?;
    Ok(STANDARD.encode(encoder.finish()?))
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::{json, packed, text};

    #[test]
    fn json_cannot_leave_its_element_and_means_the_same() {
        let hostile = "</script><img src=x onerror=alert(1)> <!-- & \u{2028}\u{2029} ]]>";
        let written = json(&hostile).unwrap();
        assert!(!written.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{written}");
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), hostile);
    }

    #[test]
    fn text_cannot_open_a_tag_or_end_an_attribute() {
        assert_eq!(text("<a href=\"x\" b='&'>"), "&lt;a href=&quot;x&quot; b=&#39;&amp;&#39;&gt;");
    }

    #[test]
    fn what_is_packed_comes_back() {
        let bytes = "a line\n".repeat(1000);
        let packed = packed(bytes.as_bytes()).unwrap();
        assert!(packed.len() < 200, "{}", packed.len());
        let mut back = String::new();
        let gzip = STANDARD.decode(packed).unwrap();
        flate2::read::GzDecoder::new(gzip.as_slice()).read_to_string(&mut back).unwrap();
        assert_eq!(back, bytes);
    }
}
