//! Documents that are named instead of sent.
//!
//! Automatic persisted queries: a client sends a document once with its SHA-256, and afterwards the hash alone. Only documents that have
//! passed the guard are kept; the oldest make room for new ones. Where trusted documents are set, these are known from the start, and no
//! others are run.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use super::failure::{Failure, Protocol};
use crate::config::documents::TrustedDocuments;
use crate::hash::sha256;
use crate::locale::Said;

/// Documents that are kept at most.
const MOST_KEPT: usize = 1_000;
/// What Apollo and urql look for in the message, in any language.
const NOT_FOUND: &str = "PersistedQueryNotFound";

/// The documents that clients may name.
#[derive(Debug, Default)]
pub struct Persisted {
    trusted: Option<TrustedDocuments>,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    by_hash: HashMap<Arc<str>, Arc<str>>,
    oldest_first: VecDeque<Arc<str>>,
}

impl Persisted {
    /// Those that are trusted, if only these are run; else those that clients will send.
    #[must_use]
    pub fn new(trusted: Option<TrustedDocuments>) -> Self {
        Self { trusted, kept: Mutex::default() }
    }

    /// The document that is meant by a text, a name or both.
    ///
    /// # Errors
    /// When there is neither, the name is unknown, it is not the text's, or the text is not trusted.
    pub fn document(&self, text: Option<String>, name: Option<&str>) -> Result<String, Failure> {
        match (text, name) {
            (Some(text), Some(name)) if !self.is_named(&text, name) => {
                Err(Failure::parameter("extensions", Said::new("Назва або sha256Hash – іншого документа.", "The name or sha256Hash is that of another document.")))
            }
            (Some(text), _) if self.trusted.as_ref().is_none_or(|trusted| trusted.contain(&text)) => Ok(text),
            (Some(_), _) => Err(Failure::of(Protocol::NotTrusted)),
            (None, Some(name)) => self.find(name).ok_or_else(|| if self.trusted.is_some() { Failure::of(Protocol::NotTrusted) } else { unknown() }),
            (None, None) => Err(Failure::parameter("query", Said::new("Дайте документ GraphQL рядком.", "Give a GraphQL document as a string."))),
        }
    }

    /// Keeps a document under its hash, which was compared with it before.
    pub fn keep(&self, hash: &str, text: &str) {
        if self.trusted.is_some() {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let hash: Arc<str> = hash.to_ascii_lowercase().into();
        if kept.by_hash.insert(Arc::clone(&hash), text.into()).is_none() {
            kept.oldest_first.push_back(hash);
        }
        if kept.oldest_first.len() > MOST_KEPT
            && let Some(oldest) = kept.oldest_first.pop_front()
        {
            kept.by_hash.remove(&oldest);
        }
    }

    /// Whether a name is that of a text: its hash, or that under which it is trusted.
    fn is_named(&self, text: &str, name: &str) -> bool {
        sha256(text).eq_ignore_ascii_case(name) || self.trusted.as_ref().and_then(|trusted| trusted.named(name)) == Some(text)
    }

    fn find(&self, name: &str) -> Option<String> {
        if let Some(trusted) = &self.trusted {
            return trusted.named(name).map(str::to_owned);
        }
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.by_hash.get(name.to_ascii_lowercase().as_str()).map(ToString::to_string)
    }
}

fn unknown() -> Failure {
    Failure::of(Protocol::PersistedQueryNotFound)
        .saying(Said::new(NOT_FOUND, NOT_FOUND), Said::new("Надішліть документ разом із хешем.", "Send the document together with its hash."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_found_by_its_hash_once_it_was_kept() {
        let persisted = Persisted::default();
        let hash = sha256("{ __typename }");
        assert_eq!(persisted.document(None, Some(&hash)).expect_err("nothing is kept yet").code(), "PERSISTED_QUERY_NOT_FOUND");
        let text = persisted.document(Some("{ __typename }".to_owned()), Some(&hash)).expect("they belong together");
        persisted.keep(&hash, &text);
        assert_eq!(persisted.document(None, Some(&hash.to_uppercase())).expect("it is kept"), text);
        assert!(persisted.document(Some("{ a }".to_owned()), Some(&hash)).is_err());
    }

    #[test]
    fn the_oldest_make_room() {
        let persisted = Persisted::default();
        for number in 0..=MOST_KEPT {
            persisted.keep(&number.to_string(), "{ a }");
        }
        assert!(persisted.document(None, Some("0")).is_err() && persisted.document(None, Some("1")).is_ok());
    }
}
