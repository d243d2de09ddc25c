//! Gathering what is new for a person, and the letter that tells it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use entity::notification_preference::Rhythm;
use entity::organisation::{self, Verification};
use entity::{account, digest, job, notification};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::reading;
use crate::accounts;
use crate::accounts::letters::FORGOTTEN_PAGE;
use crate::accounts::service as people;
use crate::app::{App, UseCase};
use crate::auth::{Actor, Reach, Who};
use crate::error::Result;
use crate::locale::Locale;
use crate::mail::Letter;
use crate::notifications::wording::{self, Facts};
use crate::notifications::{letters, rules, store};
use crate::{calls, interests, jobs, members, organisations};

/// Most that one letter tells; how much more there is, it says.
const MOST: u64 = 50;

/// The open digest of each of some people, with the moment at which it is wanted: one that is open already goes out then, unless
/// it does so earlier.
pub(super) async fn open(case: &UseCase<'_>, due: BTreeMap<Uuid, DateTime<Utc>>) -> Result<HashMap<Uuid, Uuid>> {
    let people: Vec<Uuid> = due.keys().copied().collect();
    let there: HashMap<Uuid, digest::Model> = store::open_digests(&**case, &people).await?.into_iter().map(|row| (row.account_id, row)).collect();
    let mut digests = HashMap::with_capacity(due.len());
    for (account, at) in due {
        let id = match there.get(&account) {
            Some(row) => {
                if at < row.due_at {
                    move_to(case, row.id, at).await?;
                }
                row.id
            }
            None => begin(case, account, at, None).await?,
        };
        digests.insert(account, id);
    }
    Ok(digests)
}

/// A digest of its own for each of some people, into which nothing else comes and which goes out now, beside the one that gathers.
pub(super) async fn at_once(case: &UseCase<'_>, people: BTreeSet<Uuid>) -> Result<HashMap<Uuid, Uuid>> {
    let mut digests = HashMap::with_capacity(people.len());
    for account in people {
        digests.insert(account, begin(case, account, case.now, Some(case.now)).await?);
    }
    Ok(digests)
}

async fn begin(case: &UseCase<'_>, account: Uuid, due_at: DateTime<Utc>, closed_at: Option<DateTime<Utc>>) -> Result<Uuid> {
    let id = case.new_id();
    let row = digest::ActiveModel {
        id: Set(id),
        account_id: Set(account),
        open: Set(closed_at.is_none().then_some(true)),
        due_at: Set(due_at),
        closed_at: Set(closed_at),
        sent_at: Set(None),
        created_at: Set(case.now),
    };
    row.insert(&**case).await?;
    jobs::schedule(case, job::Kind::SendDigest, id, due_at).await?;
    Ok(id)
}

/// Has an open digest that the use case holds go out at another time.
pub(super) async fn move_to(case: &UseCase<'_>, id: Uuid, due_at: DateTime<Utc>) -> Result<()> {
    digest::ActiveModel { id: Set(id), due_at: Set(due_at), ..Default::default() }.update(&**case).await?;
    jobs::schedule(case, job::Kind::SendDigest, id, due_at).await
}

/// Closes a digest and sends its letter, unless there is nothing to tell any more or nobody to tell it to. Done again after a crash,
/// it is the same letter.
///
/// # Errors
/// When the letter cannot go out now.
pub async fn send(app: &App, id: Uuid) -> Result<()> {
    let Some(digest) = close(app, id).await?.filter(|row| row.sent_at.is_none()) else { return Ok(()) };
    if let Some(letter) = letter(app, &digest).await? {
        people::letter_sent(app, letter).await?;
    }
    let system = Actor::system();
    let case = app.begin(&system).await?;
    if store::digest_to_change(&*case, id).await?.is_some() {
        digest::ActiveModel { id: Set(id), sent_at: Set(Some(case.now)), ..Default::default() }.update(&*case).await?;
    }
    case.commit().await
}

/// Closes a digest, so that what comes in from now on goes into the next.
async fn close(app: &App, id: Uuid) -> Result<Option<digest::Model>> {
    let system = Actor::system();
    let case = app.begin(&system).await?;
    let Some(row) = store::digest_to_change(&*case, id).await? else { return Ok(None) };
    if row.open.is_none() {
        return Ok(Some(row));
    }
    let closed = digest::ActiveModel { id: Set(id), open: Set(None), closed_at: Set(Some(case.now)), ..Default::default() }.update(&*case).await?;
    case.commit().await?;
    Ok(Some(closed))
}

/// What a digest's letter says now; none when there is nothing to tell, or its person wants no letters or has not shown that
/// the address is theirs. What concerns safety goes out all the same, read or not: whoever is in somebody's sign-in could say either.
async fn letter(app: &App, digest: &digest::Model) -> Result<Option<Letter>> {
    let reader = app.db.reader();
    let Some(account) = accounts::store::account(reader, digest.account_id).await?.filter(|account| account.email_confirmed_at.is_some()) else { return Ok(None) };
    let rhythm = reading::rhythm(app, account.id).await?;
    let (rows, all) = store::unread_in(reader, digest, rules::alerts(), MOST).await?;
    let alert = rows.iter().any(|row| rules::is_alert(row.kind));
    if rhythm == Rhythm::Never && !alert {
        return Ok(None);
    }
    let more = all - rows.len() as u64;
    let items = with_facts(app, &account, rows).await?;
    if items.is_empty() {
        return Ok(None);
    }
    let locale = Locale::from_tag(&account.locale).unwrap_or_default();
    let way_out = (!alert).then(|| reading::way_out(app, account.id, locale));
    let (subject, text) = match &way_out {
        Some(url) => letters::letter(&items, more, rhythm, url, locale),
        None => letters::alert(&items, more, &app.config.public_url.page(&format!("{FORGOTTEN_PAGE}?lang={}", locale.tag())), locale),
    };
    Ok(Some(Letter { id: digest.id, to: account.email, locale, subject, text, way_out }))
}

/// Notifications with what their person may see around them now; those that are not so any more are left out.
async fn with_facts(app: &App, account: &account::Model, rows: Vec<notification::Model>) -> Result<Vec<(notification::Model, Facts)>> {
    let reader = app.db.reader();
    let who = Who::Account { id: account.id, session: Uuid::nil(), administrator: account.administrator, stepped_up_at: None, reach: Reach::WithoutSecondFactor };
    let actor = Actor::new(who, accounts::store::memberships(reader, account.id, app.clock.now()).await?);
    let of_interests = rows.iter().filter(|row| rules::is_of_interest(row.kind)).map(|row| row.node_id).collect();
    let interests = interests::store::by_ids(reader, &actor, of_interests).await?;
    let calls = calls::store::by_ids(reader, &actor, interests.iter().map(|row| row.call_id).collect()).await?;
    let houses = rows.iter().filter_map(|row| row.organisation_id).chain(interests.iter().flat_map(|row| [row.organisation_id, row.caller_id])).collect();
    let houses = organisations::store::by_ids(reader, &actor, houses).await?;
    let joined = rows.iter().filter(|row| rules::names_person(row.kind)).map(|row| row.node_id).collect();
    let joined = members::store::by_ids(reader, &actor, joined).await?;
    let people = accounts::store::people(reader, joined.iter().map(|row| row.account_id).collect()).await?;
    let called = |id: Uuid| people.iter().find(|account| account.id == id).map(|account| account.name.clone());
    let named = |id: Uuid| houses.iter().find(|row| row.id == id && row.verification == Verification::Verified).cloned().map(|row: organisation::Model| wording::names(row));
    let with_facts = |row: notification::Model| {
        let interest = interests.iter().find(|one| rules::is_of_interest(row.kind) && one.id == row.node_id).cloned();
        let partner = interest.as_ref().and_then(|interest| named(rules::partner(row.kind, interest)));
        let call = interest.as_ref().and_then(|interest| calls.iter().find(|call| call.id == interest.call_id)).cloned();
        let organisation = row.organisation_id.and_then(named);
        let person = joined.iter().find(|one| rules::names_person(row.kind) && one.id == row.node_id).and_then(|one| called(one.account_id));
        rules::still_so(row.kind, interest.as_ref()).then_some((row, Facts { organisation, partner, person, interest, call }))
    };
    Ok(rows.into_iter().filter_map(with_facts).collect())
}
