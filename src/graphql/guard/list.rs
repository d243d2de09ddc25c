//! How long the plain lists can be that neither `first` nor an argument bounds, by what they hold and whose they are.

use crate::graphql::payload::MOST_ERRORS;
use crate::matching::graphql::MOST_FOUND;
use crate::organisations::rules::{MOST_CODES, MOST_CPV, MOST_IDENTIFIERS};
use crate::projects::rules::{MOST_EXTERNAL_IDS, MOST_NEEDS, MOST_REQUIREMENTS, MOST_WORK_PACKAGES};
use crate::verification::MOST_EVIDENCE;

/// What a list holds, of which type it is a field (any, if empty), and how many at most. The first that fits counts.
const BOUNDS: [(&str, &str, usize); 23] = [
    ("UserError", "", MOST_ERRORS),
    ("Translation", "", 2),
    ("Classification", "Need", MOST_CPV),
    ("Classification", "WorkPackage", MOST_CPV),
    ("Classification", "", MOST_CODES),
    ("Territory", "", MOST_CODES),
    ("Certificate", "", MOST_CODES),
    // One for each provider that was ever configured.
    ("Identity", "", 10),
    ("Attachment", "VerificationRequest", MOST_EVIDENCE),
    // Of an upload.
    ("RequestHeader", "", 1),
    ("Identifier", "", MOST_IDENTIFIERS),
    ("WorkPackage", "", MOST_WORK_PACKAGES),
    ("Need", "", MOST_NEEDS),
    ("ExternalId", "", MOST_EXTERNAL_IDS),
    ("Requirement", "", MOST_REQUIREMENTS),
    ("Criterion", "", crate::calls::rules::MOST_CRITERIA),
    ("Sector", "Query", 30),
    ("Match", "MatchFound", MOST_FOUND),
    // Of a match: its requirements and what every match is asked, and the kinds of criteria. Of those two show up to six
    // works and two up to five words, the others four pieces of evidence at most: four each on the average.
    ("MatchUnknown", "", MOST_REQUIREMENTS + 10),
    ("MatchGate", "", MOST_REQUIREMENTS + 10),
    ("MatchCriterion", "", 11),
    ("MatchEvidence", "", 4),
    ("MatchEvidencePart", "", 10),
];

/// What stands within the row or the answer around it: it costs no row of its own, so its fields alone count.
const WITHIN: [&str; 9] = ["UserError", "Translation", "Classification", "Territory", "MatchUnknown", "MatchGate", "MatchCriterion", "MatchEvidence", "MatchEvidencePart"];

/// How many of a type a list of the type `on` holds at most; none where nothing says.
pub fn bound(of: &str, on: &str) -> Option<u64> {
    BOUNDS.iter().find(|(held, holder, _)| *held == of && (holder.is_empty() || *holder == on)).map(|(.., most)| *most as u64)
}

/// Whether what a list holds stands within what is around it.
pub fn is_within(of: &str) -> bool {
    WITHIN.contains(&of)
}
