//! Every weight of the engine, in one table each, to be read and argued with.
//!
//! The points of votes ([`POINTS`]) and the weights of criteria that lean on past works were fitted jointly, one set for
//! all sources of awards, on windows that end before the cases they were later judged by. What no bench can show, such
//! as declared capabilities, is set by hand and says so.

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
    pub const ALL: [Self; 9] =
        [Self::Title, Self::Buyer, Self::Place, Self::Value, Self::Age, Self::Size, Self::Outcome, Self::Category, Self::Code];
}

/// Votes that add up to this much are worth ln 2 = 0.69 of the weight of their criterion.
pub const VOTE_FLOOR: f64 = 1.0;

/// The points of a vote: what they are for, for which feature, and how many for one unit of it.
#[rustfmt::skip]
pub const POINTS: [(Part, &str, f64); 64] = [
//POINTS-BEGIN
    (Part::Title, "similar by rare words", 3.3),
    (Part::Title, "… above 0.25", -2.0),
    (Part::Title, "… above 0.5", -1.5),
    (Part::Title, "… above 0.75", 0.0),
    (Part::Title, "similar by words of one trade", 3.3),
    (Part::Title, "… above 0.25", 1.0),
    (Part::Title, "… above 0.5", -1.2),
    (Part::Title, "… above 0.75", 1.5),
    (Part::Title, "part of the telling words that it has", 1.3),
    (Part::Title, "… above 0.25", -1.0),
    (Part::Title, "… above 0.5", -0.5),
    (Part::Title, "… above 0.75", 0.0),
    (Part::Title, "nearly the same title", 0.2),
    (Part::Title, "similar x how telling the words are", 1.6),
    (Part::Buyer, "same buyer", 1.5),
    (Part::Buyer, "same buyer x logarithm of age", 0.4),
    (Part::Buyer, "same buyer x similar", 0.5),
    (Part::Buyer, "same buyer x similar above 0.5", -1.5),
    (Part::Buyer, "same buyer, no titles to compare", 2.0),
    (Part::Buyer, "same buyer x same division", 0.5),
    (Part::Place, "same area, other buyer", 0.6),
    (Part::Place, "same region, other area", 0.5),
    (Part::Place, "near x similar", 0.5),
    (Part::Place, "same area, no titles", 0.6),
    (Part::Place, "same region, no titles", 0.5),
    (Part::Place, "seat in the area", 0.6),
    (Part::Place, "seat in the region", 0.4),
    (Part::Place, "seat in the area, no titles", 0.2),
    (Part::Place, "seat in the region, no titles", 0.2),
    (Part::Value, "logarithms of values apart", -0.16),
    (Part::Value, "… above 1", -0.1),
    (Part::Value, "… above 2", 0.0),
    (Part::Value, "equal value", 0.0),
    (Part::Value, "nearly equal value", 0.1),
    (Part::Value, "apart x similar", -0.4),
    (Part::Value, "equal value x same buyer", 1.5),
    (Part::Value, "apart, no titles", -0.1),
    (Part::Value, "equal value, no titles", 1.0),
    (Part::Age, "logarithm of age", -0.6),
    (Part::Age, "fresh", -0.2),
    (Part::Age, "old", -0.3),
    (Part::Age, "logarithm of age x similar", 0.4),
    (Part::Age, "logarithm of years since the latest work", -0.6),
    (Part::Age, "logarithm of age, no titles", 0.0),
    (Part::Size, "logarithm of bids", -0.1),
    (Part::Size, "logarithm of works won", 0.3),
    (Part::Size, "logarithm of bids x similar", -0.1),
    (Part::Size, "logarithm of bids, no titles", 0.5),
    (Part::Outcome, "bid and not won", -1.0),
    (Part::Outcome, "bid and not won x logarithm of bidders", -0.4),
    (Part::Outcome, "won x logarithm of bidders", -0.3),
    (Part::Outcome, "bid and not won x similar", -1.0),
    (Part::Category, "same category", 0.6),
    (Part::Category, "same category x similar", -0.3),
    (Part::Code, "same division", 0.5),
    (Part::Code, "same group", 0.4),
    (Part::Code, "same class", 0.4),
    (Part::Code, "same category of code", 0.3),
    (Part::Code, "same code", 0.6),
    (Part::Code, "same division x similar", -1.0),
    (Part::Code, "same area x same class", 0.7),
    (Part::Code, "same area x same code", -0.5),
    (Part::Code, "seat in the area x same class", 0.5),
    (Part::Code, "seat in the area x same division", 0.1),
//POINTS-END
];

/// The weight of a criterion.
pub const fn of_criterion(kind: CriterionKind) -> f64 {
    match kind {
        CriterionKind::Experience => 0.5,
        CriterionKind::Incumbency => 0.3,
        CriterionKind::Subject => 0.9,
        CriterionKind::TradeName => 1.5,
        CriterionKind::Locality => 1.5,
        CriterionKind::Codes => 1.0,
        CriterionKind::Category => 0.6,
        CriterionKind::Value => 0.5,
        CriterionKind::TrackRecord => 0.5,
        CriterionKind::Requirements => 1.0,
        CriterionKind::Contributions => 0.5,
    }
}

/// What one unit of a piece of evidence counts within its criterion.
pub const fn of_evidence(kind: EvidenceKind) -> f64 {
    match kind {
        EvidenceKind::WorksHere => 1.0,
        EvidenceKind::SeatInArea => 0.4,
        EvidenceKind::SeatInRegion => 0.2,
        EvidenceKind::ServiceArea => 0.5,
        EvidenceKind::WorksOfDivision => 0.1,
        EvidenceKind::WorksOfClass => 0.1,
        EvidenceKind::DeclaredCode => 2.0,
        EvidenceKind::Activity => 1.0,
        EvidenceKind::UsualValue => 1.0,
        EvidenceKind::DeclaredSize => 0.5,
        EvidenceKind::PastWork
        | EvidenceKind::FurtherWorks
        | EvidenceKind::Words
        | EvidenceKind::NameWords
        | EvidenceKind::WorksOfCategory
        | EvidenceKind::Buyers
        | EvidenceKind::RequirementMet
        | EvidenceKind::Contribution => 1.0,
    }
}
