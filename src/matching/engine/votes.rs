//! The votes: what each similar past work says for the business that bid for it.
//!
//! A vote is e to the power of the sum of its points ([`weights::POINTS`]). The votes for a business add up; the
//! strongest is the reason that people read.

use super::index::{Entry, Index};
use super::number::{exp, ln, years};
use super::place::Nearness;
use super::pool::Pool;
use super::query::{Query, Similarity};
use super::weights::{POINTS, Part};
use super::work::{NOTHING, Work};

/// How many features a vote has.
pub const FEATURES: usize = POINTS.len();
/// Values further apart than e to the power of this are simply far apart.
const FURTHEST: f64 = 4.0;
/// Logarithms of equal values differ by less.
const EQUAL: f64 = 0.01;
/// Logarithms of nearly equal values differ by less.
const NEARLY_EQUAL: f64 = 0.05;
/// A work younger than this, in years, is fresh.
const FRESH: f64 = 0.25;
/// A work older than this, in years, is old.
const OLD: f64 = 3.0;
/// Titles no more alike than this share only what all works share.
const ANY_KIND: f64 = 0.2;
/// Titles so alike speak of one kind of work.
const ONE_KIND: f64 = 0.6;
/// The age, in years, of a work without a day.
const USUAL_AGE: f64 = 3.0;

/// The vote of one past work for its business.
#[derive(Clone, Copy, Debug)]
pub struct Vote {
    /// The business.
    pub business: u32,
    /// The work.
    pub work: u32,
    /// How much.
    pub amount: f64,
    /// Whether the work was for the same buyer.
    pub same_buyer: bool,
    /// How alike the titles are, where both have one.
    pub similarity: Option<f64>,
    /// How far the work is of the kind that is asked for, from 0 to 1.
    pub fit: f64,
}

/// The votes on a package, those for one business together, the strongest first.
pub fn cast(index: &Index, query: &Query, pool: &mut Pool) -> Vec<Vote> {
    let mut works = std::mem::take(&mut pool.works);
    works.sort_unstable_by_key(|&number| index.works.get(number).business);
    let mut bidder = None;
    let mut votes: Vec<Vote> = works
        .iter()
        .filter_map(|&number| {
            let work = index.works.get(number);
            let similarity = pool.similarity(index, query, work.title);
            if bidder.is_none_or(|(number, _)| number != work.business) {
                bidder = Some((work.business, Bidder::new(query, index.business(work.business)?)));
            }
            let points = points(&features(query, work, &bidder?.1, similarity));
            let similarity = similarity.map(Similarity::mean);
            Some(Vote { business: work.business, work: number, amount: exp(points), same_buyer: is_same_buyer(query, work), similarity, fit: fit(query, work, similarity) })
        })
        .collect();
    pool.works = works;
    votes.sort_unstable_by(|left, right| {
        let id = |vote: &Vote| index.works.get(vote.work).id;
        left.business.cmp(&right.business).then(right.amount.total_cmp(&left.amount)).then_with(|| id(left).cmp(&id(right)))
    });
    votes
}

/// How far a work is of the kind that is asked for: by its title or by its code, whichever says more.
fn fit(query: &Query, work: &Work, similarity: Option<f64>) -> f64 {
    let by_title = (similarity.unwrap_or(0.0) - ANY_KIND).max(0.0) / (ONE_KIND - ANY_KIND);
    let by_code = work.code.map_or(0.0, |code| query.code_fit(code));
    by_title.max(by_code).min(1.0)
}

/// Whether a work was for the buyer of the package.
fn is_same_buyer(query: &Query, work: &Work) -> bool {
    work.buyer != NOTHING && work.buyer == query.buyer
}

/// The points of a vote.
pub fn points(features: &[f64; FEATURES]) -> f64 {
    POINTS.iter().zip(features).map(|((_, _, points), feature)| points * feature).sum()
}

/// The points of a vote by what they are for.
pub fn parts(features: &[f64; FEATURES]) -> Vec<(Part, f64)> {
    let sum = |part: Part| POINTS.iter().zip(features).filter(|((of, _, _), _)| *of == part).map(|((_, _, points), feature)| points * feature).sum();
    Part::ALL.into_iter().map(|part| (part, sum(part))).filter(|&(_, points): &(Part, f64)| points != 0.0).collect()
}

/// What is known of a business beside a package.
#[derive(Clone, Copy, Debug)]
pub struct Bidder {
    home: Nearness,
    ln_bids: f64,
    ln_wins: f64,
    ln_idle: f64,
}

impl Bidder {
    /// Looks at a business.
    pub fn new(query: &Query, entry: &Entry) -> Self {
        let idle = entry.record.last.map_or(USUAL_AGE, |day| years(query.package.today.saturating_sub(day)));
        Self { home: query.spot.nearness(entry.seat), ln_bids: entry.record.ln_bids, ln_wins: entry.record.ln_wins, ln_idle: ln(1.0 + idle) }
    }
}

/// What is known of a past work beside a package, in the order of [`POINTS`].
pub fn features(query: &Query, work: &Work, bidder: &Bidder, similarity: Option<Similarity>) -> [f64; FEATURES] {
    let told = similarity.is_some();
    let Similarity { idf, reuse, coverage } = similarity.unwrap_or_default();
    let mix = similarity.map_or(0.0, Similarity::mean);
    let untold = flag(!told);
    let over = |x: f64, k: f64| (x - k).max(0.0);

    let same_buyer = flag(is_same_buyer(query, work));
    let other = 1.0 - same_buyer;
    let near = query.spot.nearness(work.spot);
    let area = other * flag(near == Nearness::Area);
    let region = other * flag(near == Nearness::Region);
    let (home_area, home_region) = (flag(bidder.home == Nearness::Area), flag(bidder.home == Nearness::Region));

    let apart = query.budget.filter(|&(currency, _)| currency == work.currency && currency != NOTHING).map(|(_, ln)| (ln - work.ln_amount).abs());
    let equal = flag(apart.is_some_and(|apart| apart < EQUAL));
    let nearly = flag(apart.is_some_and(|apart| apart < NEARLY_EQUAL));
    let apart = apart.unwrap_or(0.0).min(FURTHEST);

    let age = work.day.map_or(USUAL_AGE, |day| years(query.package.today.saturating_sub(day)));
    let ln_age = ln(1.0 + age);
    let Bidder { ln_bids: bids, ln_wins: wins, ln_idle: idle, .. } = *bidder;
    let (won, lost) = (flag(work.won), flag(!work.won));
    let crowd = work.ln_bidders;
    let kind = flag(work.category != NOTHING && work.category == query.category);

    let depth = work.code.map_or(0, |code| query.depth(code));
    let exact = flag(depth > 2 && work.code.is_some_and(|code| query.codes.contains(&code)));
    let [two, three, four, five] = [2, 3, 4, 5].map(|length| flag(depth >= length));

    [
        flag(told),
        untold,
        idf,
        over(idf, 0.25),
        over(idf, 0.5),
        over(idf, 0.75),
        reuse,
        over(reuse, 0.25),
        over(reuse, 0.5),
        over(reuse, 0.75),
        coverage,
        over(coverage, 0.25),
        over(coverage, 0.5),
        over(coverage, 0.75),
        flag(mix > 0.9),
        query.rarity * mix,
        same_buyer,
        same_buyer * ln_age,
        same_buyer * mix,
        same_buyer * over(mix, 0.5),
        same_buyer * untold,
        same_buyer * two,
        area,
        region,
        (area + region) * mix,
        area * untold,
        region * untold,
        home_area,
        home_region,
        home_area * untold,
        home_region * untold,
        apart,
        over(apart, 1.0),
        over(apart, 2.0),
        equal * same_buyer * untold,
        nearly,
        apart * mix,
        equal * same_buyer,
        apart * untold,
        equal * untold,
        ln_age,
        flag(age < FRESH),
        flag(age > OLD),
        ln_age * mix,
        idle,
        ln_age * untold,
        bids,
        wins,
        bids * mix,
        bids * untold,
        lost,
        lost * crowd,
        won * crowd,
        lost * mix,
        kind,
        kind * mix,
        two,
        three,
        four,
        five,
        exact,
        flag(work.code.is_some() && !query.codes.is_empty()) * mix,
        area * four,
        area * exact,
        home_area * four,
        home_area * two,
    ]
}

fn flag(is: bool) -> f64 {
    f64::from(u8::from(is))
}
