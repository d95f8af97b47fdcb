//! The hidden tests of LiveCodeBench: JSON text, pickled, compressed and in base 64.
//!
//! A pickle is a program. This one is only ever a text, so only the few steps that put a text on the
//! stack are known; anything else is refused.

use std::io::Read as _;

use base64::Engine as _;

/// The most that is unpacked, in bytes.
const MOST: u64 = 512 << 20;

/// The text within.
pub(super) fn text(packed: &str) -> Option<String> {
    let compressed = base64::engine::general_purpose::STANDARD.decode(packed.trim()).ok()?;
    let mut pickle = Vec::new();
    flate2::read::ZlibDecoder::new(compressed.as_slice())
        .take(MOST)
        .read_to_end(&mut pickle)
        .ok()?;
    unpickle(&pickle)
}

fn unpickle(mut pickle: &[u8]) -> Option<String> {
    let mut text = None;
    loop {
        let (step, rest) = pickle.split_first()?;
        pickle = match step {
            // The version, a frame, places in the memo.
            0x80 | b'q' => rest.get(1..)?,
            0x95 => rest.get(8..)?,
            b'r' => rest.get(4..)?,
            0x94 => rest,
            0x8c => take(rest, 1, &mut text)?,
            b'X' => take(rest, 4, &mut text)?,
            0x8d => take(rest, 8, &mut text)?,
            b'.' => return text,
            _ => return None,
        };
    }
}

fn take<'a>(bytes: &'a [u8], width: usize, text: &mut Option<String>) -> Option<&'a [u8]> {
    let (size, rest) = bytes.split_at_checked(width)?;
    let size = size.iter().rev().fold(0_usize, |size, byte| size << 8 | usize::from(*byte));
    let (inside, rest) = rest.split_at_checked(size)?;
    *text = Some(String::from_utf8(inside.to_vec()).ok()?);
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::text;

    /// `base64.b64encode(zlib.compress(pickle.dumps('[{"input": "1"}]')))` of Python 3.11.
    #[test]
    fn a_pickled_text() {
        let packed = "eJxrYJkqwgABPQLR1UqZeQWlJUpWCkqGSrWxU/QAZ8kHfw==";
        assert_eq!(text(packed).unwrap(), r#"[{"input": "1"}]"#);
        assert_eq!(text("bm90aGluZw=="), None);
    }
}
