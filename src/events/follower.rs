//! Who follows the journal: event by event, as far as they may learn of them.
//!
//! Hundreds may follow, and each may be far behind. What is made for them is made a few events at a time, in turns, so that they leave
//! the database to those who call.

use std::collections::VecDeque;

use entity::event;
use futures_util::{Stream, stream};

use tokio::sync::{Semaphore, SemaphorePermit};

use super::newest::EVERY;
use super::{Feed, feed};
use crate::app::App;
use crate::auth::Actor;
use crate::error::{Error, Result};

/// Events at a time, of a process, from which messages are made for those who follow.
static TURNS: Semaphore = Semaphore::const_new(4);

/// Who makes a message for somebody who follows; the next takes over once this is dropped.
pub struct Turn(#[expect(dead_code, reason = "held, and never looked at")] SemaphorePermit<'static>);

/// Waits for a turn.
///
/// # Errors
/// Never: there are turns as long as there is a process.
pub async fn turn() -> Result<Turn> {
    TURNS.acquire().await.map(Turn).map_err(Error::internal)
}

/// An event for somebody who follows, with the turn in which a message is made from it.
pub struct Heard {
    /// The event.
    pub event: event::Model,
    /// Held until the message is made.
    pub turn: Turn,
}

/// The events that are wanted, those that are there already and then those that come, each once and in journal order.
pub fn follow(app: App, actor: Actor, wanted: Feed) -> impl Stream<Item = Result<Heard>> {
    stream::try_unfold(Follower { app, actor, wanted, read: VecDeque::new() }, Follower::next)
}

/// Who follows, and what they have read and not yet been given.
struct Follower {
    app: App,
    actor: Actor,
    /// What is wanted, after all that was looked at.
    wanted: Feed,
    read: VecDeque<event::Model>,
}

impl Follower {
    /// The next event, once there is one.
    async fn next(mut self) -> Result<Option<(Heard, Self)>> {
        loop {
            if let Some(event) = self.read.pop_front() {
                return Ok(Some((Heard { event, turn: turn().await? }, self)));
            }
            let newest = self.app.newest.sequence(self.app.db.reader()).await?;
            if newest > self.wanted.after {
                let _turn = turn().await?;
                self.read = feed(self.app.db.reader(), &self.actor, &self.wanted).await?.into();
                // With a full batch there may be more that are for this caller.
                let full = self.read.len() as u64 == self.wanted.limit;
                let last = self.read.back().and_then(|last| last.seq).unwrap_or(newest);
                self.wanted.after = if full { last } else { newest.max(last) };
            } else {
                tokio::time::sleep(EVERY).await;
            }
        }
    }
}
