//! Seats of those who write files: so many for all, few for one sender, one for each thing that is written. Each file in the making may
//! hold two parts in memory, so nobody takes the seats of all.

use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

use crate::error::{Code, Error, Result};
use crate::locale::Said;

/// Files that are written at a time.
const MOST: usize = 32;
/// Files that one sender writes at a time.
const MOST_OF_ONE: usize = 4;

/// The seats that are taken.
#[derive(Clone, Default)]
pub(super) struct Seats(Arc<Mutex<Vec<Taken>>>);

/// Who writes, and what.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Taken {
    sender: Uuid,
    subject: Uuid,
}

/// Leave to write one file; dropped, it is free for the next.
pub struct Seat {
    taken: Taken,
    seats: Seats,
}

impl Seats {
    /// Takes a seat.
    pub(super) fn take(&self, sender: Uuid, subject: Uuid) -> Result<Seat> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.iter().any(|seat| seat.subject == subject) || all.iter().filter(|seat| seat.sender == sender).count() >= MOST_OF_ONE {
            return Err(sent_already());
        }
        if all.len() >= MOST {
            return Err(Error::busy());
        }
        let taken = Taken { sender, subject };
        all.push(taken);
        Ok(Seat { taken, seats: self.clone() })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.seats.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|seat| *seat != self.taken);
    }
}

fn sent_already() -> Error {
    Error::refused(
        Code::Unavailable,
        "",
        Said::new(
            format!("Цей файл уже надходить, або від вас надходить {MOST_OF_ONE} файли водночас."),
            format!("This file is coming already, or {MOST_OF_ONE} files of yours are coming at once."),
        ),
        Said::new("Зачекайте, доки надійде попередній, і повторіть.", "Wait until the one before has come, and repeat this."),
    )
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{MOST, MOST_OF_ONE, Seats};

    #[test]
    fn a_sender_has_few_seats_a_subject_one_and_all_together_so_many() {
        let (seats, mut next) = (Seats::default(), 0..);
        let mut id = || Uuid::from_u128(next.next().expect("a number"));
        let (sender, subject) = (id(), id());
        let first = seats.take(sender, subject).ok();
        assert!(seats.take(id(), subject).is_err(), "it is being written");
        let mut taken: Vec<_> = (1..MOST_OF_ONE).map(|_| seats.take(sender, id()).expect("a seat")).collect();
        assert!(seats.take(sender, id()).is_err(), "as many as one has");
        taken.extend((MOST_OF_ONE..MOST).map(|_| seats.take(id(), id()).expect("a seat")));
        assert!(seats.take(id(), id()).is_err(), "all are taken");
        drop(first);
        assert!(seats.take(sender, subject).is_ok());
    }
}
