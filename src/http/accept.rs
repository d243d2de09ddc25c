//! What the caller can read: the media type of the answer and its language.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, ACCEPT_LANGUAGE, HeaderName};

use crate::locale::Locale;

/// The media type of GraphQL over HTTP.
pub const GRAPHQL: &str = "application/graphql-response+json; charset=utf-8";
/// JSON, for callers that know nothing newer.
pub const JSON: &str = "application/json; charset=utf-8";

/// Most entries of an accept header that are read.
const MOST_ENTRIES: usize = 32;

/// In what form the caller wants the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `application/graphql-response+json`: the status says whether the document ran.
    Graphql,
    /// `application/json`: a well-formed call is answered with 200.
    Json,
}

impl Form {
    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Graphql => GRAPHQL,
            Self::Json => JSON,
        }
    }

    /// The form that the caller likes best; none when they accept neither.
    #[must_use]
    pub fn wanted(headers: &HeaderMap) -> Option<Self> {
        if !headers.contains_key(ACCEPT) {
            return Some(Self::Json);
        }
        let entries = entries(headers, &ACCEPT);
        let json = quality(&entries, &["application/json", "application/*", "*/*"]);
        let graphql = quality(&entries, &["application/graphql-response+json", "application/*", "*/*"]);
        let named = entries.iter().any(|entry| entry.name == "application/graphql-response+json" && entry.quality > 0);
        match (graphql, json) {
            (0, 0) => None,
            (graphql, json) if graphql > json || (named && graphql == json) => Some(Self::Graphql),
            (_, 1..) => Some(Self::Json),
            _ => Some(Self::Graphql),
        }
    }
}

/// Whether the caller is a browser that opens a page.
#[must_use]
pub fn wants_page(headers: &HeaderMap) -> bool {
    let entries = entries(headers, &ACCEPT);
    let page = quality(&entries, &["text/html"]);
    page > 0 && page >= quality(&entries, &["application/json"]).max(quality(&entries, &["application/graphql-response+json"]))
}

/// Whether the caller takes an answer that comes bit by bit.
#[must_use]
pub fn wants_events(headers: &HeaderMap) -> bool {
    quality(&entries(headers, &ACCEPT), &["text/event-stream"]) > 0
}

/// The language that the caller likes best of the two there are.
#[must_use]
pub fn language(headers: &HeaderMap) -> Locale {
    let entries = entries(headers, &ACCEPT_LANGUAGE);
    let of = |locale: Locale| entries.iter().filter(|entry| Locale::from_tag(&entry.name) == Some(locale)).map(|entry| entry.quality).max().unwrap_or(0);
    if of(Locale::En) > of(Locale::Uk) { Locale::En } else { Locale::Uk }
}

struct Entry {
    name: String,
    /// In thousandths.
    quality: u32,
}

fn entries(headers: &HeaderMap, header: &HeaderName) -> Vec<Entry> {
    let values = headers.get_all(header).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).take(MOST_ENTRIES).map(entry).collect()
}

fn entry(text: &str) -> Entry {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default().to_ascii_lowercase();
    let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q="))).map_or(Some(1000), thousandths);
    Entry { name, quality: quality.unwrap_or(0) }
}

fn thousandths(text: &str) -> Option<u32> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let rest: String = rest.chars().chain("000".chars()).take(3).collect();
    Some((whole.parse::<u32>().ok()?.min(1) * 1000 + rest.parse::<u32>().ok()?).min(1000))
}

/// The quality of the first of `names`, most particular first, that is among the entries.
fn quality(entries: &[Entry], names: &[&str]) -> u32 {
    names.iter().find_map(|name| entries.iter().filter(|entry| entry.name == *name).map(|entry| entry.quality).max()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().expect("a header's value"))])
    }

    #[test]
    fn the_form_is_the_one_liked_best_and_json_unless_graphql_is_named() {
        for (accept, form) in [
            ("*/*", Some(Form::Json)),
            ("application/*", Some(Form::Json)),
            ("application/json", Some(Form::Json)),
            ("application/graphql-response+json", Some(Form::Graphql)),
            ("application/graphql-response+json, application/json;q=0.9", Some(Form::Graphql)),
            ("application/graphql-response+json;q=0.1, application/json", Some(Form::Json)),
            ("application/json, application/graphql-response+json", Some(Form::Graphql)),
            ("application/json;q=0, */*", Some(Form::Graphql)),
            ("text/html, image/png", None),
        ] {
            assert_eq!(Form::wanted(&headers(ACCEPT, accept)), form, "{accept}");
        }
        assert_eq!(Form::wanted(&HeaderMap::new()), Some(Form::Json));
    }

    #[test]
    fn only_a_browser_gets_the_page() {
        assert!(wants_page(&headers(ACCEPT, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")));
        assert!(!wants_page(&headers(ACCEPT, "*/*")) && !wants_page(&headers(ACCEPT, "application/json, text/html;q=0.5")));
    }

    #[test]
    fn the_language_is_ukrainian_unless_english_is_liked_better() {
        for (accept, locale) in [("en-GB,en;q=0.9", Locale::En), ("uk", Locale::Uk), ("en;q=0.5, uk;q=0.4", Locale::En), ("de, *;q=0.1", Locale::Uk), ("uk, en", Locale::Uk)] {
            assert_eq!(language(&headers(ACCEPT_LANGUAGE, accept)), locale, "{accept}");
        }
    }
}
