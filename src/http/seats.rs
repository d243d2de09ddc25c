//! Places of which there are so many at a time, and so many for each who asks: sockets, and the subscriptions on them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

use super::allowance::Payer;

/// The places, and who sits there.
#[derive(Debug)]
pub struct Seats {
    all: usize,
    each: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by: HashMap<Payer, usize>,
}

impl Seats {
    /// So many, all free.
    #[must_use]
    pub fn new(all: usize, each: usize) -> Arc<Self> {
        Arc::new(Self { all, each, taken: Mutex::default() })
    }

    /// Takes a place; none when all are taken, or all that one may have.
    #[must_use]
    pub fn take(self: &Arc<Self>, who: Option<Payer>) -> Option<Seat> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.all >= self.all || who.is_some_and(|who| taken.by.get(&who).is_some_and(|theirs| *theirs >= self.each)) {
            return None;
        }
        taken.all += 1;
        if let Some(who) = who {
            *taken.by.entry(who).or_default() += 1;
        }
        Some(Seat { seats: Arc::clone(self), who })
    }
}

/// A place, free again once this is dropped.
#[derive(Debug)]
pub struct Seat {
    seats: Arc<Seats>,
    who: Option<Payer>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all -= 1;
        if let Some(Entry::Occupied(mut theirs)) = self.who.map(|who| taken.by.entry(who)) {
            *theirs.get_mut() -= 1;
            if *theirs.get() == 0 {
                theirs.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_takes_no_more_than_theirs_and_all_no_more_than_there_are() {
        let seats = Seats::new(3, 2);
        let at = |address: &str| Some(Payer::Address(address.parse().expect("an address")));
        let (first, _second) = (seats.take(at("192.0.2.1")), seats.take(at("192.0.2.1")).expect("their second"));
        assert!(first.is_some() && seats.take(at("192.0.2.1")).is_none());
        let other = seats.take(at("192.0.2.2")).expect("the third");
        assert!(seats.take(at("192.0.2.3")).is_none() && seats.take(None).is_none(), "all are taken");
        drop(first);
        assert!(seats.take(at("192.0.2.1")).is_some());
        drop(other);
        assert_eq!(seats.taken.lock().expect("it is whole").by.len(), 1, "who left is forgotten");
    }
}
