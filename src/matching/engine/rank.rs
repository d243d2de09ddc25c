//! Asking: the best businesses for a package, why one is or is not among them, and the best packages for a business.

use super::ENGINE_VERSION;
use super::confidence::confidence;
use super::criteria::criteria;
use super::digest::{self, Hash};
use super::explanation::{Criterion, EvidenceKind, GateOutcome, Match, Ranking};
use super::gates::{self, Check};
use super::index::{Entry, Index};
use super::number::count;
use super::pool::{Pool, profiled};
use super::profile::{Id, Package};
use super::query::Query;
use super::reasons::{self, Beside};
use super::votes::{self, Bidder, Vote};

/// Businesses whose votes are the highest are looked at one by one; the others are not.
const VOTED: usize = 250;
/// Businesses whose gates are checked before that.
const CHECKED: usize = 3_000;

/// Packages that are explained beyond those that are shown, because the likely order is not the final one.
const MARGIN: usize = 10;
/// Works of a business that are read to find its likely packages, the latest first.
const OWN_WORKS: usize = 200;

/// What was worked out for a package before any business is looked at.
struct Asked<'a> {
    query: Query<'a>,
    pool: Pool,
    votes: Vec<Vote>,
    hash: Hash,
}

/// A business that was looked at.
struct Standing<'a> {
    number: u32,
    id: Id,
    total: f64,
    criteria: Vec<Criterion>,
    checks: Vec<Check<'a>>,
}

impl<'a> Asked<'a> {
    fn new(index: &Index, package: &'a Package) -> Self {
        let query = Query::new(index, package);
        let mut pool = Pool::gather(index, &query);
        let votes = votes::cast(index, &query, &mut pool);
        Self { query, pool, votes, hash: digest::of_package(package) }
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

    fn stand(&self, index: &Index, number: u32, checks: Vec<Check<'a>>) -> Option<Standing<'a>> {
        let entry = index.business(number)?;
        let criteria = criteria(index, &self.query, entry, self.votes_for(number));
        let total = criteria.iter().map(Criterion::points).sum();
        Some(Standing { number, id: entry.id, total, criteria, checks })
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
        let votes = self.votes_for(number);
        let shown = criterion.evidence.iter().filter(|piece| piece.kind == EvidenceKind::PastWork).count();
        for piece in &mut criterion.evidence {
            let vote = votes.iter().find(|vote| piece.work == Some(index.works.get(vote.work).id));
            if let Some(vote) = vote {
                let work = index.works.get(vote.work);
                let apart = self.query.budget.filter(|(currency, _)| *currency == work.currency).map(|(_, ln)| (ln - work.ln_amount).abs());
                let same_class = work.code.is_some_and(|code| self.query.codes.iter().any(|asked| asked.common(code) >= 4));
                let near = self.query.spot.nearness(work.spot);
                let beside = Beside { work, same_buyer: vote.same_buyer, near, apart, same_class };
                piece.reason = reasons::past_work(&beside, piece.similarity);
                let similarity = self.pool.compared(&self.query, work.title);
                piece.parts = votes::parts(&votes::features(&self.query, work, &Bidder::new(&self.query, entry), similarity));
            } else {
                let all = votes.iter().filter(|vote| vote.same_buyer == (criterion.kind == super::CriterionKind::Incumbency)).count();
                let many = if piece.kind == EvidenceKind::Buyers { entry.record.buyers } else { all - shown.min(all) };
                piece.reason = reasons::evidence(piece.kind, many);
            }
        }
        // One work says more than the sum of many, so that the sum is never the sentence.
        let single = criterion.evidence.iter().filter(|piece| piece.kind != EvidenceKind::FurtherWorks);
        let strongest = single.reduce(|best, piece| if piece.amount > best.amount { piece } else { best });
        criterion.reason = strongest.map(|piece| piece.reason.clone()).unwrap_or_default();
    }
}

/// The best packages for a business.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Suitable {
    /// The matches, the best first, each with the place of its package.
    pub best: Vec<(usize, Match)>,
    /// For how many packages the business fails a gate.
    pub failed: usize,
}

impl Index {
    /// The best businesses for a package, the best first, at most `limit`. Those that fail a gate are left out.
    #[must_use]
    pub fn rank(&self, package: &Package, limit: usize) -> Ranking {
        let asked = Asked::new(self, package);
        let (mut considered, mut failed) = (0, 0);
        let mut standings = Vec::new();
        let voted = asked.voted(self);
        let declared = profiled(self, &asked.query);
        let mut seen = std::collections::HashSet::new();
        for (numbers, most) in [(&voted, VOTED), (&declared, usize::MAX)] {
            let before = standings.len();
            for &number in numbers.iter().take(CHECKED) {
                if standings.len() - before >= most {
                    break;
                }
                let Some(entry) = self.business(number).filter(|_| seen.insert(number)) else { continue };
                considered += 1;
                let checks = gates::check(self, &asked.query, entry);
                if checks.iter().any(Check::fails) {
                    failed += 1;
                } else {
                    standings.extend(asked.stand(self, number, checks));
                }
            }
        }
        standings.sort_by(|left, right| right.total.total_cmp(&left.total).then(left.id.cmp(&right.id)));
        standings.truncate(limit);
        let matches = standings.into_iter().filter_map(|standing| asked.tell(self, standing)).collect();
        Ranking { matches, considered, failed }
    }

    /// Why a business is or is not a match for a package, also one that no ranking shows; none when it is not in the index.
    #[must_use]
    pub fn explain(&self, package: &Package, business: Id) -> Option<Match> {
        let number = self.find(business)?;
        let asked = Asked::new(self, package);
        let checks = gates::check(self, &asked.query, self.business(number)?);
        asked.tell(self, asked.stand(self, number, checks)?)
    }

    /// The best packages for a business, at most `limit`. Those for which it fails a gate are left out and counted.
    #[must_use]
    pub fn score_packages(&self, business: Id, packages: &[&Package], limit: usize) -> Suitable {
        let Some(number) = self.find(business) else { return Suitable::default() };
        let mut likely: Vec<(f64, Id, usize)> = packages.iter().enumerate().filter_map(|(place, package)| Some((self.likely(number, package)?, package.id, place))).collect();
        let failed = packages.len() - likely.len();
        likely.sort_by(|left, right| right.0.total_cmp(&left.0).then(left.1.cmp(&right.1)));
        likely.truncate(limit.saturating_add(MARGIN));
        let explained = likely.into_iter().filter_map(|(_, _, place)| Some((place, self.explain(packages[place], business)?)));
        let mut scored: Vec<(usize, f64, Match)> = explained.filter(|(_, found)| found.passes()).map(|(place, found)| (place, found.total(), found)).collect();
        scored.sort_by(|left, right| right.1.total_cmp(&left.1).then(packages[left.0].id.cmp(&packages[right.0].id)));
        Suitable { best: scored.into_iter().take(limit).map(|(place, _, found)| (place, found)).collect(), failed }
    }

    /// About what a business would score for a package, by its own works alone; none when it fails a gate. The works of others
    /// never change a vote, they only keep far-fetched ones from being read, so that this is a little more than the score.
    fn likely(&self, number: u32, package: &Package) -> Option<f64> {
        let query = Query::new(self, package);
        let entry = self.business(number)?;
        if gates::check(self, &query, entry).iter().any(Check::fails) {
            return None;
        }
        let mut pool = Pool::of(entry.works.iter().copied().take(OWN_WORKS).collect());
        let votes = votes::cast(self, &query, &mut pool);
        Some(criteria(self, &query, entry, &votes).iter().map(Criterion::points).sum())
    }
}
