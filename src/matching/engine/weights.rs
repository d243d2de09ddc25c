//! Every weight of the engine, in one table each, to be read and argued with.
//!
//! The points of votes ([`POINTS`]) were fitted jointly, one set for three sources of municipal awards (long titles without
//! codes, short titles with divisions, codes without titles), by the conditional likelihood of the winners. They were
//! fitted on windows of half a year and less, each ranked with what was known before it, all of which end before the
//! cases that the backtest judges by. The weights of criteria that lean on past works were fitted on the same windows,
//! none of them below zero, so that every piece of evidence speaks for a business. What no past award can show, such as
//! declared capabilities, the area served, the declared size, wishes and contributions, is set by hand. So are some points
//! of votes: an equal value for another buyer with titles (held at 0: it was fitted at -1.2, which nobody could be told, and
//! costs no track anything), same division, group and class, place with class, the same area for another buyer, a fresh work (held at 0);
//! and the weight of the trade name, which was fitted at 13.5.
//!
//! The points are correlated: three ways to compare titles, each with steps, only mean something together. People are
//! therefore shown the sums by [`Part`] and never a single row.

use super::explanation::{CriterionKind, EvidenceKind};

/// What points are for, as they are shown to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// How alike the titles are.
    Title,
    /// The same buyer.
    Buyer,
    /// The same place, or a seat there.
    Place,
    /// How close the values are.
    Value,
    /// How long ago it was.
    Age,
    /// How much the business has done.
    Size,
    /// Whether it was won, and against how many.
    Outcome,
    /// The same category.
    Category,
    /// The same classification code.
    Code,
}

impl Part {
    /// Every part, in the order in which they are shown.
    pub const ALL: [Self; 9] = [Self::Title, Self::Buyer, Self::Place, Self::Value, Self::Age, Self::Size, Self::Outcome, Self::Category, Self::Code];
}

/// Votes that add up to this much are worth ln 2 = 0.69 of the weight of their criterion.
pub const VOTE_FLOOR: f64 = 1.0;

/// Of the works that vote for a business, each counts this part of the stronger one before it.
pub const NEXT_VOTE: f64 = 0.5;

/// How far a business fits of which nothing is known that could be compared. By hand.
pub const UNTOLD_FIT: f64 = 0.5;

/// A budget of so many times the largest known work of a business is still near enough to be carried; beyond that, what
/// speaks for the business counts less by as many times. By hand: it costs no track of the backtest anything.
pub const ROOM: f64 = 10.0;

/// Words of a business count this part where all its codes are of other divisions. By hand; XK gains .003 of MRR by it.
pub const OTHER_TRADE: f64 = 0.5;

/// Logarithms of a budget and of usual values that are further apart than this are not close: five times. By hand.
pub const CLOSE: f64 = 1.6;

/// A business with fewer points than this is not shown: not even a few works of the same division speak for it. By hand.
pub const LEAST: f64 = 0.1;

/// How far two codes name one kind of work by the digits they begin with in common: roofs and pipes share three. By hand.
pub const fn code_fit(common: u32) -> f64 {
    match common {
        0..=2 => 0.2,
        3 => 0.4,
        4 => 0.8,
        _ => 1.0,
    }
}

/// The points of a vote: what they are for, for which feature, and how many for one unit of it.
#[rustfmt::skip]
pub const POINTS: [(Part, &str, f64); 66] = [
    (Part::Title, "a work whose title is compared", -4.233),
    (Part::Title, "a work without titles to compare", -6.665),
    (Part::Title, "similar by rare words", 4.363),
    (Part::Title, "… above 0.25", -0.847),
    (Part::Title, "… above 0.5", -0.917),
    (Part::Title, "… above 0.75", 0.557),
    (Part::Title, "similar by words of one trade", 6.204),
    (Part::Title, "… above 0.25", -0.782),
    (Part::Title, "… above 0.5", -2.561),
    (Part::Title, "… above 0.75", -4.069),
    (Part::Title, "part of the telling words that it has", 1.613),
    (Part::Title, "… above 0.25", -0.792),
    (Part::Title, "… above 0.5", -1.053),
    (Part::Title, "… above 0.75", 1.449),
    (Part::Title, "nearly the same title", 0.254),
    (Part::Title, "similar x how telling the words are", 1.197),
    (Part::Buyer, "same buyer", 3.071),
    (Part::Buyer, "same buyer x logarithm of age", 0.434),
    (Part::Buyer, "same buyer x similar", -1.653),
    (Part::Buyer, "same buyer x similar above 0.5", 0.514),
    (Part::Buyer, "same buyer, no titles to compare", 1.765),
    (Part::Buyer, "same buyer x same division", 1.181),
    (Part::Place, "same area, other buyer", 0.800),
    (Part::Place, "same region, other area", 1.152),
    (Part::Place, "near x similar", -0.079),
    (Part::Place, "same area, no titles", 3.152),
    (Part::Place, "same region, no titles", 0.881),
    (Part::Place, "seat in the area", 0.481),
    (Part::Place, "seat in the region", 0.230),
    (Part::Place, "seat in the area, no titles", 0.481),
    (Part::Place, "seat in the region, no titles", 0.230),
    (Part::Value, "logarithms of values apart", -0.278),
    (Part::Value, "… above 1", 0.081),
    (Part::Value, "… above 2", -0.311),
    (Part::Value, "equal value, same buyer, no titles", 1.205),
    (Part::Value, "nearly equal value", 0.226),
    (Part::Value, "apart x similar", -0.038),
    (Part::Value, "equal value x same buyer", 1.242),
    (Part::Value, "apart, no titles", -0.282),
    (Part::Value, "equal value, no titles", 0.982),
    (Part::Age, "logarithm of age", -0.645),
    (Part::Age, "fresh", 0.000),
    (Part::Age, "old", -0.432),
    (Part::Age, "logarithm of age x similar", 0.350),
    (Part::Age, "logarithm of years since the latest work", -0.689),
    (Part::Age, "logarithm of age, no titles", -0.777),
    (Part::Size, "logarithm of bids", -0.250),
    (Part::Size, "logarithm of works won", 0.455),
    (Part::Size, "logarithm of bids x similar", -0.128),
    (Part::Size, "logarithm of bids, no titles", 0.840),
    (Part::Outcome, "bid and not won", -1.434),
    (Part::Outcome, "bid and not won x logarithm of bidders", -0.498),
    (Part::Outcome, "won x logarithm of bidders", -0.406),
    (Part::Outcome, "bid and not won x similar", -0.553),
    (Part::Category, "same category", 1.171),
    (Part::Category, "same category x similar", -1.663),
    (Part::Code, "same division", 0.400),
    (Part::Code, "same group", 0.400),
    (Part::Code, "same class", 0.400),
    (Part::Code, "same category of code", 0.883),
    (Part::Code, "same code", 0.516),
    (Part::Code, "similar, with codes that tell too", -1.394),
    (Part::Code, "same area x same class", 0.500),
    (Part::Code, "same area x same code", -0.005),
    (Part::Code, "seat in the area x same class", 0.300),
    (Part::Code, "seat in the area x same division", 0.100),
];

/// The weights of criteria. Those marked with a note are set by hand, since no bench shows what they are worth.
const CRITERIA: [(CriterionKind, f64); 11] = [
    (CriterionKind::Experience, 0.6),
    (CriterionKind::Incumbency, 0.7),
    (CriterionKind::Subject, 3.5),
    (CriterionKind::TradeName, 10.0),
    (CriterionKind::Locality, 1.7),
    // By hand but for works done; see the evidence.
    (CriterionKind::Codes, 1.0),
    (CriterionKind::Category, 0.7),
    (CriterionKind::Value, 0.4),
    (CriterionKind::TrackRecord, 0.8),
    // By hand: all wishes met are worth a good past work.
    (CriterionKind::Requirements, 1.0),
    // By hand: half of that.
    (CriterionKind::Contributions, 0.5),
];

/// What one unit of a piece of evidence counts within its criterion; all others count one.
const EVIDENCE: [(EvidenceKind, f64); 8] = [
    (EvidenceKind::SeatInArea, 0.6),
    (EvidenceKind::SeatInRegion, 0.2),
    // By hand: to say so is worth nearly as much as a seat there.
    (EvidenceKind::ServiceArea, 0.5),
    (EvidenceKind::WorksOfDivision, 0.05),
    (EvidenceKind::WorksOfClass, 0.1),
    // By hand: so that a newcomer that does just this stands among those with one fair past work.
    (EvidenceKind::DeclaredCode, 2.0),
    // By hand: half of the value of a bell curve at its top.
    (EvidenceKind::DeclaredSize, 0.5),
    (EvidenceKind::UsualValue, 1.0),
];

/// The weight of a criterion.
pub fn of_criterion(kind: CriterionKind) -> f64 {
    CRITERIA.iter().find(|(of, _)| *of == kind).map_or(0.0, |(_, weight)| *weight)
}

/// What one unit of a piece of evidence counts within its criterion.
pub fn of_evidence(kind: EvidenceKind) -> f64 {
    EVIDENCE.iter().find(|(of, _)| *of == kind).map_or(1.0, |(_, weight)| *weight)
}
