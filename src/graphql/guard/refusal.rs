//! Why a document does not pass, in both languages, with the number that was measured and the limit.

use async_graphql::Pos;
use async_graphql::parser;

use crate::locale::Said;

/// The kind of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The text is no GraphQL.
    Syntax,
    /// The text is GraphQL, and cannot be run against any schema.
    Validation,
    /// A variable that the operation needs is missing or null.
    Variable,
    /// It is larger, deeper or more costly than allowed.
    TooComplex,
}

/// Why a document does not pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its kind.
    pub fault: Fault,
    /// What is wrong.
    pub message: Said,
    /// What would mend it.
    pub remedy: Said,
    /// Where in the document.
    pub position: Option<Pos>,
    /// The variable it is about.
    pub variable: Option<String>,
}

/// What the parser expected, where that is all it says; else its words, quoted.
fn in_ukrainian(reason: &str) -> String {
    reason.strip_prefix("expected ").map_or_else(|| format!("«{reason}»"), |wanted| format!("тут має бути {}", wanted.replace(", or ", " або ").replace(" or ", " або ")))
}

impl Refused {
    fn new(fault: Fault, message: Said, remedy: Said) -> Box<Self> {
        Box::new(Self { fault, message, remedy, position: None, variable: None })
    }

    /// More of something than allowed.
    pub(super) fn too_much(uk: &str, en: &str, measured: u64, limit: u64) -> Box<Self> {
        Self::new(
            Fault::TooComplex,
            Said::new(
                format!("Запит завеликий: {uk} – {measured}, а можна щонайбільше {limit}."),
                format!("The query is too large: {measured} {en}, and at most {limit} are allowed."),
            ),
            Said::new(format!("Поділіть запит на менші, щоб вийшло щонайбільше {limit}."), format!("Split it into smaller queries of at most {limit} each.")),
        )
    }

    /// More objects than the caller may ask for.
    pub(super) fn too_costly(measured: u64, limit: u64) -> Box<Self> {
        Box::new(Self {
            remedy: Said::new(
                format!("Візьміть менший first або менше вкладених списків; межа без токена 2000 об'єктів, з токеном 20000, тут {limit}."),
                format!("Take a smaller first or fewer nested lists; the limit is 2000 objects without a token and 20000 with one, here {limit}."),
            ),
            ..*Self::too_much("об'єктів може повернути", "objects may be returned", measured, limit)
        })
    }

    /// Fragments that spread themselves.
    pub(super) fn cyclic(name: &str) -> Box<Self> {
        Self::new(
            Fault::Validation,
            Said::new(format!("Фрагмент {name} містить сам себе."), format!("The fragment {name} contains itself.")),
            Said::new("Приберіть один із фрагментів кола.", "Take one of the fragments out of the circle."),
        )
    }

    /// A subscription to several things, or to one within a fragment, which would be passed over.
    pub(super) fn not_one_field() -> Box<Self> {
        Self::new(
            Fault::Validation,
            Said::new("Підписка має рівно одне кореневе поле, і не у фрагменті.", "A subscription has exactly one root field, and not within a fragment."),
            Said::new("Поділіть її на кілька, а поле напишіть просто в операції.", "Split it into several, and write the field in the operation itself."),
        )
    }

    /// No operation, or more than one, fits the name.
    pub(super) fn no_such_operation() -> Box<Self> {
        Self::new(
            Fault::Validation,
            Said::new("Не зрозуміло, котру операцію документа виконати.", "Which of the document's operations is to run is not clear."),
            Said::new("Дайте в operationName ім'я однієї з операцій документа.", "Give the name of one of its operations as operationName."),
        )
    }

    /// A string that does not end.
    pub(super) fn open_string() -> Box<Self> {
        Self::new(
            Fault::Syntax,
            Said::new("У документі є рядок без кінцевих лапок.", "The document has a string without its closing quotes."),
            Said::new("Закрийте лапки.", "Close the quotes."),
        )
    }

    /// The parser's words: where it stopped and what it expected, without the text around it.
    pub(super) fn unreadable(error: &parser::Error) -> Box<Self> {
        let words = error.to_string();
        let reason = words.lines().rev().find_map(|line| line.trim_start().strip_prefix("= ")).or_else(|| words.lines().next()).unwrap_or_default();
        Box::new(Self {
            position: error.positions().next(),
            ..*Self::new(
                Fault::Syntax,
                Said::new(format!("Документ не розібрано: {}.", in_ukrainian(reason)), format!("The document could not be parsed: {reason}.")),
                Said::new("Виправте документ у вказаному місці.", "Mend the document at the place given."),
            )
        })
    }

    /// A variable that must be given.
    pub(super) fn missing_variable(name: &str, position: Pos) -> Box<Self> {
        Box::new(Self {
            position: Some(position),
            variable: Some(name.to_owned()),
            ..*Self::new(
                Fault::Variable,
                Said::new(format!("Змінну ${name} треба дати, і не null."), format!("The variable ${name} must be given, and not as null.")),
                Said::new(format!("Дайте {name} у variables."), format!("Give {name} in variables.")),
            )
        })
    }
}
