//! What an organisation's identifiers, names and profile must be.

use std::collections::HashSet;

use chrono::NaiveDate;
use entity::organisation::{self, Kind, Verification};
use uuid::Uuid;

use crate::auth::token::Keys;
use crate::error::{Code, Error, Result, Together as _};
use crate::locale::{Said, Translations};
use crate::money::Money;
use crate::reference::codes::{CpvCode, Edrpou, KatottgCode, KvedCode, Rnokpp, within};
use crate::reference::known::Known;
use crate::text;

/// Most characters of an organisation's name.
pub const LONGEST_NAME: usize = 300;
/// Most characters of a past work's title.
pub const LONGEST_TITLE: usize = 1_000;
/// Most codes in one list; a wider code covers the narrower ones.
pub const MOST_CODES: usize = 200;
/// Most CPV codes of a need or a work package.
pub const MOST_CPV: usize = 50;
/// Most identifiers of an organisation.
pub const MOST_IDENTIFIERS: usize = 20;
/// Most working languages.
const MOST_LANGUAGES: usize = 50;
/// Most kinds of contribution in a list.
pub const MOST_CONTRIBUTIONS: usize = 20;

/// Scheme of Ukraine's register of legal entities.
pub const UA_EDR: &str = "UA-EDR";
/// Scheme of sole traders' tax numbers: personal data.
pub const UA_RNOKPP: &str = "UA-RNOKPP";

/// How the schemes begin that an import gives the numbers of its own source.
pub const OF_A_SOURCE: &str = "X-";

/// The kinds that do works, and so have past ones.
pub const WORKERS: [Kind; 2] = [Kind::Business, Kind::Utility];

/// Who gave a value: a person is told to mend what is wrong, a source is kept as it is and reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// Typed by a person.
    Typed,
    /// Read from a source, or only looked for.
    Imported,
}

/// An identifier as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    /// org-id.guide scheme.
    pub scheme: String,
    /// In clear, or the keyed hash where it is personal data.
    pub value: String,
    /// What people may see of it.
    pub shown: String,
    /// Whether the check digit is right.
    pub checksum_valid: Option<bool>,
}

/// Takes an identifier.
///
/// # Errors
/// When its form or, typed by a person, its check digit is wrong.
pub fn identifier(keys: &Keys, field: &str, scheme: &str, id: &str, given: Given) -> Result<Identifier> {
    let scheme = scheme.trim().to_ascii_uppercase();
    let id = text::required(&format!("{field}.id"), id, 100)?;
    match scheme.as_str() {
        UA_EDR if id.len() == 10 => rnokpp(keys, field, &id, given),
        UA_EDR => edrpou(field, &id, given),
        UA_RNOKPP => rnokpp(keys, field, &id, given),
        _ if scheme.starts_with(OF_A_SOURCE) && given == Given::Typed => Err(Error::bad_input(
            &format!("{field}.scheme"),
            Said::new("Схеми X-… дає лише імпорт: це номери всередині одного джерела.", "The schemes X-… come from imports only: they are numbers within one source."),
            Said::new("Дайте код ЄДРПОУ (схема UA-EDR) або номер іншого реєстру.", "Give the EDRPOU code (scheme UA-EDR), or the number of another register."),
        )),
        _ if is_scheme(&scheme) && !scheme.starts_with("UA-") => Ok(Identifier { scheme, shown: id.clone(), value: id, checksum_valid: None }),
        _ => Err(Error::bad_input(
            &format!("{field}.scheme"),
            Said::new("Такої схеми ідентифікаторів немає.", "There is no such scheme of identifiers."),
            Said::new("Дайте UA-EDR, UA-RNOKPP або код схеми з org-id.guide, наприклад PL-REGON.", "Give UA-EDR, UA-RNOKPP or a scheme code of org-id.guide, such as PL-REGON."),
        )),
    }
}

fn is_scheme(scheme: &str) -> bool {
    (3..=40).contains(&scheme.len()) && scheme.contains('-') && scheme.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || matches!(letter, '-' | '_'))
}

fn edrpou(field: &str, id: &str, given: Given) -> Result<Identifier> {
    let code = Edrpou::parse(id).map_err(|error| error.refuse(&format!("{field}.id")))?;
    let valid = code.checksum_valid();
    if !valid && given == Given::Typed {
        return Err(checksum(field));
    }
    Ok(Identifier { scheme: UA_EDR.to_owned(), value: code.to_string(), shown: code.to_string(), checksum_valid: Some(valid) })
}

fn rnokpp(keys: &Keys, field: &str, id: &str, given: Given) -> Result<Identifier> {
    let number = Rnokpp::parse(id).map_err(|error| error.refuse(&format!("{field}.id")))?;
    let valid = number.checksum_valid();
    if !valid && given == Given::Typed {
        return Err(checksum(field));
    }
    Ok(Identifier { scheme: UA_RNOKPP.to_owned(), value: keys.hash_identifier(UA_RNOKPP, number.expose()), shown: number.to_string(), checksum_valid: Some(valid) })
}

fn checksum(field: &str) -> Error {
    Error::refused(
        Code::IdentifierChecksum,
        &format!("{field}.id"),
        Said::new("Контрольна цифра коду не сходиться.", "The check digit of the code is wrong."),
        Said::new("Перевірте, чи всі цифри набрано правильно.", "Check that every digit is typed right."),
    )
}

/// The name that is kept, in Ukrainian, English or both.
///
/// # Errors
/// When both are absent or one is too long.
pub fn names(names: &Translations) -> Result<Translations> {
    text::bilingual("name", names, LONGEST_NAME)
}

/// What an organisation is called as long as nobody has given its name: the scheme and the shown form of its number.
#[must_use]
pub fn placeholder(scheme: &str, shown: &str) -> String {
    format!("{scheme} {shown}")
}

/// Whether a seat is another than what is known of it. A first seat is not, in the oblast where that much is known; but since a
/// municipality has a say over the needs in its own, that is looked at.
#[must_use]
pub fn moves(row: &organisation::Model, seat: &KatottgCode) -> bool {
    match &row.territory {
        Some(known) => known != seat.as_str(),
        None => row.oblast.as_deref().is_some_and(|oblast| !within(seat.as_str(), oblast)) || row.kind == Kind::Municipality,
    }
}

/// What people call a kind of organisation.
#[must_use]
pub fn said(kind: Kind) -> Said {
    let (uk, en) = match kind {
        Kind::Municipality => ("громада", "municipality"),
        Kind::Utility => ("комунальне підприємство", "utility company"),
        Kind::Business => ("бізнес", "business"),
        Kind::PublicBody => ("орган влади", "public body"),
        Kind::Association => ("асоціація громад", "association of municipalities"),
        Kind::Donor => ("донор", "donor"),
        Kind::ImplementingAgency => ("виконавець програми", "implementing agency"),
        Kind::Cso => ("громадська організація", "civil society organisation"),
    };
    Said::coded(uk, en, kind.as_str())
}

/// An organisation is of one of the kinds that can do this.
///
/// # Errors
/// When it is of another; the remedy names those that can.
pub fn kind_fits(field: &str, kind: Kind, wanted: &[Kind]) -> Result<()> {
    if wanted.contains(&kind) {
        return Ok(());
    }
    let (now, wanted) = (said(kind), Said::any_of(wanted.iter().map(|kind| said(*kind))));
    Err(Error::bad_input(
        field,
        Said::new(format!("Вид цієї організації – {}.", now.uk), format!("This organisation is of the kind {}.", now.en)),
        Said::new(format!("Потрібна організація виду {}.", wanted.uk), format!("Give an organisation of the kind {}.", wanted.en)),
    ))
}

/// A utility names the municipality that owns it; nobody else does.
///
/// # Errors
/// When an owner is missing or not wanted.
pub fn owner_fits(kind: Kind, has_owner: bool) -> Result<()> {
    match (kind, has_owner) {
        (Kind::Utility, false) => Err(Error::bad_input(
            "ownerMunicipalityId",
            Said::new("Комунальне підприємство має власника-громаду.", "A utility has an owner municipality."),
            Said::new("Дайте id громади, якій воно належить.", "Give the id of the municipality that owns it."),
        )),
        (Kind::Utility, true) | (_, false) => Ok(()),
        (_, true) => Err(Error::bad_input(
            "ownerMunicipalityId",
            Said::new("Власника-громаду має лише комунальне підприємство.", "Only a utility has an owner municipality."),
            Said::new(format!("Приберіть це поле або виберіть вид {}.", said(Kind::Utility).uk), format!("Leave this field out, or take the kind {}.", said(Kind::Utility).en)),
        )),
    }
}

/// The source of what somebody says of themselves.
pub const SELF: &str = "SELF";

/// The kinds that hold public assets.
pub const HOLDERS: [Kind; 3] = [Kind::Municipality, Kind::Utility, Kind::PublicBody];

/// Needs and projects are those of the bodies that hold public assets.
///
/// # Errors
/// When an organisation is of another kind.
pub fn holds_assets(kind: Kind) -> Result<()> {
    if HOLDERS.contains(&kind) {
        return Ok(());
    }
    Err(Error::forbidden(Said::new(
        "Потреби й проєкти мають громади, комунальні підприємства й органи влади.",
        "Needs and projects belong to municipalities, utilities and public bodies.",
    )))
}

/// The municipality that owns a utility. Before the utility was checked that is only what it says, and gives nobody a say.
#[must_use]
pub fn owner_municipality(row: &organisation::Model) -> Option<Uuid> {
    row.owner_municipality_id.filter(|_| row.verification == Verification::Verified)
}

/// What a business says it can do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capability {
    /// CPV codes of what it does.
    pub cpv: Vec<String>,
    /// CPV codes of what it does not do.
    pub excluded_cpv: Vec<String>,
    /// KATOTTG codes where it works.
    pub service_area: Vec<String>,
    /// Whether the bordering oblasts count too.
    pub with_neighbours: bool,
    /// Largest contract it can carry.
    pub largest_contract: Option<Money>,
    /// First free day.
    pub free_from: Option<NaiveDate>,
    /// Last free day.
    pub free_to: Option<NaiveDate>,
    /// People it can send.
    pub staff: Option<i32>,
    /// Working languages, BCP 47.
    pub languages: Vec<String>,
    /// What it would add.
    pub contributions: Vec<String>,
    /// Licences and certificates.
    pub certificates: Vec<Certificate>,
}

/// A licence or certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Code such as `ISO-9001`, upper case.
    pub code: String,
    /// Name on the paper.
    pub name: String,
    /// Who issued it.
    pub issuer: Option<String>,
    /// Last valid day.
    pub valid_to: Option<NaiveDate>,
    /// The paper, as a stored attachment of the business.
    pub attachment: Option<Uuid>,
}

/// Takes a capability profile whose codes are known.
///
/// # Errors
/// When a list is too long, a number is out of its range or the days are in the wrong order.
pub fn capability(profile: Capability) -> Result<Capability> {
    (
        text::at_most("languages", profile.languages.len(), MOST_LANGUAGES),
        text::at_most("contributions", profile.contributions.len(), MOST_CONTRIBUTIONS),
        text::at_most("certificates", profile.certificates.len(), MOST_CODES),
    )
        .together()?;
    let staff = match profile.staff {
        Some(staff) if !(0..=1_000_000).contains(&staff) => Err(Error::bad_input(
            "staff",
            Said::new("Кількість людей поза межами.", "The number of people is out of range."),
            Said::new("Дайте від 0 до 1000000.", "Give 0 to 1000000."),
        )),
        _ => Ok(()),
    };
    let free = match (profile.free_from, profile.free_to) {
        (Some(from), Some(to)) if from > to => Err(Error::bad_input(
            "freeTo",
            Said::new("Кінець вільного часу раніше за початок.", "The free time ends before it begins."),
            Said::new("Поміняйте дні місцями.", "Swap the days."),
        )),
        _ => Ok(()),
    };
    let certificates = profile.certificates.iter().enumerate().map(|(place, certificate)| certificate_at(&format!("certificates.{place}"), certificate));
    let languages = profile.languages.iter().enumerate().map(|(place, language)| language_tag(&format!("languages.{place}"), language));
    let (certificates, languages, (), ()) = (certificates.collect::<Vec<_>>().together(), languages.collect::<Vec<_>>().together(), staff, free).together()?;
    Ok(Capability { languages, certificates, ..profile })
}

fn certificate_at(field: &str, paper: &Certificate) -> Result<Certificate> {
    let (code, name, issuer) = (
        text::required(&format!("{field}.code"), &paper.code, 60),
        text::required(&format!("{field}.name"), &paper.name, LONGEST_NAME),
        text::optional(&format!("{field}.issuer"), paper.issuer.as_deref(), LONGEST_NAME),
    )
        .together()?;
    Ok(Certificate { code: code.to_uppercase(), name, issuer, valid_to: paper.valid_to, attachment: paper.attachment })
}

/// Takes a language tag such as `uk` or `en-GB`.
///
/// # Errors
/// When it is none.
pub fn language_tag(field: &str, tag: &str) -> Result<String> {
    let tag = tag.trim().to_ascii_lowercase();
    let form = (2..=20).contains(&tag.len()) && tag.split('-').all(|part| (1..=8).contains(&part.len()) && part.chars().all(|letter| letter.is_ascii_alphanumeric()));
    if form {
        Ok(tag)
    } else {
        Err(Error::bad_input(field, Said::new("Це не код мови.", "This is no language tag."), Said::new("Дайте код BCP 47, наприклад uk.", "Give a BCP 47 tag, such as uk.")))
    }
}

/// A day on which something was done is not yet to come.
///
/// # Errors
/// When it is.
pub fn past(field: &str, day: Option<NaiveDate>, today: NaiveDate) -> Result<()> {
    if day.is_none_or(|day| day <= today) {
        return Ok(());
    }
    Err(Error::bad_input(field, Said::new("Цей день ще не настав.", "That day is yet to come."), Said::new("Дайте день, який уже минув.", "Give a day that has passed.")))
}

/// The oblast part of a KATOTTG code: `UA` and two digits.
#[must_use]
pub fn oblast(territory: &str) -> Option<String> {
    territory.get(..4).map(str::to_owned)
}

/// Takes CPV codes that the list holds.
///
/// # Errors
/// When there are more than `most`, and with the places of those that the list does not hold.
pub fn cpv_codes(known: &Known, field: &str, codes: &[CpvCode], most: usize) -> Result<Vec<String>> {
    text::at_most(field, codes.len(), most)?;
    each(field, codes, |field, code| known.cpv(field, code))
}

/// Takes CPV codes of what a business does not do; none of them is one of those of what it does.
///
/// # Errors
/// As [`cpv_codes`], and with the places of those that are among `done`.
pub fn excluded_codes(known: &Known, field: &str, codes: &[CpvCode], done: &[CpvCode]) -> Result<Vec<String>> {
    let done: Vec<String> = done.iter().filter_map(|code| known.cpv(field, code).ok()).collect();
    each(field, codes, |field, code| {
        let code = known.cpv(field, code)?;
        if done.contains(&code) {
            return Err(Error::bad_input(
                field,
                Said::new(
                    format!("Код {code} є і серед робіт, які виконуєте, і серед тих, яких не виконуєте."),
                    format!("The code {code} is among what you do and among what you do not do."),
                ),
                Said::new("Залиште його в одному з переліків: cpv або excludedCpv.", "Leave it in one of the lists: cpv or excludedCpv."),
            ));
        }
        Ok(code)
    })
}

/// Takes KVED codes that the list holds.
///
/// # Errors
/// As [`cpv_codes`].
pub fn kved_codes(known: &Known, field: &str, codes: &[KvedCode]) -> Result<Vec<String>> {
    each(field, codes, |field, code| known.kved(field, code))
}

/// Takes KATOTTG codes that the codifier holds.
///
/// # Errors
/// As [`cpv_codes`].
pub fn territories(known: &Known, field: &str, codes: &[KatottgCode]) -> Result<Vec<String>> {
    each(field, codes, |field, code| known.territory(field, code))
}

fn each<C>(field: &str, codes: &[C], take: impl Fn(&str, &C) -> Result<String>) -> Result<Vec<String>> {
    text::at_most(field, codes.len(), MOST_CODES)?;
    let mut taken = codes.iter().enumerate().map(|(place, code)| take(&format!("{field}.{place}"), code)).collect::<Vec<_>>().together()?;
    // Two spellings of one code are one.
    let mut seen = HashSet::new();
    taken.retain(|code| seen.insert(code.clone()));
    Ok(taken)
}
