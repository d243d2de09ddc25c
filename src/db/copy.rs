//! A copy of the embedded database while others write to it, and whether such a copy is whole.

use std::path::Path;

use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DbBackend, DbErr, Statement};
use uuid::Uuid;

use super::{Db, SchemaState};

/// Most faults of a copy that are told.
const MOST_FAULTS: u32 = 10;

impl Db {
    /// Writes the embedded database, as it is at one moment, into a new file.
    ///
    /// # Errors
    /// When it cannot be read, or the file cannot be written or is there.
    pub async fn copy_to(&self, file: &Path) -> Result<(), DbErr> {
        let copy = Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [file.to_string_lossy().into_owned().into()]);
        self.reader.execute_raw(copy).await.map(drop)
    }
}

/// What a copy of the embedded database holds.
#[derive(Debug)]
pub struct Copied {
    /// What is broken in it, in the database's words; nothing in a copy that is whole.
    pub faults: Vec<String>,
    /// How its schema stands to the program's.
    pub schema: SchemaState,
    /// The objects that its attachments name.
    pub objects: Vec<Uuid>,
}

/// Looks all through a copy of the embedded database.
///
/// # Errors
/// When it is no database, or cannot be read.
pub async fn examine(file: &Path) -> Result<Copied, DbErr> {
    let address = format!("sqlite://{}?mode=rw", file.to_string_lossy().replace('%', "%25").replace('?', "%3F"));
    let mut options = ConnectOptions::new(address);
    options.max_connections(1).sqlx_logging(false);
    let connection = Database::connect(options).await?;
    let copied = look(&connection).await;
    connection.close().await?;
    copied
}

async fn look(connection: &DatabaseConnection) -> Result<Copied, DbErr> {
    let ask = async |statement: String| connection.query_all_raw(Statement::from_string(DbBackend::Sqlite, statement)).await;
    let mut faults = Vec::new();
    for row in ask(format!("PRAGMA integrity_check({MOST_FAULTS})")).await? {
        faults.push(row.try_get_by_index::<String>(0)?);
    }
    faults.retain(|fault| fault != "ok");
    let strays = ask("PRAGMA foreign_key_check".to_owned()).await?.len();
    if strays > 0 {
        faults.push(format!("{strays} rows belong to rows that are not there"));
    }
    let mut objects = Vec::new();
    // An older schema may have no attachments.
    if !ask("SELECT 1 FROM sqlite_master WHERE name = 'attachment'".to_owned()).await?.is_empty() {
        for row in ask("SELECT object_id FROM attachment WHERE object_id IS NOT NULL".to_owned()).await? {
            objects.push(row.try_get_by_index(0)?);
        }
    }
    let db = Db { reader: connection.clone(), writer: connection.clone() };
    Ok(Copied { faults, schema: db.schema_state().await?, objects })
}
