//! Which event concerns whom, and when a letter of it goes out.

use chrono::{DateTime, Datelike as _, NaiveTime, TimeDelta, Utc};
use entity::interest::{self, State};
use entity::notification::{Kind, Reach};
use entity::notification_preference::Rhythm;
use entity::organisation::Verification;
use entity::{Codes, event};
use serde::Deserialize;
use uuid::Uuid;

use crate::accounts::service::Ground;
use crate::auth::Role;
use crate::clock::{from_kyiv, in_kyiv};
use crate::events::EventKind;
use crate::ids::NodeKind;

/// The rhythm of whoever said nothing: a letter a day at most, on days on which there is something.
pub(super) const USUAL: Rhythm = Rhythm::Daily;
/// The hour in Kyiv at which daily and weekly letters go out.
const MORNING: u32 = 8;
/// Who acts on a call or an interest of an organisation, and decides for an association.
pub(super) const ACTING: [Role; 3] = [Role::Editor, Role::Signer, Role::Owner];
/// Who answers for an organisation.
const OWNING: [Role; 1] = [Role::Owner];

/// What concerns the safety of an account, or of an organisation: it is told at once whatever people chose, and to whoever did it too, since it
/// may have been somebody else in a sign-in of theirs.
const ALERTS: [(EventKind, Kind); 7] = [
    (EventKind::PasswordChanged, Kind::PasswordChanged),
    (EventKind::SecondFactorEnabled, Kind::SecondFactorEnabled),
    (EventKind::SecondFactorDisabled, Kind::SecondFactorDisabled),
    (EventKind::RecoveryCodesRenewed, Kind::RecoveryCodesRenewed),
    (EventKind::IdentityLinked, Kind::IdentityLinked),
    (EventKind::IdentityUnlinked, Kind::IdentityUnlinked),
    (EventKind::ApiTokenCreated, Kind::ApiTokenCreated),
];

/// The kinds that concern safety.
pub(super) fn alerts() -> impl Iterator<Item = Kind> {
    ALERTS.into_iter().map(|(_, kind)| kind)
}

/// Whether it concerns safety.
pub(super) fn is_alert(kind: Kind) -> bool {
    alerts().any(|alert| alert == kind)
}

/// Something that concerns somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct News {
    /// What gives rise to it; nobody hears twice of one.
    pub cause: String,
    /// What it is about.
    pub kind: Kind,
    /// The kind of the entity that it is about.
    pub node: NodeKind,
    /// The entity.
    pub id: Uuid,
    /// The organisation that it is about, if it is about one.
    pub organisation: Option<Uuid>,
    /// Whom it concerns.
    pub whom: Whom,
    /// Who did it, or is it, and is not told.
    pub but: Vec<Uuid>,
    /// The roles that it speaks of.
    pub roles: Codes,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// When it is too late to hear of it.
    pub before: Option<DateTime<Utc>>,
}

/// Whom something concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whom {
    /// The members of the organisation that hold one of these roles.
    Members(&'static [Role]),
    /// The members of the associations that were checked who may decide on the organisation; nobody decides on their own.
    Deciding,
    /// One person.
    Person(Uuid),
}

impl Whom {
    /// How it reaches them.
    pub(super) const fn reach(self) -> Reach {
        match self {
            Self::Members(_) => Reach::Member,
            Self::Deciding => Reach::Association,
            Self::Person(_) => Reach::Person,
        }
    }
}

/// What events hold that is needed here.
#[derive(Default, Deserialize)]
struct Detail {
    account: Option<Uuid>,
    organisation: Option<Uuid>,
    #[serde(default)]
    roles: Vec<String>,
    ground: Option<String>,
    finding: Option<Verification>,
}

/// What an event tells somebody; none when it concerns nobody in particular.
pub(super) fn told(event: &event::Model) -> Option<News> {
    let happened = EventKind::parse(&event.kind)?;
    let node = NodeKind::from_journal_name(&event.entity_kind)?;
    if let Some((_, kind)) = ALERTS.into_iter().find(|(alert, _)| *alert == happened) {
        return Some(alert(event, kind, node));
    }
    let Detail { account, organisation, roles, ground, finding } = event.payload.as_deref().and_then(|payload| serde_json::from_slice(payload).ok()).unwrap_or_default();
    let is = |wanted: Ground| ground.as_deref() == Some(wanted.as_str());
    let (owner, other) = (event.organisation_id, event.counterpart_id);
    let (kind, organisation, whom) = match happened {
        EventKind::InterestSubmitted => (Kind::InterestReceived, other?, Whom::Members(&ACTING)),
        EventKind::InterestAcknowledged => (Kind::InterestAcknowledged, owner?, Whom::Members(&ACTING)),
        EventKind::InterestDeclined => (Kind::InterestDeclined, owner?, Whom::Members(&ACTING)),
        // Where a claim was confirmed, that is told.
        EventKind::OrganisationVerified if is(Ground::Claim) => return None,
        EventKind::OrganisationVerified => match finding? {
            Verification::Verified => (Kind::OrganisationVerified, owner?, Whom::Members(&OWNING)),
            Verification::Rejected => (Kind::OrganisationRejected, owner?, Whom::Members(&OWNING)),
            Verification::Unverified | Verification::Pending => return None,
        },
        EventKind::VerificationRequested => (Kind::VerificationRequested, owner?, Whom::Deciding),
        EventKind::OrganisationClaimed => (Kind::ClaimReceived, organisation?, Whom::Deciding),
        EventKind::ClaimConfirmed => (Kind::ClaimConfirmed, organisation?, Whom::Person(account?)),
        EventKind::ClaimDeclined => (Kind::ClaimDeclined, organisation?, Whom::Person(account?)),
        EventKind::ClaimOvertaken => (Kind::ClaimOvertaken, organisation?, Whom::Person(account?)),
        EventKind::MembershipGranted if is(Ground::Invitation) => (Kind::MemberJoined, owner?, Whom::Members(&OWNING)),
        EventKind::MembershipGranted if is(Ground::Founding) => (Kind::MembershipGranted, owner?, Whom::Person(account?)),
        EventKind::MembershipChanged => (Kind::MembershipChanged, owner?, Whom::Person(account?)),
        EventKind::MembershipRevoked => (Kind::MembershipRevoked, owner?, Whom::Person(account?)),
        _ => return None,
    };
    let is_it = account.filter(|_| matches!(kind, Kind::MemberJoined | Kind::ClaimReceived));
    Some(News {
        cause: event.id.to_string(),
        kind,
        node,
        id: event.entity_id,
        organisation: Some(organisation),
        whom,
        but: event.account_id.into_iter().chain(is_it).collect(),
        roles: Codes(roles),
        occurred_at: event.occurred_at,
        before: None,
    })
}

/// A piece of news with what the same event tells others: of a claim hear also those whom the association refused and who have to give way.
pub(super) fn to_all_sides(news: News) -> Vec<News> {
    let other = (news.kind == Kind::ClaimReceived).then(|| News { kind: Kind::OrganisationClaimed, whom: Whom::Members(&OWNING), ..news.clone() });
    std::iter::once(news).chain(other).collect()
}

/// What concerns the safety of the organisation that owns what changed, or of the account that changed.
fn alert(event: &event::Model, kind: Kind, node: NodeKind) -> News {
    News {
        cause: event.id.to_string(),
        kind,
        node,
        id: event.entity_id,
        organisation: event.organisation_id,
        whom: event.organisation_id.map_or(Whom::Person(event.entity_id), |_| Whom::Members(&OWNING)),
        but: Vec::new(),
        roles: Codes::default(),
        occurred_at: event.occurred_at,
        before: None,
    }
}

/// What an interest awaits that is told before it falls due at `end`: of a draft, that its call closes; of what was handed in, the
/// caller's answer. None when it awaits nothing any more.
pub(super) fn awaited(row: &interest::Model, end: DateTime<Utc>, now: DateTime<Utc>) -> Option<News> {
    let (kind, organisation) = match row.state {
        State::Draft => (Kind::CallClosesSoon, row.organisation_id),
        State::Submitted => (Kind::AnswerDueSoon, row.caller_id),
        State::Acknowledged | State::Declined | State::Withdrawn => return None,
    };
    (now < end).then(|| News {
        cause: format!("{}/{}/{}", kind.as_str(), row.id, end.timestamp()),
        kind,
        node: NodeKind::Interest,
        id: row.id,
        organisation: Some(organisation),
        whom: Whom::Members(&ACTING),
        but: Vec::new(),
        roles: Codes::default(),
        occurred_at: now,
        before: Some(end),
    })
}

/// What reminds of something, with the state of an interest in which it is still awaited. Anything else stays as it was told.
pub(super) const REMINDERS: [(Kind, State); 2] = [(Kind::CallClosesSoon, State::Draft), (Kind::AnswerDueSoon, State::Submitted)];

/// What waits for a decision on the claim or the request that it names; it is told as long as that does.
pub(super) const WAITING: [Kind; 3] = [Kind::VerificationRequested, Kind::ClaimReceived, Kind::OrganisationClaimed];

/// Whether it is still so that an interest awaits what a reminder said, of what concerns one.
pub(super) fn still_so(kind: Kind, interest: Option<&interest::Model>) -> bool {
    let awaited = REMINDERS.iter().find(|(reminder, _)| *reminder == kind).map(|(_, state)| *state);
    !is_of_interest(kind) || interest.is_some_and(|row| awaited.is_none_or(|state| row.state == state))
}

/// Whether it is about an interest, which then is the entity that it names.
pub(super) const fn is_of_interest(kind: Kind) -> bool {
    matches!(kind, Kind::InterestReceived | Kind::InterestAcknowledged | Kind::InterestDeclined | Kind::CallClosesSoon | Kind::AnswerDueSoon)
}

/// Whether it says what a person is called, who is behind the membership that it names.
pub(super) const fn names_person(kind: Kind) -> bool {
    matches!(kind, Kind::MemberJoined)
}

/// The organisation on the other side of an interest, as the person sees it who is told.
pub(super) fn partner(kind: Kind, row: &interest::Model) -> Uuid {
    if matches!(kind, Kind::InterestReceived | Kind::AnswerDueSoon) { row.organisation_id } else { row.caller_id }
}

/// When a letter goes out of what comes in now; none for whom no letters are wanted. What must be heard of before a moment waits for no Monday,
/// and for no morning that comes too late.
pub(super) fn due(rhythm: Rhythm, now: DateTime<Utc>, before: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    let due = match (rhythm, before) {
        (Rhythm::Never, _) => return None,
        (Rhythm::Instant, _) => now,
        (Rhythm::Daily, _) | (Rhythm::Weekly, Some(_)) => next_morning(now),
        (Rhythm::Weekly, None) => {
            let morning = next_morning(now);
            let days = in_kyiv(morning).weekday().num_days_from_monday();
            from_kyiv(in_kyiv(morning) + TimeDelta::days(i64::from((7 - days) % 7)))
        }
    };
    Some(if before.is_some_and(|end| end <= due) { now } else { due })
}

/// The next time at which daily letters go out, after `now`.
fn next_morning(now: DateTime<Utc>) -> DateTime<Utc> {
    let local = in_kyiv(now);
    let today = local.date().and_time(NaiveTime::MIN) + TimeDelta::hours(i64::from(MORNING));
    from_kyiv(if local < today { today } else { today + TimeDelta::days(1) })
}

#[cfg(test)]
mod tests {
    use super::due;
    use chrono::{DateTime, Utc};
    use entity::notification_preference::Rhythm;

    fn moment(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    #[test]
    fn letters_go_out_at_eight_in_kyiv_each_day_or_on_mondays() {
        // 24 November 2026 is a Tuesday.
        for (rhythm, now, then) in [
            (Rhythm::Daily, "2026-11-24T05:59:59Z", "2026-11-24T06:00:00Z"),
            (Rhythm::Daily, "2026-11-24T06:00:00Z", "2026-11-25T06:00:00Z"),
            (Rhythm::Daily, "2026-10-24T09:00:00Z", "2026-10-25T06:00:00Z"),
            (Rhythm::Daily, "2026-03-28T09:00:00Z", "2026-03-29T05:00:00Z"),
            (Rhythm::Weekly, "2026-11-24T09:00:00Z", "2026-11-30T06:00:00Z"),
            (Rhythm::Weekly, "2026-11-30T05:00:00Z", "2026-11-30T06:00:00Z"),
            (Rhythm::Weekly, "2026-11-30T06:00:00Z", "2026-12-07T06:00:00Z"),
            (Rhythm::Weekly, "2026-03-25T09:00:00Z", "2026-03-30T05:00:00Z"),
            (Rhythm::Instant, "2026-11-24T09:00:00Z", "2026-11-24T09:00:00Z"),
        ] {
            assert_eq!(due(rhythm, moment(now), None), Some(moment(then)), "{rhythm:?} {now}");
        }
        assert_eq!(due(Rhythm::Never, moment("2026-11-24T09:00:00Z"), None), None);
    }

    #[test]
    fn a_reminder_does_not_come_too_late() {
        let now = moment("2026-11-24T09:00:00Z");
        for (rhythm, end, then) in [
            (Rhythm::Weekly, "2026-11-27T09:00:00Z", "2026-11-25T06:00:00Z"),
            (Rhythm::Daily, "2026-11-25T05:00:00Z", "2026-11-24T09:00:00Z"),
            (Rhythm::Weekly, "2026-11-24T21:00:00Z", "2026-11-24T09:00:00Z"),
        ] {
            assert_eq!(due(rhythm, now, Some(moment(end))), Some(moment(then)), "{rhythm:?} {end}");
        }
    }
}
