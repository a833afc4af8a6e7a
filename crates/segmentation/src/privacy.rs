//! What is known of one customer here, and how it is forgotten.

use ecrm_core::CustomerId;
use ecrm_store::{Session, changes};
use roaring::RoaringBitmap;

use crate::error::SegmentationError;
use crate::facts::{Block, Place, Source};
use crate::model::{Crossing, Listed};
use crate::pack::nobody;
use crate::read::told;
use crate::segmentation::Segmentation;
use crate::store::histories::subject;
use crate::store::log::{self, Entry};
use crate::store::{CONSUMER, blocks, changed, lists, numbers, sets};

/// All that this module keeps of a customer, to be handed out. What it computes from is the shared record, which has its own export.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Kept {
    /// When the customer came into segments and left them, and why; in the order in which it happened.
    pub crossings: Vec<Crossing>,
    /// The lists on which the customer was.
    pub lists: Vec<Listed>,
}

impl Segmentation {
    /// All that this module keeps of a customer.
    ///
    /// # Errors
    /// Those of the database.
    pub fn export(&self, session: &mut dyn Session, customer: CustomerId) -> Result<Kept, SegmentationError> {
        let (_, loaded) = self.read(session)?;
        let crossing = |(_, entry): (i64, Entry)| {
            Ok(Crossing {
                customer,
                segment: loaded.name(entry.segment)?.clone(),
                is_member: entry.is_member,
                at: entry.at,
                reason: entry.reason,
            })
        };
        let entries = told(session, customer)?.into_iter().map(crossing);
        let crossings = entries.collect::<Result<_, SegmentationError>>()?;
        Ok(Kept {
            crossings,
            lists: lists::of_customer(session, customer)?,
        })
    }

    /// Removes everything that this module knows of a customer: facts, memberships, log and lists. Counts and sets go on without him.
    ///
    /// Call it when the customer was erased from the shared record; as long as he is there, the next change brings him back. It waits for
    /// whoever is changing what is shared.
    ///
    /// # Errors
    /// [`SegmentationError::NotInstalled`], and those of the database.
    pub fn erase(&self, session: &mut dyn Session, customer: CustomerId) -> Result<(), SegmentationError> {
        let (_, loaded) = self.lock(session)?;
        if let Some(number) = numbers::find(session, customer)? {
            let (block, index) = blocks::place(number);
            empty(session, block, index)?;
            let number = RoaringBitmap::from([number]);
            for segment in &loaded.numbers {
                sets::change(session, *segment, &RoaringBitmap::new(), &number)?;
            }
            sets::change(session, sets::ERASED, &number, &RoaringBitmap::new())?;
        }
        numbers::remove(session, customer)?;
        changed::remove(session, customer)?;
        log::erase(session, customer)?;
        lists::erase(session, customer)?;
        changes::take(session, CONSUMER, subject(customer))?;
        Ok(())
    }
}

/// Leaves an empty place in a block.
fn empty(session: &mut dyn Session, block: u32, index: usize) -> Result<(), SegmentationError> {
    let Some(stored) = blocks::load(session, block, true)? else {
        return Ok(());
    };
    let known = stored.unpack(None)?;
    let nobody = Block::of(&[nobody()]);
    let source = |place| {
        let place = if place == index {
            Place {
                block: &nobody,
                index: 0,
            }
        } else {
            Place {
                block: &known,
                index: place,
            }
        };
        Source::of(place, None)
    };
    let sources: Vec<Source<'_>> = (0..known.ids.len()).map(source).collect();
    blocks::save(session, block, &Block::assemble(&sources))?;
    Ok(())
}
