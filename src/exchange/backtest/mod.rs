//! The backtest: how high the actual winners of known awards stand in the engine's ranking.
//!
//! Past awards make the index, and later ones are ranked with it as work packages, once for a window at the end of the past
//! awards, with nothing but what was known before it, and once for cases that lie after all of them. The engine is the
//! one that serves, with the one set of weights that it ships. A case never meets its answer before it is ranked: the
//! two are of different types, and the answers are only counted.

mod files;
mod metrics;
mod world;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::{Days, NaiveDate};

use files::{Award, Case, Judged, Supplier};
pub use files::{BacktestError, Protocol};
pub use metrics::{Period, Report, Row};
use world::World;

/// Suppliers ranked for each case.
const RANKED: usize = 100;
/// Days of the window at the end of the past awards.
const WINDOW_DAYS: u64 = 183;
/// The window is no more than this part of the time of the past awards.
const WINDOW_PART: u64 = 4;

/// What to run on.
#[derive(Clone, Debug)]
pub struct Options {
    /// Past awards.
    pub awards: PathBuf,
    /// Suppliers.
    pub suppliers: PathBuf,
    /// Cases; without them only the window is ranked.
    pub cases: Option<PathBuf>,
    /// Where the ranks of the cases are written.
    pub ranks: Option<PathBuf>,
}

/// Ranks and counts. `progress` is told how many cases of how many are done.
///
/// # Errors
/// When a file cannot be read or written, or says something that cannot be understood; the error names file, line and column.
pub fn run(options: &Options, progress: &mut dyn FnMut(usize, usize)) -> Result<Report, BacktestError> {
    let awards = files::awards(&options.awards)?;
    let suppliers = files::suppliers(&options.suppliers)?;
    let (cases, judged) = options.cases.as_deref().map(files::cases).transpose()?.unwrap_or_default();
    let windows = windows(&awards);
    let total = cases.len() + windows.values().map(|window| window.cases.len()).sum::<usize>();
    let mut done = 0;
    let mut step = || {
        done += 1;
        progress(done, total);
    };

    let mut report = Report::default();
    for (track, window) in &windows {
        let of_track = || suppliers.iter().filter(|supplier| supplier.track == **track);
        let world = World::new(of_track(), window.before.iter().copied(), Protocol::Warm);
        let ranks = rank(&world, &window.cases, &mut step);
        let known = world.ids().iter().cloned().collect();
        report.rows.extend(metrics::count(Period::Window, &window.cases, &window.judged, &ranks, &known));
    }
    if !cases.is_empty() {
        let known = suppliers.iter().filter(|supplier| supplier.has_bid).map(|supplier| supplier.id.clone()).collect();
        let ranks = rank_cases(&cases, &suppliers, &awards, &mut step);
        report.rows.extend(metrics::count(Period::Cases, &cases, &judged, &ranks, &known));
        if let Some(path) = &options.ranks {
            files::write_ranks(path, &cases, &ranks)?;
        }
    }
    Ok(report)
}

/// The end of the past awards of a track, and what was known before it.
struct Window<'a> {
    before: Vec<&'a Award>,
    cases: Vec<Case>,
    judged: Vec<Judged>,
}

fn windows(awards: &[Award]) -> BTreeMap<&str, Window<'_>> {
    let mut tracks: BTreeMap<&str, Vec<&Award>> = BTreeMap::new();
    for award in awards {
        tracks.entry(&award.asked.track).or_default().push(award);
    }
    tracks.into_iter().filter_map(|(track, awards)| Some((track, window(&awards)?))).collect()
}

fn window<'a>(awards: &[&'a Award]) -> Option<Window<'a>> {
    let dates = || awards.iter().map(|award| award.asked.date);
    let (first, last): (NaiveDate, NaiveDate) = (dates().min()?, dates().max()?);
    let span = u64::try_from((last - first).num_days()).unwrap_or(0);
    let cut = last.checked_sub_days(Days::new(WINDOW_DAYS.min(span / WINDOW_PART)))?;
    let (before, after): (Vec<&Award>, Vec<&Award>) = awards.iter().partition(|award| award.asked.date <= cut);
    let mut wins: BTreeMap<&str, u32> = BTreeMap::new();
    let mut pairs = BTreeSet::new();
    let mut known = BTreeSet::new();
    for award in &before {
        known.extend(&award.answer.bidders);
        for winner in &award.answer.winners {
            *wins.entry(winner).or_default() += 1;
            pairs.insert((&award.asked.buyer, winner));
        }
    }
    let mut window = Window { before, cases: Vec::new(), judged: Vec::new() };
    for award in after.into_iter().filter(|award| award.answer.winners.iter().any(|winner| known.contains(winner))) {
        let Award { asked, answer } = award;
        let past_wins = answer.winners.iter().filter_map(|winner| wins.get(winner.as_str())).max().copied().unwrap_or(0);
        let new_pair = !answer.winners.iter().any(|winner| pairs.contains(&(&asked.buyer, winner)));
        window.cases.push(Case { asked: asked.clone(), protocol: Protocol::Warm });
        window.judged.push(Judged { answer: answer.clone(), past_wins, new_pair });
    }
    Some(window)
}

fn rank(world: &World, cases: &[Case], step: &mut dyn FnMut()) -> Vec<Vec<String>> {
    let ranked = cases.iter().map(|case| {
        step();
        world.rank(&case.asked, RANKED)
    });
    ranked.collect()
}

/// Ranks the cases of each track and protocol in a world of their own.
fn rank_cases(cases: &[Case], suppliers: &[Supplier], awards: &[Award], step: &mut dyn FnMut()) -> Vec<Vec<String>> {
    let mut worlds: BTreeMap<(&str, Protocol), World> = BTreeMap::new();
    let ranked = cases.iter().map(|case| {
        step();
        let track = case.asked.track.as_str();
        let world = worlds.entry((track, case.protocol)).or_insert_with(|| {
            let suppliers = suppliers.iter().filter(|supplier| supplier.track == track);
            World::new(suppliers, awards.iter().filter(|award| award.asked.track == track), case.protocol)
        });
        world.rank(&case.asked, RANKED)
    });
    ranked.collect()
}
