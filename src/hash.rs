//! SHA-256 and how bytes are written.

use sha2::{Digest as _, Sha256};

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        use std::fmt::Write as _;
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The SHA-256 of a text in hexadecimal digits.
#[must_use]
pub fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text))
}
