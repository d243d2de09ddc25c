//! A notification may be about no organisation: what concerns an account is its person's alone.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{uuid, uuid_null};
use sea_orm_migration::sea_orm::TransactionTrait as _;

use crate::m0042_notification;

/// Lets `notification.organisation_id` be null. SQLite changes no column, so the table is made anew, with all that is in it.
pub(crate) struct Step;

/// Lets `notification.organisation_id` be null.
pub(crate) fn step() -> Step {
    Step
}

impl MigrationName for Step {
    fn name(&self) -> &'static str {
        "m0053_notification.organisation_id"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        remake(manager, uuid_null("organisation_id"), "SELECT * FROM notification").await
    }

    /// What is about no organisation goes.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        remake(manager, uuid("organisation_id"), "SELECT * FROM notification WHERE organisation_id IS NOT NULL").await
    }
}

/// Makes the table anew with another column and the rows that stay, in one transaction: a table that is cut off half-way would be lost.
async fn remake(manager: &SchemaManager<'_>, organisation: ColumnDef, stays: &str) -> Result<(), DbErr> {
    let transaction = manager.get_connection().begin().await?;
    transaction.execute_unprepared(&format!("CREATE TABLE notification_kept AS {stays}")).await?;
    transaction.execute_unprepared("DROP TABLE notification").await?;
    m0042_notification::table(organisation).up(&SchemaManager::new(&transaction)).await?;
    transaction.execute_unprepared("INSERT INTO notification SELECT * FROM notification_kept").await?;
    transaction.execute_unprepared("DROP TABLE notification_kept").await?;
    transaction.commit().await
}
