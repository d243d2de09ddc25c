//! Telling people what concerns them: from the journal, and before something falls due. Below: letters, and what people say.

mod digest;
mod reading;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{call, membership, notification};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

pub use digest::send as send_digest;
pub use reading::{WAY_OUT_PAGE, mark_all_read, mark_read, rhythm, set_rhythm, stop, way_out_is_good};

use super::rules::{self, News, Whom};
use super::store;
use crate::app::{App, UseCase};
use crate::auth::{Actor, Role};
use crate::db::{group, take_turn};
use crate::error::Result;
use crate::events::{self, Feed};
use crate::{calls, claims, verification};

/// How often it is looked whether the journal tells anything new.
pub const EVERY: Duration = Duration::from_secs(1);
/// Events that are heard in one transaction.
const EVENTS_A_ROUND: u64 = 100;
/// The turn that whoever tells people takes, so that two do not at once.
const TURN: &str = "notifications";
/// How long notifications stay.
const STAY: TimeDelta = TimeDelta::days(180);

/// Tells people what the journal tells since it was heard last; returns how many events that were. What is written and up to where it
/// was heard are one transaction, so that nothing is lost or told twice, whenever a node ends and however many there are.
///
/// # Errors
/// When the database cannot be reached.
pub async fn notify(app: &App) -> Result<u64> {
    if store::heard(app.db.reader()).await? >= events::last_sequence(app.db.reader()).await? {
        return Ok(0);
    }
    let system = Actor::system();
    let case = app.begin(&system).await?;
    take_turn(&case, TURN).await?;
    let after = store::heard(&*case).await?;
    let heard = events::feed(&*case, &system, &Feed { after, limit: EVENTS_A_ROUND, ..Feed::default() }).await?;
    let news = still_waiting(&case, heard.iter().filter_map(rules::told).collect()).await?;
    deliver(&case, news.into_iter().flat_map(rules::to_all_sides).collect()).await?;
    store::set_heard(&*case, heard.last().and_then(|event| event.seq).unwrap_or(after)).await?;
    case.commit().await?;
    Ok(heard.len() as u64)
}

/// News without what has waited for a decision and was decided before anybody heard of it: whoever owns an organisation by now may be who claimed it.
async fn still_waiting(case: &UseCase<'_>, mut news: Vec<News>) -> Result<Vec<News>> {
    let waiting: Vec<Uuid> = news.iter().filter(|one| one.whom == Whom::Deciding).map(|one| one.id).collect();
    let mut undecided = claims::store::undecided_of(&**case, &waiting).await?;
    undecided.extend(verification::store::undecided_of(&**case, &waiting).await?);
    news.retain(|one| one.whom != Whom::Deciding || undecided.contains(&one.id));
    Ok(news)
}

/// Reminds those whom an interest concerns of what it still awaits: its business of the call's end, or the caller of the answer.
///
/// # Errors
/// When the database refuses.
pub async fn remind_of_interest(app: &App, id: Uuid) -> Result<()> {
    let system = Actor::system();
    let case = app.begin(&system).await?;
    take_turn(&case, TURN).await?;
    let Some(row) = store::interest(&*case, id).await? else { return Ok(()) };
    let Some(held) = calls::store::by_id(&*case, &system, row.call_id).await? else { return Ok(()) };
    let end = match row.answer_due_at {
        Some(end) => end,
        None if held.state == call::State::Published => held.closes_at,
        None => return Ok(()),
    };
    deliver(&case, rules::awaited(&row, end, case.now).into_iter().collect()).await?;
    case.commit().await
}

/// Takes away what is older than 180 days.
///
/// # Errors
/// When the database refuses.
pub async fn purge(app: &App) -> Result<()> {
    store::purge(&app.db, app.clock.now() - STAY).await
}

/// Writes down what people hear, each piece once a person, and has their letters sent in their time.
async fn deliver(case: &UseCase<'_>, news: Vec<News>) -> Result<()> {
    if news.is_empty() {
        return Ok(());
    }
    let deciding = news.iter().any(|one| one.whom == Whom::Deciding);
    let associations = if deciding { store::associations(&**case).await? } else { Vec::new() };
    let houses: BTreeSet<Uuid> = news.iter().filter(|one| !matches!(one.whom, Whom::Person(_))).filter_map(|one| one.organisation).chain(associations.iter().copied()).collect();
    let members = store::members(&**case, &houses.into_iter().collect::<Vec<_>>()).await?;
    let teams = Teams { members: group(members, |row| row.organisation_id), associations };
    let heard: Vec<(Uuid, &News)> = news.iter().flat_map(|one| recipients(one, &teams).into_iter().map(move |account| (account, one))).collect();
    let people: BTreeSet<Uuid> = heard.iter().map(|(account, _)| *account).collect();
    let people: Vec<Uuid> = people.into_iter().collect();
    let rhythms = store::rhythms(&**case, &people, rules::USUAL).await?;
    // A letter goes out as soon as the first of what it tells asks for.
    let mut due: BTreeMap<Uuid, DateTime<Utc>> = BTreeMap::new();
    let mut alerted = BTreeSet::new();
    for (account, one) in heard.iter().filter(|(account, _)| rhythms.contains_key(account)) {
        if rules::is_alert(one.kind) {
            alerted.insert(*account);
            continue;
        }
        let Some(at) = rhythms.get(account).and_then(|rhythm| rules::due(*rhythm, case.now, one.before)) else { continue };
        due.entry(*account).and_modify(|earliest| *earliest = at.min(*earliest)).or_insert(at);
    }
    let (digests, alerts) = (digest::open(case, due).await?, digest::at_once(case, alerted).await?);
    let row = |(account, one): (Uuid, &News)| notification::ActiveModel {
        id: Set(case.new_id()),
        account_id: Set(account),
        cause: Set(one.cause.clone()),
        kind: Set(one.kind),
        node_kind: Set(one.node.journal_name().to_owned()),
        node_id: Set(one.id),
        organisation_id: Set(one.organisation),
        reach: Set(one.whom.reach()),
        roles: Set(one.roles.clone()),
        occurred_at: Set(one.occurred_at),
        read_at: Set(None),
        digest_id: Set(if rules::is_alert(one.kind) { &alerts } else { &digests }.get(&account).copied()),
        created_at: Set(case.now),
    };
    store::put(&**case, heard.into_iter().filter(|(account, _)| rhythms.contains_key(account)).map(row).collect()).await
}

/// The members of some organisations, and the associations among these that were checked.
struct Teams {
    members: HashMap<Uuid, Vec<membership::Model>>,
    associations: Vec<Uuid>,
}

impl Teams {
    fn of(&self, organisation: Option<Uuid>) -> &[membership::Model] {
        organisation.and_then(|organisation| self.members.get(&organisation)).map(Vec::as_slice).unwrap_or_default()
    }

    /// Those who hold one of some roles in an organisation.
    fn holding(&self, organisation: Option<Uuid>, roles: &'static [Role]) -> impl Iterator<Item = Uuid> {
        self.of(organisation).iter().filter(|row| Role::of(&row.roles).iter().any(|role| roles.contains(role))).map(|row| row.account_id)
    }
}

/// Whom a piece of news concerns, but for who did it; each once.
fn recipients(news: &News, teams: &Teams) -> BTreeSet<Uuid> {
    let mut all: BTreeSet<Uuid> = match news.whom {
        Whom::Person(account) => BTreeSet::from([account]),
        Whom::Members(roles) => teams.holding(news.organisation, roles).collect(),
        Whom::Deciding => {
            let own = |account: &Uuid| teams.of(news.organisation).iter().any(|row| row.account_id == *account);
            teams.associations.iter().flat_map(|association| teams.holding(Some(*association), &rules::ACTING)).filter(|account| !own(account)).collect()
        }
    };
    all.retain(|account| !news.but.contains(account));
    all
}
