//! What a file is, by its first bytes: the types that are taken, and what to call the others.

use crate::error::{Error, Result};
use crate::locale::Said;
use crate::text;

/// So many of the first bytes tell what a file is.
pub const HEAD: usize = 8 * 1024;

/// A type that is taken. A browser runs none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// A document.
    Pdf,
    /// A picture without loss.
    Png,
    /// A photograph.
    Jpeg,
}

impl Media {
    const ALL: [Self; 3] = [Self::Pdf, Self::Png, Self::Jpeg];

    /// The media type.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// How the names of such files end, the usual end first.
    #[must_use]
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &[".pdf"],
            Self::Png => &[".png"],
            Self::Jpeg => &[".jpg", ".jpeg"],
        }
    }

    /// The first bytes of such files.
    const fn magic(self) -> &'static [u8] {
        match self {
            Self::Pdf => b"%PDF-",
            Self::Png => b"\x89PNG\r\n\x1a\n",
            Self::Jpeg => b"\xff\xd8\xff",
        }
    }

    /// Reads the media type that somebody declares.
    ///
    /// # Errors
    /// When it is not taken; the remedy names those that are.
    pub fn declared(given: &str) -> Result<Self> {
        let given = text::required("mediaType", given, 100)?;
        let essence = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        Self::ALL.into_iter().find(|media| media.name() == essence).ok_or_else(|| {
            let message = Said::new(format!("Файли типу {given} не приймаємо."), format!("Files of the type {given} are not taken."));
            Error::bad_input("mediaType", message, taken())
        })
    }
}

/// What would be taken.
fn taken() -> Said {
    Said::new(
        "Дайте PDF (application/pdf), PNG (image/png) або JPEG (image/jpeg); інше збережіть як PDF.",
        "Give PDF (application/pdf), PNG (image/png) or JPEG (image/jpeg); save anything else as PDF.",
    )
}

/// Sees to it that a file is of the declared type, by its first bytes.
///
/// # Errors
/// When it is of another, with what it is.
pub fn is(declared: Media, head: &[u8]) -> Result<()> {
    if head.starts_with(declared.magic()) {
        return Ok(());
    }
    let found = found(head);
    let message = Said::new(format!("Файл оголошено як {}, а це {}.", declared.name(), found.uk), format!("The file was declared as {}, and it is {}.", declared.name(), found.en));
    Err(Error::bad_input("mediaType", message, taken()))
}

/// What people call a file with such first bytes.
fn found(head: &[u8]) -> Said {
    if let Some(media) = Media::ALL.into_iter().find(|media| head.starts_with(media.magic())) {
        return Said::new(media.name(), media.name());
    }
    if let Some((uk, en)) = markup(head) {
        return Said::new(uk, en);
    }
    let Some(kind) = infer::get(head) else { return Said::new("файл невідомого типу", "a file of no type that is known") };
    let (uk, en) = match kind.matcher_type() {
        infer::MatcherType::App => ("програма", "a program"),
        infer::MatcherType::Archive => ("архів", "an archive"),
        infer::MatcherType::Doc | infer::MatcherType::Book => ("документ іншого виду", "a document of another kind"),
        infer::MatcherType::Image => ("зображення іншого виду", "a picture of another kind"),
        infer::MatcherType::Text => ("текст із розміткою або сценарій", "text with markup, or a script"),
        _ => ("файл іншого виду", "a file of another kind"),
    };
    Said::new(format!("{uk} ({})", kind.mime_type()), format!("{en} ({})", kind.mime_type()))
}

/// What a browser or a shell would run.
fn markup(head: &[u8]) -> Option<(&'static str, &'static str)> {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let within = |tag: &str| text.starts_with('<') && text.contains(tag);
    if within("<svg") {
        Some(("зображення SVG", "an SVG image"))
    } else if within("<html") || within("<!doctype html") || within("<script") || within("<body") {
        Some(("сторінка HTML", "an HTML page"))
    } else if text.starts_with("<?xml") {
        Some(("документ XML", "an XML document"))
    } else if text.starts_with("#!") {
        Some(("сценарій", "a script"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Media, found, is};

    #[test]
    fn a_file_is_what_its_first_bytes_are() {
        for (head, media) in [(&b"%PDF-1.7\n"[..], Media::Pdf), (b"\x89PNG\r\n\x1a\n\0\0", Media::Png), (b"\xff\xd8\xff\xe0", Media::Jpeg)] {
            assert!(is(media, head).is_ok());
            assert!(Media::ALL.into_iter().filter(|other| *other != media).all(|other| is(other, head).is_err()));
        }
        for head in [&b""[..], b" %PDF-1.7", b"<html>%PDF-1.7", b"\x89PNG"] {
            assert!(Media::ALL.into_iter().all(|media| is(media, head).is_err()), "{head:?}");
        }
    }

    #[test]
    fn what_is_refused_is_named() {
        for (head, name) in [
            (&b"\xef\xbb\xbf \n<!DOCTYPE html><p>"[..], "an HTML page"),
            (b"<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "an SVG image"),
            (b"<?xml version=\"1.0\"?><a/>", "an XML document"),
            (b"#!/bin/sh\n", "a script"),
            (b"MZ\x90\0\x03\0\0\0", "a program (application/vnd.microsoft.portable-executable)"),
            (b"PK\x03\x04\x14\0", "an archive (application/zip)"),
            (b"GIF89a\x01\0", "a picture of another kind (image/gif)"),
            (b"just words", "a file of no type that is known"),
        ] {
            assert_eq!(found(head).en, name);
        }
    }

    #[test]
    fn a_type_is_declared_as_the_web_writes_it() {
        assert_eq!(Media::declared(" Application/PDF ; charset=binary").ok(), Some(Media::Pdf));
        for other in ["image/svg+xml", "text/html", "pdf", ""] {
            assert!(Media::declared(other).is_err(), "{other}");
        }
    }
}
