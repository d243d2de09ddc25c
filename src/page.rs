//! One way to read a list in pages: keyset cursors bound to the order, stable while rows come and go.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Alias, ColumnType, Expr, ExprTrait as _, Query, SimpleExpr, WindowStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityName as _, EntityTrait, FromQueryResult, ModelTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait as _, Select, Value,
};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::db::group;
use crate::error::{Error, Result};
use crate::locale::Said;

/// Rows of a page when nobody asked otherwise.
pub const DEFAULT: i32 = 20;
/// Most rows of a page.
pub const MOST: i32 = 100;

/// Which page: how many rows, after which cursor.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Page {
    /// Rows wanted, 1 to 100.
    pub first: u64,
    /// The cursor after which they begin.
    pub after: Option<String>,
    /// Whether all rows are to be counted too.
    pub count: bool,
}

impl Page {
    /// Takes the arguments of a list.
    ///
    /// # Errors
    /// When `first` is not from 1 to 100.
    pub fn new(first: Option<i32>, after: Option<String>, count: bool) -> Result<Self> {
        let first = first.unwrap_or(DEFAULT);
        match u64::try_from(first) {
            Ok(rows) if (1..=MOST).contains(&first) => Ok(Self { first: rows, after, count }),
            _ => Err(Error::bad_input("first", Said::new(format!("first дорівнює {first}."), format!("first is {first}.")), wanted())),
        }
    }
}

/// How many rows a page may have, for the remedy of another number.
#[must_use]
pub fn wanted() -> Said {
    Said::new(format!("Візьміть від 1 до {MOST}; без first буде {DEFAULT}."), format!("Take 1 to {MOST}; without first it is {DEFAULT}."))
}

/// The rows of a page with their cursors.
#[derive(Clone, Debug)]
pub struct Rows<M> {
    /// Each row with its cursor.
    pub rows: Vec<(String, M)>,
    /// Whether more rows follow.
    pub more: bool,
    /// Whether rows were left out before these.
    pub before: bool,
    /// How many rows there are in all, if that was asked.
    pub total: Option<u64>,
}

impl<M> Default for Rows<M> {
    fn default() -> Self {
        Self { rows: Vec::new(), more: false, before: false, total: None }
    }
}

/// One term of an order. Its column has no nulls.
#[derive(Clone, Debug)]
pub struct Term<C> {
    /// The column.
    pub column: C,
    /// Which way.
    pub order: Order,
}

/// Reads one page of `select` in `terms`, with `id` as the tie-break.
///
/// # Errors
/// When the cursor is not of this order, or the database cannot be read.
pub async fn read<E>(connection: &impl ConnectionTrait, select: Select<E>, page: &Page, terms: Vec<Term<E::Column>>, id: E::Column) -> Result<Rows<E::Model>>
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E> + FromQueryResult + Send + Sync,
{
    let total = if page.count { Some(select.clone().count(connection).await?) } else { None };
    let terms = whole(terms, id);
    let mut query = beyond(select, page, &terms)?;
    for term in &terms {
        query = query.order_by(term.column, term.order.clone());
    }
    Ok(cut(query.limit(page.first + 1).all(connection).await?, page, &terms, total))
}

/// Reads the same page of the rows of each of some parents, in one statement for all, and one more where they are counted.
///
/// # Errors
/// When the cursor is not of this order, or the database cannot be read.
pub async fn read_each<E>(
    connection: &impl ConnectionTrait,
    select: Select<E>,
    (parent, parents): (E::Column, Vec<Uuid>),
    page: &Page,
    terms: Vec<Term<E::Column>>,
    id: E::Column,
) -> Result<HashMap<Uuid, Rows<E::Model>>>
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E> + FromQueryResult + Send + Sync,
{
    let select = select.filter(parent.is_in(parents.iter().copied()));
    let mut totals = HashMap::new();
    if page.count {
        let counted = select.clone().select_only().column(parent).column_as(id.count(), "rows").group_by(parent);
        totals.extend(counted.into_tuple::<(Uuid, i64)>().all(connection).await?);
    }
    let terms = whole(terms, id);
    let mut places = WindowStatement::partition_by((E::default(), parent));
    for term in &terms {
        places.order_by((E::default(), term.column), term.order.clone());
    }
    let (place, ranked) = (Alias::new("place"), Alias::new("ranked"));
    let inner = beyond(select, page, &terms)?.select_only().column_as(id, "id").into_query().expr_window_as(Expr::cust("ROW_NUMBER()"), places, place.clone()).to_owned();
    let chosen =
        Query::select().column((ranked.clone(), Alias::new("id"))).from_subquery(inner, ranked.clone()).and_where(Expr::col((ranked, place)).lte(page.first + 1)).to_owned();
    let mut query = E::find().filter(id.in_subquery(chosen));
    for term in &terms {
        query = query.order_by(term.column, term.order.clone());
    }
    let with_parent = |row: E::Model| Ok((<Uuid as sea_orm::sea_query::ValueType>::try_from(row.get(parent)).map_err(Error::internal)?, row));
    let mut rows = group(query.all(connection).await?.into_iter().map(with_parent).collect::<Result<Vec<_>>>()?, |(parent, _)| *parent);
    let mut of = |parent: Uuid| {
        let total = page.count.then(|| totals.remove(&parent).and_then(|rows| u64::try_from(rows).ok()).unwrap_or_default());
        let rows = rows.remove(&parent).unwrap_or_default().into_iter().map(|(_, row)| row).collect();
        (parent, cut(rows, page, &terms, total))
    };
    Ok(parents.into_iter().map(&mut of).collect())
}

/// The terms with the id as the tie-break, in the direction of the last.
fn whole<C>(mut terms: Vec<Term<C>>, id: C) -> Vec<Term<C>> {
    let order = terms.last().map_or(Order::Asc, |term| term.order.clone());
    terms.push(Term { column: id, order });
    terms
}

/// The rows after the page's cursor.
fn beyond<E: EntityTrait>(select: Select<E>, page: &Page, terms: &[Term<E::Column>]) -> Result<Select<E>> {
    Ok(match &page.after {
        Some(cursor) => select.filter(after(terms, &decode(terms, cursor)?)),
        None => select,
    })
}

/// The page of rows of which one more than wanted was read.
fn cut<M: ModelTrait>(mut rows: Vec<M>, page: &Page, terms: &[Term<<M::Entity as EntityTrait>::Column>], total: Option<u64>) -> Rows<M> {
    let wanted = usize::try_from(page.first).unwrap_or(usize::MAX);
    let more = rows.len() > wanted;
    rows.truncate(wanted);
    let rows = rows.into_iter().map(|row| (encode(terms, &row), row)).collect();
    Rows { rows, more, before: page.after.is_some(), total }
}

/// The rows after the cursor: equal in the terms before, beyond in this one, for each term in turn.
fn after<C: ColumnTrait>(terms: &[Term<C>], values: &[Value]) -> Condition {
    let mut any = Condition::any();
    for (place, (term, value)) in terms.iter().zip(values).enumerate() {
        let mut all = Condition::all();
        for (earlier, equal) in terms.iter().zip(values).take(place) {
            all = all.add(earlier.column.eq(equal.clone()));
        }
        let beyond: SimpleExpr = match term.order {
            Order::Desc => term.column.lt(value.clone()),
            _ => term.column.gt(value.clone()),
        };
        any = any.add(all.add(beyond));
    }
    any
}

/// What a cursor is bound to: the table, the columns and their directions.
fn signature<C: ColumnTrait>(terms: &[Term<C>]) -> String {
    let table = C::EntityName::default();
    let columns = terms.iter().map(|term| format!("{}{}", if term.order == Order::Desc { '-' } else { '+' }, term.column.as_str()));
    std::iter::once(table.table_name().to_owned()).chain(columns).collect()
}

fn encode<C: ColumnTrait, M: ModelTrait>(terms: &[Term<C>], row: &M) -> String
where
    M::Entity: EntityTrait<Column = C>,
{
    let mut parts = vec![Json::String(signature(terms))];
    parts.extend(terms.iter().map(|term| to_json(&row.get(term.column))));
    URL_SAFE_NO_PAD.encode(Json::Array(parts).to_string())
}

fn decode<C: ColumnTrait>(terms: &[Term<C>], cursor: &str) -> Result<Vec<Value>> {
    let refuse = || {
        Error::bad_input(
            "after",
            Said::new("Це не курсор цього списку в цьому порядку.", "This is no cursor of this list in this order."),
            Said::new("Візьміть endCursor попередньої сторінки і той самий orderBy.", "Take the endCursor of the page before, and the same orderBy."),
        )
    };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refuse())?;
    let parts: Vec<Json> = serde_json::from_slice(&bytes).map_err(|_| refuse())?;
    match parts.split_first() {
        Some((Json::String(signed), values)) if *signed == signature(terms) && values.len() == terms.len() => {
            values.iter().zip(terms).map(|(value, term)| from_json(value).filter(|value| fits(value, term.column.def().get_column_type())).ok_or_else(refuse)).collect()
        }
        _ => Err(refuse()),
    }
}

/// Whether a value of a cursor can be compared with a column.
fn fits(value: &Value, column: &ColumnType) -> bool {
    match column {
        ColumnType::Uuid => matches!(value, Value::Uuid(_)),
        ColumnType::TimestampWithTimeZone => matches!(value, Value::ChronoDateTimeUtc(_)),
        ColumnType::Integer => matches!(value, Value::Int(_)),
        ColumnType::BigInteger => matches!(value, Value::BigInt(_)),
        _ => matches!(value, Value::String(_)),
    }
}

fn to_json(value: &Value) -> Json {
    match value {
        Value::String(Some(text)) => serde_json::json!({ "s": text }),
        Value::Int(Some(number)) => serde_json::json!({ "i": number }),
        Value::BigInt(Some(number)) => serde_json::json!({ "b": number.to_string() }),
        Value::Uuid(Some(id)) => serde_json::json!({ "u": id }),
        Value::ChronoDateTimeUtc(Some(moment)) => serde_json::json!({ "t": moment.to_rfc3339_opts(chrono::SecondsFormat::Micros, true) }),
        _ => Json::Null,
    }
}

fn from_json(value: &Json) -> Option<Value> {
    let (kind, value) = value.as_object().filter(|object| object.len() == 1)?.iter().next()?;
    Some(match kind.as_str() {
        "s" => value.as_str().filter(|text| !text.contains('\0'))?.to_owned().into(),
        "i" => i32::try_from(value.as_i64()?).ok()?.into(),
        "b" => value.as_str()?.parse::<i64>().ok()?.into(),
        "u" => value.as_str()?.parse::<Uuid>().ok()?.into(),
        "t" => DateTime::parse_from_rfc3339(value.as_str()?).ok()?.with_timezone(&Utc).into(),
        _ => return None,
    })
}
