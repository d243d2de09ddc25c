//! Places of which there are so many at a time, and so many for each who asks: sockets, and the subscriptions on them. Who comes without
//! a token has half of them at most, however many addresses they have.

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
    unknown: usize,
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
        taken.seat(self, who).then(|| Seat { seats: Arc::clone(self), who })
    }
}

impl Taken {
    fn seat(&mut self, seats: &Seats, who: Option<Payer>) -> bool {
        let theirs = who.and_then(|who| self.by.get(&who)).copied().unwrap_or_default();
        let full = self.all >= seats.all || theirs >= seats.each || (is_unknown(who) && self.unknown >= seats.all / 2);
        if full {
            return false;
        }
        self.all += 1;
        self.unknown += usize::from(is_unknown(who));
        if let Some(who) = who {
            *self.by.entry(who).or_default() += 1;
        }
        true
    }

    fn unseat(&mut self, who: Option<Payer>) {
        self.all -= 1;
        self.unknown -= usize::from(is_unknown(who));
        if let Some(Entry::Occupied(mut theirs)) = who.map(|who| self.by.entry(who)) {
            *theirs.get_mut() -= 1;
            if *theirs.get() == 0 {
                theirs.remove();
            }
        }
    }
}

fn is_unknown(who: Option<Payer>) -> bool {
    !matches!(who, Some(Payer::Caller(_)))
}

/// A place, free again once this is dropped.
#[derive(Debug)]
pub struct Seat {
    seats: Arc<Seats>,
    who: Option<Payer>,
}

impl Seat {
    /// Goes over to who turned out to sit there; false when they have all that one may have.
    #[must_use]
    pub fn pass_to(&mut self, who: Option<Payer>) -> bool {
        if who == self.who {
            return true;
        }
        let mut taken = self.seats.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.unseat(self.who);
        let seated = taken.seat(&self.seats, who);
        if !seated {
            // Its own place is free still, since nobody else looks meanwhile.
            taken.seat(&self.seats, self.who);
            return false;
        }
        self.who = who;
        true
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.seats.taken.lock().unwrap_or_else(PoisonError::into_inner).unseat(self.who);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn at(address: &str) -> Payer {
        Payer::Address(address.parse().expect("an address"))
    }

    fn known(number: u128) -> Payer {
        Payer::Caller(Uuid::from_u128(number))
    }

    #[test]
    fn one_takes_no_more_than_theirs_and_all_no_more_than_there_are() {
        let seats = Seats::new(3, 2);
        let (first, _second) = (seats.take(Some(known(1))), seats.take(Some(known(1))).expect("their second"));
        assert!(first.is_some() && seats.take(Some(known(1))).is_none());
        let other = seats.take(Some(known(2))).expect("the third");
        assert!(seats.take(Some(known(3))).is_none() && seats.take(None).is_none(), "all are taken");
        drop(first);
        assert!(seats.take(Some(known(1))).is_some());
        drop(other);
        assert_eq!(seats.taken.lock().expect("it is whole").by.len(), 1, "who left is forgotten");
    }

    #[test]
    fn who_has_no_token_has_half_of_them_from_however_many_addresses() {
        let seats = Seats::new(4, 2);
        let mut held: Vec<Seat> = ["192.0.2.1", "192.0.2.2"].into_iter().filter_map(|address| seats.take(Some(at(address)))).collect();
        assert!(held.len() == 2 && seats.take(Some(at("192.0.2.3"))).is_none() && seats.take(None).is_none());
        let _mine = seats.take(Some(known(1))).expect("who is known has a place");
        assert!(held[0].pass_to(Some(known(1))), "it turned out to be theirs");
        assert!(!held[1].pass_to(Some(known(1))), "they have two already");
        let next = seats.take(Some(at("192.0.2.1"))).expect("their place is free");
        assert!(seats.take(Some(at("192.0.2.2"))).is_none());
        drop((held, next));
        assert_eq!(seats.taken.lock().expect("it is whole").all, 1);
    }
}
