//! The figures: how high the actual winners stand, as `evaluate.py` of the bench counts it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use super::files::{Case, Judged, Protocol};

/// A winner counts this much for NDCG, another bidder one.
const WINNER_GAIN: f64 = 3.0;
/// Places that NDCG looks at.
const NDCG_PLACES: usize = 10;
/// Winners with no more past wins than this are counted apart.
const FEW_WINS: u32 = 2;

/// Which cases are ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Period {
    /// The last of the past awards, ranked with what was known before them.
    Window,
    /// The cases of the bench.
    Cases,
}

/// The figures of a set of cases.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Which cases.
    pub period: Period,
    /// Their track.
    pub track: String,
    /// Among whom they were ranked.
    pub protocol: Protocol,
    /// All, or some.
    pub subset: &'static str,
    /// How many.
    pub cases: usize,
    /// The part of them with a winner in first place.
    pub hit_1: f64,
    /// The part of them with a winner among the first five.
    pub hit_5: f64,
    /// The part of them with a winner among the first ten.
    pub hit_10: f64,
    /// The part of them with a winner among the first twenty.
    pub hit_20: f64,
    /// The mean of one over the place of the first winner; zero where it is beyond the list.
    pub mrr: f64,
    /// Normalised discounted gain of the first ten: a winner gains 3, another bidder 1.
    pub ndcg_10: f64,
}

/// What the backtest found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// The figures by period, track and subset.
    pub rows: Vec<Row>,
}

/// Counts the ranks of cases. `known` says who can be found at all in a warm case.
pub fn count(period: Period, cases: &[Case], judged: &[Judged], ranks: &[Vec<String>], known: &BTreeSet<String>) -> Vec<Row> {
    let mut groups: BTreeMap<(String, Protocol, usize, &'static str), Vec<[f64; 6]>> = BTreeMap::new();
    for ((case, judged), ranks) in cases.iter().zip(judged).zip(ranks) {
        let figures = figures(case, judged, ranks, known);
        for (place, subset) in subsets(case, judged).into_iter().enumerate() {
            if let Some(subset) = subset {
                groups.entry((case.asked.track.clone(), case.protocol, place, subset)).or_default().push(figures);
            }
        }
    }
    groups
        .into_iter()
        .map(|((track, protocol, _, subset), figures)| {
            let [hit_1, hit_5, hit_10, hit_20, mrr, ndcg_10] = [0, 1, 2, 3, 4, 5].map(|which| figures.iter().map(|figures| figures[which]).sum::<f64>() / number(figures.len()));
            Row { period, track, protocol, subset, cases: figures.len(), hit_1, hit_5, hit_10, hit_20, mrr, ndcg_10 }
        })
        .collect()
}

fn subsets(case: &Case, judged: &Judged) -> [Option<&'static str>; 6] {
    let warm = |is: bool, name| (is && case.protocol == Protocol::Warm).then_some(name);
    [
        Some("all"),
        warm(judged.past_wins == 0, "winner never won before"),
        warm(judged.past_wins <= FEW_WINS, "winner <=2 past wins"),
        warm(judged.past_wins >= 1 && judged.new_pair, "novel buyer-supplier pair"),
        warm(case.asked.kind == "works", "works"),
        warm(judged.answer.bidders.len() >= 2, ">=2 bidders"),
    ]
}

fn figures(case: &Case, judged: &Judged, ranks: &[String], known: &BTreeSet<String>) -> [f64; 6] {
    let findable = |id: &&String| case.protocol == Protocol::Cold || known.contains(*id);
    let winners: BTreeSet<&String> = judged.answer.winners.iter().filter(findable).collect();
    let others = judged.answer.bidders.iter().filter(findable).filter(|id| !winners.contains(id)).count();
    let place = ranks.iter().position(|id| winners.contains(id)).map(|place| place + 1);
    let hit = |k: usize| if place.is_some_and(|place| place <= k) { 1.0 } else { 0.0 };
    let gain = |id: &String| {
        if winners.contains(id) {
            WINNER_GAIN
        } else if judged.answer.bidders.contains(id) && findable(&id) {
            1.0
        } else {
            0.0
        }
    };
    let gained = discounted(ranks.iter().map(gain));
    let best = discounted(winners.iter().map(|_| WINNER_GAIN).chain((0..others).map(|_| 1.0)));
    let reciprocal = place.map_or(0.0, |place| 1.0 / number(place));
    [hit(1), hit(5), hit(10), hit(20), reciprocal, if best > 0.0 { gained / best } else { 0.0 }]
}

fn discounted(gains: impl Iterator<Item = f64>) -> f64 {
    gains.take(NDCG_PLACES).enumerate().fold(0.0, |sum, (place, gain)| sum + gain / number(place + 2).log2())
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "{:<7} {:<6} {:<5} {:<26} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6} {:>7}",
            "period", "track", "", "subset", "cases", "hit@1", "hit@5", "hit@10", "hit@20", "MRR", "NDCG@10"
        )?;
        for row in &self.rows {
            let period = match row.period {
                Period::Window => "window",
                Period::Cases => "cases",
            };
            let protocol = match row.protocol {
                Protocol::Warm => "warm",
                Protocol::Cold => "cold",
            };
            writeln!(
                formatter,
                "{period:<7} {:<6} {protocol:<5} {:<26} {:>6} {:>6.4} {:>6.4} {:>6.4} {:>6.4} {:>6.4} {:>7.4}",
                row.track, row.subset, row.cases, row.hit_1, row.hit_5, row.hit_10, row.hit_20, row.mrr, row.ndcg_10
            )?;
        }
        Ok(())
    }
}
