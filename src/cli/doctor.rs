//! `doctor`: what this program works with, read back, and whether it is as it should be.

use std::path::Path;
use std::sync::Arc;

use super::args::Global;
use super::failure::Failure;
use super::finding::{Finding, mode, told};
use super::{open, output, schema};
use crate::app::App;
use crate::auth::key_file::{KEY_FILE, KEY_FILE_MODE};
use crate::auth::token::Keys;
use crate::clock::SystemClock;
use crate::config::{Config, SQLITE_FILE};
use crate::db::{Db, SchemaState};
use crate::matching;
use crate::matching::engine::ENGINE_VERSION;
use crate::organisations;

/// Looks at everything and prints it.
pub(super) async fn run(global: &Global) -> Result<u8, Failure> {
    let config = global.config()?;
    let mut findings = vec![
        Finding::new("mistok", env!("CARGO_PKG_VERSION"), true),
        Finding::new("matching engine", ENGINE_VERSION, true),
        Finding::new("data folder", config.data.display().to_string(), true),
        Finding::new("database", config.database.to_string(), true),
    ];
    findings.extend(keys(&config.data));
    if open::is_missing(&config) {
        findings.push(Finding::new("database file", "missing; `mistok serve` makes it", false));
    } else {
        if config.database.is_embedded_in(&config.data) {
            let file = mode(&config.data.join(SQLITE_FILE)).map_err(|cause| Failure::because("the mode of the database file cannot be read", cause))?;
            findings.push(Finding::new("database file mode", format!("{file:04o}"), file == open::DATABASE_FILE_MODE));
        }
        match Db::connect(&config.database).await {
            Ok(db) => database(&db, config, &mut findings).await?,
            Err(cause) => findings.push(Finding::new("connection", cause.to_string(), false)),
        }
    }
    told(global, &findings)
}

/// The key file: whether it is there, is its owner's alone, and holds keys.
fn keys(data: &Path) -> Vec<Finding> {
    let path = data.join(KEY_FILE);
    let mode = match mode(&path) {
        Ok(mode) => Finding::new("key file mode", format!("{mode:04o}"), mode == KEY_FILE_MODE),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return vec![Finding::new("key file", "missing; the first start makes it", false)],
        Err(cause) => return vec![Finding::new("key file", cause.to_string(), false)],
    };
    let held = match Keys::load(data) {
        Ok(keys) => Finding::new("keys", format!("tokens {}, checkpoints {}, identifiers {}", keys.kid(), keys.checkpoints().kid(), keys.identifier_key_id()), true),
        Err(cause) => Finding::new("keys", cause.to_string(), false),
    };
    vec![mode, held]
}

/// The database: its settings, its schema, how full it is, and whether the index can be loaded from it.
async fn database(db: &Db, config: Config, findings: &mut Vec<Finding>) -> Result<(), Failure> {
    findings.push(Finding::new("database kind", if config.database.is_postgres() { "PostgreSQL" } else { "SQLite" }, true));
    findings.extend(db.settings().await?.into_iter().map(|setting| Finding::new(setting.name, setting.value, setting.sound)));
    let state = db.schema_state().await?;
    let current = matches!(state, SchemaState::Current(_));
    findings.push(Finding::new("schema", schema::sentence(&state), current));
    if !current {
        return Ok(());
    }
    findings.extend(db.census().await?.into_iter().map(|(table, rows)| Finding::new(format!("rows of {table}"), rows.to_string(), true)));
    if config.data.join(KEY_FILE).exists()
        && let Ok(keys) = Keys::load(&config.data)
    {
        if let Some(other) = organisations::store::other_identifier_key(db.reader(), keys.identifier_key_id()).await? {
            findings.push(Finding::new("key of tax numbers", open::of_other_keys(&other, &keys), false));
            return Ok(());
        }
        let app = App::new(db.clone(), Arc::new(SystemClock), keys, config);
        findings.push(match matching::live::load(&app).await {
            Ok(()) => Finding::new("index", format!("loads, {}", output::counted(app.matcher.len(), "business", "businesses")), true),
            Err(error) => Finding::new("index", format!("does not load: {error:?}"), false),
        });
    }
    Ok(())
}
