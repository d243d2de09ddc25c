//! The use cases of a need.

use entity::need::{self, State, Urgency};
use entity::organisation::Kind;
use entity::{Codes, organisation};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use serde_json::json;
use uuid::Uuid;

use super::rules::{self, Action, Step};
use super::{access, store};
use crate::app::{App, UseCase};
use crate::auth::Actor;
use crate::db::expect_version;
use crate::error::{Error, Result, Together as _};
use crate::events::{Audience, Event, EventKind};
use crate::ids::NodeKind;
use crate::locale::{Said, Translations};
use crate::money::{self, Money, Stated};
use crate::reference::codes::{CpvCode, KatottgCode};
use crate::reference::known::Known;
use crate::{organisations, reference, references, text};

/// What a need says.
#[derive(Clone, Debug)]
pub struct Content {
    /// Its title.
    pub title: Translations,
    /// What is broken, who suffers, what would mend it.
    pub description: Translations,
    /// OC4IDS project sector.
    pub sector: String,
    /// What kind of works or goods it takes.
    pub cpv: Vec<CpvCode>,
    /// Where.
    pub territory: KatottgCode,
    /// How urgent.
    pub urgency: Urgency,
    /// Businesses that depend on the asset.
    pub businesses_affected: Option<i32>,
    /// People who depend on it.
    pub people_affected: Option<i32>,
    /// Lower end of the estimated cost.
    pub cost_min: Option<Stated>,
    /// Upper end of the estimated cost.
    pub cost_max: Option<Stated>,
    /// What is not funded yet.
    pub funding_gap: Option<Stated>,
    /// Whether it is critical infrastructure.
    pub critical: bool,
}

/// Drafts a need for an organisation.
///
/// # Errors
/// When a value is wrong, or the caller may not.
pub async fn create(app: &App, actor: &Actor, owner: Uuid, content: Content) -> Result<need::Model> {
    let known = reference::service::known(app).await?;
    let mut case = app.begin(actor).await?;
    let organisation = organisations::store::by_id(&*case, actor, owner).await?.ok_or_else(|| Error::not_found("organisationId"))?;
    access::may_create(actor, owner)?;
    case.acts_for(owner);
    let content = Taken::take(&known, &organisation, content)?;
    let row = need::ActiveModel {
        id: Set(case.new_id()),
        reference: Set(references::next(&case, "N").await?),
        organisation_id: Set(owner),
        state: Set(State::Draft),
        state_comment: Set(None),
        created_at: Set(case.now),
        updated_at: Set(case.now),
        version: Set(1),
        ..content.columns()
    };
    let made = row.insert(&*case).await?;
    case.record(event(EventKind::NeedDrafted, &made));
    case.commit().await?;
    Ok(made)
}

/// Changes what a draft or returned need says.
///
/// # Errors
/// When a value is wrong, the need is under way, or its version is stale.
pub async fn update(app: &App, actor: &Actor, id: Uuid, expected_version: i32, content: Content) -> Result<need::Model> {
    let known = reference::service::known(app).await?;
    let mut case = app.begin(actor).await?;
    let row = required(&case, actor, id).await?;
    access::may_edit(actor, &row)?;
    case.acts_for(row.organisation_id);
    expect_version(expected_version, row.version)?;
    rules::after(row.state, Action::Edit)?;
    let organisation = organisations::store::by_id(&*case, actor, row.organisation_id).await?.ok_or_else(|| Error::not_found("id"))?;
    let change = Taken::take(&known, &organisation, content)?.columns();
    let made = save(&case, &row, change).await?;
    case.record(event(EventKind::NeedUpdated, &made));
    case.commit().await?;
    Ok(made)
}

/// Moves a need on its way.
///
/// # Errors
/// When the caller may not, the state does not allow it, the reason is empty, or the version is stale.
pub async fn advance(app: &App, actor: &Actor, id: Uuid, expected_version: i32, step: Step) -> Result<need::Model> {
    let mut case = app.begin(actor).await?;
    let row = required(&case, actor, id).await?;
    match step {
        Step::Submit => access::may_submit(actor, &row)?,
        Step::Verify | Step::Return(_) => access::may_judge(actor)?,
        Step::Prioritise => access::may_prioritise(actor, &row)?,
        Step::Withdraw(_) => access::may_edit(actor, &row)?,
    }
    if matches!(step, Step::Submit | Step::Withdraw(_)) {
        case.acts_for(row.organisation_id);
    }
    expect_version(expected_version, row.version)?;
    let (action, kind, reason) = match step {
        Step::Submit => (Action::Submit, EventKind::NeedSubmitted, None),
        Step::Verify => (Action::Verify, EventKind::NeedVerified, None),
        Step::Return(reason) => (Action::Return, EventKind::NeedReturned, Some(reason)),
        Step::Prioritise => (Action::Prioritise, EventKind::NeedPrioritised, None),
        Step::Withdraw(reason) => (Action::Withdraw, EventKind::NeedWithdrawn, Some(reason)),
    };
    let made = move_on(&mut case, row, action, kind, reason).await?;
    case.commit().await?;
    Ok(made)
}

/// Adopts a need for a project of `adopter`, inside the project's use case, which has checked that the caller may change that project.
///
/// # Errors
/// When the caller may not dispose of the need, or it is not public yet or is answered already.
pub async fn adopt(case: &mut UseCase<'_>, id: Uuid, adopter: Uuid) -> Result<need::Model> {
    let row = store::to_change(&**case, case.actor, id).await?.ok_or_else(|| Error::not_found("needIds"))?;
    let owner = organisations::store::by_id(&**case, case.actor, row.organisation_id).await?.ok_or_else(|| Error::not_found("needIds"))?;
    access::may_adopt(case.actor, &owner, adopter)?;
    move_on(case, row, Action::Adopt, EventKind::NeedAdopted, None).await
}

/// Frees a need inside the use case that cancels its project; the reason becomes the need's comment.
///
/// # Errors
/// When the need is in no project, or the database refuses.
pub async fn release(case: &mut UseCase<'_>, id: Uuid, reason: String) -> Result<need::Model> {
    let row = required(case, &Actor::system(), id).await?;
    move_on(case, row, Action::Release, EventKind::NeedReleased, Some(reason)).await
}

async fn move_on(case: &mut UseCase<'_>, row: need::Model, action: Action, kind: EventKind, reason: Option<String>) -> Result<need::Model> {
    let state = rules::after(row.state, action)?;
    let reason = reason.map(|reason| text::reason(&reason)).transpose()?;
    let change = need::ActiveModel { state: Set(state), state_comment: Set(reason), ..Default::default() };
    let made = save(case, &row, change).await?;
    // Who could see it before learns that it went.
    let audience = if rules::is_public(row.state) { Audience::everybody(row.organisation_id) } else { event(kind, &made).audience };
    case.record(Event { audience, ..event(kind, &made) });
    Ok(made)
}

/// Whether an actor may see a need that was read for the project that answers or answered it.
#[must_use]
pub fn sees(actor: &Actor, row: &need::Model) -> bool {
    access::sees(actor, row)
}

/// Where a need is, as exactly as the actor may know.
#[must_use]
pub fn place(actor: &Actor, known: &Known, row: &need::Model) -> String {
    if access::sees_exact_place(actor, row) { row.territory.clone() } else { known.hromada_of(&row.territory) }
}

/// Content whose values were taken.
struct Taken {
    title: Translations,
    description: Translations,
    sector: String,
    cpv: Vec<String>,
    territory: String,
    urgency: Urgency,
    businesses_affected: Option<i32>,
    people_affected: Option<i32>,
    amounts: [Option<Money>; 3],
    critical: bool,
}

impl Taken {
    fn take(known: &Known, owner: &organisation::Model, content: Content) -> Result<Self> {
        let Content { title, description, sector, cpv, territory, urgency, businesses_affected, people_affected, cost_min, cost_max, funding_gap, critical } = content;
        organisations::rules::holds_assets(owner.kind)?;
        let (title, description, sector, cpv, territory, businesses_affected, people_affected, amounts) = (
            text::bilingual("title", &title, rules::LONGEST_TITLE),
            text::bilingual_prose("description", &description, rules::LONGEST_DESCRIPTION),
            reference::service::sector("sector", &sector),
            organisations::rules::cpv_codes(known, "cpv", &cpv, organisations::rules::MOST_CPV),
            seat(known, owner, &territory),
            rules::affected("businessesAffected", businesses_affected),
            rules::affected("peopleAffected", people_affected),
            amounts([cost_min, cost_max, funding_gap]),
        )
            .together()?;
        Ok(Self { title, description, sector, cpv, territory, urgency, businesses_affected, people_affected, amounts, critical })
    }

    fn columns(self) -> need::ActiveModel {
        let Self { title, description, sector, cpv, territory, urgency, businesses_affected, people_affected, amounts, critical } = self;
        let [cost_min, cost_max, funding_gap] = amounts;
        need::ActiveModel {
            text_key: Set(text::keys([title.uk.as_ref(), title.en.as_ref(), description.uk.as_ref(), description.en.as_ref()])),
            title_uk: Set(title.uk),
            title_en: Set(title.en),
            description_uk: Set(description.uk),
            description_en: Set(description.en),
            sector: Set(sector),
            cpv: Set(Codes(cpv)),
            territory: Set(territory),
            urgency: Set(urgency),
            businesses_affected: Set(businesses_affected),
            people_affected: Set(people_affected),
            cost_min: Set(cost_min.map(|amount| amount.minor)),
            cost_max: Set(cost_max.map(|amount| amount.minor)),
            funding_gap: Set(funding_gap.map(|amount| amount.minor)),
            currency: Set(amounts.iter().flatten().next().map(|amount| amount.currency.code().to_owned())),
            critical: Set(critical),
            ..Default::default()
        }
    }
}

/// Where a need is; a municipality's is within it.
fn seat(known: &Known, owner: &organisation::Model, territory: &KatottgCode) -> Result<String> {
    let territory = known.territory("territory", territory)?;
    match (owner.kind, owner.territory.as_deref()) {
        (Kind::Municipality, Some(seat)) if !reference::codes::within(&territory, seat) => Err(Error::bad_input(
            "territory",
            Said::new("Це місце не у вашій громаді.", "That place is not in your municipality."),
            Said::new("Дайте код КАТОТТГ своєї громади або місця в ній.", "Give the KATOTTG code of your municipality, or of a place in it."),
        )),
        _ => Ok(territory),
    }
}

/// The ends of the cost and the gap, all in one currency.
fn amounts([cost_min, cost_max, funding_gap]: [Option<Stated>; 3]) -> Result<[Option<Money>; 3]> {
    let (cost_min, cost_max, funding_gap) = (money::optional("costMin", cost_min), money::optional("costMax", cost_max), money::optional("fundingGap", funding_gap)).together()?;
    rules::one_currency(&[("costMin", cost_min), ("costMax", cost_max), ("fundingGap", funding_gap)])?;
    if matches!((cost_min, cost_max), (Some(min), Some(max)) if min.minor > max.minor) {
        return Err(Error::bad_input("costMax", Said::new("Верхня межа менша за нижню.", "The upper end is below the lower."), Said::new("Поміняйте їх місцями.", "Swap them.")));
    }
    Ok([cost_min, cost_max, funding_gap])
}

async fn required(case: &UseCase<'_>, actor: &Actor, id: Uuid) -> Result<need::Model> {
    store::to_change(&**case, actor, id).await?.ok_or_else(|| Error::not_found("id"))
}

async fn save(case: &UseCase<'_>, row: &need::Model, change: need::ActiveModel) -> Result<need::Model> {
    let change = need::ActiveModel { id: Set(row.id), updated_at: Set(case.now), version: Set(row.version + 1), ..change };
    Ok(change.update(&**case).await?)
}

fn event(kind: EventKind, row: &need::Model) -> Event {
    let audience = if rules::is_public(row.state) { Audience::everybody(row.organisation_id) } else { Audience::members(row.organisation_id) };
    Event { kind, node: NodeKind::Need, id: row.id, version: row.version, audience, detail: json!({ "state": row.state.as_str() }) }
}
