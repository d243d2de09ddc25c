//! Attachments: the files of an organisation, as evidence of who it is or as certificates.
//!
//! ```text
//! AWAITING -upload-> STORED     its bytes came and are what was described
//!          -remove->            with the row goes the file
//! ```
//!
//! A member describes a file: name, type, size and SHA-256. The answer names an address to which its bytes go, for half an hour and
//! once: a broken connection is repeated, and one upload of a file runs at a time. The bytes stream into an object of their own; only
//! when size, type and hash are right, and their sender still may, does the row name that object, in one transaction. So no stored attachment lacks its bytes,
//! and bytes that no attachment has are taken away by a job that was scheduled before the first of them was written.
//!
//! What the bytes are is told by their first ones, and PDF, PNG and JPEG are taken: nothing that a browser would run. A download
//! is never shown in a browser, and its address holds for five minutes, for one person's sign-in: who may have the file is asked
//! when the address is made and when it is followed.
//!
//! Invariants: an attachment that is evidence in a request, or that a certificate names, stays; members of its organisation and those
//! who see everything see it, but evidence no member sees who came by a later claim or after it: it may be somebody else's passport; the organisation is held while its attachments are described or removed, 1,000 at most.

mod access;
pub mod graphql;
pub mod media;
mod rules;
pub mod service;
pub mod store;
