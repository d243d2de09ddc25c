//! What the description of a file must be, and what is taken.

use chrono::TimeDelta;
use entity::attachment::State;

use super::media::Media;
use crate::error::{Code, Error, Result};
use crate::locale::Said;
use crate::text;

/// Most bytes of a file.
pub const MOST_BYTES: i32 = 10 * 1024 * 1024;
/// How long the bytes of a file that was described are taken.
pub(super) const UPLOAD_TIME: TimeDelta = TimeDelta::minutes(30);
/// How long an address of a download holds.
pub(super) const DOWNLOAD_TIME: TimeDelta = TimeDelta::minutes(5);
/// Most files of one organisation.
const MOST: u64 = 1_000;
/// Most characters of a file's name.
const LONGEST_NAME: usize = 150;
/// What a file system or a shell minds in a name.
const MINDED: [char; 9] = ['<', '>', ':', '"', '/', '\\', '|', '?', '*'];

/// Takes the number of bytes of a file.
///
/// # Errors
/// When there are none, or too many.
pub(super) fn size(given: i32) -> Result<i32> {
    if (1..=MOST_BYTES).contains(&given) {
        return Ok(given);
    }
    Err(Error::bad_input(
        "size",
        Said::new(format!("Розмір файлу {given} Б поза межами."), format!("The size of the file, {given} bytes, is out of range.")),
        Said::new("Дайте від 1 Б до 10 МіБ (10485760); більший файл стисніть або поділіть.", "Give 1 byte to 10 MiB (10485760); compress or split a larger file."),
    ))
}

/// Takes the SHA-256 of a file.
///
/// # Errors
/// When it is not 64 hexadecimal digits.
pub(super) fn sha256(given: &str) -> Result<String> {
    let digest = given.trim().to_ascii_lowercase();
    if digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(digest);
    }
    Err(Error::bad_input(
        "sha256",
        Said::new("Це не SHA-256.", "This is no SHA-256."),
        Said::new("Дайте геш SHA-256 файлу: 64 шістнадцяткові цифри.", "Give the SHA-256 of the file as 64 hexadecimal digits."),
    ))
}

/// Takes the name of a file: the last part of a path, without what a file system minds, with the end of its type.
///
/// # Errors
/// When nothing is left of it, it is too long, or it holds control characters.
pub(super) fn file_name(given: &str, media: Media) -> Result<String> {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().map(|letter| if MINDED.contains(&letter) { '_' } else { letter }).collect();
    let name = text::required("fileName", plain.trim_matches(['.', ' ']), LONGEST_NAME)?;
    let lower = name.to_lowercase();
    let fits = media.endings().iter().any(|end| lower.ends_with(end) && lower.len() > end.len());
    Ok(if fits { name } else { format!("{name}{}", media.endings()[0]) })
}

/// One more file fits beside so many.
///
/// # Errors
/// When there are as many as one organisation may have.
pub(super) fn one_more(there: u64) -> Result<()> {
    if there < MOST {
        return Ok(());
    }
    Err(Error::bad_input(
        "organisationId",
        Said::new(format!("Файлів цієї організації вже {there}, найбільше можна {MOST}."), format!("This organisation has {there} files; at most {MOST} are taken.")),
        Said::new("Видаліть зайві (removeAttachment).", "Remove some (removeAttachment)."),
    ))
}

/// Bytes are taken as long as they are awaited.
///
/// # Errors
/// When they came already.
pub(super) fn is_awaited(state: State) -> Result<()> {
    match state {
        State::Awaiting => Ok(()),
        State::Stored => Err(used()),
    }
}

/// The address was used, or its time is over.
pub(super) fn used() -> Error {
    Error::refused(
        Code::OutOfTime,
        "token",
        Said::new("Посилання вже не діє: ним скористалися, або його час минув.", "The link is good no more: it was used, or its time is over."),
        Said::new(
            "Попросіть нове: для завантаження на сервер – requestUpload, для файлу – поле download вкладення.",
            "Ask for a new one: requestUpload for an upload, the field download of the attachment for its file.",
        ),
    )
}

/// The file has as many bytes as were declared.
///
/// # Errors
/// When it has not, with how many came.
pub(super) fn is_size(declared: i32, came: u64) -> Result<()> {
    if u64::try_from(declared).is_ok_and(|declared| declared == came) {
        return Ok(());
    }
    Err(Error::bad_input(
        "size",
        Said::new(format!("Оголошено {declared} Б, а надійшло {came} Б або більше."), format!("{declared} bytes were declared, and {came} or more came.")),
        Said::new(
            "Надішліть цілком той файл, який ви описали (розмір, SHA-256), на ту саму адресу, або опишіть інший (requestUpload).",
            "Send the file that you described (size, SHA-256) whole to the same address, or describe another (requestUpload).",
        ),
    ))
}

/// The file has the hash that was declared.
///
/// # Errors
/// When it has not, with the hash that it has.
pub(super) fn is_hash(declared: &str, found: &str) -> Result<()> {
    if declared == found {
        return Ok(());
    }
    Err(Error::bad_input(
        "sha256",
        Said::new(format!("SHA-256 файлу – {found}, а оголошено {declared}."), format!("The SHA-256 of the file is {found}, and {declared} was declared.")),
        Said::new(
            "Надішліть той файл, який ви описали (розмір, SHA-256), на ту саму адресу, або опишіть інший (requestUpload).",
            "Send the file that you described (size, SHA-256) to the same address, or describe another (requestUpload).",
        ),
    ))
}

/// That the bytes of a file have come.
///
/// # Errors
/// When they have not.
pub(super) fn has_come(state: State, field: &str) -> Result<()> {
    if state == State::Stored {
        return Ok(());
    }
    Err(Error::refused(
        Code::InvalidState,
        field,
        Said::new("Цей файл ще не надійшов.", "This file has not arrived yet."),
        Said::new(
            "Надішліть його на його адресу (PUT); якщо півгодини минуло, опишіть ще раз: requestUpload.",
            "Send it to its address (PUT); if half an hour has passed, describe it again: requestUpload.",
        ),
    ))
}

/// The file stays, since something rests on it.
pub(super) fn in_use() -> Error {
    Error::refused(
        Code::InvalidState,
        "id",
        Said::new("На цей файл посилається запит на перевірку або сертифікат.", "A request for verification or a certificate rests on this file."),
        Said::new(
            "Доказ перевірки лишається. Сертифікат спершу приберіть із профілю (declareCapability).",
            "The evidence of a verification stays. Take a certificate out of the profile first (declareCapability).",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::{MOST_BYTES, file_name, sha256, size};
    use crate::attachments::media::Media;

    #[test]
    fn a_name_is_the_last_part_of_a_path_with_the_end_of_its_type() {
        for (given, kept) in [
            ("Наказ № 1.pdf", "Наказ № 1.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("C:\\Users\\Olha\\order.PDF", "order.PDF"),
            ("order.pdf.exe", "order.pdf.exe.pdf"),
            ("...hidden", "hidden.pdf"),
            ("a:b*c?.pdf", "a_b_c_.pdf"),
            ("pdf", "pdf.pdf"),
        ] {
            assert_eq!(file_name(given, Media::Pdf).expect(given), kept);
        }
        assert_eq!(file_name("photo.JPEG", Media::Jpeg).expect("a name"), "photo.JPEG");
        for wrong in ["", "/", "..", "a/", "a\u{0}b.pdf", "a\r\nSet-Cookie: b.pdf", "\u{202e}fdp.exe", &"a".repeat(151)] {
            assert!(file_name(wrong, Media::Pdf).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn sizes_and_hashes_have_their_form() {
        assert!(size(1).is_ok() && size(MOST_BYTES).is_ok());
        assert!([0, -1, MOST_BYTES + 1].into_iter().all(|wrong| size(wrong).is_err()));
        assert_eq!(sha256(&"AB".repeat(32)).expect("a hash"), "ab".repeat(32));
        assert!(["", "ab", &"zz".repeat(32)].into_iter().all(|wrong| sha256(wrong).is_err()));
    }
}
