//! Frames: four bytes of length, little-endian, and that many bytes of content.

use tokio::io::{AsyncRead, AsyncReadExt};

/// `content` with its length before it.
pub(crate) fn framed(content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap_or(u32::MAX);
    let mut frame = Vec::with_capacity(content.len() + 4);
    frame.extend_from_slice(&length.to_le_bytes());
    frame.extend_from_slice(content);
    frame
}

/// Reads a frame; `None` when the stream ended, tore or announced more than `most` bytes.
pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin), most: u64) -> Option<Vec<u8>> {
    let length = stream.read_u32_le().await.ok().filter(|length| u64::from(*length) <= most)?;
    let mut content = Vec::new();
    // Grows with what really comes, whatever was announced.
    let read = stream.take(u64::from(length)).read_to_end(&mut content).await.ok()?;
    (read == length as usize).then_some(content)
}

#[cfg(test)]
mod tests {
    use super::{framed, read};

    #[tokio::test]
    async fn frames_are_read_whole_or_not_at_all() {
        let frame = framed(b"abc");
        assert_eq!(read(&mut frame.as_slice(), 10).await.as_deref(), Some(b"abc".as_slice()));
        assert_eq!(read(&mut frame.as_slice(), 2).await, None);
        assert_eq!(read(&mut &frame[..5], 10).await, None);
        assert_eq!(read(&mut &frame[..2], 10).await, None);
    }
}
