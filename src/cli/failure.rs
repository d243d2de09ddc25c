//! Why a command failed, with its causes, for the one who operates the program.

use std::error::Error as StdError;

use super::{FAILED, WRONG, output};
use crate::error::{Error, Refusal};

/// Why a command failed.
#[derive(Debug)]
pub(super) struct Failure {
    code: u8,
    sentence: String,
    remedy: Option<String>,
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

impl Failure {
    /// A failure without a deeper cause.
    pub(super) fn new(sentence: impl Into<String>) -> Self {
        Self { code: FAILED, sentence: sentence.into(), remedy: None, cause: None }
    }

    /// A failure with the fault behind it.
    pub(super) fn because(sentence: impl Into<String>, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { cause: Some(cause.into()), ..Self::new(sentence) }
    }

    /// The same as a mistake in what was given rather than in what was done.
    pub(super) fn of_settings(self) -> Self {
        Self { code: WRONG, ..self }
    }

    /// The code with which the process ends.
    pub(super) fn code(&self) -> u8 {
        self.code
    }

    /// What failed and what would mend it, in one line.
    pub(super) fn line(&self) -> String {
        self.remedy.as_ref().map_or_else(|| self.sentence.clone(), |remedy| format!("{}. {remedy}", self.sentence))
    }

    /// The same with what would mend it.
    pub(super) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// The same as the cause of a wider failure.
    pub(super) fn within(mut self, sentence: &str) -> Self {
        self.sentence = format!("{sentence}: {}", self.sentence);
        self
    }

    /// Prints it to standard error.
    pub(super) fn print(&self) {
        output::aside(format!("mistok: {}", self.sentence));
        let mut next: Option<&dyn StdError> = self.cause.as_deref().map(|cause| cause as &dyn StdError);
        while let Some(cause) = next {
            output::aside(format!("  because: {cause}"));
            next = cause.source();
        }
        if let Some(remedy) = &self.remedy {
            output::aside(format!("  {remedy}"));
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => {
                let Refusal { code, field, message, remedy, current_version: _, retry_after: _, also: _ } = *refusal;
                let field = if field.is_empty() { String::new() } else { format!("{}: ", field.join(".")) };
                Self::new(format!("{field}{} [{}]", message.en, code.as_str())).remedy(remedy.en)
            }
            Error::Internal(cause) => Self::because("something failed on our side", Box::<dyn StdError + Send + Sync>::from(Shared(cause))),
        }
    }
}

impl From<sea_orm::DbErr> for Failure {
    fn from(cause: sea_orm::DbErr) -> Self {
        Self::because("the database refused", cause)
    }
}

/// A cause that others may hold too.
#[derive(Debug)]
struct Shared(std::sync::Arc<dyn StdError + Send + Sync>);

impl std::fmt::Display for Shared {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&self.0, formatter)
    }
}

impl StdError for Shared {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}
