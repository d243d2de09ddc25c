//! What gates say, in Ukrainian and English: why one ended as it did, and what would cure it. Dates and amounts as people
//! write them.

use super::explanation::Sentence;
use super::profile::{Asks, Capability, Day, Package, Value};
use super::requirements::Finding;
use super::weights::ROOM;

/// One sentence in both languages.
pub fn both(uk: impl Into<String>, en: impl Into<String>) -> Sentence {
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
                both(format!("Має потрібну кількість подібних робіт{of_uk}: {count}."), format!("Has at least {count} similar works{of_en}.")),
                Sentence::default(),
                both(format!("Відомо про менше подібних робіт{of_uk}, ніж потрібно: {count}."), format!("Fewer similar works{of_en} are known than the {count} asked for.")),
                both("Додайте до профілю виконані роботи з їхніми кодами.", "Add past works with their codes to the profile."),
            )
        }
        Asks::LargestContract(value) => told(
            finding,
            both(format!("Компанія має досвід договору на {} або може його виконати.", amount(value)), format!("Has done or can carry a contract of {}.", amount(value))),
            both(format!("Найбільший договір менший за потрібний: {}.", amount(value)), format!("Its largest contract is below {}.", amount(value))),
            both("Невідомо, договір якого розміру може виконати компанія.", "It is not known how large a contract it can carry."),
            both("Укажіть найбільший договір або додайте більшу виконану роботу.", "State the largest contract, or add a larger past work."),
        ),
        Asks::Staff(people) => told(
            finding,
            both(format!("Може залучити потрібну кількість працівників: {people}."), format!("Can send at least {people} people.")),
            both(format!("Може залучити менше працівників, ніж потрібно: {people}."), format!("Can send fewer than {people} people.")),
            both("Невідомо, скільки працівників може залучити компанія.", "It is not known how many people it can send."),
            match finding {
                Finding::Unknown => both("Укажіть у профілі кількість працівників.", "State the number of people in the profile."),
                _ => both(
                    "Якщо можете залучити більше працівників, оновіть профіль; інакше шукайте партнера для спільного виконання.",
                    "If you can send more people, update the profile; otherwise look for a partner to share the works.",
                ),
            },
        ),
        Asks::Language(tag) => told(
            finding,
            both(format!("Працює потрібною мовою ({tag})."), format!("Works in the language asked for ({tag}).")),
            both(format!("Серед робочих мов немає потрібної ({tag})."), format!("Does not list the language asked for ({tag}).")),
            both("Робочі мови не вказано.", "Its working languages are not stated."),
            match finding {
                Finding::Unknown => both("Укажіть робочі мови в профілі.", "State the working languages in the profile."),
                _ => both(format!("Якщо працюєте цією мовою, додайте її до профілю ({tag})."), format!("If you work in it, add it to the profile ({tag}).")),
            },
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
    let cure = match finding {
        Finding::Unknown => both("Укажіть у профілі, які роботи виконуєте, а яких ні.", "State in the profile which works you do and which you do not."),
        _ => both("Якщо виконуєте такі роботи, приберіть їхній код із тих, яких не виконуєте.", "If you do such works, remove their code from those that you do not do."),
    };
    told(
        finding,
        both("Не виключає таких робіт.", "Does not exclude such works."),
        both("У профілі зазначено, що компанія таких робіт не виконує.", "Has said that it does not do such works."),
        both("Не вказано, яких робіт компанія не виконує.", "Has not said which works it does not do."),
        cure,
    )
}

/// On the place.
pub fn service_area(finding: Finding) -> Told {
    let cure = match finding {
        Finding::Unknown => both("Укажіть у профілі територію обслуговування.", "State the service area in the profile."),
        _ => both("Якщо працюєте й тут, додайте це місце до території обслуговування.", "If you work here too, add this place to the service area."),
    };
    told(
        finding,
        both("Місце робіт належить до території обслуговування компанії.", "The place lies within its service area."),
        both("Місце робіт поза територією обслуговування компанії.", "The place lies outside its service area."),
        both("Територію обслуговування не вказано.", "Its service area is not stated."),
        cure,
    )
}

/// On the dates.
pub fn availability(finding: Finding, package: &Package, told_of: Option<&Capability>) -> Told {
    let (from, to) = told_of.map_or((None, None), |told| (told.free_from, told.free_to));
    let (starts, ends) = (package.starts, package.ends);
    let cure = match finding {
        Finding::Unknown => both("Укажіть у профілі, коли ви вільні.", "State in the profile when you are free."),
        _ => both(
            "Оновіть у профілі дати, коли ви вільні, або домовтеся із замовником про інші строки.",
            "Update in the profile when you are free, or agree on other dates with the buyer.",
        ),
    };
    told(
        finding,
        both("Компанія вільна на час виконання робіт.", "Is free at the time of the works."),
        both(
            format!("Компанія вільна {}, а роботи заплановано {}.", span_uk(from, to), span_uk(starts, ends)),
            format!("Is free {}, while the works are planned {}.", span_en(from, to), span_en(starts, ends)),
        ),
        both("Не вказано, коли компанія вільна.", "Has not said when it is free."),
        cure,
    )
}

fn span_uk(from: Option<Day>, to: Option<Day>) -> String {
    [from.map(|day| format!("з {}", date_uk(day))), to.map(|day| format!("до {}", date_uk(day)))].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn span_en(from: Option<Day>, to: Option<Day>) -> String {
    [from.map(|day| format!("from {}", date_en(day))), to.map(|day| format!("until {}", date_en(day)))].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// On the budget; `done` is the largest work that is known, in its currency.
pub fn contract_size(finding: Finding, package: &Package, told_of: Option<&Capability>, done: Option<f64>) -> Told {
    let far = package.budget.as_ref().zip(done).filter(|(budget, done)| budget.amount > ROOM * done);
    let not_told = far.map_or_else(
        || both("Найбільший договір у цій валюті не вказано.", "The largest contract in this currency is not stated."),
        |(budget, done)| {
            let done = amount(&Value { amount: done, currency: budget.currency.clone() });
            let budget = amount(budget);
            both(
                format!("Бюджет {budget}, а найбільша відома виконана робота компанії: {done}. Чи може вона виконати такий договір, не вказано."),
                format!("The budget is {budget}, while the largest work that it is known to have done is {done}. Whether it can carry such a contract is not stated."),
            )
        },
    );
    let budget = package.budget.as_ref().map(amount).unwrap_or_default();
    let cure = match finding {
        Finding::Unknown => both("Укажіть у профілі найбільший договір, який можете виконати.", "State in the profile the largest contract that you can carry."),
        _ => both(
            "Якщо можете виконати більший договір, оновіть профіль; інакше шукайте партнера для спільного виконання.",
            "If you can carry a larger contract, update the profile; otherwise look for a partner to share the works.",
        ),
    };
    let largest = told_of.and_then(|told| told.largest_contract.as_ref()).map(amount).unwrap_or_default();
    told(
        finding,
        both(
            format!("Бюджет {budget} не перевищує найбільшого договору, який може виконати компанія: {largest}."),
            format!("The budget of {budget} is within the largest contract it can carry: {largest}."),
        ),
        both(
            format!("Бюджет {budget} перевищує найбільший договір, який може виконати компанія: {largest}."),
            format!("The budget of {budget} exceeds the largest contract it can carry: {largest}."),
        ),
        not_told,
        cure,
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
pub fn civil(day: Day) -> (i64, i64, i64) {
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
    fn what_was_stated_and_does_not_do_is_not_asked_for_again() {
        for asks in [Asks::Staff(10), Asks::Language("en".to_owned())] {
            let cure = |finding| requirement(&asks, finding).1;
            assert!(cure(Finding::Unknown).en.starts_with("State ") && cure(Finding::Unknown).uk.starts_with("Укажіть "));
            assert!(cure(Finding::Missing).en.starts_with("If you ") && cure(Finding::Missing).uk.starts_with("Якщо "));
        }
    }

    #[test]
    fn days_are_dates() {
        assert_eq!((date_en(0), date_uk(19_782)), ("1970-01-01".to_owned(), "29.02.2024".to_owned()));
    }

    #[test]
    fn amounts_are_grouped_by_thousands() {
        assert_eq!(amount(&Value { amount: 1_250_000.0, currency: "UAH".to_owned() }), "1\u{a0}250\u{a0}000\u{a0}UAH");
    }
}
