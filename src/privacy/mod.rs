//! What the installation holds about a person, for that person: to take it along, and to have it erased.
//!
//! `exportMyData` gives all of it as one JSON document (Regulation (EU) 2016/679, articles 15 and 20; Law of Ukraine 2297-VI,
//! article 8), but for what is secret: passwords, second factors and tokens. `eraseAccount` takes name and addresses out of every
//! table ([`rules::PERSONAL`] lists where they are), ends all sign-ins, memberships and claims, and frees the address for somebody
//! who signs up anew. The row of the account stays without them, since the journal names its id; the journal stays as it is, for
//! it holds ids alone.
//!
//! What a person wrote for an organisation (needs, offers, the name of a sole trader's business, the names of API tokens) is the
//! organisation's, and stays. An organisation of theirs alone stays without members, so that it can be claimed; one with other
//! members has to have another owner first. Both ask the person to prove anew who they are.
//!
//! Invariants: after an erasure no table holds name or address, once the letter that says so is out, within a day; who erases an
//! account whose address was not confirmed does not touch what concerns the address.

pub mod graphql;
pub mod rules;
pub mod service;
pub mod store;
