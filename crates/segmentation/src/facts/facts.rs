//! Customers in columns, for whoever keeps them.

use super::{Block, History, Packed};
use crate::Catalogue;

/// What is known of some customers, in columns: criteria are evaluated from it for all of them at once.
///
/// ```
/// use chrono::DateTime;
/// use ecrm_core::{Customer, CustomerId, SeededIds};
/// use ecrm_segmentation::{Facts, History};
/// let (ids, now) = (SeededIds::new(1), DateTime::UNIX_EPOCH);
/// let histories: Vec<_> = (0..3).map(|_| History::of(Customer::new(CustomerId::new(&ids, now), now))).collect();
/// let facts = Facts::of(&histories);
/// let (hot, cold) = facts.to_bytes();
/// assert_eq!(Facts::from_bytes(&hot, Some(&cold)).unwrap().len(), 3);
/// ```
#[derive(Clone)]
pub struct Facts(pub(crate) Block);

impl Facts {
    /// The columns of some customers.
    #[must_use]
    pub fn of(histories: &[History]) -> Self {
        Self(Block::of(histories))
    }

    /// As bytes: profiles, consents, times, amounts and categories in the first part, all else in the second.
    #[must_use]
    pub fn to_bytes(&self) -> (Vec<u8>, Vec<u8>) {
        let Packed { hot, cold } = self.0.pack();
        (hot, cold)
    }

    /// From their bytes; nothing where they are none. Without the second part its columns are missing.
    #[must_use]
    pub fn from_bytes(hot: &[u8], cold: Option<&[u8]>) -> Option<Self> {
        Block::unpack(hot, cold, None).map(Self)
    }

    /// As [`from_bytes`](Self::from_bytes), but only what the segments of a catalogue look at: about others they tell nothing.
    #[must_use]
    pub fn from_bytes_for(catalogue: &Catalogue, hot: &[u8], cold: Option<&[u8]>) -> Option<Self> {
        Block::unpack(hot, cold, Some(catalogue.needs())).map(Self)
    }

    /// How many customers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.ids.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.ids.is_empty()
    }
}

/// What is known of customers is theirs.
impl std::fmt::Debug for Facts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Facts({} customers)", self.len())
    }
}
