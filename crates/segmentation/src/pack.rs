//! The packed facts of customers, made from the shared tables.

use std::collections::BTreeMap;

use chrono::DateTime;
use ecrm_core::{Customer, CustomerId};
use ecrm_store::{Session, StoreError, customers};

use crate::error::SegmentationError;
use crate::facts::{Block, History, Place, Source};
use crate::segmentation::Segmentation;
use crate::store::blocks::{self, SIZE};
use crate::store::state::{self, State};
use crate::store::{changed, histories, numbers, sets};

/// Blocks that are written together lie together, and are read in one go.
const TOGETHER: usize = 32;

impl Segmentation {
    /// Makes the packed facts of all customers anew from the shared tables, and finds all members anew: after an update of this crate that
    /// packs them otherwise, or where somebody has changed the tables by hand. Each segment gets a new version of the same criteria, whose
    /// difference tells who was wrong. Before all customers have been packed for the first time it lets [`advance`](Self::advance) begin
    /// with the first of them again.
    ///
    /// # Errors
    /// [`SegmentationError::NotInstalled`], and those of the database.
    pub fn repack(&self, session: &mut dyn Session) -> Result<(), SegmentationError> {
        let (mut state, _) = self.lock(session)?;
        if !state.is_packed {
            return begin_again(session, &mut state);
        }
        let blocks = state.customers.div_ceil(SIZE);
        for first in (0..blocks).step_by(TOGETHER) {
            let mut together = Vec::new();
            for block in (first..blocks).take(TOGETHER) {
                for id in blocks::ids(session, block)? {
                    together.push(history(session, id)?);
                }
            }
            let packed: Vec<Block> = together.chunks(SIZE as usize).map(Block::of).collect();
            save_together(session, first, &packed)?;
            save_alone(session, first * SIZE, &together)?;
        }
        for customer in changed::customers(session)? {
            customers::hold(session, customer)?;
            match histories::facts(session, customer)? {
                Some(facts) => changed::replace_facts(session, customer, &facts)?,
                None => changed::remove(session, customer)?,
            }
        }
        let now = DateTime::from_timestamp_micros(state.advanced_to).unwrap_or_default();
        self.define_again(session, now)
    }
}

/// Before all customers have been packed nobody is in a segment yet, so nothing is lost. The row of an event that is under way stays, and
/// what it holds may be packed once more: then both are of the same instants, and the customer is read from the shared tables.
fn begin_again(session: &mut dyn Session, state: &mut State) -> Result<(), SegmentationError> {
    numbers::clear(session)?;
    blocks::clear(session)?;
    changed::clear(session)?;
    sets::remove(session, sets::ERASED)?;
    (state.customers, state.laid) = (0, 0);
    (state.packed_to, state.laid_to) = (None, None);
    Ok(state::save(session, state)?)
}

/// What the shared tables have of a customer who has a place in a block.
fn history(session: &mut dyn Session, customer: CustomerId) -> Result<History, SegmentationError> {
    let there = match customer.uuid().is_nil() {
        true => None,
        false => histories::load(session, customer)?,
    };
    Ok(there.unwrap_or_else(nobody))
}

/// Stands where somebody was erased.
pub(crate) fn nobody() -> History {
    let nil = CustomerId::from_uuid(uuid::Uuid::nil());
    History::of(Customer::new(nil, DateTime::UNIX_EPOCH))
}

/// Packs the next customers who were there when segments were set up: each alone, and when all are there, together. Tells how many.
pub(crate) fn pack_next(session: &mut dyn Session, state: &mut State, limit: u32) -> Result<u64, SegmentationError> {
    let limit = limit.clamp(SIZE, 1 << 14) / SIZE * SIZE;
    let packed = pack_alone(session, state, limit)?;
    if packed == limit {
        return Ok(packed.into());
    }
    let laid = lay_together(session, state, limit)?;
    state.is_packed = state.laid == state.customers;
    Ok(u64::from(packed) + u64::from(laid))
}

fn pack_alone(session: &mut dyn Session, state: &mut State, limit: u32) -> Result<u32, SegmentationError> {
    let histories = histories::after(session, state.packed_to, limit)?;
    save_alone(session, state.customers, &histories)?;
    let packed = u32::try_from(histories.len()).unwrap_or(u32::MAX);
    state.customers += packed;
    let last = histories.last().map(|history| history.customer.id());
    state.packed_to = last.or(state.packed_to);
    Ok(packed)
}

/// The next blocks. They follow all customers alone, because who reads one behind the other reads from the disk what lies between.
fn lay_together(session: &mut dyn Session, state: &mut State, limit: u32) -> Result<u32, SegmentationError> {
    let (first, end) = (state.laid, state.customers.min(state.laid + limit));
    let alone = numbers::after(session, state.laid_to, end - first)?;
    let alone: BTreeMap<u32, Block> = alone.into_iter().filter(|(number, _)| *number < end).collect();
    // Who was erased meanwhile leaves an empty place.
    let nobody = Block::of(&[nobody()]);
    let source = |number| {
        let block = alone.get(&number).unwrap_or(&nobody);
        Source::of(Place { block, index: 0 }, None)
    };
    let sources: Vec<Source<'_>> = (first..end).map(source).collect();
    let blocks: Vec<Block> = sources.chunks(SIZE as usize).map(Block::assemble).collect();
    save_together(session, first / SIZE, &blocks)?;
    let last = alone.values().next_back().and_then(|facts| facts.ids.first().copied());
    state.laid_to = last.or(state.laid_to);
    state.laid = end;
    Ok(end - first)
}

fn save_alone(session: &mut dyn Session, first: u32, histories: &[History]) -> Result<(), StoreError> {
    for (first, histories) in (first..).step_by(SIZE as usize).zip(histories.chunks(SIZE as usize)) {
        let numbered = (first..).zip(histories);
        let there = numbered.filter(|(_, history)| !history.customer.id().uuid().is_nil());
        let alone = there.map(|(number, history)| (number, Block::of(std::slice::from_ref(history))));
        numbers::save(session, &alone.collect::<Vec<_>>())?;
    }
    Ok(())
}

fn save_together(session: &mut dyn Session, first: u32, blocks: &[Block]) -> Result<(), StoreError> {
    blocks::save_all(session, &(first..).zip(blocks).collect::<Vec<_>>())
}
