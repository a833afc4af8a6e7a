//! The packed facts of customers, made from the shared tables.

use chrono::DateTime;
use ecrm_core::{Customer, CustomerId};
use ecrm_store::{Session, StoreError, customers};

use crate::error::SegmentationError;
use crate::facts::{Block, History};
use crate::segmentation::Segmentation;
use crate::store::blocks::{self, SIZE};
use crate::store::state::State;
use crate::store::{changed, histories, numbers};

/// Blocks that are written together lie together, and are read in one go.
const TOGETHER: usize = 32;

impl Segmentation {
    /// Makes the packed facts of all customers anew from the shared tables, and finds all members anew: after an update of this crate that
    /// packs them otherwise, or where somebody has changed the tables by hand. Each segment gets a new version of the same criteria, whose
    /// difference tells who was wrong.
    ///
    /// # Errors
    /// [`SegmentationError::NotInstalled`], and those of the database.
    pub fn repack(&self, session: &mut dyn Session) -> Result<(), SegmentationError> {
        let (state, _) = self.lock(session)?;
        let blocks = state.customers.div_ceil(SIZE);
        for first in (0..blocks).step_by(TOGETHER) {
            let mut together = Vec::new();
            for block in (first..blocks).take(TOGETHER) {
                for id in blocks::ids(session, block)? {
                    together.push(history(session, id)?);
                }
            }
            save(session, first, &together)?;
        }
        for customer in changed::customers(session)? {
            customers::hold(session, customer)?;
            match histories::load(session, customer)? {
                Some(history) => changed::replace_facts(session, customer, &Block::of(&[history]))?,
                None => changed::remove(session, customer)?,
            }
        }
        let now = DateTime::from_timestamp_micros(state.advanced_to).unwrap_or_default();
        self.define_again(session, now)
    }
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

/// Packs the next customers who were there when segments were set up.
pub(crate) fn pack_next(session: &mut dyn Session, state: &mut State, limit: u32) -> Result<u64, SegmentationError> {
    let limit = limit.clamp(SIZE, 1 << 14) / SIZE * SIZE;
    let histories = histories::after(session, state.packed_to, limit)?;
    save(session, state.customers / SIZE, &histories)?;
    let packed = u32::try_from(histories.len()).unwrap_or(u32::MAX);
    state.customers += packed;
    state.is_packed = packed < limit;
    let last = histories.last().map(|history| history.customer.id());
    state.packed_to = last.or(state.packed_to);
    Ok(packed.into())
}

/// Customers together, and each alone.
fn save(session: &mut dyn Session, first: u32, histories: &[History]) -> Result<(), StoreError> {
    let packed: Vec<Block> = histories.chunks(SIZE as usize).map(Block::of).collect();
    blocks::save_all(session, &(first..).zip(&packed).collect::<Vec<_>>())?;
    for (block, histories) in (first..).zip(histories.chunks(SIZE as usize)) {
        let numbered = (block * SIZE..).zip(histories);
        let there = numbered.filter(|(_, history)| !history.customer.id().uuid().is_nil());
        let alone = there.map(|(number, history)| (number, Block::of(std::slice::from_ref(history))));
        numbers::save(session, &alone.collect::<Vec<_>>())?;
    }
    Ok(())
}
