//! Goes through the whole journal, some events at a time, and says where it is not what it was.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{checkpoint, event};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use super::chain::{Broken, Head, Walk};
use super::{backlog, checkpoint as checkpoints};
use crate::auth::checkpoint::{Checkpoint, Trust, Unbelieved};
use crate::error::Result;

/// Events that are read at once.
const BATCH: u64 = 1_000;
/// How long an event may wait for its place.
const SOON: TimeDelta = TimeDelta::minutes(1);

/// Who kept a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// The installation itself, in its table.
    Installation,
    /// Somebody else, who gave it.
    Other,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// An event is not as it was written, or is not there.
    Event {
        /// Its place.
        seq: i64,
        /// What is wrong with it.
        broken: Broken,
    },
    /// A checkpoint says another hash than the journal has at its place: what came before it was written anew.
    Disagrees {
        /// The place.
        seq: i64,
        /// Who kept it.
        keeper: Keeper,
    },
    /// A checkpoint is of a place that the journal does not reach: its end was cut off.
    CutOff {
        /// The place.
        seq: i64,
        /// Where the journal ends.
        end: i64,
        /// Who kept it.
        keeper: Keeper,
    },
    /// A checkpoint of the table is not what was signed, or signed by no trusted key.
    Unbelieved {
        /// Its place.
        seq: i64,
        /// Why it is not believed.
        why: Unbelieved,
    },
    /// A checkpoint that somebody gave is none, or signed by no trusted key.
    Given {
        /// Which of those given, from 1.
        number: usize,
        /// Why it is not believed.
        why: Unbelieved,
    },
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// Up to where the journal is whole.
    pub head: Head,
    /// How many events have no body any more.
    pub erased: u64,
    /// How many checkpoints of the table agree with the journal.
    pub checkpoints: u64,
    /// How many of those given do.
    pub given: u64,
    /// How many events have waited longer for their place than they should.
    pub late: i64,
    /// What is wrong; nothing in a journal that is as it was.
    pub faults: Vec<Fault>,
}

/// Goes through the journal and holds against it the checkpoints of the table and those that were given.
///
/// # Errors
/// When the database cannot be read.
pub async fn audit(connection: &impl ConnectionTrait, trust: &Trust, given: &[String], now: DateTime<Utc>) -> Result<Audit> {
    let mut faults = Vec::new();
    let mut kept: BTreeMap<i64, Vec<Checkpoint>> = BTreeMap::new();
    for (place, checkpoint) in given.iter().enumerate() {
        match trust.believe(checkpoint) {
            Ok(statement) => kept.entry(statement.seq).or_default().push(statement),
            Err(why) => faults.push(Fault::Given { number: place + 1, why }),
        }
    }
    let late = match backlog(connection).await? {
        (waiting, Some(since)) if now - since > SOON => waiting,
        _ => 0,
    };
    // Those that come while it is read lie beyond.
    let newest = checkpoints::newest(connection).await?.map(|newest| (newest.seq, Keeper::Installation));
    let latest = kept.keys().next_back().map(|seq| (*seq, Keeper::Other));
    let mut auditor = Auditor { trust, kept, walk: Walk::START, checkpoints: 0, given: 0 };
    if let Err(fault) = auditor.read(connection).await? {
        faults.push(fault);
    } else {
        let end = auditor.walk.head.seq;
        faults.extend([newest, latest].into_iter().flatten().filter(|(seq, _)| *seq > end).map(|(seq, keeper)| Fault::CutOff { seq, end, keeper }));
    }
    let Auditor { walk, checkpoints, given, .. } = auditor;
    Ok(Audit { head: walk.head, erased: walk.erased, checkpoints, given, late, faults })
}

/// Whoever goes through the journal.
struct Auditor<'a> {
    trust: &'a Trust,
    kept: BTreeMap<i64, Vec<Checkpoint>>,
    walk: Walk,
    checkpoints: u64,
    given: u64,
}

impl Auditor<'_> {
    /// Reads to the end, or to the first fault.
    async fn read(&mut self, connection: &impl ConnectionTrait) -> Result<Result<(), Fault>> {
        loop {
            let from = self.walk.head.seq;
            let events = event::Entity::find().filter(event::Column::Seq.gt(from)).order_by_asc(event::Column::Seq).limit(BATCH).all(connection).await?;
            let Some(to) = events.last().and_then(|last| last.seq) else { return Ok(Ok(())) };
            let signed = checkpoint::Entity::find().filter(checkpoint::Column::Seq.gt(from)).filter(checkpoint::Column::Seq.lte(to));
            let signed = signed.all(connection).await?.into_iter().map(|row| (row.seq, row)).collect();
            if let Err(fault) = events.iter().try_for_each(|event| self.on(event, &signed)) {
                return Ok(Err(fault));
            }
        }
    }

    fn on(&mut self, event: &event::Model, signed: &BTreeMap<i64, checkpoint::Model>) -> Result<(), Fault> {
        self.walk.on(event).map_err(|broken| Fault::Event { seq: self.walk.head.seq + 1, broken })?;
        let Head { seq, hash } = self.walk.head;
        if let Some(row) = signed.get(&seq) {
            let said = self.trust.believe(&row.signature).map_err(|why| Fault::Unbelieved { seq, why })?;
            if said.seq != seq || said.hash != hash || row.hash != hash {
                return Err(Fault::Disagrees { seq, keeper: Keeper::Installation });
            }
            self.checkpoints += 1;
        }
        for said in self.kept.get(&seq).into_iter().flatten() {
            if said.hash != hash {
                return Err(Fault::Disagrees { seq, keeper: Keeper::Other });
            }
            self.given += 1;
        }
        Ok(())
    }
}
