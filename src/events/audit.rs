//! Goes through the whole journal, some events at a time, and says where it is not what it was.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{checkpoint, event};
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use super::chain::{Broken, Erased, Head, Walk};
use super::checkpoint as checkpoints;
use crate::auth::checkpoint::{Checkpoint, Trust, Unbelieved, named_key};
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
    /// A row of the table of checkpoints says something else than what was signed.
    Altered {
        /// Its place.
        seq: i64,
    },
    /// A checkpoint of the table is none, or signed by no trusted key.
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

impl Fault {
    /// Whether it shows that something was changed. Else it shows that the auditor cannot judge a checkpoint, for want of a key perhaps.
    #[must_use]
    pub const fn is_change(&self) -> bool {
        match self {
            Self::Event { .. } | Self::Disagrees { .. } | Self::CutOff { .. } | Self::Altered { .. } => true,
            Self::Unbelieved { .. } | Self::Given { .. } => false,
        }
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// Up to where the journal is whole.
    pub head: Head,
    /// Which events have no body any more.
    pub erased: Erased,
    /// How many checkpoints of the table agree with the journal.
    pub checkpoints: u64,
    /// How many of those given do.
    pub given: u64,
    /// How many events have waited longer for their place than they should.
    pub late: u64,
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
    let late = event::Entity::find().filter(event::Column::Seq.is_null()).filter(event::Column::OccurredAt.lt(now - SOON)).count(connection).await?;
    // Those that come while it is read lie beyond.
    let newest = checkpoints::newest(connection).await?.map_or(0, |newest| newest.seq);
    let latest = kept.keys().next_back().copied().unwrap_or(0);
    let mut auditor = Auditor { trust, kept, walk: Walk::START, checkpoints: 0, given: 0, faults };
    if let Err(fault) = auditor.read(connection).await? {
        auditor.faults.push(fault);
    } else {
        auditor.beyond(connection, newest).await?;
        auditor.cut_off(latest, Keeper::Other);
    }
    let Auditor { walk, checkpoints, given, faults, .. } = auditor;
    Ok(Audit { head: walk.head, erased: walk.erased, checkpoints, given, late, faults })
}

/// Whoever goes through the journal.
struct Auditor<'a> {
    trust: &'a Trust,
    kept: BTreeMap<i64, Vec<Checkpoint>>,
    walk: Walk,
    checkpoints: u64,
    given: u64,
    faults: Vec<Fault>,
}

impl Auditor<'_> {
    /// Reads to the end, or to the first event that is not as it was.
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
            match self.said(row) {
                Some(said) if said.hash != hash => return Err(Fault::Disagrees { seq, keeper: Keeper::Installation }),
                Some(_) => self.checkpoints += 1,
                None => {}
            }
        }
        for said in self.kept.get(&seq).into_iter().flatten() {
            if said.hash != hash {
                return Err(Fault::Disagrees { seq, keeper: Keeper::Other });
            }
            self.given += 1;
        }
        Ok(())
    }

    /// What a checkpoint of the table says, if it is believed and its row says the same.
    fn said(&mut self, row: &checkpoint::Model) -> Option<Checkpoint> {
        let checkpoint::Model { seq, hash, time, key_id, signature } = row;
        match self.trust.believe(signature) {
            Err(why) => self.faults.push(Fault::Unbelieved { seq: *seq, why }),
            Ok(said) => {
                let same = said.seq == *seq && said.hash == **hash && said.time == *time && named_key(signature).as_ref() == Some(key_id);
                if same {
                    return Some(said);
                }
                self.faults.push(Fault::Altered { seq: *seq });
            }
        }
        None
    }

    /// Looks at the checkpoints of the table that no event stands at, up to the newest that there was when the reading began.
    async fn beyond(&mut self, connection: &impl ConnectionTrait, newest: i64) -> Result<()> {
        let after = Condition::all().add(checkpoint::Column::Seq.gt(self.walk.head.seq)).add(checkpoint::Column::Seq.lte(newest));
        let outside = checkpoint::Entity::find().filter(Condition::any().add(after).add(checkpoint::Column::Seq.lt(1))).order_by_asc(checkpoint::Column::Seq);
        let last = outside.all(connection).await?.iter().filter_map(|row| self.said(row)).map(|said| said.seq).last();
        self.cut_off(last.unwrap_or(0), Keeper::Installation);
        Ok(())
    }

    /// A checkpoint at a place that the journal does not reach.
    fn cut_off(&mut self, seq: i64, keeper: Keeper) {
        let end = self.walk.head.seq;
        if seq > end {
            self.faults.push(Fault::CutOff { seq, end, keeper });
        }
    }
}
