//! How much of what matters is known, and who could tell the rest. It stands beside the score and never enters it.

use super::explanation::{Sentence, Turn, Unknown};
use super::index::{Entry, Index};
use super::number::whole;
use super::place::Spot;
use super::query::Query;
use super::sentences::both;
use super::work::{NOTHING, Work};

/// What is worth knowing of a business, in hundredths of the whole.
const WORKS: u8 = 15;
const TITLES: u8 = 10;
const VALUES: u8 = 5;
const WORK_DAYS: u8 = 5;
const WORK_PLACES: u8 = 5;
const BUYERS: u8 = 5;
const PLACE: u8 = 10;
const TRADE: u8 = 10;
const SIZE: u8 = 5;
const FREE: u8 = 5;
/// What is worth knowing of a package.
const WHERE: u8 = 5;
const CODES: u8 = 5;
const WHEN: u8 = 5;
const BUDGET: u8 = 5;
/// That no gate is left open.
const GATES: u8 = 5;

/// Something worth knowing: how much, whether it is known, and what to say when it is not.
type Fact = (u8, bool, Turn, fn() -> (Sentence, Sentence));

/// How much is known, from 0 to 1 in whole hundredths, and what is not. `open` is the part of the gates that ended unknown.
pub fn confidence(index: &Index, query: &Query, entry: &Entry, open: f64) -> (f64, Vec<Unknown>) {
    // Of works that are not there nothing else is missed.
    let works = if entry.works.is_empty() { vec![NO_WORKS] } else { of_works(index, query, entry).into() };
    let facts: Vec<Fact> = works.into_iter().chain(of_profile(entry)).chain(of_package(query)).collect();
    let known: u8 = facts.iter().filter(|(_, known, ..)| *known).map(|(part, ..)| part).sum();
    let gates = whole(f64::from(GATES) * (1.0 - open));
    let unknowns = facts.into_iter().filter(|(_, known, ..)| !known).map(|(_, _, turn, say)| {
        let (reason, cure) = say();
        Unknown { turn, reason, cure }
    });
    (f64::from(i32::from(known) + gates) / 100.0, unknowns.collect())
}

const NO_WORKS: Fact = (WORKS, false, Turn::Business, || {
    (both("Виконаних робіт компанії не зазначено.", "No past works of the business are recorded."), both("Додайте до профілю виконані роботи.", "Add past works to the profile."))
});

fn of_works(index: &Index, query: &Query, entry: &Entry) -> [Fact; 6] {
    let any = |has: &dyn Fn(&Work) -> bool| entry.works.iter().any(|&work| has(index.works.get(work)));
    let in_currency = |work: &Work| work.currency != NOTHING && query.budget.is_none_or(|(currency, _)| work.currency == currency);
    let business = Turn::Business;
    [
        (WORKS, true, business, NO_WORKS.3),
        (TITLES, any(&|work| work.title != NOTHING), business, || {
            (both("Виконані роботи не мають назв.", "Its past works have no titles."), both("Додайте назви виконаних робіт.", "Add the titles of past works."))
        }),
        (VALUES, any(&in_currency), business, || {
            (
                both("Вартість виконаних робіт у цій валюті невідома.", "The value of its past works in this currency is not known."),
                both("Додайте вартість виконаних робіт.", "Add the values of past works."),
            )
        }),
        (WORK_DAYS, any(&|work| work.day.is_some()), business, || {
            (both("Невідомо, коли виконано роботи.", "It is not known when its past works were done."), both("Додайте дати виконаних робіт.", "Add the dates of past works."))
        }),
        (WORK_PLACES, any(&|work| work.spot != Spot::UNKNOWN), business, || {
            (both("Невідомо, де виконано роботи.", "It is not known where its past works were done."), both("Додайте місця виконаних робіт.", "Add the places of past works."))
        }),
        (BUYERS, any(&|work| work.buyer != NOTHING), business, || {
            (
                both("Жодне джерело не підтверджує, для кого виконано роботи.", "No source confirms for whom its past works were done."),
                both(
                    "Замовника підтверджує імпорт переможців закупівель; назви, які вказала сама компанія, лише показано.",
                    "An import of awards confirms the buyer; one that the business names itself is shown and does not count.",
                ),
            )
        }),
    ]
}

fn of_profile(entry: &Entry) -> [Fact; 4] {
    let told = entry.capability.as_deref();
    let business = Turn::Business;
    [
        (PLACE, entry.seat.is_known() || told.is_some_and(|told| !told.service_area.is_empty()), business, || {
            (
                both("Невідомо, де розташована компанія і яку територію обслуговує.", "It is not known where the business sits or which area it serves."),
                both("Укажіть у профілі місце розташування або територію обслуговування.", "State the seat or the service area in the profile."),
            )
        }),
        (TRADE, !entry.declared.is_empty() || !entry.active.is_empty(), business, || {
            (
                both("Компанія не вказала, які роботи виконує.", "The business has not said which works it does."),
                both(
                    "Укажіть у профілі коди робіт за ДК 021:2015 або види діяльності за КВЕД.",
                    "State the codes of the works (DK 021:2015) or the activities (KVED) in the profile.",
                ),
            )
        }),
        (SIZE, told.is_some_and(|told| told.largest_contract.is_some()), business, || {
            (
                both("Невідомо, який найбільший договір може виконати компанія.", "It is not known how large a contract the business can carry."),
                both("Укажіть у профілі найбільший договір.", "State the largest contract in the profile."),
            )
        }),
        (FREE, told.is_some_and(|told| told.free_from.is_some() || told.free_to.is_some()), business, || {
            (
                both("Невідомо, коли компанія вільна.", "It is not known when the business is free."),
                both("Укажіть у профілі, коли ви вільні.", "State in the profile when you are free."),
            )
        }),
    ]
}

fn of_package(query: &Query) -> [Fact; 4] {
    let package = query.package;
    let municipality = Turn::Municipality;
    [
        (WHERE, package.place.is_some(), municipality, || {
            (both("У проєкті не вказано місця робіт.", "The project names no place."), both("Укажіть у проєкті територію.", "State the territory of the project."))
        }),
        (CODES, !package.codes.is_empty(), municipality, || {
            (
                both("У пакеті робіт немає коду ДК 021:2015.", "The work package has no code of DK 021:2015."),
                both("Додайте до пакета робіт код ДК 021:2015.", "Add a code of DK 021:2015 to the work package."),
            )
        }),
        (WHEN, package.starts.is_some() || package.ends.is_some(), municipality, || {
            (
                both("У пакеті робіт не вказано строків.", "The work package has no dates."),
                both("Укажіть, коли роботи починаються й завершуються.", "State when the works start and end."),
            )
        }),
        (BUDGET, package.budget.is_some(), municipality, || {
            (
                both("У пакеті робіт не вказано бюджету.", "The work package has no budget."),
                both("Укажіть бюджет пакета робіт і його валюту.", "State the budget of the work package and its currency."),
            )
        }),
    ]
}
