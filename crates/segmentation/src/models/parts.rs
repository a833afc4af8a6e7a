//! What a model is made of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::criteria::{Expression, Name, Value};

/// A value that customers are told apart by: a number or an amount of money, which may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Axis {
    name: Name,
    value: Expression,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    domain: Option<Domain>,
}

/// Whole numbers from the first to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "two ends, given by name")]
pub struct Domain {
    /// The first.
    pub first: i64,
    /// The last.
    pub last: i64,
}

impl Axis {
    /// An axis over a value.
    #[must_use]
    pub fn new(name: Name, value: Expression) -> Self {
        Self {
            name,
            value,
            domain: None,
        }
    }

    /// The axis over whole numbers alone, such as scores of 1 to 5. Any other value counts as a missing one.
    #[must_use]
    pub fn over(mut self, domain: Domain) -> Self {
        self.domain = Some(domain);
        self
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> &Expression {
        &self.value
    }

    /// The whole numbers that count, where they are given.
    #[must_use]
    pub fn domain(&self) -> Option<Domain> {
        self.domain
    }
}

/// A named part of all customers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    name: Name,
    areas: Vec<Area>,
}

impl Stage {
    /// A stage that covers some areas. These may overlap.
    #[must_use]
    pub fn new(name: Name, areas: Vec<Area>) -> Self {
        Self { name, areas }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// What it covers.
    #[must_use]
    pub fn areas(&self) -> &[Area] {
        &self.areas
    }
}

/// A range on each axis; everything on an axis that is not named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Area(BTreeMap<Name, Range>);

impl Area {
    /// The whole space.
    #[must_use]
    pub fn everything() -> Self {
        Self::default()
    }

    /// The area within a range of an axis, instead of the range that it had on this axis.
    #[must_use]
    pub fn within(mut self, axis: Name, range: Range) -> Self {
        self.0.insert(axis, range);
        self
    }

    /// The ranges, by the names of their axes.
    pub fn ranges(&self) -> impl Iterator<Item = (&Name, &Range)> {
        self.0.iter()
    }

    /// The range on an axis; nothing where it is everything.
    #[must_use]
    pub fn range(&self, axis: &Name) -> Option<&Range> {
        self.0.get(axis)
    }
}

/// A part of an axis.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Range {
    /// There is no value.
    Missing,
    /// There is a value, whichever.
    Present,
    /// From the first whole number to the last, both included: on axes of whole numbers alone.
    Whole(Domain),
    /// This or more.
    From(Value),
    /// Less than this.
    Until(Value),
    /// The first or more, and less than the second.
    FromTo(Value, Value),
}

impl Range {
    /// The values that it is bounded by.
    pub(super) fn bounds(&self) -> impl Iterator<Item = &Value> {
        let (low, high) = match self {
            Self::From(bound) | Self::Until(bound) => (Some(bound), None),
            Self::FromTo(low, high) => (Some(low), Some(high)),
            Self::Missing | Self::Present | Self::Whole(_) => (None, None),
        };
        low.into_iter().chain(high)
    }
}
