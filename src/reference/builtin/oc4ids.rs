//! Two code lists of OC4IDS 0.9.5: the sectors and the types of projects.
//!
//! Source of the codes and English titles: open-contracting/infrastructure, `projectSector.csv` and `projectType.csv`. The
//! standard has no Ukrainian titles; these are ours.

/// A code of OC4IDS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The code; a narrower one has the wider one and a dot before it.
    pub code: &'static str,
    /// Its name in Ukrainian.
    pub name_uk: &'static str,
    /// Its name in English.
    pub name_en: &'static str,
}

/// The sectors of projects (`projectSector`), in the order of the standard.
#[must_use]
pub const fn sectors() -> &'static [Entry] {
    SECTORS
}

/// The types of projects (`projectType`), in the order of the standard.
#[must_use]
pub const fn project_types() -> &'static [Entry] {
    PROJECT_TYPES
}

const fn entry(code: &'static str, name_uk: &'static str, name_en: &'static str) -> Entry {
    Entry { code, name_uk, name_en }
}

const SECTORS: &[Entry] = &[
    entry("education", "Освіта", "Education"),
    entry("health", "Охорона здоров’я", "Health"),
    entry("energy", "Енергетика", "Energy"),
    entry("energy.solar", "Сонячна енергетика", "Solar energy"),
    entry("energy.wind", "Вітрова енергетика", "Wind energy"),
    entry("energy.hydropower", "Гідроенергетика", "Hydropower energy"),
    entry("energy.biomass", "Біоенергетика", "Biomass energy"),
    entry("energy.geothermal", "Геотермальна енергетика", "Geothermal energy"),
    entry("communications", "Зв’язок і цифрова інфраструктура", "Communications"),
    entry("waterAndWaste", "Водопостачання, водовідведення та відходи", "Water and waste"),
    entry("governance", "Публічне управління та безпека", "Governance"),
    entry("economy", "Економіка", "Economy"),
    entry("cultureSportsAndRecreation", "Культура, спорт і відпочинок", "Culture, sports and recreation"),
    entry("transport", "Транспорт", "Transport"),
    entry("transport.air", "Повітряний транспорт", "Air transport"),
    entry("transport.water", "Водний транспорт", "Water transport"),
    entry("transport.rail", "Залізничний транспорт", "Rail transport"),
    entry("transport.road", "Автомобільний транспорт", "Road transport"),
    entry("transport.urban", "Міський транспорт", "Urban transport"),
    entry("transport.lowCarbon", "Низьковуглецевий транспорт", "Low-carbon transport"),
    entry("socialHousing", "Соціальне житло", "Social housing"),
    entry("naturalResources", "Природні ресурси", "Natural resources"),
    entry("naturalResources.floodProtection", "Захист від повеней", "Flood protection"),
];

const PROJECT_TYPES: &[Entry] = &[
    entry("construction", "Нове будівництво", "Construction"),
    entry("rehabilitation", "Відновлення", "Rehabilitation"),
    entry("replacement", "Заміна", "Replacement"),
    entry("expansion", "Розширення", "Expansion"),
    entry("decommissioning", "Виведення з експлуатації", "Decommissioning"),
];
