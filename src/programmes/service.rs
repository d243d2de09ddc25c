//! Setting up and changing programmes.

use entity::organisation::Kind;
use entity::{Codes, programme};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use serde_json::json;
use uuid::Uuid;

use super::{access, store};
use crate::app::{App, UseCase};
use crate::auth::Actor;
use crate::db::expect_version;
use crate::error::{Error, Result, Together as _};
use crate::events::{Audience, Event, EventKind};
use crate::ids::NodeKind;
use crate::locale::Translations;
use crate::money::{self, Stated};
use crate::reference::codes::KatottgCode;
use crate::reference::known::Known;
use crate::{organisations, reference, references, text};

const LONGEST_NAME: usize = 300;

/// What a programme is.
#[derive(Clone, Debug)]
pub struct Content {
    /// Its name.
    pub name: Translations,
    /// Who gives the money.
    pub funder: Uuid,
    /// Who runs it.
    pub implementer: Option<Uuid>,
    /// Which association is its partner.
    pub association: Option<Uuid>,
    /// How much there is.
    pub envelope: Option<Stated>,
    /// Where; empty means the whole country.
    pub territories: Vec<KatottgCode>,
}

/// Sets up a programme.
///
/// # Errors
/// When a value is wrong or the caller may not.
pub async fn create(app: &App, actor: &Actor, content: Content) -> Result<programme::Model> {
    let known = reference::service::known(app).await?;
    access::may_manage(actor, content.funder)?;
    let mut case = app.begin(actor).await?;
    let columns = columns(&case, &known, content).await?;
    let row = programme::ActiveModel {
        id: Set(case.new_id()),
        reference: Set(references::next(&case, "PR").await?),
        created_at: Set(case.now),
        updated_at: Set(case.now),
        version: Set(1),
        ..columns
    };
    let made = row.insert(&*case).await?;
    case.record(event(EventKind::ProgrammeCreated, &made));
    case.commit().await?;
    Ok(made)
}

/// Changes a programme.
///
/// # Errors
/// When a value is wrong, the caller may not, or the version is stale.
pub async fn update(app: &App, actor: &Actor, id: Uuid, expected_version: i32, content: Content) -> Result<programme::Model> {
    let known = reference::service::known(app).await?;
    let mut case = app.begin(actor).await?;
    let row = store::to_change(&*case, actor, id).await?.ok_or_else(|| Error::not_found("id"))?;
    access::may_manage(actor, row.funder_id)?;
    access::may_manage(actor, content.funder)?;
    expect_version(expected_version, row.version)?;
    let change = programme::ActiveModel { id: Set(id), updated_at: Set(case.now), version: Set(row.version + 1), ..columns(&case, &known, content).await? };
    let made = change.update(&*case).await?;
    case.record(event(EventKind::ProgrammeUpdated, &made));
    case.commit().await?;
    Ok(made)
}

async fn columns(case: &UseCase<'_>, known: &Known, content: Content) -> Result<programme::ActiveModel> {
    let Content { name, funder, implementer, association, envelope, territories } = content;
    let (name, envelope, territories) =
        (text::bilingual("name", &name, LONGEST_NAME), money::optional("envelope", envelope), organisations::rules::territories(known, "territories", &territories)).together()?;
    for (field, id, kind) in [("funderId", Some(funder), Kind::Donor), ("implementerId", implementer, Kind::ImplementingAgency), ("associationId", association, Kind::Association)]
    {
        let Some(id) = id else { continue };
        let found = organisations::store::by_id(&**case, case.actor, id).await?.ok_or_else(|| Error::not_found(field))?;
        organisations::rules::kind_fits(field, found.kind, &[kind])?;
    }
    Ok(programme::ActiveModel {
        name_key: Set(text::keys([name.uk.as_ref(), name.en.as_ref()])),
        name_uk: Set(name.uk),
        name_en: Set(name.en),
        funder_id: Set(funder),
        implementer_id: Set(implementer),
        association_id: Set(association),
        envelope: Set(envelope.map(|amount| amount.minor)),
        currency: Set(envelope.map(|amount| amount.currency.code().to_owned())),
        territories: Set(Codes(territories)),
        ..Default::default()
    })
}

fn event(kind: EventKind, row: &programme::Model) -> Event {
    Event { kind, node: NodeKind::Programme, id: row.id, version: row.version, audience: Audience::everybody(row.funder_id), detail: json!({}) }
}
