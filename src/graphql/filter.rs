//! The pieces that the filters of all slices are made of, and their meaning in SQL.

use async_graphql::{Context, Enum, InputObject};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _, Func, LikeExpr};
use sea_orm::{ColumnTrait, Condition, Order, Value};

use super::context::RequestContext as _;
use super::scalars::{Amount, CurrencyCode, KatottgCode};
use crate::clock::moment;
use crate::error::{Error, Result, Together as _};
use crate::locale::Said;
use crate::reference::known::Known;
use crate::{money, reference, text};

/// Most values of a list of which a column is to be one.
const MOST_VALUES: usize = 100;
/// Most parts of one `and` or `or`.
const MOST_PARTS: usize = 16;
const LONGEST_SEARCH: usize = 200;

/// From and to a moment, both included.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct DateTimeRange {
    /// Not before.
    pub gte: Option<DateTime<Utc>>,
    /// Not after.
    pub lte: Option<DateTime<Utc>>,
}

impl DateTimeRange {
    /// Rows within the range.
    ///
    /// # Errors
    /// When a moment is before 1900 or after 2200.
    pub fn condition(&self, field: &str, column: impl ColumnTrait) -> Result<Condition> {
        let bound = |name: &str, given: Option<DateTime<Utc>>| given.map(|given| moment(&format!("{field}.{name}"), given)).transpose();
        Ok(Condition::all().add_option(bound("gte", self.gte)?.map(|moment| column.gte(moment))).add_option(bound("lte", self.lte)?.map(|moment| column.lte(moment))))
    }
}

/// From and to an amount of one currency, both included. Amounts in other currencies are not in the range.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct MoneyRange {
    /// Which currency.
    pub currency: CurrencyCode,
    /// Not less.
    pub gte: Option<Amount>,
    /// Not more.
    pub lte: Option<Amount>,
}

impl MoneyRange {
    /// Rows within the range.
    ///
    /// # Errors
    /// When an amount cannot be one of the currency.
    pub fn condition<C: ColumnTrait>(&self, field: &str, minor: C, currency: C) -> Result<Condition> {
        let bound = |name: &str, amount: Option<Amount>| amount.map(|amount| money::Money::parse_as((field, name), amount.0, self.currency.code())).transpose();
        Ok(Condition::all()
            .add(currency.eq(self.currency.code()))
            .add_option(bound("gte", self.gte)?.map(|money| minor.gte(money.minor)))
            .add_option(bound("lte", self.lte)?.map(|money| minor.lte(money.minor))))
    }
}

/// Rows whose key holds every word of the search; all, where it has none.
///
/// # Errors
/// When the search is longer than 200 characters.
pub fn search(field: &str, words: &str, key: impl ColumnTrait) -> Result<Condition> {
    if words.chars().count() > LONGEST_SEARCH || words.contains('\0') {
        return Err(Error::bad_input(
            field,
            Said::new("Пошуковий запит задовгий або має недруковані знаки.", "The search is too long or holds control characters."),
            Said::new(format!("Дайте до {LONGEST_SEARCH} знаків."), format!("Give up to {LONGEST_SEARCH} characters.")),
        ));
    }
    Ok(text::key(words).split_whitespace().fold(Condition::all(), |all, word| all.add(key.like(containing(word)))))
}

fn containing(word: &str) -> LikeExpr {
    let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    LikeExpr::new(format!("%{escaped}%")).escape('\\')
}

/// Rows of one of the OC4IDS sectors.
///
/// # Errors
/// When there are more than 100, or the code list does not hold one.
pub fn sectors(field: &str, codes: &[String], column: impl ColumnTrait) -> Result<Condition> {
    text::at_most(field, codes.len(), MOST_VALUES)?;
    let sought = codes.iter().enumerate().map(|(place, code)| {
        let field = format!("{field}.{place}");
        reference::service::sector(&field, &text::sought(&field, code)?)
    });
    among(field, sought.collect::<Vec<_>>().together()?.into_iter(), column)
}

/// Rows whose column is one of the values.
///
/// # Errors
/// When there are more than 100.
pub fn among(field: &str, values: impl ExactSizeIterator<Item = impl Into<Value>>, column: impl ColumnTrait) -> Result<Condition> {
    text::at_most(field, values.len(), MOST_VALUES)?;
    Ok(Condition::all().add(column.is_in(values)))
}

/// Rows in a territory or any within it.
///
/// # Errors
/// When the codifier does not hold it.
pub fn under(known: &Known, field: &str, code: &KatottgCode, column: impl ColumnTrait) -> Result<Condition> {
    known.territory(field, &code.0)?;
    Ok(Condition::all().add(column.like(format!("{}%", code.0.prefix()))))
}

/// Which way a list is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OrderDirection {
    /// Smallest, earliest, first in the alphabet first.
    Asc,
    /// The other way.
    Desc,
}

impl From<OrderDirection> for Order {
    fn from(direction: OrderDirection) -> Self {
        match direction {
            OrderDirection::Asc => Self::Asc,
            OrderDirection::Desc => Self::Desc,
        }
    }
}

/// What a filter means by the codes that are known; without one, every row.
///
/// # Errors
/// When a value of the filter cannot be taken, or the database cannot be read.
pub async fn meaning<F>(ctx: &Context<'_>, filter: Option<F>, condition: impl FnOnce(&F, &Known) -> Result<Condition>) -> Result<Condition> {
    match filter {
        None => Ok(Condition::all()),
        Some(filter) => condition(&filter, &*reference::service::known(ctx.app()).await?),
    }
}

/// `and`, `or` and `not` over the filters of one entity. With the limit of nesting that the shell has for variables and
/// the guard for documents, a condition stays far below the depth that SQLite takes; how many there are, the guard counts.
///
/// # Errors
/// When a list has more than 16 parts, and with the first error of the parts.
pub fn combine<F>(own: Condition, and: Option<&Vec<F>>, or: Option<&Vec<F>>, not: Option<&F>, condition: impl Fn(&F) -> Result<Condition>) -> Result<Condition> {
    for (field, parts) in [("filter.and", and), ("filter.or", or)] {
        if let Some(parts) = parts.filter(|parts| parts.len() > MOST_PARTS) {
            return Err(Error::bad_input(
                field,
                Said::new(format!("Частин у фільтрі: {}.", parts.len()), format!("The filter has {} parts.", parts.len())),
                Said::new(format!("Залиште до {MOST_PARTS}; для переліку значень є списки."), format!("Leave {MOST_PARTS} at most; a field that takes a list takes many values.")),
            ));
        }
    }
    let within = |step: &str, part: &F| condition(part).map_err(|error| error.within_part(step));
    let mut all = own;
    for (place, part) in and.into_iter().flatten().enumerate() {
        all = all.add(within(&format!("and.{place}"), part)?);
    }
    if let Some(parts) = or {
        // None of no parts fits; an empty condition would let every row through.
        let mut any = Condition::any().add(Expr::value(false));
        for (place, part) in parts.iter().enumerate() {
            any = any.add(within(&format!("or.{place}"), part)?);
        }
        all = all.add(any);
    }
    if let Some(part) = not {
        // What is unknown does not fit the part, so it is kept: SQL's NOT alone would drop it.
        let fits = Func::coalesce([Expr::from(within("not", part)?), Expr::value(false)]);
        all = all.add(Expr::expr(fits).not());
    }
    Ok(all)
}
