//! Some customers, in columns.

use ecrm_core::{Channel, ConsentDecision, CustomerId, Purpose, SuppressionReason};

use super::lists::Lists;
use super::table::{Symbol, Table};
use super::texts::Texts;
use crate::criteria::{EventSet, ProfileField};

/// Some customers with all that is known of them. Texts are kept once for all of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Block {
    pub(crate) ids: Vec<CustomerId>,
    /// In microseconds.
    pub(crate) registered_at: Vec<i64>,
    /// Whether anything about a customer was corrected: then what counts cannot be told from the events alone.
    pub(crate) is_corrected: Vec<bool>,
    /// The texts of the profile, one list of customers for each field; empty lists where only events are known, of which nothing is
    /// asked but to follow others.
    pub(crate) profile: [Vec<Symbol>; ProfileField::ALL.len()],
    /// Over which channels each can be reached, with a fingerprint of the address where the channel needs one.
    pub(crate) addresses: Lists<(Channel, u32)>,
    pub(crate) attributes: Lists<AttributeFact>,
    pub(crate) consents: Lists<ConsentFact>,
    /// By name.
    pub(crate) metrics: Lists<(Symbol, f64)>,
    pub(crate) suppressed: Lists<SuppressionFact>,
    pub(crate) lists: Lists<Symbol>,
    pub(crate) tables: [Table; EventSet::ALL.len()],
    pub(crate) texts: Texts,
}

/// A version of an attribute, in the order in which they became true.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AttributeFact {
    pub(crate) name: Symbol,
    pub(crate) from: i64,
    pub(crate) kind: AttributeKind,
    /// Its text; 0 where the value is not known any more.
    pub(crate) value: Symbol,
}

/// The types of attributes, by the words of the core model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AttributeKind {
    Boolean,
    Date,
    Decimal,
    Instant,
    Integer,
    Money,
    Text,
}

impl AttributeKind {
    pub(crate) const ALL: [Self; 7] = [
        Self::Boolean,
        Self::Date,
        Self::Decimal,
        Self::Instant,
        Self::Integer,
        Self::Money,
        Self::Text,
    ];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Decimal => "decimal",
            Self::Instant => "instant",
            Self::Integer => "integer",
            Self::Money => "money",
            Self::Text => "text",
        }
    }
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

    /// The kinds of events that there are.
    pub(crate) fn sets(&self) -> impl Iterator<Item = EventSet> + '_ {
        EventSet::ALL.into_iter().filter(|set| self.table(*set).events() > 0)
    }

    pub(crate) fn text(&self, symbol: Symbol) -> Option<&str> {
        self.texts.get(symbol)
    }
}
