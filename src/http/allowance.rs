//! How much a caller may ask for: so many objects a minute, which fill up again evenly. What counts is what the guard reckoned that a
//! call can return, so that many small calls and a few large ones cost alike.
//!
//! A person, however often they are signed in, and an API token have an allowance each, and all others that of the address they call from.
//! Each process counts for itself.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use uuid::Uuid;

use super::failure::{Failure, Protocol};
use crate::auth::Actor;
use crate::config::Allowance;
use crate::locale::Said;

/// What a call counts as beside the objects that it can return.
pub const CALL: u64 = 1;
/// What a call counts as that did not come so far.
pub const REFUSED: u64 = 100;

/// What is allowed (draft-ietf-httpapi-ratelimit-headers-11).
pub const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// What of it is left.
pub const LEFT: HeaderName = HeaderName::from_static("ratelimit");

/// After so many calls those are forgotten who have all of theirs again.
const SWEEP: u32 = 1_024;

/// Whose allowance a call uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Payer {
    /// A person or a program.
    Caller(Uuid),
    /// Whoever calls from there without a token.
    Address(IpAddr),
}

impl Payer {
    /// Who pays for a call; nobody where neither they nor their place is known.
    #[must_use]
    pub fn of(actor: &Actor) -> Option<Self> {
        actor.account().or(actor.api_token()).map(Self::Caller).or(actor.from.map(Self::Address))
    }
}

/// What all callers have left.
#[derive(Debug)]
pub struct Allowances {
    callers: Option<Meter>,
    addresses: Option<Meter>,
}

impl Allowances {
    /// Nobody has used anything yet.
    #[must_use]
    pub fn new(allowance: Allowance) -> Self {
        Self { callers: allowance.of_a_caller.map(Meter::new), addresses: allowance.of_an_address.map(Meter::new) }
    }

    /// Takes so many objects from a caller's allowance, and says what is left of it.
    ///
    /// # Errors
    /// When so many are not left.
    pub fn take(&self, payer: Option<Payer>, objects: u64) -> Result<Option<Left>, Failure> {
        self.taken(payer, objects).map_err(too_many)
    }

    /// Takes so many objects from a caller's allowance once they are there.
    pub async fn wait_for(&self, payer: Option<Payer>, objects: u64) {
        while let Err(left) = self.taken(payer, objects) {
            tokio::time::sleep(left.wait).await;
        }
    }

    fn taken(&self, payer: Option<Payer>, objects: u64) -> Result<Option<Left>, Left> {
        let meter = match payer {
            Some(Payer::Caller(_)) => self.callers.as_ref(),
            Some(Payer::Address(_)) => self.addresses.as_ref(),
            None => None,
        };
        payer.zip(meter).map(|(payer, meter)| meter.take(payer, objects)).transpose()
    }
}

/// What some callers have left of the same allowance.
#[derive(Debug)]
struct Meter {
    a_minute: NonZeroU32,
    limiter: DefaultKeyedRateLimiter<Payer, StateInformationMiddleware>,
    calls: AtomicU32,
}

impl Meter {
    fn new(a_minute: NonZeroU32) -> Self {
        Self { a_minute, limiter: RateLimiter::keyed(Quota::per_minute(a_minute)).with_middleware(), calls: AtomicU32::new(0) }
    }

    fn take(&self, payer: Payer, objects: u64) -> Result<Left, Left> {
        if self.calls.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.limiter.retain_recent();
        }
        // What is more than all that there can be waits until all is there.
        let objects = u32::try_from(objects).unwrap_or(u32::MAX).clamp(1, self.a_minute.get());
        let count = NonZeroU32::new(objects).unwrap_or(NonZeroU32::MIN);
        let left = |objects, wait| Left { a_minute: self.a_minute.get(), objects, wait };
        match self.limiter.check_key_n(&payer, count) {
            Ok(Ok(state)) => Ok(left(state.remaining_burst_capacity(), self.fills_in(state.remaining_burst_capacity()))),
            Ok(Err(later)) => {
                let wait = later.wait_time_from(DefaultClock::default().now());
                Err(left(objects.saturating_sub(self.fill(wait)), wait))
            }
            Err(_) => Err(left(0, Duration::from_mins(1))),
        }
    }

    /// How many objects are there again after a while, the last one whole.
    fn fill(&self, wait: Duration) -> u32 {
        u32::try_from((wait.as_millis() * u128::from(self.a_minute.get())).div_ceil(60_000)).unwrap_or(u32::MAX)
    }

    /// When all is there again.
    fn fills_in(&self, left: u32) -> Duration {
        Duration::from_mins(1).mul_f64(f64::from(self.a_minute.get() - left.min(self.a_minute.get())) / f64::from(self.a_minute.get()))
    }
}

/// What a caller has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// Objects that they may ask for in a minute.
    pub a_minute: u32,
    /// Objects that they may ask for now.
    pub objects: u32,
    /// When all of them are there again; after a refusal, when the same call will do.
    pub wait: Duration,
}

impl Left {
    /// Seconds, the last one whole.
    #[must_use]
    pub fn seconds(self) -> u32 {
        u32::try_from(self.wait.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX)
    }

    /// Says so in the headers of an answer.
    pub fn tell(self, headers: &mut HeaderMap) {
        let policy = format!("\"objects\";q={};w=60", self.a_minute);
        let left = format!("\"objects\";r={};t={}", self.objects, self.seconds());
        for (name, value) in [(POLICY, policy), (LEFT, left)] {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        }
    }
}

fn too_many(left: Left) -> Failure {
    let (seconds, a_minute) = (left.seconds(), left.a_minute);
    Failure::of(Protocol::RateLimited)
        .saying(
            Said::new(format!("Ви запитали забагато: дозволено {a_minute} об'єктів на хвилину."), format!("You asked for too much: {a_minute} objects a minute are allowed.")),
            Said::new(
                format!("Повторіть через {seconds} с або запитуйте менше: менший first, менше вкладених списків."),
                format!("Repeat it in {seconds} s, or ask for less: a smaller first, fewer nested lists."),
            ),
        )
        .with_left(Some(left))
        .after(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowances(of_a_caller: u32, of_an_address: u32) -> Allowances {
        Allowances::new(Allowance { of_a_caller: NonZeroU32::new(of_a_caller), of_an_address: NonZeroU32::new(of_an_address) })
    }

    fn at(address: &str) -> Payer {
        Payer::Address(address.parse().expect("an address"))
    }

    #[test]
    fn who_has_used_theirs_waits_and_nobody_else_does() {
        let allowances = allowances(20_000, 2_000);
        let left = allowances.take(Some(at("192.0.2.1")), 1_500).expect("there is enough").expect("it is counted");
        assert_eq!((left.a_minute, left.objects), (2_000, 500));
        assert!((44..=45).contains(&left.seconds()), "{left:?}");
        let refused = allowances.take(Some(at("192.0.2.1")), 1_000).expect_err("there is not");
        assert_eq!(refused.code(), "RATE_LIMITED");
        let left = allowances.taken(Some(at("192.0.2.1")), 1_000).expect_err("there is not");
        assert!((490..=500).contains(&left.objects) && (14..=15).contains(&left.seconds()), "{left:?}");
        assert!(allowances.take(Some(at("192.0.2.1")), 400).is_ok(), "a refusal takes nothing");
        assert!(allowances.take(Some(at("192.0.2.2")), 1_500).is_ok());
        assert!(allowances.take(Some(Payer::Caller(Uuid::from_u128(1))), 20_000).is_ok());
        assert!(allowances.take(Some(Payer::Caller(Uuid::from_u128(1))), 1_000).is_err());
        assert_eq!(allowances.take(None, 1_000_000).expect("nobody is counted"), None);
    }

    #[test]
    fn the_headers_say_what_is_left() {
        let mut headers = HeaderMap::new();
        Left { a_minute: 2_000, objects: 500, wait: Duration::from_millis(44_100) }.tell(&mut headers);
        assert_eq!(headers[&POLICY], "\"objects\";q=2000;w=60");
        assert_eq!(headers[&LEFT], "\"objects\";r=500;t=45");
    }
}
