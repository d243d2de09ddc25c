//! What can go wrong, written for the caller; the only place that knows the codes.
//!
//! A refusal names the field and the remedy in both languages. A fault of ours keeps its cause for the log and shows the
//! caller none of it. The type does not implement `Display`, so that no `?` in a resolver can show a database's words.

use std::sync::Arc;

use chrono::TimeDelta;
use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};

use crate::locale::Said;

/// Result with our error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The machine-readable name of a refusal or failure. A code never changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, async_graphql::Enum)]
#[graphql(name = "ErrorCode")]
pub enum Code {
    /// A value is missing, malformed or out of its range.
    BadUserInput,
    /// There is no such entity, or the caller may not see it.
    NotFound,
    /// The caller sees it and may not do this.
    Forbidden,
    /// Nobody is signed in, or the token no longer holds.
    Unauthenticated,
    /// The organisation is not verified: it prepares, but does not submit, publish or answer.
    NotVerified,
    /// The entity changed since the caller read it.
    StaleVersion,
    /// The entity is not in a state in which this can be done.
    InvalidState,
    /// An identifier's check digit is wrong.
    IdentifierChecksum,
    /// The identifier, e-mail or live interest is there already.
    AlreadyExists,
    /// A code is in none of the lists.
    UnknownCode,
    /// The criteria's weights do not sum to 100.
    #[graphql(name = "WEIGHTS_NOT_100")]
    WeightsNot100,
    /// The time for this is over, or not yet come.
    OutOfTime,
    /// A second factor is needed: a code of it beside the right password, or one that is on before a right can be used.
    SecondFactorRequired,
    /// The caller has to prove anew who they are: `stepUp`.
    StepUpRequired,
    /// This was done before under the same key, and what it gave is a secret that is shown once.
    SecretAlreadyShown,
    /// Another call was made under the same `Idempotency-Key`.
    IdempotencyConflict,
    /// There were too many tries; the same call after `retryAfter` seconds will do.
    RateLimited,
    /// A part of the service is not ready; the same call later will do.
    Unavailable,
    /// A fault of ours.
    Internal,
}

impl Code {
    /// The code as it stands on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::NotFound => "NOT_FOUND",
            Self::Forbidden => "FORBIDDEN",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::NotVerified => "NOT_VERIFIED",
            Self::StaleVersion => "STALE_VERSION",
            Self::InvalidState => "INVALID_STATE",
            Self::IdentifierChecksum => "IDENTIFIER_CHECKSUM",
            Self::AlreadyExists => "ALREADY_EXISTS",
            Self::UnknownCode => "UNKNOWN_CODE",
            Self::WeightsNot100 => "WEIGHTS_NOT_100",
            Self::OutOfTime => "OUT_OF_TIME",
            Self::SecondFactorRequired => "SECOND_FACTOR_REQUIRED",
            Self::StepUpRequired => "STEP_UP_REQUIRED",
            Self::SecretAlreadyShown => "SECRET_ALREADY_SHOWN",
            Self::IdempotencyConflict => "IDEMPOTENCY_CONFLICT",
            Self::RateLimited => "RATE_LIMITED",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }
}

/// Why a use case did not happen.
#[derive(Clone, Debug)]
pub enum Error {
    /// The caller can mend it.
    Refused(Box<Refusal>),
    /// We must mend it; the cause is for the log.
    Internal(Arc<dyn std::error::Error + Send + Sync>),
}

/// What the caller is told, and what they can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its code.
    pub code: Code,
    /// Path of the input field, a step an entry, places in lists from 0: `workPackages`, `0`, `title`; empty when it is about the whole.
    pub field: Vec<String>,
    /// What is wrong.
    pub message: Said,
    /// What would mend it.
    pub remedy: Said,
    /// The version that stands now, with [`Code::StaleVersion`].
    pub current_version: Option<i32>,
    /// Seconds after which the same call will do, with [`Code::RateLimited`].
    pub retry_after: Option<u32>,
    /// What else is wrong with the same input.
    pub also: Vec<Refusal>,
}

impl Refusal {
    /// Writes its field, and those of what else is wrong, otherwise.
    fn change_fields(&mut self, change: &impl Fn(&mut Vec<String>)) {
        change(&mut self.field);
        for other in &mut self.also {
            other.change_fields(change);
        }
    }
}

impl Error {
    /// A refusal of one field.
    #[must_use]
    pub fn refused(code: Code, field: &str, message: Said, remedy: Said) -> Self {
        Self::Refused(Box::new(Refusal { code, field: steps(field).collect(), message, remedy, current_version: None, retry_after: None, also: Vec::new() }))
    }

    /// A value that cannot be taken; the remedy says which could.
    #[must_use]
    pub fn bad_input(field: &str, message: Said, remedy: Said) -> Self {
        Self::refused(Code::BadUserInput, field, message, remedy)
    }

    /// What the caller may not see is as if absent.
    #[must_use]
    pub fn not_found(field: &str) -> Self {
        Self::refused(
            Code::NotFound,
            field,
            Said::new("Такого запису немає або він вам недоступний.", "There is no such record, or you may not see it."),
            Said::new("Перевірте ідентифікатор і чи ви ввійшли від потрібної організації.", "Check the id, and that you are signed in as a member of the right organisation."),
        )
    }

    /// The caller sees it and may not do this; the remedy says who may.
    #[must_use]
    pub fn forbidden(remedy: Said) -> Self {
        Self::refused(Code::Forbidden, "", Said::new("У вас немає права на цю дію.", "You have no right to do this."), remedy)
    }

    /// Nobody is signed in.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::refused(
            Code::Unauthenticated,
            "",
            Said::new("Для цього треба ввійти.", "This needs a sign-in."),
            Said::new("Викличте signIn і надішліть токен у заголовку Authorization: Bearer.", "Call signIn and send the token in the header Authorization: Bearer."),
        )
    }

    /// The call was made before under the same key, and gave a secret; how to come to another.
    #[must_use]
    pub fn secret_already_shown(anew: Said) -> Self {
        Self::refused(
            Code::SecretAlreadyShown,
            "",
            Said::new("Це вже зроблено під тим самим ключем, а секрет показують лише раз.", "This was done before under the same key, and the secret is shown once."),
            anew,
        )
    }

    /// The call was made before under the same key; whoever answers it tells what was done then (`graphql::repeat`).
    #[must_use]
    pub fn done_before() -> Self {
        Self::refused(
            Code::AlreadyExists,
            "Idempotency-Key",
            Said::new("Цей виклик уже зроблено під тим самим ключем.", "This call was made before under the same key."),
            Said::new("Прочитайте запис: він уже такий, як ви хотіли.", "Read the record: it is as you wanted it."),
        )
    }

    /// Too many want the same at once.
    #[must_use]
    pub fn busy() -> Self {
        Self::refused(
            Code::Unavailable,
            "",
            Said::new("Зараз забагато людей роблять це водночас.", "Too many people do this at the same time."),
            Said::new("Спробуйте ще раз за кілька секунд.", "Try again in a few seconds."),
        )
    }

    /// There were too many tries; it can be tried again after `wait`.
    #[must_use]
    pub fn rate_limited(wait: TimeDelta) -> Self {
        let seconds = u32::try_from(wait.num_milliseconds()).unwrap_or_default().div_ceil(1000);
        let minutes = seconds.div_ceil(60);
        Self::Refused(Box::new(Refusal {
            code: Code::RateLimited,
            field: Vec::new(),
            message: Said::new("Забагато спроб поспіль.", "There were too many tries."),
            remedy: Said::new(format!("Спробуйте ще раз пізніше, через {minutes} хв."), format!("Try again later, in {minutes} min.")),
            current_version: None,
            retry_after: Some(seconds),
            also: Vec::new(),
        }))
    }

    /// The same refusal with another sentence.
    #[must_use]
    pub fn because(mut self, message: Said) -> Self {
        if let Self::Refused(refusal) = &mut self {
            refusal.message = message;
        }
        self
    }

    /// The same refusal with one remedy more.
    #[must_use]
    pub fn instead(mut self, more: &Said) -> Self {
        if let Self::Refused(refusal) = &mut self {
            refusal.remedy = Said::new(format!("{} {}", refusal.remedy.uk, more.uk), format!("{} {}", refusal.remedy.en, more.en));
        }
        self
    }

    /// The entity changed since the caller read it.
    #[must_use]
    pub fn stale(current: i32) -> Self {
        Self::Refused(Box::new(Refusal {
            code: Code::StaleVersion,
            field: vec!["expectedVersion".to_owned()],
            message: Said::new(format!("Запис тим часом змінено: тепер його версія {current}."), format!("The record has changed meanwhile: its version is now {current}.")),
            remedy: Said::new("Прочитайте його ще раз і повторіть зміну з новою версією.", "Read it again and repeat the change with the new version."),
            current_version: Some(current),
            retry_after: None,
            also: Vec::new(),
        }))
    }

    /// The entity's state does not allow this; the remedy says which state would.
    #[must_use]
    pub fn invalid_state(message: Said, remedy: Said) -> Self {
        Self::refused(Code::InvalidState, "", message, remedy)
    }

    /// The state of `subject` does not allow this step; the remedy names the states that do. `said` is what people call a state.
    #[must_use]
    pub fn not_now<S: Copy>(subject: (&str, &str), state: S, allowed: &[S], said: impl Fn(S) -> Said) -> Self {
        let (now, allowed) = (said(state), Said::any_of(allowed.iter().map(|state| said(*state))));
        Self::invalid_state(
            Said::new(format!("{} зараз у стані {}.", subject.0, now.uk), format!("{} is in the state {} now.", subject.1, now.en)),
            Said::new(format!("Ця дія можлива в стані {}.", allowed.uk), format!("This is possible in the state {}.", allowed.en)),
        )
    }

    /// A fault of ours with its cause.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(Arc::from(cause.into()))
    }

    /// The same refusal, its field below `parent`, unless it is about a field beside `parent` or about no field.
    #[must_use]
    pub fn within_content(self, parent: &str) -> Self {
        const BESIDE: [&str; 4] = ["id", "expectedVersion", "organisationId", "projectId"];
        self.with_fields(|field| {
            if field.first().is_some_and(|first| !BESIDE.contains(&first.as_str())) {
                field.splice(0..0, steps(parent));
            }
        })
    }

    /// The same refusal of a part of an argument, its field with the steps that lead to the part: within `or.1`,
    /// `filter.sector` is `filter.or.1.sector`.
    #[must_use]
    pub fn within_part(self, part: &str) -> Self {
        self.with_fields(|field| {
            if !field.is_empty() {
                field.splice(1..1, steps(part));
            }
        })
    }

    fn with_fields(mut self, change: impl Fn(&mut Vec<String>)) -> Self {
        if let Self::Refused(refusal) = &mut self {
            refusal.change_fields(&change);
        }
        self
    }

    /// Several at once: a fault of ours before all, else the first refusal with the others beside it; none of none.
    fn all(errors: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut first: Option<Box<Refusal>> = None;
        for error in errors {
            let Self::Refused(mut refusal) = error else { return Some(error) };
            match &mut first {
                None => first = Some(refusal),
                Some(first) => {
                    let more = std::mem::take(&mut refusal.also);
                    first.also.push(*refusal);
                    first.also.extend(more);
                }
            }
        }
        first.map(Self::Refused)
    }

    /// Whether somebody who wrote at the same time is why: begun anew, the same use case finds what they wrote and may go through.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        let Self::Internal(cause) = self else { return false };
        cause.downcast_ref::<DbErr>().is_some_and(|cause| is_unique_violation(cause) || is_deadlock(cause))
    }

    /// The code that stands for it.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Refused(refusal) => refusal.code,
            Self::Internal(_) => Code::Internal,
        }
    }
}

/// Values that are looked at side by side, so that a person is told at once of all that is wrong.
pub trait Together {
    /// What was taken.
    type Taken;

    /// What all of them took.
    ///
    /// # Errors
    /// With everything that is wrong with any of them.
    fn together(self) -> Result<Self::Taken>;
}

impl<T> Together for Vec<Result<T>> {
    type Taken = Vec<T>;

    fn together(self) -> Result<Vec<T>> {
        let (mut taken, mut wrong) = (Vec::with_capacity(self.len()), Vec::new());
        for result in self {
            result.map_or_else(|error| wrong.push(error), |value| taken.push(value));
        }
        Error::all(wrong).map_or(Ok(taken), Err)
    }
}

macro_rules! together {
    ($($value:ident: $kind:ident),+) => {
        impl<$($kind),+> Together for ($(Result<$kind>,)+) {
            type Taken = ($($kind,)+);

            fn together(self) -> Result<Self::Taken> {
                match self {
                    ($(Ok($value),)+) => Ok(($($value,)+)),
                    ($($value,)+) => Err(Error::all([$($value.err()),+].into_iter().flatten()).unwrap_or_else(|| Error::internal("nothing was wrong"))),
                }
            }
        }
    };
}

together!(a: A, b: B);
together!(a: A, b: B, c: C);
together!(a: A, b: B, c: C, d: D);
together!(a: A, b: B, c: C, d: D, e: E);
together!(a: A, b: B, c: C, d: D, e: E, f: F);
together!(a: A, b: B, c: C, d: D, e: E, f: F, g: G);
together!(a: A, b: B, c: C, d: D, e: E, f: F, g: G, h: H);

/// The steps of a path such as `workPackages.0.title`.
fn steps(path: &str) -> impl Iterator<Item = String> {
    path.split('.').filter(|step| !step.is_empty()).map(str::to_owned)
}

impl From<DbErr> for Error {
    fn from(cause: DbErr) -> Self {
        if is_away(&cause) {
            tracing::error!(%cause, "the database does not answer");
            return Self::refused(
                Code::Unavailable,
                "",
                Said::new("База даних зараз не відповідає; нічого не змінено.", "The database does not answer now; nothing was changed."),
                Said::new("Спробуйте ще раз за хвилину.", "Try again in a minute."),
            );
        }
        Self::internal(cause)
    }
}

/// Whether the database is stopped, cannot be reached, or is held by another program, so that the same call later will do.
fn is_away(cause: &DbErr) -> bool {
    let (DbErr::Conn(RuntimeErr::SqlxError(cause)) | DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = cause else {
        return matches!(cause, DbErr::ConnectionAcquire(_));
    };
    match cause.as_database_error() {
        // SQLSTATE 57P01 to 57P05 (it shuts down, starts up, ends the session), 53300 (too many connections), 55P03 (another
        // holds the lock for too long), 53100 (disk full); SQLITE_BUSY and its kinds, SQLITE_FULL, SQLITE_IOERR_WRITE.
        Some(cause) => cause.code().is_some_and(|code| code.starts_with("57P") || matches!(&*code, "53100" | "53300" | "55P03" | "5" | "13" | "778" | "261" | "517" | "773")),
        None => matches!(**cause, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Protocol(_)),
    }
}

/// Turns the violation of a unique index into the refusal that `refusal` makes, and leaves other faults as they are.
pub fn unique_or(cause: DbErr, refusal: impl FnOnce() -> Error) -> Error {
    if is_unique_violation(&cause) { refusal() } else { cause.into() }
}

/// Whether a row with the same value of a unique index is why.
#[must_use]
fn is_unique_violation(cause: &DbErr) -> bool {
    matches!(cause.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

/// Whether PostgreSQL ended a transaction because two waited for each other (SQLSTATE 40P01).
fn is_deadlock(cause: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = cause else { return false };
    cause.as_database_error().is_some_and(|cause| cause.code().as_deref() == Some("40P01"))
}

impl From<Error> for async_graphql::Error {
    /// Carries the whole error to the boundary (`graphql::execute`), which logs causes and chooses the language.
    fn from(error: Error) -> Self {
        Self { message: error.code().as_str().to_owned(), source: Some(Arc::new(error)), extensions: None }
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, Result, Together as _};
    use crate::locale::Said;

    fn wrong<T>(field: &str) -> Result<T> {
        Err(Error::bad_input(field, Said::new("", ""), Said::new("", "")))
    }

    fn told<T>(result: Result<T>) -> Vec<String> {
        match result.err().map(|error| error.within_content("project")) {
            Some(Error::Refused(first)) => std::iter::once(&*first).chain(&first.also).map(|refusal| refusal.field.join(".")).collect(),
            Some(Error::Internal(cause)) => vec![format!("a fault: {cause}")],
            None => Vec::new(),
        }
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        assert_eq!((Ok(1), Ok("a")).together().ok(), Some((1, "a")));
        let packages = vec![wrong::<()>("workPackages.0.title"), Ok(()), wrong("workPackages.2.cpv")].together();
        assert_eq!(told((wrong::<()>("title"), Ok(1), packages).together()), ["project.title", "project.workPackages.0.title", "project.workPackages.2.cpv"]);
        assert_eq!(told((wrong::<()>("title"), Err::<(), _>(Error::internal("the disk is full"))).together()), ["a fault: the disk is full"]);
    }
}
