//! Rows as the engine reads them: KATOTTG becomes a path of opaque parts, DK 021 its digits, money a number with its currency.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{organisation, past_work, project, requirement, work_package};
use uuid::Uuid;

use super::engine::{Asks, Business, Capability, Certificate, Day, Neighbours, Outcome, Package, PastWork, Place, Requirement, Text, Value};
use super::wording;
use crate::money::Money;
use crate::organisations::rules::SELF;
use crate::organisations::store::Profile;
use crate::reference::builtin;
use crate::reference::codes::LEVEL_ENDS;

/// Of the levels of a KATOTTG code the oblast, rayon and hromada. Nothing narrower enters a match, since it tells everybody
/// where the work is, and of critical infrastructure only its owner may know that more closely than by its hromada.
const LEVELS: usize = 3;

/// Kyiv and Sevastopol.
const CITIES: [&str; 2] = ["UA80", "UA85"];

/// Which oblasts border one another.
pub(super) fn neighbours() -> Neighbours {
    let oblasts = builtin::territories().iter().filter_map(|unit| unit.code.get(..4));
    Neighbours(oblasts.map(|oblast| (oblast.to_owned(), builtin::neighbours(oblast).iter().map(|near| (*near).to_owned()).collect())).collect())
}

/// A business with all that is known of it.
pub(super) fn business(profile: Profile) -> Business {
    let Profile { organisation, capability, certificates, works } = profile;
    Business {
        id: organisation.id.as_u128(),
        name: name(&organisation),
        seat: organisation.territory.as_deref().or(organisation.oblast.as_deref()).map(place),
        activities: organisation.activities.0,
        capability: capability.map(|row| Capability {
            codes: row.cpv.0.iter().map(|code| digits(code)).collect(),
            excluded_codes: row.excluded_cpv.0.iter().map(|code| digits(code)).collect(),
            service_area: row.service_area.0.iter().map(|code| place(code)).collect(),
            with_neighbours: row.with_neighbours,
            largest_contract: value(row.largest_contract, row.currency.as_deref()),
            free_from: row.free_from.map(day),
            free_to: row.free_to.map(day),
            staff: row.staff.and_then(|staff| u32::try_from(staff).ok()),
            languages: row.languages.0,
            contributions: row.contributions.0,
        }),
        certificates: certificates.into_iter().map(|row| Certificate { code: row.code, valid_to: row.valid_to.map(day) }).collect(),
        works: works.into_iter().map(past).collect(),
    }
}

fn name(row: &organisation::Model) -> Option<Text> {
    let uk = row.name_uk.clone().map(|words| Text { words, language: Some("uk".to_owned()) });
    uk.or_else(|| row.name_en.clone().map(|words| Text { words, language: Some("en".to_owned()) }))
}

fn past(row: past_work::Model) -> PastWork {
    PastWork {
        id: row.id.as_u128(),
        title: Text { words: wording::plain(&row.title), language: row.language },
        code: row.cpv.as_deref().map(digits),
        category: row.category,
        place: row.territory.as_deref().map(place),
        // That a business worked for a buyer is known by a source, not by its own word.
        buyer: row.buyer_id.filter(|_| row.source != SELF).map(buyer),
        value: value(row.value, row.currency.as_deref()),
        day: row.awarded_on.map(day),
        outcome: match row.outcome {
            past_work::Outcome::Won => Outcome::Won,
            past_work::Outcome::Bid => Outcome::Bid,
        },
        bidders: row.bidders.and_then(|bidders| u32::try_from(bidders).ok()),
    }
}

/// A work package with its project and requirements, as it stands at a moment.
pub(super) fn package(package: &work_package::Model, project: &project::Model, requirements: &[requirement::Model], now: DateTime<Utc>) -> Package {
    let texts = |uk: &Option<String>, en: &Option<String>| -> Vec<Text> {
        let known = |tag: &str| Some(package.language.clone().unwrap_or_else(|| tag.to_owned()));
        let uk = uk.as_deref().map(|words| Text { words: wording::plain(words), language: known("uk") });
        let en = en.as_deref().map(|words| Text { words: wording::plain(words), language: known("en") });
        uk.into_iter().chain(en).collect()
    };
    Package {
        id: package.id.as_u128(),
        titles: texts(&package.title_uk, &package.title_en),
        descriptions: texts(&package.description_uk, &package.description_en),
        codes: package.cpv.0.iter().map(|code| digits(code)).collect(),
        category: package.category.clone(),
        sector: project.sector.clone(),
        place: project.territory.as_deref().map(place),
        buyer: Some(buyer(project.organisation_id)),
        budget: value(package.budget, package.currency.as_deref()),
        starts: package.starts_on.map(day),
        ends: package.ends_on.map(day),
        today: day(now.date_naive()),
        requirements: requirements.iter().filter_map(asked).collect(),
        contributions: package.contributions.0.clone(),
    }
}

fn asked(row: &requirement::Model) -> Option<Requirement> {
    let count = || row.count.and_then(|count| u32::try_from(count).ok());
    let asks = match row.kind {
        requirement::Kind::Certificate => Asks::Certificate(row.code.clone()?),
        requirement::Kind::Language => Asks::Language(row.code.clone()?),
        requirement::Kind::Staff => Asks::Staff(count()?),
        requirement::Kind::SimilarWorks => Asks::SimilarWorks { code: row.code.as_deref().map(digits).unwrap_or_default(), count: count()? },
        requirement::Kind::LargestContract => Asks::LargestContract(value(row.amount, row.currency.as_deref())?),
    };
    Some(Requirement { asks, must: row.must })
}

/// A city with the rank of an oblast is its own rayon, since it is a place as narrow.
fn place(code: &str) -> Place {
    let mut start = 2;
    let mut parts = Vec::with_capacity(LEVELS);
    if let Some(city) = CITIES.into_iter().find(|city| code.starts_with(city)) {
        parts.push(city.to_owned());
    }
    for &end in &LEVEL_ENDS[..LEVELS] {
        if code.get(start..end).is_some_and(|part| part.bytes().any(|digit| digit != b'0')) {
            parts.push(code[..end].to_owned());
        }
        start = end;
    }
    Place(parts)
}

fn digits(code: &str) -> String {
    code.chars().take_while(char::is_ascii_digit).collect()
}

fn buyer(organisation: Uuid) -> String {
    organisation.to_string()
}

fn value(minor: Option<i64>, currency: Option<&str>) -> Option<Value> {
    let money = Money::from_columns(minor, currency)?;
    Some(Value { amount: money.approximate(), currency: money.currency.code().to_owned() })
}

fn day(date: NaiveDate) -> Day {
    i32::try_from(date.signed_duration_since(NaiveDate::default()).num_days()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{day, digits, place};
    use chrono::NaiveDate;

    #[test]
    fn a_place_is_the_path_of_the_units_that_contain_it() {
        assert_eq!(place("UA23060070000082704").0, ["UA23", "UA2306", "UA2306007"]);
        assert_eq!(place("UA23060070010069526").0, ["UA23", "UA2306", "UA2306007"]);
        assert_eq!(place("UA23").0, ["UA23"]);
        assert_eq!(place("UA80000000000093317").0, ["UA80", "UA80"]);
        assert_eq!(place("UA80000000000126643").0, ["UA80", "UA80"]);
    }

    #[test]
    fn a_code_is_its_digits_and_a_day_counts_from_1970() {
        assert_eq!(digits("45231300-8"), "45231300");
        assert_eq!(day(NaiveDate::from_ymd_opt(1970, 1, 11).expect("a day")), 10);
    }
}
