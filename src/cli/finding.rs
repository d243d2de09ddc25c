//! What `doctor` and `config check` looked at, and how they tell of it.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde::Serialize;

use super::args::Global;
use super::failure::Failure;
use super::{DONE, FAILED, output};

/// Something that was looked at.
#[derive(Serialize)]
pub(super) struct Finding {
    name: String,
    value: String,
    sound: bool,
}

impl Finding {
    /// What was found, and whether it is as it should be.
    pub(super) fn new(name: impl Into<String>, value: impl Into<String>, sound: bool) -> Self {
        Self { name: name.into(), value: value.into(), sound }
    }
}

/// Prints what was found; the exit code says whether all is as it should be.
pub(super) fn told(global: &Global, findings: &[Finding]) -> Result<u8, Failure> {
    let sound = findings.iter().all(|finding| finding.sound);
    if global.json {
        output::json(&findings)?;
    } else {
        for Finding { name, value, sound } in findings {
            output::line(format!("{} {name:<22} {value}", if *sound { "  " } else { "✗ " }))?;
        }
        output::line(if sound { "all is as it should be" } else { "something is wrong (✗)" })?;
    }
    Ok(if sound { DONE } else { FAILED })
}

/// The access rights of a file or folder.
pub(super) fn mode(path: &Path) -> io::Result<u32> {
    Ok(fs::metadata(path)?.permissions().mode() & 0o777)
}
