//! Some customers, in columns.

use ecrm_core::{AttributeName, AttributeValue, Channel, ConsentDecision, CustomerId, Purpose, SuppressionReason};

use super::table::{Symbol, Table};
use crate::criteria::{EventSet, Name, ProfileField};

/// Some customers with all that is known of them. Texts are kept once for all of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Block {
    pub(crate) ids: Vec<CustomerId>,
    /// In microseconds.
    pub(crate) registered_at: Vec<i64>,
    /// The texts of the profile, one list of customers for each field.
    pub(crate) profile: [Vec<Symbol>; ProfileField::ALL.len()],
    /// Over which channels each can be reached, by an address.
    pub(crate) addresses: Vec<Vec<Channel>>,
    pub(crate) attributes: Vec<Vec<AttributeFact>>,
    pub(crate) consents: Vec<Vec<ConsentFact>>,
    pub(crate) metrics: Vec<Vec<(AttributeName, f64)>>,
    pub(crate) suppressed: Vec<Vec<SuppressionFact>>,
    pub(crate) lists: Vec<Vec<Name>>,
    pub(crate) tables: [Table; EventSet::ALL.len()],
    /// The text of symbol 0 is empty and stands for none.
    pub(crate) texts: Vec<Box<str>>,
}

/// A version of an attribute, in the order in which they became true.
#[derive(Debug, Clone)]
pub(crate) struct AttributeFact {
    pub(crate) name: AttributeName,
    pub(crate) from: i64,
    pub(crate) value: Option<AttributeValue>,
}

/// What somebody said about a purpose and a channel, in the order in which it became true.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ConsentFact {
    pub(crate) purpose: Purpose,
    pub(crate) channel: Channel,
    pub(crate) from: i64,
    pub(crate) decision: ConsentDecision,
    pub(crate) until: Option<i64>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct SuppressionFact {
    pub(crate) channel: Channel,
    pub(crate) reason: SuppressionReason,
    pub(crate) from: i64,
    pub(crate) until: Option<i64>,
}

impl Block {
    pub(crate) fn table(&self, set: EventSet) -> &Table {
        &self.tables[set as usize]
    }

    pub(crate) fn text(&self, symbol: Symbol) -> Option<&str> {
        (symbol > 0)
            .then(|| self.texts.get(symbol as usize).map(AsRef::as_ref))
            .flatten()
    }
}
