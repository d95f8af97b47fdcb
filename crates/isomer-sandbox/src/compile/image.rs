//! What an executable takes of memory before its first instruction.

/// Address space of the parts of an ELF file that are loaded, in bytes; 0 for anything else.
///
/// A program that does not fit into its limit is killed by the kernel in a way that says nothing
/// about memory.
pub(super) fn memory(content: &[u8]) -> u64 {
    loaded(content).unwrap_or(0)
}

fn loaded(content: &[u8]) -> Option<u64> {
    const LOAD: u64 = 1;
    // The magic number, 64 bits, least significant byte first.
    content.strip_prefix(b"\x7fELF\x02\x01")?;
    let number = |at: usize, length: usize| -> Option<u64> {
        let bytes = content.get(at..at.checked_add(length)?)?;
        Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    };
    let (table, size, count) = (number(0x20, 8)?, number(0x36, 2)?, number(0x38, 2)?);
    let mut total = 0_u64;
    for part in 0..count {
        let at = usize::try_from(table.checked_add(part * size)?).ok()?;
        if number(at, 4)? == LOAD {
            total = total.saturating_add(number(at.checked_add(0x28)?, 8)?);
        }
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::memory;

    #[test]
    fn damaged_files_need_nothing() {
        let own = std::fs::read("/proc/self/exe").unwrap();
        assert!(memory(&own) > 100_000 && memory(&own) < 1 << 30);
        for length in 0..200 {
            assert_eq!(memory(&own[..length]), 0, "{length}");
        }
        let mut hostile = own[..64].to_vec();
        hostile[0x20..0x28].fill(0xff);
        assert_eq!(memory(&hostile), 0);
        assert_eq!(memory(b"#!/bin/sh"), 0);
    }
}
