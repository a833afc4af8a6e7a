//! Time passes, and what happened becomes part of what is shared.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use ecrm_core::CustomerId;
use ecrm_store::changes::{self, ChangeKind};
use ecrm_store::{Session, customers, suppressions};

use crate::criteria::Needs;
use crate::error::SegmentationError;
use crate::facts::Block;
use crate::fold::{Moves, fold};
use crate::loaded::Loaded;
use crate::model::{Advanced, Cause};
use crate::pack::pack_next;
use crate::reason::{Sight, reason};
use crate::segmentation::Segmentation;
use crate::standing::Standing;
use crate::store::blocks::{self, SIZE};
use crate::store::flips::{self, Flip};
use crate::store::log::{self, Entry};
use crate::store::state::{self, State};
use crate::store::{CONSUMER, changed, histories, numbers};
use crate::update::{Update, hold};

/// So many customers are held in memory at once where all are to be looked at.
const AT_ONCE: u32 = 4_096;

impl Segmentation {
    /// Brings everything up to an instant: looks at customers who were never looked at, at changes that no [`update`](Self::update)
    /// took into account, and at those for whom time alone changes something; and lets what events wrote become part of the shared
    /// sets and counts.
    ///
    /// One call does about as much as `limit` customers are; call it, each time in a transaction of its own, until it is complete.
    /// It costs in proportion to what is to be done, and nothing where that is nothing. One caller at a time works, others wait; events
    /// wait for it only where it is just looking at their own customer.
    ///
    /// # Errors
    /// [`SegmentationError::NotInstalled`], and those of the database.
    pub fn advance(
        &self,
        session: &mut dyn Session,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<Advanced, SegmentationError> {
        let _span = ecrm_store::span("segmentation", "advance");
        let (mut state, loaded) = self.lock(session)?;
        let limit = limit.max(1);
        if !state.is_packed {
            let customers = pack_next(session, &mut state, limit)?;
            state::save(session, &state)?;
            return Ok(Advanced {
                crossings: 0,
                customers,
                is_complete: false,
            });
        }
        let mut advance = Advance {
            state: &mut state,
            loaded: &loaded,
            now,
            done: Advanced {
                crossings: 0,
                customers: 0,
                is_complete: false,
            },
        };
        advance.run(session, limit)?;
        let done = advance.done;
        state.next_flip = flips::earliest(session)?;
        state::save(session, &state)?;
        Ok(done)
    }

    /// As [`advance`](Self::advance), until it is complete, in this transaction.
    pub(crate) fn advance_wholly(
        &self,
        session: &mut dyn Session,
        now: DateTime<Utc>,
    ) -> Result<(), SegmentationError> {
        while !self.advance(session, AT_ONCE, now)?.is_complete {}
        Ok(())
    }
}

struct Advance<'a> {
    state: &'a mut State,
    loaded: &'a Loaded,
    now: DateTime<Utc>,
    done: Advanced,
}

impl Advance<'_> {
    fn run(&mut self, session: &mut dyn Session, limit: u32) -> Result<(), SegmentationError> {
        let now = ecrm_core::to_microseconds(self.now)
            .timestamp_micros()
            .max(self.state.advanced_to);
        let (due, until) = flips::take(session, now, limit as usize)?;
        self.let_time_pass(session, due, until)?;
        self.state.advanced_to = until;
        for customer in changed::due(session, until, &self.loaded.stamp)? {
            self.look_at(session, customer)?;
        }
        for customer in self.suppressed(session)? {
            changes::note(session, histories::subject(customer), ChangeKind::Consent, self.now)?;
            self.look_at(session, customer)?;
        }
        let pending = changes::pending(session, CONSUMER, limit)?;
        let is_all = pending.len() < limit as usize;
        for subject in pending {
            self.look_at(session, histories::customer(subject))?;
        }
        let folded = fold(session, self.state, self.loaded, limit)?;
        self.done.customers += folded;
        self.done.is_complete = until == now && is_all && folded < u64::from(limit);
        Ok(())
    }

    /// The customers whose addresses were suppressed or released; and a few others, whose addresses look like those. All blocks are
    /// looked through, because nobody knows whose an address is.
    fn suppressed(&self, session: &mut dyn Session) -> Result<BTreeSet<CustomerId>, SegmentationError> {
        let fingerprints: BTreeSet<u32> = suppressions::take(session, CONSUMER)?.into_iter().collect();
        // Customers with a row of their own may have another address than their block knows.
        let mut customers = BTreeSet::new();
        if fingerprints.is_empty() {
            return Ok(customers);
        }
        customers.extend(changed::customers(session)?);
        let needs = Needs::of_addresses();
        blocks::for_each(session, false, &mut |stored| {
            let facts = stored.unpack(Some(&needs))?;
            for (id, addresses) in facts.ids.iter().zip(facts.addresses.iter()) {
                if addresses
                    .iter()
                    .any(|(_, fingerprint)| fingerprints.contains(fingerprint))
                {
                    customers.insert(*id);
                }
            }
            Ok(())
        })?;
        customers.retain(|id| !id.uuid().is_nil());
        Ok(customers)
    }

    fn look_at(&mut self, session: &mut dyn Session, customer: CustomerId) -> Result<(), SegmentationError> {
        let row = hold(session, customer)?;
        if !customers::is_there(session, customer)? {
            // A guest, or somebody who is not there any more.
            changes::take(session, CONSUMER, histories::subject(customer))?;
            changed::remove(session, customer)?;
            return Ok(());
        }
        let now = DateTime::from_timestamp_micros(self.state.advanced_to).unwrap_or(self.now);
        let update = Update {
            state: self.state,
            loaded: self.loaded,
            customer,
            now,
        };
        let entries = update.run(session, row, (&[], 0))?;
        self.done.crossings += entries.len() as u64;
        Ok(())
    }

    /// For those whose time has come.
    fn let_time_pass(
        &mut self,
        session: &mut dyn Session,
        due: Vec<Flip>,
        until: i64,
    ) -> Result<(), SegmentationError> {
        let mut of_blocks: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
        for (_, number) in due {
            let (block, index) = blocks::place(number);
            of_blocks.entry(block).or_default().insert(index);
        }
        let (mut moves, mut flips) = (Moves::default(), Vec::new());
        for (block, places) in of_blocks {
            self.of_block(session, (block, &places), until, (&mut moves, &mut flips))?;
        }
        moves.apply(session)?;
        flips::add(session, &flips)?;
        Ok(())
    }

    fn of_block(
        &mut self,
        session: &mut dyn Session,
        (block, places): (u32, &BTreeSet<usize>),
        until: i64,
        (moves, flips): (&mut Moves, &mut Vec<Flip>),
    ) -> Result<(), SegmentationError> {
        let ids = blocks::ids(session, block)?;
        for index in places {
            let Some(customer) = ids.get(*index).copied() else {
                continue;
            };
            // Under the customer's lock: an event of the same customer lets the same time pass. Whom an event has looked at since, that
            // one's row tells more.
            customers::hold(session, customer)?;
            if changed::is_any(session, customer)? {
                continue;
            }
            let Some(facts) = numbers::facts(session, customer, self.loaded.catalogue.needs())? else {
                continue;
            };
            let (entries, after) = self.walk(customer, &facts, until);
            let number = block * SIZE + u32::try_from(*index).unwrap_or(SIZE);
            for entry in &entries {
                moves.add(entry.segment, number, entry.is_member);
            }
            log::append(session, &entries, self.state.position + 1)?;
            self.state.position += i64::try_from(entries.len()).unwrap_or(i64::MAX);
            self.done.crossings += entries.len() as u64;
            self.done.customers += 1;
            flips.extend(after.next_flip.map(|at| (at, number)));
        }
        Ok(())
    }

    fn walk(&self, customer: CustomerId, facts: &Block, until: i64) -> (Vec<Entry>, Standing) {
        let mut entries = Vec::new();
        let standing = Standing::of(self.loaded, facts, self.state.advanced_to);
        let after = standing.walk(self.loaded, facts, until, |before, after| {
            let sight = |at| Sight { facts: Some(facts), at };
            for step in before.steps_to(after) {
                entries.push(Entry {
                    customer,
                    segment: step.segment,
                    is_member: step.is_member,
                    at: DateTime::from_timestamp_micros(after.at).unwrap_or(self.now),
                    recorded_at: self.now,
                    reason: reason(self.loaded, step, sight(before.at), sight(after.at), &Cause::Time),
                });
            }
        });
        (entries, after)
    }
}
