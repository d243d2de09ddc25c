//! What evidence says, in Ukrainian and English: the strongest past work is the sentence that people read.

use super::code::Code;
use super::explanation::{CriterionKind, EvidenceKind, Sentence};
use super::place::Nearness;
use super::sentences::{both, civil};
use super::work::Work;

/// Titles at least so alike are said to be very alike.
const VERY_ALIKE: f64 = 0.6;
/// Titles at least so alike are said to be alike.
const ALIKE: f64 = 0.3;
/// Logarithms of values nearer than this are said to be similar: within a third of one another.
const SIMILAR_VALUE: f64 = 0.3;

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
    let (what_uk, what_en) = match similarity {
        Some(alike) if alike >= VERY_ALIKE => ("дуже подібну роботу", "very similar work"),
        Some(alike) if alike >= ALIKE => ("подібну роботу", "similar work"),
        _ if same_class => ("роботу того самого класу", "work of the same class"),
        _ => ("роботу", "work"),
    };
    let (in_uk, in_en) = work.day.map_or_else(Default::default, |day| (format!(" у {} році", civil(day).0), format!(" in {}", civil(day).0)));
    let mut sentence = if work.won {
        both(format!("Виконано{in_uk} {what_uk}"), format!("Did {what_en}{in_en}"))
    } else {
        both(format!("Подано{in_uk} пропозицію на {what_uk}"), format!("Bid for {what_en}{in_en}"))
    };
    let place = match near {
        Nearness::Area => Some((" на тій самій території", " in the same area")),
        Nearness::Region => Some((" у тому самому регіоні", " in the same region")),
        Nearness::Apart => None,
    };
    let more = [
        same_buyer.then_some((" для того самого замовника", " for the same buyer")),
        place,
        apart.is_some_and(|apart| apart < SIMILAR_VALUE).then_some((" за подібною вартістю", " at a similar value")),
    ];
    for (uk, en) in more.into_iter().flatten() {
        sentence.uk += uk;
        sentence.en += en;
    }
    sentence.uk.push('.');
    sentence.en.push('.');
    sentence
}

/// On evidence that is not one past work; `many` counts the past works or the buyers that it adds up.
pub fn evidence(kind: EvidenceKind, many: usize) -> Sentence {
    match kind {
        EvidenceKind::FurtherWorks => both(format!("Інших, менш подібних робіт: {many}."), format!("And {many} further, less similar works.")),
        // What is shown one by one has sentences of its own.
        EvidenceKind::PastWork | EvidenceKind::Words | EvidenceKind::NameWords | EvidenceKind::DeclaredCode | EvidenceKind::RequirementMet => Sentence::default(),
        EvidenceKind::WorksHere => both("Є досвід роботи на цій території.", "Has worked in this area."),
        EvidenceKind::SeatInArea => both("Компанія розташована на цій території.", "Is based in this area."),
        EvidenceKind::SeatInRegion => both("Компанія розташована в цьому регіоні.", "Is based in this region."),
        EvidenceKind::ServiceArea => both("Територія обслуговування охоплює це місце.", "Has said that it serves this area."),
        EvidenceKind::WorksOfDivision => both("Є виконані роботи того самого розділу класифікатора.", "Has done works of the same division."),
        EvidenceKind::WorksOfClass => both("Є виконані роботи того самого класу за класифікатором.", "Has done works of the same class."),
        EvidenceKind::Activity => both("Зареєстрований вид діяльності відповідає таким роботам.", "Its registered activity fits such works."),
        EvidenceKind::WorksOfCategory => both("Виконує роботи цієї категорії.", "Does works of this category."),
        EvidenceKind::UsualValue => both("Бюджет того самого порядку, що й звичні договори компанії.", "The budget is of the order of its usual contracts."),
        EvidenceKind::DeclaredSize => both("Може виконати договір такого розміру.", "Can carry a contract of this size."),
        EvidenceKind::Buyers => both(format!("Замовників, яким подано пропозиції: {many}."), format!("Buyers it has bid for: {many}.")),
        EvidenceKind::Contribution => both("Може внести те, чого шукає замовник.", "Can contribute what is sought."),
    }
}

/// On the code that a business says it does which is nearest to what is asked for.
pub fn declared_code(code: Code) -> Sentence {
    both(format!("У профілі зазначено роботи за кодом {code}."), format!("Has said that it does works under code {code}."))
}

/// On one word of the package, of works or of the name.
pub fn word(of_works: bool, word: &str) -> Sentence {
    if of_works {
        both(format!("Слово «{word}» є в назвах робіт."), format!("Its works have the word «{word}»."))
    } else {
        both(format!("Слово «{word}» є в назві компанії."), format!("The name of the company has the word «{word}»."))
    }
}

/// On the words that are not shown one by one.
pub fn further_words() -> Sentence {
    both("Інші спільні слова.", "Further words in common.")
}

/// On several words of the package, of one of the works or of the name; `beyond` when the business did nothing near the size.
pub fn words(of_works: bool, words: &[&str], beyond: bool) -> Sentence {
    let list = words.iter().map(|word| format!("«{word}»")).collect::<Vec<_>>().join(", ");
    let small = both("Усі виконані роботи значно менші за бюджет, але компанія має", "All that it did is far smaller than the budget, but it has");
    let has = if beyond { small } else { both("Має", "Has") };
    let (words_uk, words_en) = if words.len() == 1 { ("слово", "word") } else { ("слова", "words") };
    if of_works {
        both(format!("{} роботу, в назві якої є {words_uk} {list}.", has.uk), format!("{} a work whose title has the {words_en} {list}.", has.en))
    } else {
        both(format!("{} у своїй назві {words_uk} {list}.", has.uk), format!("{} the {words_en} {list} in its name.", has.en))
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
        CriterionKind::TrackRecord => both("Коло замовників", "Track record"),
        CriterionKind::Requirements => both("Побажання", "Wishes"),
        CriterionKind::Contributions => both("Внесок", "Contribution"),
    }
}
