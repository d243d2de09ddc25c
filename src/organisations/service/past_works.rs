//! The past works that a business gives as references: adding them, and taking them back.

use chrono::NaiveDate;
use entity::past_work;
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use serde_json::json;
use uuid::Uuid;

use super::required;
use crate::app::App;
use crate::auth::Actor;
use crate::db::expect_version;
use crate::error::{Code, Error, Result, Together as _};
use crate::events::{Audience, Event, EventKind};
use crate::ids::NodeKind;
use crate::locale::Said;
use crate::money::{self, Stated};
use crate::organisations::{access, rules, store};
use crate::reference;
use crate::reference::codes::{CpvCode, KatottgCode};
use crate::text;

/// A past work that a business gives as a reference.
#[derive(Clone, Debug)]
pub struct AddPastWork {
    /// Which business.
    pub organisation: Uuid,
    /// What the work was.
    pub title: String,
    /// Language of the title.
    pub language: Option<String>,
    /// What kind of work.
    pub cpv: Option<CpvCode>,
    /// `works`, `services` or `goods`.
    pub category: Option<String>,
    /// Where.
    pub territory: Option<KatottgCode>,
    /// For whom, as a name.
    pub buyer_name: Option<String>,
    /// For whom, as an organisation here.
    pub buyer: Option<Uuid>,
    /// For how much.
    pub value: Option<Stated>,
    /// When it was awarded.
    pub awarded_on: Option<NaiveDate>,
}

/// Adds a past work that was won.
///
/// # Errors
/// When a value is wrong, the caller is no editor of the organisation, it is neither a business nor a utility, or it has an equal
/// past work.
pub async fn add_past_work(app: &App, actor: &Actor, input: AddPastWork) -> Result<past_work::Model> {
    let AddPastWork { organisation, title, language, cpv, category, territory, buyer_name, buyer, value, awarded_on } = input;
    let known = reference::service::known(app).await?;
    let mut case = app.begin(actor).await?;
    let owner = required(&case, actor, "organisationId", organisation).await?;
    access::may_edit_past_works(actor, organisation)?;
    rules::kind_fits("organisationId", owner.kind, &rules::WORKERS)?;
    let (title, language, cpv, territory, buyer_name, value, ()) = (
        text::required("title", &title, rules::LONGEST_TITLE),
        language.map(|tag| rules::language_tag("language", &tag)).transpose(),
        cpv.map(|code| known.cpv("cpv", &code)).transpose(),
        territory.map(|code| known.territory("territory", &code)).transpose(),
        text::optional("buyerName", buyer_name.as_deref(), rules::LONGEST_NAME),
        money::optional("value", value),
        rules::past("awardedOn", awarded_on, case.now.date_naive()),
    )
        .together()?;
    if let Some(buyer) = buyer {
        store::by_id(&*case, actor, buyer).await?.ok_or_else(|| Error::not_found("buyerId"))?;
    }
    let row = past_work::ActiveModel {
        id: Set(case.new_id()),
        organisation_id: Set(organisation),
        title: Set(title),
        language: Set(language),
        cpv: Set(cpv),
        category: Set(category),
        territory: Set(territory),
        buyer_id: Set(buyer),
        buyer_name: Set(buyer_name),
        value: Set(value.map(|value| value.minor)),
        currency: Set(value.map(|value| value.currency.code().to_owned())),
        awarded_on: Set(awarded_on),
        outcome: Set(past_work::Outcome::Won),
        bidders: Set(None),
        source: Set(rules::SELF.to_owned()),
        source_key: Set(None),
        created_at: Set(case.now),
    };
    let made = row.insert(&*case).await?;
    // The organisation is held: nobody adds an equal one meanwhile.
    if store::past_works_titled(&*case, organisation, &made.title).await?.iter().any(|other| other.id != made.id && is_same_work(other, &made)) {
        return Err(known_work());
    }
    case.record(past_work_event(EventKind::PastWorkRecorded, made.id, organisation));
    case.commit().await?;
    Ok(made)
}

/// Whether two past works of one organisation with one title are the same work.
fn is_same_work(one: &past_work::Model, other: &past_work::Model) -> bool {
    let facts = |work: &past_work::Model| (work.awarded_on, work.buyer_id, work.buyer_name.clone(), work.value, work.currency.clone(), work.cpv.clone());
    one.outcome == other.outcome && facts(one) == facts(other)
}

/// Takes back a past work that the business had added itself.
///
/// # Errors
/// When there is none, the caller is no editor of its organisation, the version is stale, or an import recorded it.
pub async fn remove_past_work(app: &App, actor: &Actor, id: Uuid, expected_version: Option<i32>) -> Result<past_work::Model> {
    let mut case = app.begin(actor).await?;
    let row = store::past_works_by_ids(&*case, actor, vec![id]).await?.pop().ok_or_else(|| Error::not_found("id"))?;
    access::may_edit_past_works(actor, row.organisation_id)?;
    expect_version(expected_version.unwrap_or(past_work::VERSION), past_work::VERSION)?;
    if row.source != rules::SELF {
        return Err(recorded_work(&row.source));
    }
    // Who took it back a moment earlier has told of it.
    if !store::remove_past_work(&*case, id).await? {
        return Err(Error::not_found("id"));
    }
    case.record(past_work_event(EventKind::PastWorkRemoved, id, row.organisation_id));
    case.commit().await?;
    Ok(row)
}

/// A past work that is there already.
fn known_work() -> Error {
    Error::refused(
        Code::AlreadyExists,
        "title",
        Said::new("Таку саму виконану роботу вже додано.", "The same past work is there already."),
        Said::new(
            "Якщо це інша робота, зазначте, чим вона відрізняється: назвою, датою, замовником, вартістю чи кодом.",
            "If it is another, say what differs: the title, the date, the buyer, the value or the code.",
        ),
    )
}

/// A past work that an import recorded is a fact of its source.
fn recorded_work(source: &str) -> Error {
    Error::refused(
        Code::InvalidState,
        "id",
        Said::new(format!("Цю роботу записано з джерела {source}, а не додано вами."), format!("This work was recorded from the source {source}, not added by you.")),
        Said::new(
            "Вилучити можна лише роботу, яку додала сама організація; про помилку в записі повідомте асоціацію.",
            "Only a work that the organisation added itself can be removed; tell the association of a mistake in the record.",
        ),
    )
}

/// A past work never changes: its version is the first until it is removed.
pub(in crate::organisations) fn past_work_event(kind: EventKind, id: Uuid, organisation: Uuid) -> Event {
    let version = if kind == EventKind::PastWorkRemoved { past_work::VERSION + 1 } else { past_work::VERSION };
    Event { kind, node: NodeKind::PastWork, id, version, audience: Audience::everybody(organisation), detail: json!({ "organisation": organisation }) }
}
