//! Trusted documents: the only ones that are run where a file of them is named.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use async_graphql::parser::parse_query;

use crate::hash::sha256;

/// Documents by the id with which clients name them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedDocuments(Arc<HashMap<String, Arc<str>>>);

impl TrustedDocuments {
    /// Reads a file of them: one JSON object of ids and documents, as the compilers of clients write it.
    ///
    /// # Errors
    /// With what is wrong, when it cannot be read, is no such object, holds what is no GraphQL, or a document under another's SHA-256.
    pub fn read(path: &Path) -> Result<Self, String> {
        let name = path.display();
        let bytes = fs::read(path).map_err(|cause| format!("the trusted documents {name} cannot be read: {cause}"))?;
        let documents: HashMap<String, Arc<str>> =
            serde_json::from_slice(&bytes).map_err(|cause| format!("{name} is no JSON object of ids and documents, as {{\"id\": \"query …\"}}: {cause}"))?;
        for (id, text) in &documents {
            parse_query(text).map_err(|cause| format!("the document {id} of {name} is no GraphQL: {}", cause.to_string().lines().last().unwrap_or_default().trim()))?;
            if is_hash(&key(id)) && sha256(text) != key(id) {
                return Err(format!("the document {id} of {name} has another SHA-256: {}", sha256(text)));
            }
        }
        Ok(Self(Arc::new(documents.into_iter().map(|(id, text)| (key(&id), text)).collect())))
    }

    /// The document with an id.
    #[must_use]
    pub fn named(&self, id: &str) -> Option<&str> {
        self.0.get(&key(id)).map(AsRef::as_ref)
    }

    /// Whether a text is one of them.
    #[must_use]
    pub fn contain(&self, text: &str) -> bool {
        self.0.values().any(|known| **known == *text)
    }

    /// How many they are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

/// Hashes are the same in small and large letters, with and without their name before them.
fn key(id: &str) -> String {
    let bare = id.strip_prefix("sha256:").unwrap_or(id);
    if is_hash(bare) { bare.to_ascii_lowercase() } else { id.to_owned() }
}

fn is_hash(id: &str) -> bool {
    id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &str) -> Result<TrustedDocuments, String> {
        let file = tempfile::NamedTempFile::new().expect("a file");
        fs::write(file.path(), content).expect("it is written");
        TrustedDocuments::read(file.path())
    }

    #[test]
    fn a_document_is_found_by_its_id_and_by_its_hash_in_either_spelling() {
        let text = "{ sectors { code } }";
        let hash = sha256(text);
        let documents = read(&format!("{{\"sectors\": \"{text}\", \"{}\": \"{text}\"}}", hash.to_uppercase())).expect("they are read");
        for id in ["sectors", &hash, &format!("sha256:{hash}")] {
            assert_eq!(documents.named(id), Some(text), "{id}");
        }
        assert!(documents.named("other").is_none() && documents.contain(text) && !documents.contain("{ __typename }"));
    }

    #[test]
    fn a_file_that_cannot_be_taken_says_why() {
        assert!(read("[]").expect_err("a list").contains("no JSON object of ids and documents"));
        assert!(read("{\"a\": \"{ sectors \"}").expect_err("broken").contains("the document a of"));
        let wrong = read(&format!("{{\"{}\": \"{{ a }}\"}}", "0".repeat(64))).expect_err("another hash");
        assert!(wrong.contains(&sha256("{ a }")), "{wrong}");
        assert!(TrustedDocuments::read(Path::new("/nowhere/documents.json")).expect_err("missing").contains("cannot be read"));
    }
}
