//! Asking: the best businesses for a package, why one is or is not among them, and the best packages for a business.

use std::cell::OnceCell;
use std::cmp::{Ordering, Reverse};
use std::collections::HashSet;

use super::ENGINE_VERSION;
use super::confidence::confidence;
use super::criteria::{criteria, size};
use super::digest::{self, Hash};
use super::explanation::{About, Criterion, EvidenceKind, GateOutcome, Match, Ranking, total};
use super::gates::{self, Check};
use super::index::{Entry, Index};
use super::number::count;
use super::pool::{Pool, profiled};
use super::profile::{Id, Package};
use super::query::Query;
use super::reasons::{self, Beside};
use super::requirements::Finding;
use super::sentences;
use super::vocabulary::Word;
use super::votes::{self, Bidder, Vote};
use super::weights::LEAST;
use super::work::{NOTHING, Work};

/// Businesses whose votes are the highest are looked at one by one; the others are not.
const VOTED: usize = 250;
/// Businesses whose gates are checked before that.
const CHECKED: usize = 3_000;

/// Works of a business that are read to find its likely packages, the latest first.
const OWN_WORKS: usize = 100;

/// What was worked out for a package before any business is looked at.
struct Asked<'a> {
    query: Query<'a>,
    pool: Pool,
    votes: Vec<Vote>,
    hash: Hash,
    /// The words as people read them, once somebody does.
    forms: OnceCell<Vec<String>>,
}

/// A business that was looked at.
struct Standing<'a> {
    number: u32,
    id: Id,
    total: f64,
    criteria: Vec<Criterion>,
    checks: Vec<Check<'a>>,
}

impl Standing<'_> {
    fn rank(&self) -> Rank {
        Rank { total: self.total, id: self.id }
    }
}

impl<'a> Asked<'a> {
    fn new(index: &Index, package: &'a Package) -> Self {
        let query = Query::new(index, package);
        let mut pool = Pool::gather(index, &query);
        let votes = votes::cast(index, &query, &mut pool);
        Self { query, pool, votes, hash: digest::of_package(package), forms: OnceCell::new() }
    }

    /// The votes for a business.
    fn votes_for(&self, number: u32) -> &[Vote] {
        let start = self.votes.partition_point(|vote| vote.business < number);
        let end = self.votes.partition_point(|vote| vote.business <= number);
        &self.votes[start..end]
    }

    /// The businesses that were voted for, the one with the highest sum first.
    fn voted(&self, index: &Index) -> Vec<u32> {
        let mut sums: Vec<(f64, Id, u32)> = self
            .votes
            .chunk_by(|left, right| left.business == right.business)
            .filter_map(|votes| {
                let number = votes[0].business;
                Some((votes.iter().map(|vote| vote.amount).sum(), index.business(number)?.id, number))
            })
            .collect();
        sums.sort_by(|left, right| right.0.total_cmp(&left.0).then(left.1.cmp(&right.1)));
        sums.into_iter().map(|(_, _, number)| number).collect()
    }

    /// The businesses that are shown, the best first, and how many others fail a gate.
    fn standings(&self, index: &Index) -> (Vec<Standing<'a>>, usize) {
        let mut failed = 0;
        let mut standings = Vec::new();
        let mut seen = HashSet::new();
        for (numbers, most) in [(self.voted(index), VOTED), (profiled(index, &self.query), usize::MAX)] {
            let before = standings.len();
            for number in numbers.into_iter().take(CHECKED) {
                if standings.len() - before >= most {
                    break;
                }
                let Some(entry) = index.business(number).filter(|_| seen.insert(number)) else { continue };
                let checks = gates::check(index, &self.query, entry);
                if checks.iter().any(Check::fails) {
                    failed += 1;
                } else {
                    standings.extend(self.stand(index, number, checks));
                }
            }
        }
        standings.retain(|standing| standing.total >= LEAST);
        standings.sort_by(|left, right| left.rank().order(&right.rank()));
        (standings, failed)
    }

    fn stand(&self, index: &Index, number: u32, checks: Vec<Check<'a>>) -> Option<Standing<'a>> {
        let entry = index.business(number)?;
        let criteria = criteria(index, &self.query, entry, self.votes_for(number));
        let total = total(&criteria);
        Some(Standing { number, id: entry.id, total, criteria, checks })
    }

    /// The match of a business, whether it is shown or not.
    fn explain(&self, index: &Index, number: u32) -> Option<Match> {
        let checks = gates::check(index, &self.query, index.business(number)?);
        self.tell(index, self.stand(index, number, checks)?)
    }

    /// The match with everything that people read.
    fn tell(&self, index: &Index, standing: Standing) -> Option<Match> {
        let entry = index.business(standing.number)?;
        let open = standing.checks.iter().filter(|check| check.outcome() == GateOutcome::Unknown).count();
        let open = count(open) / count(standing.checks.len()).max(1.0);
        let mut criteria = standing.criteria;
        for criterion in &mut criteria {
            self.tell_criterion(index, entry, standing.number, criterion);
        }
        let (confidence, unknowns) = confidence(index, &self.query, entry, open);
        Some(Match {
            business: entry.id,
            gates: standing.checks.iter().map(|check| gates::tell(&self.query, entry, check)).collect(),
            criteria,
            confidence,
            unknowns,
            inputs_hash: digest::of_match(ENGINE_VERSION, &self.hash, &entry.digest),
        })
    }

    fn tell_criterion(&self, index: &Index, entry: &Entry, number: u32, criterion: &mut Criterion) {
        if matches!(criterion.kind, super::CriterionKind::Subject | super::CriterionKind::TradeName) {
            return self.tell_words(index, entry, criterion);
        }
        let votes = self.votes_for(number);
        let shown = criterion.evidence.iter().filter(|piece| piece.kind == EvidenceKind::PastWork).count();
        for piece in &mut criterion.evidence {
            let vote = votes.iter().find(|vote| piece.work == Some(index.works.get(vote.work).id));
            if let Some(vote) = vote {
                let work = index.works.get(vote.work);
                let apart = self.query.budget.filter(|(currency, _)| *currency == work.currency && work.amount > 0.0).map(|(_, ln)| (ln - work.ln_amount).abs());
                let same_class = work.code.is_some_and(|code| self.query.codes.iter().any(|asked| asked.common(code) >= 4));
                let near = self.query.spot.nearness(work.spot);
                let beside = Beside { work, same_buyer: vote.same_buyer, near, apart, same_class };
                piece.reason = reasons::past_work(&beside, piece.similarity);
                let similarity = self.pool.compared(&self.query, work.title);
                piece.parts = votes::parts(&votes::features(&self.query, work, &Bidder::new(&self.query, entry), similarity));
            } else {
                let all = votes.iter().filter(|vote| vote.same_buyer == (criterion.kind == super::CriterionKind::Incumbency)).count();
                let many = if piece.kind == EvidenceKind::Buyers { entry.record.buyers } else { all - shown.min(all) };
                piece.reason = match (piece.about, self.query.told_of(&entry.declared)) {
                    (Some(About::Requirement(place)), _) => sentences::requirement(&self.query.package.requirements[place].asks, Finding::Met).0,
                    (_, Some((code, _))) if piece.kind == EvidenceKind::DeclaredCode => reasons::declared_code(code),
                    _ => reasons::evidence(piece.kind, many),
                };
            }
        }
        // One work says more than the sum of many, so that the sum is never the sentence.
        let single = criterion.evidence.iter().filter(|piece| piece.kind != EvidenceKind::FurtherWorks);
        let strongest = single.reduce(|best, piece| if piece.amount > best.amount { piece } else { best });
        criterion.reason = strongest.map(|piece| piece.reason.clone()).unwrap_or_default();
    }

    /// Words say which they are, and those of works show a work that has them.
    fn tell_words(&self, index: &Index, entry: &Entry, criterion: &mut Criterion) {
        let of_works = criterion.kind == super::CriterionKind::Subject;
        let works = if of_works { speaking(index, &self.query, entry) } else { Vec::new() };
        let asked: Vec<Word> = self.query.words().collect();
        let forms = self.forms.get_or_init(|| self.query.forms(index));
        for piece in &mut criterion.evidence {
            let Some(About::Word(place)) = piece.about else {
                piece.reason = reasons::further_words();
                continue;
            };
            piece.work = works.iter().find(|work| index.titles.words(work.title).contains(&asked[place])).map(|work| work.id);
            piece.reason = reasons::word(of_works, &forms[place]);
        }
        // The sentence is about the work that stands beside it, and names the words that this one has.
        let shown = criterion.evidence.first().and_then(|piece| works.iter().find(|work| piece.work == Some(work.id)));
        let has = |place: usize| shown.is_none_or(|work| index.titles.words(work.title).contains(&asked[place]));
        let places = criterion.evidence.iter().filter_map(|piece| match piece.about {
            Some(About::Word(place)) => Some(place),
            _ => None,
        });
        let told: Vec<&str> = places.filter(|&place| has(place)).map(|place| forms[place].as_str()).collect();
        criterion.reason = reasons::words(of_works, &told, size(&self.query, entry) < 1.0);
    }
}

/// The latest works of a business, those that share the most words with the package first.
fn speaking<'a>(index: &'a Index, query: &Query, entry: &Entry) -> Vec<&'a Work> {
    let works = entry.works.iter().take(OWN_WORKS).map(|&work| index.works.get(work));
    let mut works: Vec<&Work> = works.filter(|work| work.title != NOTHING).collect();
    works.sort_by_cached_key(|work| Reverse(index.titles.words(work.title).iter().filter(|&&word| query.place(word).is_some()).count()));
    works
}

/// One of the best packages for a business.
#[derive(Clone, Debug, PartialEq)]
pub struct Prospect {
    /// Where it stands in the list.
    pub rank: Rank,
    /// The number of the package in the list that was given.
    pub at: usize,
    /// Why.
    pub found: Match,
}

/// The best packages for a business.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Suitable {
    /// The best, best first.
    pub best: Vec<Prospect>,
    /// How many packages suit it.
    pub passed: usize,
    /// For how many packages it fails a gate.
    pub failed: usize,
}

/// Where a match stands in its list: most points first, then by the id of what is listed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rank {
    /// The points.
    pub total: f64,
    /// The id.
    pub id: Id,
}

impl Rank {
    /// The order of a list.
    #[must_use]
    pub fn order(&self, other: &Self) -> Ordering {
        other.total.total_cmp(&self.total).then(self.id.cmp(&other.id))
    }
}

impl Index {
    /// The best businesses for a package that stand behind `after`, the best first, at most `limit`. Those that fail a gate,
    /// and those for which next to nothing speaks, are left out.
    #[must_use]
    pub fn rank(&self, package: &Package, limit: usize, after: Option<Rank>) -> Ranking {
        let asked = Asked::new(self, package);
        let (standings, failed) = asked.standings(self);
        let passed = standings.len();
        let behind = standings.into_iter().filter(|standing| after.is_none_or(|after| after.order(&standing.rank()).is_lt()));
        Ranking { matches: behind.take(limit).filter_map(|standing| asked.tell(self, standing)).collect(), passed, failed }
    }

    /// Why a business is or is not a match for a package, also one that no ranking shows; none when it is not in the index.
    #[must_use]
    pub fn explain(&self, package: &Package, business: Id) -> Option<Match> {
        Asked::new(self, package).explain(self, self.find(business)?)
    }

    /// What [`Index::explain`] tells, and the place of the business among those that [`Index::rank`] shows for the package, from 1;
    /// no place when it fails a gate or too little speaks for it.
    #[must_use]
    pub fn explain_with_place(&self, package: &Package, business: Id) -> Option<(Match, Option<usize>)> {
        let number = self.find(business)?;
        let asked = Asked::new(self, package);
        let found = asked.explain(self, number)?;
        let shown = if found.passes() { asked.standings(self).0 } else { Vec::new() };
        let place = shown.iter().position(|standing| standing.number == number).map(|before| before + 1);
        Some((found, place))
    }

    /// The best packages for a business that stand behind `after`, at most `limit`, in the order of what its own works make of
    /// them. Those for which it fails a gate, and those for which next to nothing speaks, are left out. To explain a package
    /// costs far more than to score it, so those of the page alone are explained. `go_on` is asked on the way: when nobody
    /// waits for the answer any more, it is cut short.
    #[must_use]
    pub fn score_packages(&self, business: Id, packages: &[&Package], limit: usize, after: Option<Rank>, go_on: &dyn Fn() -> bool) -> Suitable {
        let Some(number) = self.find(business) else { return Suitable::default() };
        let ranks = packages.iter().enumerate().take_while(|_| go_on()).filter_map(|(at, package)| Some((Rank { total: self.likely(number, package)?, id: package.id }, at)));
        let mut ranks: Vec<(Rank, usize)> = ranks.collect();
        let failed = packages.len() - ranks.len();
        ranks.retain(|(rank, _)| rank.total >= LEAST);
        ranks.sort_by(|(one, _), (other, _)| one.order(other));
        let passed = ranks.len();
        let page = ranks.into_iter().filter(|(rank, _)| after.is_none_or(|after| after.order(rank).is_lt())).take(limit).take_while(|_| go_on());
        let best = page.filter_map(|(rank, at)| Some(Prospect { rank, at, found: self.explain(packages[at], business)? })).collect();
        Suitable { best, passed, failed }
    }

    /// What a business scores for a package by its own latest works alone; none when it fails a gate. The works of others
    /// never change a vote, they only keep far-fetched ones from being read, so that this is the score or nearly so.
    fn likely(&self, number: u32, package: &Package) -> Option<f64> {
        let query = Query::new(self, package);
        let entry = self.business(number)?;
        if gates::check(self, &query, entry).iter().any(Check::fails) {
            return None;
        }
        let mut pool = Pool::of(entry.works.iter().copied().take(OWN_WORKS).collect());
        let votes = votes::cast(self, &query, &mut pool);
        Some(total(&criteria(self, &query, entry, &votes)))
    }
}
