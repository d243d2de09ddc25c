//! The chain of the journal: what is hashed of an event, and how each hash holds all that came before. Whoever wants to verify
//! it with a program of their own finds here all that they need.
//!
//! The **body** of an event is canonical JSON (RFC 8785), in UTF-8, of one object with exactly these members, null where there is nothing:
//!
//! | member | |
//! | --- | --- |
//! | `id`, `operation`, `entityId` | UUIDs, lower case with hyphens |
//! | `account`, `apiToken`, `organisation`, `counterpart` | UUIDs or null |
//! | `kind`, `entityKind` | codes, such as `NEED_SUBMITTED` and `NEED` |
//! | `version` | an integer |
//! | `public` | true or false |
//! | `occurredAt` | UTC with six decimals, such as `2026-11-24T09:00:00.000000Z` |
//! | `detail` | an object of ids, codes, days, moments and small integers |
//!
//! Its **digest** is SHA-256 of [`EVENT`], the 32 random bytes of its salt, and the body. Without the salt nobody finds out by trying
//! what a digest stands for.
//!
//! The **hash** of the event at place n (1, 2, 3 …) is SHA-256 of [`LINK`], the 32 bytes of the hash at place n - 1 ([`BEGINNING`] for the
//! first), n as 8 bytes, the highest first, and the 32 bytes of the event's digest.
//!
//! So a body can be erased, with its salt, and the chain stays whole. Of such an event its place and its digest are proven and nothing
//! else: whatever its columns say may be forged, so nobody reads them. Nothing else can change without all later hashes changing too.
//!
//! A body is made from the columns whenever it is needed, and not kept beside them: the columns are what is read, so they are what must
//! be proven.

use chrono::{DateTime, SecondsFormat, Utc};
use entity::event;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// What the bytes of a digest begin with.
pub const EVENT: &[u8] = b"mistok event 1\0";
/// What the bytes of a hash begin with.
pub const LINK: &[u8] = b"mistok link 1\0";
/// What stands for the hash before the first event.
pub const BEGINNING: Hash = [0; 32];

/// A digest of an event, or a hash of the chain.
pub type Hash = [u8; 32];
/// The random bytes in the digest of an event.
pub type Salt = [u8; 32];

/// What is hashed of an event; the order of its members is that of RFC 8785 however they stand here.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    id: Uuid,
    kind: &'a str,
    entity_kind: &'a str,
    entity_id: Uuid,
    version: i32,
    operation: Uuid,
    account: Option<Uuid>,
    api_token: Option<Uuid>,
    organisation: Option<Uuid>,
    counterpart: Option<Uuid>,
    public: bool,
    occurred_at: String,
    detail: Value,
}

/// Canonical JSON.
///
/// # Errors
/// When a number of it is none that JSON knows.
pub fn canonical(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    serde_json_canonicalizer::to_vec(value)
}

/// A moment as canonical JSON has it.
#[must_use]
pub fn moment(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// The body of an event; none where it was erased.
///
/// # Errors
/// When its detail is no JSON.
pub fn body(row: &event::Model) -> serde_json::Result<Option<Vec<u8>>> {
    let event::Model {
        id,
        seq: _,
        hash: _,
        digest: _,
        salt: _,
        kind,
        entity_kind,
        entity_id,
        entity_version,
        operation_id,
        account_id,
        api_token_id,
        organisation_id,
        counterpart_id,
        public,
        occurred_at,
        payload,
    } = row;
    let Some(payload) = payload else { return Ok(None) };
    let body = Body {
        id: *id,
        kind,
        entity_kind,
        entity_id: *entity_id,
        version: *entity_version,
        operation: *operation_id,
        account: *account_id,
        api_token: *api_token_id,
        organisation: *organisation_id,
        counterpart: *counterpart_id,
        public: *public,
        occurred_at: moment(*occurred_at),
        detail: serde_json::from_slice(payload)?,
    };
    canonical(&body).map(Some)
}

/// The digest of an event.
#[must_use]
pub fn digest(salt: &[u8], body: &[u8]) -> Hash {
    Sha256::new().chain_update(EVENT).chain_update(salt).chain_update(body).finalize().into()
}

/// The hash at a place.
#[must_use]
pub fn link(before: &Hash, seq: i64, digest: &[u8]) -> Hash {
    Sha256::new().chain_update(LINK).chain_update(before).chain_update(seq.to_be_bytes()).chain_update(digest).finalize().into()
}

/// Gives an event that has its body a salt and its digest.
///
/// # Errors
/// When its detail is no JSON.
pub fn seal(row: &mut event::Model, salt: Salt) -> serde_json::Result<()> {
    if let Some(body) = body(row)? {
        row.digest = Some(digest(&salt, &body).to_vec());
        row.salt = Some(salt.to_vec());
    }
    Ok(())
}

/// Up to where the chain goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The place of its last event; 0 where there is none.
    pub seq: i64,
    /// Its last hash.
    pub hash: Hash,
}

impl Head {
    /// The chain before its first event.
    pub const START: Self = Self { seq: 0, hash: BEGINNING };

    /// The chain with one event more.
    #[must_use]
    pub fn followed_by(self, digest: &[u8]) -> Self {
        let seq = self.seq + 1;
        Self { seq, hash: link(&self.hash, seq, digest) }
    }
}

/// What is wrong with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// It is missing.
    Missing,
    /// It is not what its digest says.
    Body,
    /// Its hash is not what follows from the event before it and from its digest.
    Hash,
}

/// The events that have no body any more. Of them nothing but place and digest is proven.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// How many they are.
    pub count: u64,
    /// The places of the first of them.
    pub first: Vec<i64>,
}

impl Erased {
    /// Most places that are named.
    pub const NAMED: usize = 20;

    fn add(&mut self, seq: i64) {
        self.count += 1;
        if self.first.len() < Self::NAMED {
            self.first.push(seq);
        }
    }
}

/// Whoever goes through the journal event by event: so far it is whole.
#[derive(Clone, Debug)]
pub struct Walk {
    /// Up to where it went.
    pub head: Head,
    /// What has no body any more.
    pub erased: Erased,
}

impl Walk {
    /// Nothing was looked at yet.
    pub const START: Self = Self { head: Head::START, erased: Erased { count: 0, first: Vec::new() } };

    /// Goes on to the next event.
    ///
    /// # Errors
    /// With what is wrong; the walk then stands before that event.
    pub fn on(&mut self, row: &event::Model) -> Result<(), Broken> {
        if row.seq != Some(self.head.seq + 1) {
            return Err(Broken::Missing);
        }
        let digest = row.digest.as_deref().ok_or(Broken::Body)?;
        let whole = match (body(row), &row.salt) {
            (Ok(Some(body)), Some(salt)) => salt.len() == size_of::<Salt>() && self::digest(salt, &body) == digest,
            (Ok(None), None) => true,
            _ => false,
        };
        if !whole {
            return Err(Broken::Body);
        }
        let next = self.head.followed_by(digest);
        if row.hash.as_deref() != Some(&next.hash) {
            return Err(Broken::Hash);
        }
        self.head = next;
        if row.payload.is_none() {
            self.erased.add(next.seq);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use entity::event;
    use serde_json::json;
    use uuid::Uuid;

    use super::{BEGINNING, Broken, Erased, Head, Walk, body, canonical, digest, link, seal};
    use crate::hash::hex;

    fn row(number: u128) -> event::Model {
        event::Model {
            id: Uuid::from_u128(number),
            seq: None,
            hash: None,
            digest: None,
            salt: None,
            kind: "NEED_SUBMITTED".to_owned(),
            entity_kind: "NEED".to_owned(),
            entity_id: Uuid::from_u128(0xfedc),
            entity_version: 3,
            operation_id: Uuid::from_u128(0xabc),
            account_id: Some(Uuid::from_u128(7)),
            api_token_id: None,
            organisation_id: Some(Uuid::from_u128(8)),
            counterpart_id: None,
            public: false,
            occurred_at: "2026-11-24T09:00:00.000120Z".parse().expect("a moment"),
            payload: Some(br#"{"state":"SUBMITTED","delegation":null}"#.to_vec()),
        }
    }

    /// A chain of three.
    fn chain() -> Vec<event::Model> {
        let mut head = Head::START;
        (1..=3)
            .map(|number| {
                let mut row = row(number);
                seal(&mut row, [u8::try_from(number).expect("small"); 32]).expect("JSON");
                head = head.followed_by(row.digest.as_deref().expect("a digest"));
                (row.seq, row.hash) = (Some(head.seq), Some(head.hash.to_vec()));
                row
            })
            .collect()
    }

    fn walked(rows: &[event::Model]) -> Result<Walk, (i64, Broken)> {
        let mut walk = Walk::START;
        rows.iter().try_for_each(|row| walk.on(row).map_err(|broken| (walk.head.seq + 1, broken)))?;
        Ok(walk)
    }

    #[test]
    fn the_body_of_an_event_is_these_bytes() {
        let body = body(&row(1)).expect("JSON").expect("a body");
        let expected = concat!(
            r#"{"account":"00000000-0000-0000-0000-000000000007","apiToken":null,"counterpart":null,"detail":{"delegation":null,"state":"SUBMITTED"},"#,
            r#""entityId":"00000000-0000-0000-0000-00000000fedc","entityKind":"NEED","id":"00000000-0000-0000-0000-000000000001","kind":"NEED_SUBMITTED","#,
            r#""occurredAt":"2026-11-24T09:00:00.000120Z","operation":"00000000-0000-0000-0000-000000000abc","#,
            r#""organisation":"00000000-0000-0000-0000-000000000008","public":false,"version":3}"#,
        );
        assert_eq!(String::from_utf8(body).expect("text"), expected);
    }

    #[test]
    fn digests_and_hashes_are_these_bytes() {
        let body = body(&row(1)).expect("JSON").expect("a body");
        let digest = digest(&[1; 32], &body);
        assert_eq!(hex(&digest), "8f78f06c5dd03e93935d474afc79316cb0bdc6dd65efcb70728e2cb3caa140f7");
        let first = link(&BEGINNING, 1, &digest);
        assert_eq!(hex(&first), "92ef68bbc18704c12999c09cd8fe5fa2d29edf075fa34f2160e52da5a2f391be");
        assert_eq!(hex(&link(&first, 2, &digest)), "99a7b2ef2c2a8345b14813df89e0dc2cad6df426a907a837311e346b6717c3f6");
    }

    /// RFC 8785: 3.2.2.2 for strings, 3.2.2.3 for numbers, 3.2.3 for the order of members by UTF-16.
    #[test]
    fn canonical_json_is_that_of_its_standard() {
        let value = json!({
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh", "1": "One",
            "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control", "\u{f6}": "Latin Small Letter O With Diaeresis",
        });
        let expected = concat!(
            r#"{"\r":"Carriage Return","1":"One","#,
            "\"\u{80}\":\"Control\",\"\u{f6}\":\"Latin Small Letter O With Diaeresis\",\"\u{20ac}\":\"Euro Sign\",",
            "\"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}",
        );
        assert_eq!(String::from_utf8(canonical(&value).expect("JSON")).expect("text"), expected);
        let value = json!({ "numbers": [0, -1, 2_147_483_647, true, null], "string": "\u{20ac}$\u{f}\nA'B\"\\\\\"/" });
        let expected = r#"{"numbers":[0,-1,2147483647,true,null],"string":"€$\u000f\nA'B\"\\\\\"/"}"#;
        assert_eq!(String::from_utf8(canonical(&value).expect("JSON")).expect("text"), expected);
    }

    #[test]
    fn a_chain_that_nobody_touched_is_whole_also_without_bodies() {
        let mut rows = chain();
        assert_eq!(walked(&rows).map(|walk| (walk.head.seq, walk.erased)), Ok((3, Erased::default())));
        (rows[1].payload, rows[1].salt) = (None, None);
        let erased = Erased { count: 1, first: vec![2] };
        assert_eq!(walked(&rows).map(|walk| (walk.head.seq, walk.erased)), Ok((3, erased.clone())));
        rows[1].kind = "NEED_VERIFIED".to_owned();
        assert_eq!(walked(&rows).map(|walk| (walk.head.seq, walk.erased)), Ok((3, erased)), "of what was erased the digest alone is proven, so it is named");
    }

    /// With a salt that may have any length, its end could be taken for the beginning of a body.
    #[test]
    fn a_salt_has_32_bytes() {
        let mut rows = chain();
        let body = body(&rows[1]).expect("JSON").expect("a body");
        let mut head = walked(&rows[..1]).expect("whole").head;
        for row in &mut rows[1..] {
            (row.salt, row.digest) = (Some(vec![7; 31]), Some(digest(&[7; 31], &body).to_vec()));
            head = head.followed_by(row.digest.as_deref().expect("a digest"));
            row.hash = Some(head.hash.to_vec());
        }
        assert_eq!(walked(&rows).err(), Some((2, Broken::Body)));
    }

    #[test]
    fn whatever_is_changed_breaks_the_chain_where_it_was_changed() {
        let changes: [fn(&mut Vec<event::Model>); 11] = [
            |rows| rows[1].kind = "NEED_VERIFIED".to_owned(),
            |rows| rows[1].entity_version = 4,
            |rows| rows[1].account_id = None,
            |rows| rows[1].public = true,
            |rows| rows[1].occurred_at += chrono::TimeDelta::microseconds(1),
            |rows| rows[1].payload = Some(b"{}".to_vec()),
            |rows| rows[1].payload = None,
            |rows| rows[1].salt = None,
            |rows| rows[1].digest = Some(vec![0; 32]),
            |rows| rows[1].digest = None,
            |rows| rows[1].payload = Some(b"no JSON".to_vec()),
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let mut rows = chain();
            change(&mut rows);
            assert_eq!(walked(&rows).err(), Some((2, Broken::Body)), "change {number}");
        }
        let mut rows = chain();
        seal(&mut rows[1], [9; 32]).expect("JSON");
        assert_eq!(walked(&rows).err(), Some((2, Broken::Hash)), "another digest");
        let mut rows = chain();
        rows.remove(1);
        assert_eq!(walked(&rows).err(), Some((2, Broken::Missing)));
        let mut rows = chain();
        (rows[1].seq, rows[2].seq) = (Some(3), Some(2));
        rows.swap(1, 2);
        assert_eq!(walked(&rows).err(), Some((2, Broken::Hash)), "in another order");
    }
}
