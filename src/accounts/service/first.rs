//! The first administrator: by the settings, or by a one-time link that the first start prints. There is no default password.

use entity::account;
use entity::link::Purpose;
use uuid::Uuid;

use super::{SignUp, Standing, checked, insert, links};
use crate::accounts::store;
use crate::app::{App, UseCase};
use crate::auth::Actor;
use crate::db::take_turn;
use crate::error::{Error, Result};
use crate::locale::{Locale, Said};

/// In which processes that start at once take turns.
const TURN: &str = "first administrator";

/// Makes the administrator whom the settings name, unless somebody runs the platform already.
///
/// # Errors
/// As for anybody who signs up.
pub async fn administrator_of_the_settings(app: &App, input: SignUp) -> Result<Option<account::Model>> {
    if is_run(app.db.reader()).await? {
        return Ok(None);
    }
    let checked = checked(input).await?;
    let actor = Actor::system();
    let mut case = app.begin(&actor).await?;
    if !first(&case).await? {
        return Ok(None);
    }
    let made = insert(&mut case, checked, Standing::Administrator).await?;
    case.commit().await?;
    Ok(Some(made))
}

/// A link by which the first administrator makes their account, unless somebody runs the platform already; one that was made
/// before is worth nothing from now on.
///
/// # Errors
/// When the database refuses.
pub async fn first_link(app: &App, locale: Locale) -> Result<Option<String>> {
    let actor = Actor::system();
    let case = app.begin(&actor).await?;
    if !first(&case).await? {
        return Ok(None);
    }
    let link = links::make(&case, Purpose::FirstAdministrator, None).await?;
    case.commit().await?;
    Ok(Some(links::address(app, &link, locale)))
}

/// Makes the account of the person who opened the link of the first start.
///
/// # Errors
/// When the token is none, was used, or its time is over; when somebody runs the platform already; as for anybody who signs up.
pub async fn first_administrator(app: &App, token: &str, input: SignUp) -> Result<account::Model> {
    links::is_good(app, Purpose::FirstAdministrator, token).await?;
    let checked = checked(input).await?;
    let actor = Actor::public();
    let mut case = app.begin(&actor).await?;
    if !first(&case).await? {
        return Err(Error::invalid_state(
            Said::new("Адміністратор уже є.", "There is an administrator already."),
            Said::new("Попросіть його чи її допомогти вам.", "Ask them to help you."),
        ));
    }
    links::take(&case, Purpose::FirstAdministrator, token).await?;
    let made = insert(&mut case, checked, Standing::Administrator).await?;
    case.commit().await?;
    Ok(made)
}

/// Whether nobody runs the platform, which stays so until the use case is done.
async fn first(case: &UseCase<'_>) -> Result<bool> {
    take_turn(case, TURN).await?;
    Ok(!is_run(&**case).await?)
}

/// Whether somebody else than this person runs the platform, which stays so until the use case is done.
pub(super) async fn another_runs_it(case: &UseCase<'_>, account: Uuid) -> Result<bool> {
    take_turn(case, TURN).await?;
    store::another_administrator(&**case, account).await
}

async fn is_run(connection: &impl sea_orm::ConnectionTrait) -> Result<bool> {
    Ok(!store::administrators(connection, 1).await?.is_empty())
}
