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
pub const POINTS: [(Part, &str, f64); 66] = [
//POINTS-BEGIN
    (Part::Title, "a work whose title is compared", -3.657),
    (Part::Title, "a work without titles to compare", -5.320),
    (Part::Title, "similar by rare words", 4.773),
    (Part::Title, "… above 0.25", -1.686),
    (Part::Title, "… above 0.5", -1.521),
    (Part::Title, "… above 0.75", 1.654),
    (Part::Title, "similar by words of one trade", 5.615),
    (Part::Title, "… above 0.25", -0.632),
    (Part::Title, "… above 0.5", -2.596),
    (Part::Title, "… above 0.75", -3.995),
    (Part::Title, "part of the telling words that it has", 0.806),
    (Part::Title, "… above 0.25", -0.927),
    (Part::Title, "… above 0.5", -0.626),
    (Part::Title, "… above 0.75", 1.592),
    (Part::Title, "nearly the same title", 0.074),
    (Part::Title, "similar x how telling the words are", 1.304),
    (Part::Buyer, "same buyer", 2.605),
    (Part::Buyer, "same buyer x logarithm of age", 0.617),
    (Part::Buyer, "same buyer x similar", -1.129),
    (Part::Buyer, "same buyer x similar above 0.5", 0.460),
    (Part::Buyer, "same buyer, no titles to compare", 0.982),
    (Part::Buyer, "same buyer x same division", 2.575),
    (Part::Place, "same area, other buyer", 0.800),
    (Part::Place, "same region, other area", 0.806),
    (Part::Place, "near x similar", 0.636),
    (Part::Place, "same area, no titles", 3.287),
    (Part::Place, "same region, no titles", 1.470),
    (Part::Place, "seat in the area", 0.466),
    (Part::Place, "seat in the region", 0.213),
    (Part::Place, "seat in the area, no titles", 0.466),
    (Part::Place, "seat in the region, no titles", 0.213),
    (Part::Value, "logarithms of values apart", -0.307),
    (Part::Value, "… above 1", 0.065),
    (Part::Value, "… above 2", -0.244),
    (Part::Value, "equal value", -1.110),
    (Part::Value, "nearly equal value", 0.254),
    (Part::Value, "apart x similar", 0.000),
    (Part::Value, "equal value x same buyer", 2.300),
    (Part::Value, "apart, no titles", -0.306),
    (Part::Value, "equal value, no titles", 2.082),
    (Part::Age, "logarithm of age", -1.048),
    (Part::Age, "fresh", -0.539),
    (Part::Age, "old", -0.315),
    (Part::Age, "logarithm of age x similar", 0.501),
    (Part::Age, "logarithm of years since the latest work", -0.741),
    (Part::Age, "logarithm of age, no titles", -1.470),
    (Part::Size, "logarithm of bids", -0.260),
    (Part::Size, "logarithm of works won", 0.455),
    (Part::Size, "logarithm of bids x similar", -0.078),
    (Part::Size, "logarithm of bids, no titles", 0.877),
    (Part::Outcome, "bid and not won", -1.286),
    (Part::Outcome, "bid and not won x logarithm of bidders", -0.502),
    (Part::Outcome, "won x logarithm of bidders", -0.437),
    (Part::Outcome, "bid and not won x similar", -0.777),
    (Part::Category, "same category", 0.836),
    (Part::Category, "same category x similar", -0.539),
    (Part::Code, "same division", -0.110),
    (Part::Code, "same group", 0.400),
    (Part::Code, "same class", 0.400),
    (Part::Code, "same category of code", 0.850),
    (Part::Code, "same code", 0.483),
    (Part::Code, "similar, with codes that tell too", -2.956),
    (Part::Code, "same area x same class", 0.500),
    (Part::Code, "same area x same code", 0.038),
    (Part::Code, "seat in the area x same class", 0.300),
    (Part::Code, "seat in the area x same division", 0.100),
//POINTS-END
];

/// The weight of a criterion.
pub const fn of_criterion(kind: CriterionKind) -> f64 {
    match kind {
        CriterionKind::Experience => 0.6,
        CriterionKind::Incumbency => 0.7,
        CriterionKind::Subject => 3.5,
        CriterionKind::TradeName => 10.0,
        CriterionKind::Locality => 1.7,
        CriterionKind::Codes => 1.0,
        CriterionKind::Category => 0.7,
        CriterionKind::Value => 0.4,
        CriterionKind::TrackRecord => 0.8,
        CriterionKind::Requirements => 1.0,
        CriterionKind::Contributions => 0.5,
    }
}

/// What one unit of a piece of evidence counts within its criterion.
pub const fn of_evidence(kind: EvidenceKind) -> f64 {
    match kind {
        EvidenceKind::WorksHere => 1.0,
        EvidenceKind::SeatInArea => 0.6,
        EvidenceKind::SeatInRegion => 0.35,
        EvidenceKind::ServiceArea => 0.5,
        EvidenceKind::WorksOfDivision => 0.05,
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
