//! Notifications: what happened and concerns a person, in the API and by e-mail.
//!
//! ```text
//! journal -notify-> notification (unread) -mark-> read            by its person
//!                        │
//!                        ├─> digest (open) -due-> closed -> letter   instant, daily or weekly
//!                        └─> digest (closed) -> letter               at once: what concerns safety
//! ```
//!
//! A reader of the journal: `notify` takes the events after the last one it heard, `rules::told` says whom each concerns, and one
//! transaction writes the notifications and how far it heard; one node at a time does. What no event tells, that something
//! falls due soon, is a job's. Each notification but an alert goes into its person's open digest, of which there is one; at its time it is
//! closed and its letter goes out. Who did a thing is not told of it, but for alerts.
//!
//! An alert is what concerns the safety of an account or an organisation, such as a new password: it is told to whoever did it too, and goes out at once in a
//! digest that is closed from the first, whatever rhythm its person chose and whether they have read it.
//!
//! What reached a person as a member, of the organisation that it is about or of the association that decides, is seen for as long as they are one. A letter says what they may still see when it goes
//! out and have not read by then; an organisation that nobody verified is not named in it, since its name may be anything.
//!
//! Invariants: one notification for each person and cause, and one open digest for each person (unique indexes); a notification is
//! in one digest at most; a letter is known by its digest, so that sent again after a crash it is the same. A notification is
//! derived from the journal: that it is read is its person's own mark, and no event.

pub mod graphql;
mod letters;
mod rules;
pub mod service;
pub mod store;
mod wording;
