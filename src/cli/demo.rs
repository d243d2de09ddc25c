//! The demonstration: in a database of its own, on loopback only, since its passwords are public.

use std::net::SocketAddr;

use super::failure::Failure;
use crate::app::App;
use crate::demo::{self, Holds};

/// Whether a demonstration may be served at an address.
pub(super) fn only_here(listen: SocketAddr) -> Result<(), Failure> {
    if listen.ip().is_loopback() {
        return Ok(());
    }
    Err(Failure::new(format!("the demonstration's passwords are public, and {} is not loopback", listen.ip()))
        .remedy("Leave --listen out, or give a loopback address such as 127.0.0.1:8080."))
}

/// Fills an empty database with the demonstration; refuses one that holds anything else.
pub(super) async fn prepare(app: &App) -> Result<(), Failure> {
    match demo::holds(app).await? {
        Holds::Demonstration => Ok(()),
        Holds::Nothing => {
            tracing::info!("the demonstration is made");
            demo::fill(app).await.map_err(|error| Failure::from(error).within("the demonstration could not be made"))
        }
        Holds::Else => Err(Failure::new(format!("the database {} holds something else than the demonstration", app.config.database))
            .remedy("Leave --data and --database out to use ./mistok-demo; if a demonstration was interrupted there, delete that folder.")),
    }
}

/// Refuses to show a demonstration to others, also when it is served as if it were none.
pub(super) async fn not_for_others(app: &App, listen: SocketAddr) -> Result<(), Failure> {
    match demo::holds(app).await? {
        Holds::Demonstration => only_here(listen),
        Holds::Nothing | Holds::Else => Ok(()),
    }
}

/// The log-ins, for people.
pub(super) fn logins() -> Vec<String> {
    let lines = demo::LOGINS.iter().map(|login| format!("  {:<28} {}", login.email, login.role));
    std::iter::once(format!("Log-ins, all with the password {}:", demo::PASSWORD)).chain(lines).collect()
}
