//! Printing to standard output: lines for people, JSON for machines.

use std::io::{self, Write as _};

use serde::Serialize;

use super::failure::Failure;

/// Prints a line.
///
/// # Errors
/// When standard output takes no more; a reader that closed it has read enough and is no failure.
pub(super) fn line(text: impl AsRef<str>) -> Result<(), Failure> {
    text_of(&format!("{}\n", text.as_ref()))
}

/// A number of things, in words that fit it: `1 step`, `2 steps`.
pub(super) fn counted(count: impl TryInto<u64>, one: &str, many: &str) -> String {
    let count = count.try_into().unwrap_or(u64::MAX);
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Prints a text as it is.
///
/// # Errors
/// As [`line`].
pub(super) fn text_of(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => Err(Failure::because("standard output takes no more", cause)),
        _ => Ok(()),
    }
}

/// Prints a line that is no part of the answer to standard error; one that nobody reads any more is let go.
pub(super) fn aside(text: impl AsRef<str>) {
    let _ = writeln!(io::stderr().lock(), "{}", text.as_ref());
}

/// Prints a value as one JSON document.
///
/// # Errors
/// As [`line`].
pub(super) fn json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|cause| Failure::because("the answer is no JSON", cause))?;
    line(text)
}
