//! What steps say: a new table with its columns, keys and indexes, named after their columns; new columns of a table; or statements.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;
use sea_orm_migration::sea_query::{ColumnDef, ForeignKey, Index, IndexCreateStatement, Table, TableCreateStatement};

/// Creates one table with its keys and indexes; going down drops it.
pub(crate) struct CreateTable {
    name: &'static str,
    table: &'static str,
    create: TableCreateStatement,
    indexes: Vec<IndexCreateStatement>,
    then: Option<&'static str>,
    postgres_only: Option<&'static str>,
}

impl CreateTable {
    pub(crate) fn new(name: &'static str, table: &'static str, create: TableCreateStatement) -> Self {
        Self { name, table, create, indexes: Vec::new(), then: None, postgres_only: None }
    }

    pub(crate) fn primary_key(mut self, columns: &[&'static str]) -> Self {
        let mut key = Index::create();
        for column in columns {
            key.col(*column);
        }
        self.create.primary_key(&mut key);
        self
    }

    pub(crate) fn references(mut self, column: &'static str, table: &'static str, key: &'static str) -> Self {
        let name = format!("fk_{}_{column}", self.table);
        self.create.foreign_key(ForeignKey::create().name(name).from(self.table, column).to(table, key));
        self
    }

    pub(crate) fn index(self, columns: &[&'static str]) -> Self {
        self.add_index("ix", columns, false)
    }

    pub(crate) fn unique(self, columns: &[&'static str]) -> Self {
        self.add_index("ux", columns, true)
    }

    /// A statement that runs after the table stands.
    pub(crate) fn then(mut self, statement: &'static str) -> Self {
        self.then = Some(statement);
        self
    }

    /// A statement that PostgreSQL alone needs after the table stands.
    pub(crate) fn on_postgres(mut self, statement: &'static str) -> Self {
        self.postgres_only = Some(statement);
        self
    }

    fn add_index(mut self, prefix: &str, columns: &[&'static str], unique: bool) -> Self {
        let mut index = index_of(prefix, self.table, columns);
        if unique {
            index.unique();
        }
        self.indexes.push(index);
        self
    }
}

fn index_of(prefix: &str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("{prefix}_{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}

impl MigrationName for CreateTable {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for CreateTable {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(self.create.clone()).await?;
        for index in &self.indexes {
            manager.create_index(index.clone()).await?;
        }
        if let Some(statement) = self.then {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        match self.postgres_only {
            Some(statement) if manager.get_database_backend() == DbBackend::Postgres => manager.get_connection().execute_unprepared(statement).await.map(|_| ()),
            _ => Ok(()),
        }
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(self.table).to_owned()).await
    }
}

/// Adds columns to a table, or indexes of those that it has; going down takes them away. A column that is not null has a default, for the rows that are there.
pub(crate) struct AddColumns {
    name: &'static str,
    table: &'static str,
    columns: Vec<ColumnDef>,
    fill: Option<&'static str>,
    indexes: Vec<IndexCreateStatement>,
}

impl AddColumns {
    pub(crate) fn new(name: &'static str, table: &'static str, columns: Vec<ColumnDef>) -> Self {
        Self { name, table, columns, fill: None, indexes: Vec::new() }
    }

    /// A statement that fills the columns in for the rows that are there.
    pub(crate) fn filled(mut self, statement: &'static str) -> Self {
        self.fill = Some(statement);
        self
    }

    pub(crate) fn index(mut self, columns: &[&'static str]) -> Self {
        self.indexes.push(index_of("ix", self.table, columns));
        self
    }
}

impl MigrationName for AddColumns {
    fn name(&self) -> &str {
        self.name
    }
}

/// One statement a column, since SQLite takes no more.
#[async_trait::async_trait]
impl MigrationTrait for AddColumns {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in &self.columns {
            manager.alter_table(Table::alter().table(self.table).add_column(column.clone()).to_owned()).await?;
        }
        if let Some(statement) = self.fill {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        for index in &self.indexes {
            manager.create_index(index.clone()).await?;
        }
        Ok(())
    }

    /// SQLite keeps a column that an index names.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for index in &self.indexes {
            let name = index.get_index_spec().get_name().unwrap_or_default();
            manager.drop_index(Index::drop().name(name).table(self.table).to_owned()).await?;
        }
        for column in self.columns.iter().rev() {
            manager.alter_table(Table::alter().table(self.table).drop_column(column.get_column_name()).to_owned()).await?;
        }
        Ok(())
    }
}

/// Changes a table in what the others cannot say, in the words of each database.
pub(crate) struct Statements {
    pub(crate) name: &'static str,
    pub(crate) up_sqlite: &'static [&'static str],
    pub(crate) up_postgres: &'static [&'static str],
    pub(crate) down_sqlite: &'static [&'static str],
    pub(crate) down_postgres: &'static [&'static str],
}

impl MigrationName for Statements {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Statements {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, self.up_sqlite, self.up_postgres).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, self.down_sqlite, self.down_postgres).await
    }
}

async fn run(manager: &SchemaManager<'_>, sqlite: &[&str], postgres: &[&str]) -> Result<(), DbErr> {
    for statement in if manager.get_database_backend() == DbBackend::Postgres { postgres } else { sqlite } {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}
