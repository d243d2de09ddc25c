//! Rows of territories and classifications.

use std::collections::HashSet;

use chrono::NaiveDate;
use entity::{classification, setting, territory};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::known::Known;
use crate::db::ROWS_A_STATEMENT;
use crate::error::Result;
use crate::page::{self, Page, Rows, Term};

const VERSION: &str = "reference.version";

/// The name under which it is kept that a whole list was imported.
#[must_use]
pub fn complete_key(list: &str) -> String {
    format!("reference.complete.{list}")
}

/// The value of a setting.
///
/// # Errors
/// When the database cannot be read.
pub async fn setting(connection: &impl ConnectionTrait, key: &str) -> Result<Option<String>> {
    Ok(setting::Entity::find_by_id(key).one(connection).await?.map(|row| row.value))
}

/// Sets a setting.
///
/// # Errors
/// When the database refuses.
pub async fn set_setting(connection: &impl ConnectionTrait, key: &str, value: &str) -> Result<()> {
    let row = setting::ActiveModel { key: Set(key.to_owned()), value: Set(value.to_owned()) };
    let replace = OnConflict::column(setting::Column::Key).update_column(setting::Column::Value).to_owned();
    setting::Entity::insert(row).on_conflict(replace).exec_without_returning(connection).await?;
    Ok(())
}

/// Notes that the lists changed, so that every process reads them anew.
///
/// # Errors
/// When the database refuses.
pub async fn mark_changed(connection: &impl ConnectionTrait, version: &str) -> Result<()> {
    set_setting(connection, VERSION, version).await
}

/// Which import the lists are of.
///
/// # Errors
/// When the database cannot be read.
pub async fn version(connection: &impl ConnectionTrait) -> Result<String> {
    Ok(setting(connection, VERSION).await?.unwrap_or_default())
}

/// The codes that may stand in new records: those that the newest lists hold.
///
/// # Errors
/// When the database cannot be read.
pub async fn known(connection: &impl ConnectionTrait) -> Result<Known> {
    let mut known = Known { version: version(connection).await?, ..Known::default() };
    let codes: Vec<(String, String)> = classification::Entity::find()
        .select_only()
        .column(classification::Column::Scheme)
        .column(classification::Column::Code)
        .filter(classification::Column::ValidTo.is_null())
        .into_tuple()
        .all(connection)
        .await?;
    for (scheme, code) in codes {
        if scheme == "CPV" {
            known.cpv.insert(code.get(..8).unwrap_or(&code).to_owned(), code);
        } else {
            known.kved.insert(code);
        }
    }
    known.territories = territory::Entity::find()
        .select_only()
        .column(territory::Column::Code)
        .filter(territory::Column::ValidTo.is_null())
        .into_tuple::<String>()
        .all(connection)
        .await?
        .into_iter()
        .collect();
    known.cpv_complete = setting(connection, &complete_key("CPV")).await?.is_some();
    known.kved_complete = setting(connection, &complete_key("KVED")).await?.is_some();
    known.territories_complete = setting(connection, &complete_key("KATOTTG")).await?.is_some();
    Ok(known)
}

/// Writes territories, replacing those that are there.
///
/// # Errors
/// When the database refuses.
pub async fn put_territories(connection: &impl ConnectionTrait, rows: Vec<territory::ActiveModel>) -> Result<()> {
    use territory::Column::{Category, Level, NameKey, NameUk, Parent, ValidTo};
    let replace = OnConflict::column(territory::Column::Code).update_columns([Parent, Category, Level, NameUk, NameKey, ValidTo]).to_owned();
    for chunk in rows.chunks(ROWS_A_STATEMENT) {
        territory::Entity::insert_many(chunk.iter().cloned()).on_conflict(replace.clone()).exec_without_returning(connection).await?;
    }
    Ok(())
}

/// Writes classification codes, replacing the columns `replaced` of those that are there.
///
/// # Errors
/// When the database refuses.
pub async fn put_classifications(connection: &impl ConnectionTrait, rows: Vec<classification::ActiveModel>, replaced: &[classification::Column]) -> Result<()> {
    let replace = OnConflict::columns([classification::Column::Scheme, classification::Column::Code]).update_columns(replaced.iter().copied()).to_owned();
    for chunk in rows.chunks(ROWS_A_STATEMENT) {
        classification::Entity::insert_many(chunk.iter().cloned()).on_conflict(replace.clone()).exec_without_returning(connection).await?;
    }
    Ok(())
}

/// All rows of a classification.
///
/// # Errors
/// When the database cannot be read.
pub async fn classifications(connection: &impl ConnectionTrait, scheme: &str) -> Result<Vec<classification::Model>> {
    Ok(classification::Entity::find().filter(classification::Column::Scheme.eq(scheme)).order_by_asc(classification::Column::Code).all(connection).await?)
}

/// Classification codes of one scheme.
///
/// # Errors
/// When the database cannot be read.
pub async fn classifications_by_code(connection: &impl ConnectionTrait, scheme: &str, codes: Vec<String>) -> Result<Vec<classification::Model>> {
    let query = classification::Entity::find().filter(classification::Column::Scheme.eq(scheme)).filter(classification::Column::Code.is_in(codes));
    Ok(query.all(connection).await?)
}

/// All territories.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn territories_there(connection: &impl ConnectionTrait) -> Result<Vec<territory::Model>> {
    Ok(territory::Entity::find().all(connection).await?)
}

/// Territories by code.
///
/// # Errors
/// When the database cannot be read.
pub async fn territories_by_code(connection: &impl ConnectionTrait, codes: Vec<String>) -> Result<Vec<territory::Model>> {
    Ok(territory::Entity::find().filter(territory::Column::Code.is_in(codes)).all(connection).await?)
}

/// Keeps the territories that a newer list lacks, valid until `day`.
///
/// # Errors
/// When the database refuses.
pub(super) async fn retire_territories(connection: &impl ConnectionTrait, listed: &HashSet<String>, day: NaiveDate) -> Result<u64> {
    let current: Vec<String> =
        territory::Entity::find().select_only().column(territory::Column::Code).filter(territory::Column::ValidTo.is_null()).into_tuple().all(connection).await?;
    let gone: Vec<String> = current.into_iter().filter(|code| !listed.contains(code)).collect();
    for chunk in gone.chunks(ROWS_A_STATEMENT) {
        territory::Entity::update_many()
            .set(territory::ActiveModel { valid_to: Set(Some(day)), ..Default::default() })
            .filter(territory::Column::Code.is_in(chunk.iter().cloned()))
            .exec(connection)
            .await?;
    }
    Ok(u64::try_from(gone.len()).unwrap_or_default())
}

/// Keeps the codes of a classification that a newer list lacks, valid until `day`.
///
/// # Errors
/// When the database refuses.
pub(super) async fn retire_classifications(connection: &impl ConnectionTrait, scheme: &str, listed: &HashSet<String>, day: NaiveDate) -> Result<u64> {
    let current: Vec<String> = classification::Entity::find()
        .select_only()
        .column(classification::Column::Code)
        .filter(classification::Column::Scheme.eq(scheme))
        .filter(classification::Column::ValidTo.is_null())
        .into_tuple()
        .all(connection)
        .await?;
    let gone: Vec<String> = current.into_iter().filter(|code| !listed.contains(code)).collect();
    for chunk in gone.chunks(ROWS_A_STATEMENT) {
        classification::Entity::update_many()
            .set(classification::ActiveModel { valid_to: Set(Some(day)), ..Default::default() })
            .filter(classification::Column::Scheme.eq(scheme))
            .filter(classification::Column::Code.is_in(chunk.iter().cloned()))
            .exec(connection)
            .await?;
    }
    Ok(u64::try_from(gone.len()).unwrap_or_default())
}

/// A page of territories.
///
/// # Errors
/// When the cursor is not of this list, or the database cannot be read.
pub async fn list_territories(connection: &impl ConnectionTrait, condition: Condition, terms: Vec<Term<territory::Column>>, page: &Page) -> Result<Rows<territory::Model>> {
    page::read(connection, territory::Entity::find().filter(condition), page, terms, territory::Column::Code).await
}

/// A page of the codes of a classification.
///
/// # Errors
/// When the cursor is not of this list, or the database cannot be read.
pub async fn list_classifications(connection: &impl ConnectionTrait, scheme: &str, condition: Condition, page: &Page) -> Result<Rows<classification::Model>> {
    let select = classification::Entity::find().filter(classification::Column::Scheme.eq(scheme)).filter(condition);
    page::read(connection, select, page, Vec::new(), classification::Column::Code).await
}
