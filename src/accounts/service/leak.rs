//! What ends when the installation's keys leaked.

use super::factor;
use crate::accounts::store;
use crate::app::App;
use crate::auth::Actor;
use crate::error::Result;

/// How much ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Sign-ins.
    pub sessions: u64,
    /// One-time links.
    pub links: u64,
    /// Second factors.
    pub second_factors: u64,
}

/// Ends all sign-ins, one-time links and second factors, which whoever has the keys can forge; for the command line alone.
///
/// # Errors
/// When the database refuses.
pub async fn end_what_hangs_on_keys(app: &App) -> Result<Ended> {
    let actor = Actor::system();
    let mut case = app.begin(&actor).await?;
    let mut second_factors = 0;
    for id in store::with_factors(&*case).await? {
        if let Some(account) = store::account_to_change(&*case, id).await? {
            factor::remove(&mut case, account).await?;
            second_factors += 1;
        }
    }
    let links = store::spend_all_links(&*case, case.now).await?;
    let sessions = store::end_all_sessions(&*case, case.now).await?;
    case.commit().await?;
    Ok(Ended { sessions, links, second_factors })
}
