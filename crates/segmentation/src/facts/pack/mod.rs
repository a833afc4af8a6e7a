//! A block as bytes: what most criteria look at, and the rest. Each column tells its length, so that one that nobody asks for is passed
//! over.

mod bytes;
mod customers;
mod events;
mod numbering;
mod numbers;

use bytes::{Input, Output};
use events::{pack_columns, pack_times, unpack_columns, unpack_times};
use numbering::{Numbering, unpack_texts};

use super::block::Block;
use crate::criteria::{EventSet, Field, Needs};

/// The events of one kind in a block are fewer.
const MOST: u32 = 1 << 26;

/// The first byte of a part. Another layout gets another one.
const VERSION: u8 = 3;

/// The two parts of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Packed {
    /// Profiles, consents, times, amounts, categories.
    pub(crate) hot: Vec<u8>,
    /// The other columns of events.
    pub(crate) cold: Vec<u8>,
}

/// The columns that stand in the first part. The others may hold texts of which nearly every one is different.
const HOT: [(EventSet, Field); 11] = [
    (EventSet::Carts, Field::Fate),
    (EventSet::Contacts, Field::Channel),
    (EventSet::Contacts, Field::Direction),
    (EventSet::Lines, Field::Brand),
    (EventSet::Lines, Field::Category),
    (EventSet::Lines, Field::Kind),
    (EventSet::Orders, Field::Amount),
    (EventSet::Orders, Field::Channel),
    (EventSet::Returns, Field::Amount),
    (EventSet::Statuses, Field::Status),
    (EventSet::Visits, Field::Channel),
];

/// Whether a property of events stands in the first part. Their times always do.
pub(crate) fn is_hot(set: EventSet, field: Field) -> bool {
    matches!(field, Field::At | Field::Day) || HOT.contains(&(set, field))
}

impl Block {
    /// The block as bytes.
    pub(crate) fn pack(&self) -> Packed {
        let numbering = Numbering::of(self);
        let (mut hot, mut cold) = (Output::default(), Output::default());
        hot.byte(VERSION);
        cold.byte(VERSION);
        numbering.texts(self, 1..numbering.first_cold, &mut hot);
        numbering.texts(self, numbering.first_cold..numbering.order.len(), &mut cold);
        self.pack_customers(&numbering, &mut hot);
        for (set, table) in EventSet::ALL.into_iter().zip(&self.tables) {
            hot.slice(|output| pack_times(table, output));
            let is_hot = |field: Field| HOT.contains(&(set, field));
            pack_columns(table, is_hot, &numbering, &mut hot);
            pack_columns(table, |field| !is_hot(field), &numbering, &mut cold);
        }
        Packed {
            hot: hot.bytes,
            cold: cold.bytes,
        }
    }

    /// The block from its bytes; nothing where they are none. Only what is needed is read, or all of it; without the second part its
    /// columns are missing.
    pub(crate) fn unpack(hot: &[u8], cold: Option<&[u8]>, needs: Option<&Needs>) -> Option<Self> {
        let mut block = Self::default();
        let mut hot = Input::new(hot);
        if hot.byte()? != VERSION {
            return None;
        }
        unpack_texts(&mut hot, &mut block.texts)?;
        block.unpack_customers(&mut hot, needs)?;
        for (place, set) in EventSet::ALL.into_iter().enumerate() {
            let times = hot.slice()?;
            if needs.is_none_or(|needs| needs.has_set(set)) {
                block.tables[place] = unpack_times(&mut Input::new(times), block.ids.len())?;
            }
            unpack_columns(&mut block.tables[place], &mut hot, (set, needs))?;
        }
        let Some(cold) = cold else { return Some(block) };
        let mut cold = Input::new(cold);
        if cold.byte()? != VERSION {
            return None;
        }
        unpack_texts(&mut cold, &mut block.texts)?;
        for (table, set) in block.tables.iter_mut().zip(EventSet::ALL) {
            unpack_columns(table, &mut cold, (set, needs))?;
        }
        Some(block)
    }
}
