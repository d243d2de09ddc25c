//! What the engine reads: plain values whose meaning outside it does not know.
//!
//! A place is a path of opaque parts, a code its digits, a value a number with its currency, a text has its language or
//! none. The slice turns KATOTTG, DK 021 and Money into these at its border; `backtest` turns the columns of its files.

/// An id that the engine hands back; ties are broken by it.
pub type Id = u128;

/// Days since 1970-01-01.
pub type Day = i32;

/// Words in one language, or in one that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The words.
    pub words: String,
    /// BCP 47 tag, where known.
    pub language: Option<String>,
}

/// A place: opaque parts, the widest first, such as oblast, rayon, hromada, settlement. Two places are as near as the
/// number of parts that they begin with in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(pub Vec<String>);

/// An amount in one currency.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// Major units.
    pub amount: f64,
    /// ISO 4217.
    pub currency: String,
}

/// How a bid ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Won.
    Won,
    /// Bid and not won.
    Bid,
}

/// A past work of a business, as one bidder of an award.
#[derive(Clone, Debug, PartialEq)]
pub struct PastWork {
    /// Its id.
    pub id: Id,
    /// What it was; empty words where the source has no title.
    pub title: Text,
    /// Digits of its classification code, without the check digit.
    pub code: Option<String>,
    /// `works`, `services`, `goods` and so on.
    pub category: Option<String>,
    /// Where it was.
    pub place: Option<Place>,
    /// Who bought it: an opaque name, equal for the same buyer.
    pub buyer: Option<String>,
    /// For how much.
    pub value: Option<Value>,
    /// When it was awarded.
    pub day: Option<Day>,
    /// How the bid ended.
    pub outcome: Outcome,
    /// How many bid, where known.
    pub bidders: Option<u32>,
}

/// A certificate or licence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Its code, upper case.
    pub code: String,
    /// Last valid day; none when it does not expire.
    pub valid_to: Option<Day>,
}

/// What a business says it can do. Every part may be unknown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Capability {
    /// Digits of the codes of what it does.
    pub codes: Vec<String>,
    /// Digits of the codes of what it does not do.
    pub excluded_codes: Vec<String>,
    /// Where it works; empty when it did not say.
    pub service_area: Vec<Place>,
    /// Whether places that border the first part of its service area count too.
    pub with_neighbours: bool,
    /// The largest contract it can carry.
    pub largest_contract: Option<Value>,
    /// First free day.
    pub free_from: Option<Day>,
    /// Last free day.
    pub free_to: Option<Day>,
    /// People it can send.
    pub staff: Option<u32>,
    /// Working languages, BCP 47; empty when it did not say.
    pub languages: Vec<String>,
    /// What it would add.
    pub contributions: Vec<String>,
}

/// A business as the engine sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Business {
    /// Its id.
    pub id: Id,
    /// Its name, where the trade words in it may tell what it does.
    pub name: Option<Text>,
    /// Where it sits.
    pub seat: Option<Place>,
    /// Codes of its activities (KVED, `NN.NN`), the primary one first.
    pub activities: Vec<String>,
    /// What it says it can do; none when it did not say.
    pub capability: Option<Capability>,
    /// Its certificates; none known when it did not say anything.
    pub certificates: Vec<Certificate>,
    /// What it has done and bid for.
    pub works: Vec<PastWork>,
}

/// What a partner must have, or scores by having.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// What is asked for.
    pub asks: Asks,
    /// Without it a business is no match; otherwise it only scores.
    pub must: bool,
}

/// What a requirement asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Asks {
    /// A valid certificate with this code.
    Certificate(String),
    /// At least so many won works under these leading digits (any when empty).
    SimilarWorks {
        /// Leading digits of the code.
        code: String,
        /// How many.
        count: u32,
    },
    /// At least one contract of this size, done or declared.
    LargestContract(Value),
    /// At least so many people.
    Staff(u32),
    /// This working language.
    Language(String),
}

/// A work package as the engine sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Package {
    /// Its id.
    pub id: Id,
    /// Its title in each language there is.
    pub titles: Vec<Text>,
    /// Its description in each language there is.
    pub descriptions: Vec<Text>,
    /// Digits of its codes, the main one first.
    pub codes: Vec<String>,
    /// `works`, `services`, `goods` and so on.
    pub category: Option<String>,
    /// OC4IDS sector of its project.
    pub sector: Option<String>,
    /// Where it is.
    pub place: Option<Place>,
    /// Who asks: an opaque name, equal to that of the same buyer in past works.
    pub buyer: Option<String>,
    /// For how much.
    pub budget: Option<Value>,
    /// First day of work.
    pub starts: Option<Day>,
    /// Last day of work.
    pub ends: Option<Day>,
    /// The day at which it is matched; the age of past works is counted from it.
    pub today: Day,
    /// What a partner must have, or scores by having.
    pub requirements: Vec<Requirement>,
    /// Contributions sought from a partner.
    pub contributions: Vec<String>,
}

/// Which first parts of places border one another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Neighbours(pub std::collections::BTreeMap<String, Vec<String>>);
