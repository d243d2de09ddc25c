//! The page with which a person tries queries in a browser: GraphiQL where the build had npm, a plainer page of our own on phones and where it had not.
//!
//! All that the page loads is in the binary; its policy forbids the browser to load anything from another host. Its texts,
//! styles and scripts are in the folder of the same name, as are the example queries that both views offer.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// The example queries: several named operations, each with its title in both languages, its variables and what they are found by in comments before it.
pub const EXAMPLES: &str = include_str!("explorer/examples.graphql");

const PAGE: &str = include_str!("explorer/page.html");

/// Files of ours, by the name under `/explorer/`.
const OURS: &[(&str, &[u8])] = &[
    ("app.js", include_bytes!("explorer/app.js")),
    ("examples.graphql", EXAMPLES.as_bytes()),
    ("examples.js", include_bytes!("explorer/examples.js")),
    ("graphiql-view.js", include_bytes!("explorer/graphiql-view.js")),
    ("icon.svg", include_bytes!("explorer/icon.svg")),
    ("plain-view.js", include_bytes!("explorer/plain-view.js")),
    ("server.js", include_bytes!("explorer/server.js")),
    ("style.css", include_bytes!("explorer/style.css")),
    ("words.js", include_bytes!("explorer/words.js")),
];

/// GraphiQL and what it needs, as the build script fetched them; empty where it could not.
const GRAPHIQL: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/explorer.rs"));

/// Scripts from this host alone. GraphiQL's dialogs insert a style element, and its style sheet has fonts and images as data.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src data:; img-src 'self' data:; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page with what only the running program knows filled in.
static FILLED: LazyLock<String> = LazyLock::new(|| {
    let digest = GRAPHIQL.iter().fold(Sha256::new(), |digest, (_, bytes)| digest.chain_update(bytes)).finalize();
    let revision = URL_SAFE_NO_PAD.encode(&digest[..8]);
    PAGE.replace("{graphiql}", if GRAPHIQL.is_empty() { "" } else { &revision })
});

/// The page's own files.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/explorer/{name}", get(async |Path(name): Path<String>| asset(&name).ok_or(StatusCode::NOT_FOUND)))
}

/// The page.
#[must_use]
pub fn page() -> Response {
    answer("text/html; charset=utf-8", "no-cache", FILLED.as_bytes())
}

/// A file that the page loads; none when there is none of that name.
#[must_use]
pub fn asset(name: &str) -> Option<Response> {
    let of = |files: &'static [(&str, &[u8])]| files.iter().find(|(known, _)| *known == name).map(|(_, bytes)| *bytes);
    let kind = content_type(name);
    match (of(OURS), of(GRAPHIQL)) {
        (Some(bytes), _) => Some(answer(kind, "no-cache", bytes)),
        // The page asks for these with the revision of their content, so what a browser kept never is another.
        (None, Some(bytes)) => Some(answer(kind, "public, max-age=31536000, immutable", bytes)),
        (None, None) => None,
    }
}

fn answer(kind: &'static str, keep: &'static str, bytes: &'static [u8]) -> Response {
    let headers: [(HeaderName, &'static str); 3] = [(CONTENT_TYPE, kind), (CACHE_CONTROL, keep), (CONTENT_SECURITY_POLICY, POLICY)];
    (headers, bytes).into_response()
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("graphql") => "application/graphql; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_example_has_a_title_in_both_languages() {
        let starts = |prefix: &str| EXAMPLES.lines().filter(|line| line.starts_with(prefix)).count();
        let operations = starts("query ") + starts("mutation ");
        assert!(operations >= 8);
        assert_eq!((starts("# uk: "), starts("# en: ")), (operations, operations));
    }

    #[test]
    fn the_page_names_no_other_host() {
        for (name, bytes) in OURS.iter().chain([&("page.html", PAGE.as_bytes())]) {
            let text = String::from_utf8_lossy(bytes).replace("http://www.w3.org/2000/svg", "");
            assert!(!text.contains("http:") && !text.contains("https:"), "{name}");
        }
    }

    #[test]
    fn the_page_loads_files_that_are_there() {
        for part in PAGE.split("/explorer/").skip(1) {
            let name = part.split(['"', '?']).next().unwrap_or_default();
            assert!(asset(name).is_some(), "{name}");
        }
        assert!(asset("../page.html").is_none());
    }
}
