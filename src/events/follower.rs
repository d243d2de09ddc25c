//! Who follows the journal: event by event, as far as they may learn of them.

use std::collections::VecDeque;

use entity::event;
use futures_util::{Stream, stream};

use super::newest::EVERY;
use super::{Feed, feed};
use crate::app::App;
use crate::auth::Actor;
use crate::error::Result;

/// The events that are wanted, those that are there already and then those that come, each once and in journal order.
pub fn follow(app: App, actor: Actor, wanted: Feed) -> impl Stream<Item = Result<event::Model>> {
    stream::try_unfold(Follower { looked: wanted.after, app, actor, wanted, read: VecDeque::new() }, Follower::next)
}

/// Who follows, and what they have read and not yet been given.
struct Follower {
    app: App,
    actor: Actor,
    wanted: Feed,
    /// Up to where it has looked.
    looked: i64,
    read: VecDeque<event::Model>,
}

impl Follower {
    /// The next event, once there is one.
    async fn next(mut self) -> Result<Option<(event::Model, Self)>> {
        loop {
            if let Some(row) = self.read.pop_front() {
                self.wanted.after = row.seq.unwrap_or(self.wanted.after);
                return Ok(Some((row, self)));
            }
            let newest = self.app.newest.sequence(self.app.db.reader()).await?;
            if newest > self.looked {
                self.read = feed(self.app.db.reader(), &self.actor, &self.wanted).await?.into();
                // With a full batch there may be more that are for this caller.
                self.looked = if self.read.len() as u64 == self.wanted.limit { self.wanted.after } else { newest };
            } else {
                tokio::time::sleep(EVERY).await;
            }
        }
    }
}
