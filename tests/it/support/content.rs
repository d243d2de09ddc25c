//! What people write into the mutations' inputs, believable and as short as it can be.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use mistok::reference::codes::Edrpou;
use serde_json::{Value, json};

use super::Person;

/// The Khotyn municipality.
pub const KHOTYN: &str = "UA73040190000062796";
/// Another municipality, in another oblast.
pub const HOSHCHA: &str = "UA56060170000073171";
/// The oblast of Khotyn.
pub const CHERNIVTSI: &str = "UA73000000000044923";
/// Construction of water pipelines.
pub const WATER_MAINS: &str = "45231300-8";

/// The `number`th invented registry code with its check digit.
pub fn edrpou(number: u32) -> String {
    let digits = format!("{:07}", 9_900_000 + number);
    (0..10).map(|check| format!("{digits}{check}")).find(|code| Edrpou::parse(code).is_ok_and(|code| code.checksum_valid())).expect("one of ten check digits is right")
}

/// A claim to an organisation.
pub fn claim(organisation: &Value) -> Value {
    json!({ "organisationId": organisation["id"], "evidence": "Директор, наказ № 1 від 02.02.2026, тел. +380 44 000 00 00" })
}

/// What an organisation is registered with.
pub fn organisation(kind: &str, number: u32, name: &str) -> Value {
    json!({ "kind": kind, "name": { "uk": name }, "identifiers": [{ "scheme": "UA-EDR", "id": edrpou(number) }] })
}

/// The same with more fields.
pub fn with(mut value: Value, more: Value) -> Value {
    let (Some(into), Value::Object(more)) = (value.as_object_mut(), more) else { panic!("both are objects") };
    into.extend(more);
    value
}

/// `id` and `expectedVersion` of an entity, as the steps of its way take them.
pub fn step(entity: &Value) -> Value {
    json!({ "id": entity["id"], "expectedVersion": entity["version"] })
}

/// A step with a reason.
pub fn because(entity: &Value, reason: &str) -> Value {
    with(step(entity), json!({ "reason": reason }))
}

/// An amount in hryvnias.
pub fn hryvnias(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "UAH" })
}

/// What a need says.
pub fn need() -> Value {
    json!({
        "title": { "uk": "Аварійний водогін до промислової зони", "en": "Failing water main to the industrial area" },
        "description": { "uk": "Водогін щомісяця проривається." },
        "sector": "waterAndWaste",
        "cpv": [WATER_MAINS],
        "territory": KHOTYN,
        "urgency": "HIGH",
        "businessesAffected": 64,
        "costMin": hryvnias("18000000"),
        "costMax": hryvnias("21000000.50"),
    })
}

/// What a project says.
pub fn project() -> Value {
    json!({ "title": { "uk": "Новий водогін", "en": "A new water main" }, "sector": "waterAndWaste", "projectType": "rehabilitation", "territory": KHOTYN })
}

/// A work package of water works with a certificate that is asked for and a wish for similar works.
pub fn water_package() -> Value {
    json!({
        "title": { "uk": "Реконструкція водогону 3,4 км", "en": "Reconstruction of 3.4 km of water main" },
        "cpv": [WATER_MAINS],
        "category": "WORKS",
        "budget": hryvnias("14500000"),
        "startsOn": "2027-04-01",
        "endsOn": "2027-09-30",
        "contributions": ["EQUIPMENT"],
        "requirements": [{ "kind": "CERTIFICATE", "code": "CC2-LICENCE" }, { "kind": "SIMILAR_WORKS", "code": WATER_MAINS, "count": 1, "must": false }],
    })
}

/// A work package of design works.
pub fn design_package() -> Value {
    json!({ "title": { "uk": "Проєктна документація" }, "cpv": ["71320000-7"], "category": "SERVICES", "budget": hryvnias("900000") })
}

/// What a call says.
pub fn call(packages: &[&Value], closes_at: DateTime<Utc>) -> Value {
    json!({
        "text": { "uk": "Запрошуємо підприємства долучитися." },
        "workPackageIds": packages.iter().map(|package| &package["id"]).collect::<Vec<_>>(),
        "closesAt": closes_at.to_rfc3339_opts(SecondsFormat::Secs, true),
        "responseDays": 10,
        "criteria": [{ "name": "Досвід", "weight": 60 }, { "name": "Строки", "weight": 40 }],
    })
}

/// What a business says it can do.
pub fn capability(organisation: &Value) -> Value {
    json!({
        "organisationId": organisation["id"],
        "expectedVersion": organisation["version"],
        "cpv": [WATER_MAINS],
        "serviceArea": [CHERNIVTSI],
        "largestContract": hryvnias("20000000"),
        "staff": 35,
        "languages": ["uk"],
        "certificates": [{ "code": "CC2-LICENCE", "name": "Ліцензія СС2" }],
    })
}

/// A past work of a business.
pub fn past_work(organisation: &Value) -> Value {
    json!({
        "organisationId": organisation["id"],
        "title": "Реконструкція водопровідної мережі по вул. Шевченка",
        "language": "uk",
        "cpv": WATER_MAINS,
        "category": "WORKS",
        "territory": CHERNIVTSI,
        "buyerName": "Хотинська громада",
        "value": hryvnias("4200000"),
        "awardedOn": "2025-05-15",
    })
}

/// Leave for an association to act on behalf of an organisation for a month.
pub fn delegation(owner: &Person, association: &Person, now: DateTime<Utc>) -> Value {
    json!({ "organisationId": owner.id(), "associationId": association.id(), "until": now + TimeDelta::days(30), "basis": "Рішення № 7 від 02.11.2026" })
}
