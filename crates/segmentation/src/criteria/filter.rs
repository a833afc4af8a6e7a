//! Which events count, by their properties.

use serde::{Deserialize, Serialize};

use super::{Field, Test, Value};

/// A condition on one event: a tree over its properties.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(clippy::exhaustive_enums, reason = "a tree has these nodes")]
pub enum Filter {
    /// All of them.
    All(Vec<Filter>),
    /// At least one of them.
    Any(Vec<Filter>),
    /// Not this.
    Not(Box<Filter>),
    /// A property that is compared.
    Is {
        /// The property.
        field: Field,
        /// What it must be.
        test: Test,
    },
}

impl Filter {
    /// A property that is compared.
    #[must_use]
    pub fn is(field: Field, test: Test) -> Self {
        Self::Is { field, test }
    }

    /// A property that equals a value.
    #[must_use]
    pub fn equals(field: Field, value: impl Into<Value>) -> Self {
        Self::is(field, Test::Equals(value.into()))
    }
}

impl std::ops::BitAnd for Filter {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        let mut parts = match self {
            Self::All(parts) if !parts.is_empty() => parts,
            first => vec![first],
        };
        parts.push(other);
        Self::All(parts)
    }
}

impl std::ops::BitOr for Filter {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        let mut parts = match self {
            Self::Any(parts) if !parts.is_empty() => parts,
            first => vec![first],
        };
        parts.push(other);
        Self::Any(parts)
    }
}

impl std::ops::Not for Filter {
    type Output = Self;

    fn not(self) -> Self {
        Self::Not(Box::new(self))
    }
}
