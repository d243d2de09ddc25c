//! Mutations of notifications: inputs, payloads and resolvers.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use entity::notification;

use super::super::service;
use super::{Notification, NotificationPreferences, NotificationRhythm, preferences_of};
use crate::accounts::graphql::Viewer;
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::graphql::payload::{UserError, halves};
use crate::graphql::repeat::{self, Outcome};
use crate::ids::Id;
use crate::payload;

/// Which notification was read.
#[derive(InputObject)]
struct MarkNotificationReadInput {
    /// The notification.
    id: Id<notification::Entity>,
}

/// Which notifications were read.
#[derive(InputObject)]
struct MarkAllNotificationsReadInput {
    /// The newest of them, so that what came in meanwhile stays unread; all, if absent.
    up_to: Option<Id<notification::Entity>>,
}

/// How the caller wants to hear of what is new.
#[derive(InputObject)]
struct SetNotificationPreferencesInput {
    /// How often letters go out.
    email: NotificationRhythm,
}

payload! {
    /// The notification, read.
    MarkNotificationReadPayload { notification: Notification }
}
payload! {
    /// The caller, with what they have not read yet.
    MarkAllNotificationsReadPayload { viewer: Viewer }
}

/// How the caller hears of what is new from now on.
#[derive(SimpleObject)]
struct SetNotificationPreferencesPayload {
    /// What they chose; none when it was refused.
    notification_preferences: Option<NotificationPreferences>,
    /// All that stood against it; empty when it was done.
    user_errors: Vec<UserError>,
}

/// Mutations of this slice.
#[derive(Default)]
pub struct NotificationMutation;

#[Object]
impl NotificationMutation {
    /// Marks a notification of the caller as read. One that was read stays as it is.
    async fn mark_notification_read(&self, ctx: &Context<'_>, input: MarkNotificationReadInput) -> Result<MarkNotificationReadPayload> {
        MarkNotificationReadPayload::answer(ctx, service::mark_read(ctx.app(), ctx.actor(), input.id.0).await, Notification).await
    }

    /// Marks the caller's notifications as read.
    async fn mark_all_notifications_read(&self, ctx: &Context<'_>, input: MarkAllNotificationsReadInput) -> Result<MarkAllNotificationsReadPayload> {
        let done = service::mark_all_read(ctx.app(), ctx.actor(), input.up_to.map(|id| id.0)).await;
        MarkAllNotificationsReadPayload::answer(ctx, done, Viewer).await
    }

    /// Says how often the caller wants letters with their notifications. What is gathered already goes out as they choose now.
    async fn set_notification_preferences(&self, ctx: &Context<'_>, input: SetNotificationPreferencesInput) -> Result<SetNotificationPreferencesPayload> {
        let done = service::set_rhythm(ctx.app(), ctx.actor(), input.email.into()).await;
        let preferences = match repeat::outcome(ctx, done).await {
            Ok(Outcome::Now(rhythm)) => Ok(rhythm.into()),
            Ok(Outcome::Before(_)) => preferences_of(ctx, ctx.actor().account().unwrap_or_default()).await,
            Err(refusal) => Err(refusal),
        };
        let (notification_preferences, user_errors) = halves(ctx, preferences)?;
        Ok(SetNotificationPreferencesPayload { notification_preferences, user_errors })
    }
}
