//! The demonstration: in a database of its own, on loopback only, since its passwords are public.

use std::fs::{File, TryLockError};
use std::net::SocketAddr;

use super::failure::Failure;
use crate::app::App;
use crate::demo::{self, Holds};
use crate::reference;

/// The file that is locked while a demonstration is made.
const LOCK: &str = "demo.lock";

/// Whether a demonstration may be served at an address.
pub(super) fn only_here(listen: SocketAddr) -> Result<(), Failure> {
    if listen.ip().is_loopback() {
        return Ok(());
    }
    Err(Failure::new(format!("the demonstration's passwords are public, and {} is not loopback", listen.ip()))
        .remedy("Leave --listen out, or give a loopback address such as 127.0.0.1:8080."))
}

/// Fills an empty database with the demonstration, and one in which that was interrupted anew; refuses one that holds anything else.
pub(super) async fn prepare(app: &App) -> Result<(), Failure> {
    let _alone = alone(app)?;
    match demo::holds(app).await? {
        Holds::Demonstration => return Ok(()),
        Holds::Nothing => {}
        Holds::Unfinished => {
            tracing::warn!("the making of the demonstration was interrupted; it begins anew");
            app.db.migrate_down(u32::MAX).await?;
            app.db.migrate_up().await?;
            reference::service::seed(app).await?;
        }
        Holds::Else => {
            return Err(Failure::new(format!("the database {} holds something else than the demonstration", app.config.database))
                .remedy("Leave --data and --database out to use ./mistok-demo."));
        }
    }
    tracing::info!("the demonstration is made");
    Box::pin(demo::fill(app)).await.map_err(|error| Failure::from(error).within("the demonstration could not be made"))
}

/// Sees to it that one process at a time makes a demonstration in a data folder.
fn alone(app: &App) -> Result<File, Failure> {
    let path = app.config.data.join(LOCK);
    let file = File::create(&path).map_err(|cause| Failure::because(format!("{} cannot be made", path.display()), cause))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(Failure::new(format!("another process makes the demonstration in {}", app.config.data.display())).remedy("Wait until it is done, then start again."))
        }
        Err(TryLockError::Error(cause)) => Err(Failure::because(format!("{} cannot be locked", path.display()), cause)),
    }
}

/// Refuses to show a demonstration to others, also when it is served as if it were none.
pub(super) async fn not_for_others(app: &App, listen: SocketAddr) -> Result<(), Failure> {
    match demo::holds(app).await? {
        Holds::Demonstration => only_here(listen),
        Holds::Unfinished => Err(Failure::new(format!("the making of a demonstration was interrupted in the database {}", app.config.database))
            .remedy("Finish it with `mistok serve --demo` on the same --data, or name another folder.")),
        Holds::Nothing | Holds::Else => Ok(()),
    }
}

/// The log-ins, for people.
pub(super) fn logins() -> Vec<String> {
    let lines = demo::LOGINS.iter().map(|login| format!("  {:<28} {}", login.email, login.role));
    std::iter::once(format!("Log-ins, all with the password {}:", demo::PASSWORD)).chain(lines).collect()
}
