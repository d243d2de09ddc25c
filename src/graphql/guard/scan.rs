//! How deep the text nests, found without recursion: the parser recurses, and a stack that overflows ends the process.

use super::refusal::Refused;

/// Deepest nesting of brackets of any kind.
pub const MOST_NESTING: u64 = 40;

/// Refuses text that nests too deep, or whose strings do not end (what follows them could not be told from a string).
pub fn nesting(text: &str) -> Result<(), Box<Refused>> {
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut deepest) = (0, 0_u64, 0);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' | b'(' => {
                depth += 1;
                deepest = depth.max(deepest);
            }
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            b'#' => at = end_of_line(bytes, at),
            b'"' => at = end_of_string(bytes, at).ok_or_else(Refused::open_string)?,
            _ => {}
        }
    }
    if deepest > MOST_NESTING {
        return Err(Refused::too_much("вкладених дужок", "nested brackets", deepest, MOST_NESTING));
    }
    Ok(())
}

fn end_of_line(bytes: &[u8], from: usize) -> usize {
    find(bytes, from, |rest| matches!(rest, [b'\n' | b'\r', ..])).unwrap_or(bytes.len())
}

/// Where the string goes on behind its closing quotes; `from` is behind the first quote.
fn end_of_string(bytes: &[u8], from: usize) -> Option<usize> {
    if starts_with(bytes, from, b"\"\"") { end_of_block(bytes, from + 2) } else { end_of_plain(bytes, from) }
}

fn end_of_block(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at = find(bytes, at, |rest| rest.starts_with(b"\"\"\"") || rest.starts_with(b"\\\"\"\""))?;
        if bytes.get(at) == Some(&b'"') {
            return Some(at + 3);
        }
        at += 4;
    }
}

fn end_of_plain(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\n' | b'\r' => return None,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

fn starts_with(bytes: &[u8], at: usize, what: &[u8]) -> bool {
    bytes.get(at..).is_some_and(|rest| rest.starts_with(what))
}

fn find(bytes: &[u8], from: usize, found: impl Fn(&[u8]) -> bool) -> Option<usize> {
    (from..bytes.len()).find(|&at| bytes.get(at..).is_some_and(&found))
}
