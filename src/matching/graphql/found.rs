//! `matchFound`: what suits a business, told as it is opened to partners.

use async_graphql::{Context, SimpleObject, Subscription};
use chrono::{DateTime, Utc};
use entity::organisation;
use entity::organisation::Kind;
use futures_util::{Stream, TryStreamExt as _};
use uuid::Uuid;

use super::super::{access, service};
use super::Match;
use crate::app::App;
use crate::error::{Error, Result};
use crate::events::graphql::{cursor, following};
use crate::events::{EventKind, Heard, Turn};
use crate::graphql::context::RequestContext as _;
use crate::graphql::loader::ById;
use crate::ids::Id;
use crate::locale::Said;

/// What may open work packages to partners.
const OPENING: [EventKind; 3] = [EventKind::WorkPackageAdded, EventKind::ProjectAdvanced, EventKind::CallPublished];
/// Most matches that one change is told with.
pub const MOST_FOUND: usize = 20;

/// Work packages that suit a business and were opened to partners together.
#[derive(SimpleObject)]
pub struct MatchFound {
    /// Where to go on: the `after` of the next subscription.
    cursor: String,
    /// What opened them: a work package was added, its project became public, or a call for it was published.
    #[graphql(name = "type")]
    kind: Option<EventKind>,
    /// When.
    occurred_at: DateTime<Utc>,
    /// The matches, best first, 20 at most.
    matches: Vec<Match>,
    #[graphql(skip)]
    _turn: Turn,
}

/// Subscriptions of this slice.
#[derive(Default)]
pub struct MatchingSubscription;

#[Subscription]
impl MatchingSubscription {
    /// Work packages that suit a business, as they are opened to partners (when their project becomes public, and when a call for them is published): for its members, the association and the administrator. A cursor
    /// never skips one: whoever was cut off goes on with the last one they saw. What suits it already is `Organisation.matches`.
    async fn match_found(&self, ctx: &Context<'_>, organisation: Id<organisation::Entity>, after: Option<String>) -> Result<impl Stream<Item = Result<MatchFound>> + use<>> {
        let found = ctx.loaders().load_one(ById::<organisation::Entity>::new(organisation.0)).await?.ok_or_else(|| Error::not_found("organisation"))?;
        access::may_follow(ctx.actor(), found.id)?;
        if found.kind != Kind::Business {
            return Err(Error::bad_input(
                "organisation",
                Said::new("Збіги шукаємо для підприємств, а це не підприємство.", "Matches are found for businesses, and this is none."),
                Said::new("Дайте id організації виду BUSINESS.", "Give the id of an organisation of the kind BUSINESS."),
            ));
        }
        let app = ctx.app().clone();
        Ok(following(ctx, OPENING.to_vec(), after).await?.try_filter_map(move |heard| suiting(app.clone(), found.id, heard)))
    }
}

/// What an event opened that suits a business; none when nothing does.
async fn suiting(app: App, business: Uuid, Heard { event, turn }: Heard) -> Result<Option<MatchFound>> {
    let opened = service::opened(&app, &event).await?;
    if opened.is_empty() {
        return Ok(None);
    }
    let suitable = service::suitable(&app, business, &opened, MOST_FOUND, None).await?;
    let matches: Vec<Match> = suitable.best.into_iter().map(|(_, package, found)| Match { found, package }).collect();
    if matches.is_empty() {
        return Ok(None);
    }
    Ok(Some(MatchFound { cursor: cursor(event.seq.unwrap_or_default()), kind: EventKind::parse(&event.kind), occurred_at: event.occurred_at, matches, _turn: turn }))
}
