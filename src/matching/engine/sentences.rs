//! What the engine says, in Ukrainian and English: gates here, evidence in the second half.

use super::explanation::{CriterionKind, Evidence, EvidenceKind, Sentence};
use super::place::Nearness;
use super::profile::{Asks, Capability, Day, Package, Value};
use super::requirements::Finding;
use super::work::Work;

/// Titles at least so alike are said to be very alike.
const VERY_ALIKE: f64 = 0.6;
/// Titles at least so alike are said to be alike.
const ALIKE: f64 = 0.3;
/// Logarithms of values nearer than this are said to be similar: within a third of one another.
const SIMILAR_VALUE: f64 = 0.3;

fn both(uk: impl Into<String>, en: impl Into<String>) -> Sentence {
    Sentence { uk: uk.into(), en: en.into() }
}

/// What a gate says: the reason, and what would cure it.
type Told = (Sentence, Sentence);

/// On a requirement.
pub fn requirement(asks: &Asks, finding: Finding) -> Told {
    match asks {
        Asks::Certificate(code) => certificate(code, finding),
        Asks::SimilarWorks { code, count } => {
            let (of_uk, of_en) = if code.is_empty() { (String::new(), String::new()) } else { (format!(" за кодом {code}"), format!(" under code {code}")) };
            told(
                finding,
                both(format!("Має щонайменше стільки подібних робіт{of_uk}, скільки потрібно: {count}."), format!("Has at least {count} similar works{of_en}.")),
                both(format!("Подібних робіт{of_uk} менше, ніж потрібно: {count}."), format!("Has fewer than the {count} similar works{of_en} asked for.")),
                both("Невідомо, скільки подібних робіт виконано.", "It is not known how many similar works it has done."),
                both("Додайте до профілю виконані роботи з їхніми кодами.", "Add past works with their codes to the profile."),
            )
        }
        Asks::LargestContract(value) => told(
            finding,
            both(format!("Виконувала або може виконати договір на {}.", amount(value)), format!("Has done or can carry a contract of {}.", amount(value))),
            both(format!("Найбільший договір менший за потрібний: {}.", amount(value)), format!("Its largest contract is below {}.", amount(value))),
            both("Невідомо, який найбільший договір може виконати.", "It is not known how large a contract it can carry."),
            both("Укажіть найбільший договір або додайте більшу виконану роботу.", "State the largest contract, or add a larger past work."),
        ),
        Asks::Staff(people) => told(
            finding,
            both(format!("Має щонайменше стільки працівників, скільки потрібно: {people}."), format!("Can send at least {people} people.")),
            both(format!("Працівників менше, ніж потрібно: {people}."), format!("Can send fewer than {people} people.")),
            both("Невідомо, скільки працівників може залучити.", "It is not known how many people it can send."),
            both("Укажіть у профілі кількість працівників.", "State the number of people in the profile."),
        ),
        Asks::Language(tag) => told(
            finding,
            both(format!("Працює потрібною мовою ({tag})."), format!("Works in the language asked for ({tag}).")),
            both(format!("Не вказала потрібної робочої мови ({tag})."), format!("Does not list the language asked for ({tag}).")),
            both("Робочі мови не вказано.", "Its working languages are not stated."),
            both("Укажіть робочі мови в профілі.", "State the working languages in the profile."),
        ),
    }
}

fn certificate(code: &str, finding: Finding) -> Told {
    let add = both(format!("Додайте чинний сертифікат {code}."), format!("Add a valid certificate {code}."));
    match finding {
        Finding::Expires(day) => (
            both(format!("Сертифікат {code} чинний лише до {}.", date_uk(day)), format!("Certificate {code} is valid only until {}.", date_en(day))),
            both(format!("Продовжте сертифікат {code} до завершення робіт."), format!("Renew certificate {code} to last through the works.")),
        ),
        finding => told(
            finding,
            both(format!("Має чинний сертифікат {code}."), format!("Holds a valid certificate {code}.")),
            both(format!("Немає сертифіката {code}."), format!("Holds no certificate {code}.")),
            both(format!("Невідомо, чи має сертифікат {code}."), format!("It is not known whether it holds certificate {code}.")),
            add,
        ),
    }
}

/// On codes that a business does not do.
pub fn exclusions(finding: Finding) -> Told {
    told(
        finding,
        both("Не виключає таких робіт.", "Does not exclude such works."),
        both("Зазначила, що таких робіт не виконує.", "Has said that it does not do such works."),
        both("Не повідомляла, яких робіт не виконує.", "Has not said which works it does not do."),
        both("Перегляньте у профілі коди робіт, яких не виконуєте.", "Review the excluded codes in the profile."),
    )
}

/// On the place.
pub fn service_area(finding: Finding) -> Told {
    told(
        finding,
        both("Місце робіт належить до її території обслуговування.", "The place lies within its service area."),
        both("Місце робіт поза її територією обслуговування.", "The place lies outside its service area."),
        both("Територію обслуговування не вказано.", "Its service area is not stated."),
        both("Додайте цю територію до території обслуговування.", "Add this territory to the service area."),
    )
}

/// On the dates.
pub fn availability(finding: Finding, package: &Package, told_of: Option<&Capability>) -> Told {
    let (from, to) = told_of.map_or((None, None), |told| (told.free_from, told.free_to));
    let span = |date: fn(Day) -> String| format!("{} – {}", from.map_or_else(|| "…".to_owned(), date), to.map_or_else(|| "…".to_owned(), date));
    let asked = |date: fn(Day) -> String| {
        format!("{} – {}", package.starts.map_or_else(|| "…".to_owned(), date), package.ends.map_or_else(|| "…".to_owned(), date))
    };
    told(
        finding,
        both("Вільна на час виконання робіт.", "Is free at the time of the works."),
        both(
            format!("Вільна {}, а роботи заплановано на {}.", span(date_uk), asked(date_uk)),
            format!("Is free {}, while the works run {}.", span(date_en), asked(date_en)),
        ),
        both("Не вказала, коли вільна.", "Has not said when it is free."),
        both("Уточніть дати, коли вільні.", "State the dates when you are free."),
    )
}

/// On the budget.
pub fn contract_size(finding: Finding, package: &Package, told_of: Option<&Capability>) -> Told {
    let budget = package.budget.as_ref().map(amount).unwrap_or_default();
    let largest = told_of.and_then(|told| told.largest_contract.as_ref()).map(amount).unwrap_or_default();
    told(
        finding,
        both("Бюджет не перевищує найбільшого договору, який може виконати.", "The budget is within the largest contract it can carry."),
        both(
            format!("Бюджет {budget} перевищує найбільший договір, який може виконати: {largest}."),
            format!("The budget of {budget} exceeds the largest contract it can carry: {largest}."),
        ),
        both("Найбільший договір у цій валюті не вказано.", "The largest contract in this currency is not stated."),
        both("Укажіть більший найбільший договір або шукайте спільного виконавця.", "State a larger largest contract, or look for a partner to share the works."),
    )
}

fn told(finding: Finding, met: Sentence, missing: Sentence, unknown: Sentence, cure: Sentence) -> Told {
    let reason = match finding {
        Finding::Met => met,
        Finding::Missing | Finding::Expires(_) => missing,
        Finding::Unknown => unknown,
    };
    (reason, cure)
}

/// What is known of a past work beside the package, for its sentence.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// The work.
    pub work: &'a Work,
    /// Whether it was for the same buyer.
    pub same_buyer: bool,
    /// How near it was.
    pub near: Nearness,
    /// How far the logarithms of the values are apart, where both are known in one currency.
    pub apart: Option<f64>,
    /// Whether its class of the classification is that of the package.
    pub same_class: bool,
}

/// On one past work: what it was, when, and what it has in common with the package.
pub fn past_work(beside: &Beside, similarity: Option<f64>) -> Sentence {
    let Beside { work, same_buyer, near, apart, same_class } = *beside;
    let year = work.day.map(|day| civil(day).0);
    let (uk, en) = match (work.won, year) {
        (true, Some(year)) => (format!("Виконала у {year} році"), format!("Did in {year}")),
        (true, None) => ("Виконала".to_owned(), "Did".to_owned()),
        (false, Some(year)) => (format!("Подавала пропозицію у {year} році на"), format!("Bid in {year} for")),
        (false, None) => ("Подавала пропозицію на".to_owned(), "Bid for".to_owned()),
    };
    let (what_uk, what_en) = match similarity {
        Some(alike) if alike >= VERY_ALIKE => ("дуже подібну роботу", "very similar work"),
        Some(alike) if alike >= ALIKE => ("подібну роботу", "similar work"),
        _ if same_class => ("роботу того самого класу", "work of the same class"),
        _ => ("роботу", "work"),
    };
    let place = match near {
        Nearness::Area => Some(("на тій самій території", "in the same area")),
        Nearness::Region => Some(("у тому самому регіоні", "in the same region")),
        Nearness::Apart => None,
    };
    let more = [
        same_buyer.then_some(("для того самого замовника", "for the same buyer")),
        place,
        apart.is_some_and(|apart| apart < SIMILAR_VALUE).then_some(("за подібною вартістю", "at a similar value")),
    ];
    let mut sentence = both(format!("{uk} {what_uk}"), format!("{en} {what_en}"));
    for (uk, en) in more.into_iter().flatten() {
        sentence.uk += ", ";
        sentence.uk += uk;
        sentence.en += ", ";
        sentence.en += en;
    }
    sentence.uk.push('.');
    sentence.en.push('.');
    sentence
}

/// On evidence that is not one past work; `further` counts the past works that are added up.
pub fn evidence(piece: &Evidence, further: usize) -> Sentence {
    match piece.kind {
        EvidenceKind::PastWork | EvidenceKind::FurtherWorks => {
            both(format!("Та інші роботи, схожі меншою мірою: {further}."), format!("And {further} further, less similar works."))
        }
        EvidenceKind::Words => both("Її роботи загалом — про те саме.", "Its works as a whole speak of the same things."),
        EvidenceKind::NameWords => both("Назва компанії вказує на такі роботи.", "The name of the company points to such works."),
        EvidenceKind::WorksHere => both("Працює на цій території.", "Works in this area."),
        EvidenceKind::SeatInArea => both("Розташована на цій території.", "Is based in this area."),
        EvidenceKind::SeatInRegion => both("Розташована в цьому регіоні.", "Is based in this region."),
        EvidenceKind::ServiceArea => both("Зазначила, що обслуговує цю територію.", "Has said that it serves this area."),
        EvidenceKind::WorksOfDivision => both("Виконувала роботи того самого розділу класифікатора.", "Has done works of the same division."),
        EvidenceKind::WorksOfClass => both("Виконувала роботи того самого класу за класифікатором.", "Has done works of the same class."),
        EvidenceKind::DeclaredCode => both("Зазначила, що виконує такі роботи.", "Has said that it does such works."),
        EvidenceKind::Activity => both("Зареєстрований вид діяльності відповідає таким роботам.", "Its registered activity fits such works."),
        EvidenceKind::WorksOfCategory => both("Виконує роботи цієї категорії.", "Does works of this category."),
        EvidenceKind::UsualValue => both("Бюджет близький до її звичних договорів.", "The budget is close to its usual contracts."),
        EvidenceKind::DeclaredSize => both("Може виконати договір такого розміру.", "Can carry a contract of this size."),
        EvidenceKind::Buyers => both("Працювала з різними замовниками.", "Has worked with several buyers."),
        EvidenceKind::RequirementMet => both("Відповідає побажанню замовника.", "Meets a wish of the buyer."),
        EvidenceKind::Contribution => both("Може внести те, чого шукає замовник.", "Can contribute what is sought."),
    }
}

/// How a criterion is called.
pub fn criterion(kind: CriterionKind) -> Sentence {
    match kind {
        CriterionKind::Experience => both("Досвід подібних робіт", "Experience with similar works"),
        CriterionKind::Incumbency => both("Роботи для цього замовника", "Works for this buyer"),
        CriterionKind::Subject => both("Предмет робіт", "Subject of its works"),
        CriterionKind::TradeName => both("Назва компанії", "Name of the company"),
        CriterionKind::Locality => both("Близькість", "Locality"),
        CriterionKind::Codes => both("Вид робіт", "Kind of works"),
        CriterionKind::Category => both("Категорія", "Category"),
        CriterionKind::Value => both("Вартість", "Value"),
        CriterionKind::TrackRecord => both("Репутація", "Track record"),
        CriterionKind::Requirements => both("Побажання", "Wishes"),
        CriterionKind::Contributions => both("Внесок", "Contribution"),
    }
}

fn amount(value: &Value) -> String {
    let digits = format!("{:.0}", value.amount);
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push('\u{00A0}');
        }
        grouped.push(digit);
    }
    format!("{grouped}\u{00A0}{}", value.currency)
}

fn date_uk(day: Day) -> String {
    let (year, month, day) = civil(day);
    format!("{day:02}.{month:02}.{year}")
}

fn date_en(day: Day) -> String {
    let (year, month, day) = civil(day);
    format!("{year}-{month:02}-{day:02}")
}

/// Year, month and day of a day (Howard Hinnant's `civil_from_days`).
fn civil(day: Day) -> (i64, i64, i64) {
    let shifted = i64::from(day) + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, of_year - (153 * shifted_month + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_dates() {
        assert_eq!((date_en(0), date_uk(19_782)), ("1970-01-01".to_owned(), "29.02.2024".to_owned()));
    }

    #[test]
    fn amounts_are_grouped_by_thousands() {
        assert_eq!(amount(&Value { amount: 1_250_000.0, currency: "UAH".to_owned() }), "1\u{a0}250\u{a0}000\u{a0}UAH");
    }
}
