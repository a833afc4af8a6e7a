//! The criteria of a segment: one typed tree, from which every evaluator works.
//!
//! It can be built in Rust, written as text (see [`Criteria::parse`]) or kept as JSON. [`Criteria::check`] refuses whatever cannot be
//! evaluated exactly.

mod check;
mod codes;
mod events;
mod expression;
mod field;
mod filter;
mod name;
mod needs;
mod test;
mod value;
mod window;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use events::{EventSet, Events};
pub use expression::{Aggregate, Edge, Expression, Function, ProfileField, Weighted};
pub use field::Field;
pub use filter::Filter;
pub use name::Name;
pub(crate) use needs::{Needs, Other};
pub use test::Test;
pub use value::{Value, ValueType};
pub(crate) use window::UNITS;
pub use window::{CalendarUnit, Span, Window};

pub use check::CriteriaError;
#[cfg(feature = "xml")]
pub(crate) use check::DEPTH;
pub(crate) use check::value_type;

/// What a customer must be to belong to a segment. Every part is true or false for every customer at every instant: a comparison with
/// a value that is missing is false, and `Not` is its complement.
///
/// ```
/// use ecrm_segmentation::criteria::{Criteria, Span, Value, Window, orders, visits};
/// let active = orders().during(Window::Last(Span::days(90))).count().at_least(2)
///     & !visits().during(Window::Last(Span::days(7))).count().equals(0);
/// assert_eq!(
///     active.to_string(),
///     "count(orders in last 90 days) >= 2 and not count(visits in last 7 days) = 0"
/// );
/// assert_eq!(Criteria::parse(&active.to_string())?, active);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Criteria {
    /// All of them; of none, everybody.
    All(Vec<Criteria>),
    /// At least one of them; of none, nobody.
    Any(Vec<Criteria>),
    /// Everybody else.
    Not(Box<Criteria>),
    /// A value that is compared.
    Is {
        /// The value.
        value: Expression,
        /// What it must be.
        test: Test,
    },
    /// There were events before, and none since.
    Stopped {
        /// The events, without a window.
        events: Events,
        /// How long there was none: a rolling window that has none, after an event before it.
        silent_for: Span,
    },
    /// An event in the last time came after a pause, and there were events before the pause.
    Restarted {
        /// The events, without a window.
        events: Events,
        /// The pause lasted at least so long.
        pause: Span,
        /// The first event after the pause is at most so old.
        within: Span,
    },
    /// There were events in at least so many of the last periods, which end now.
    Regularly {
        /// The events, without a window.
        events: Events,
        /// In at least so many periods.
        at_least: u32,
        /// Of so many.
        of: u32,
        /// Each so long.
        period: Span,
    },
    /// Events that follow each other.
    Sequence {
        /// The first event.
        first: Events,
        /// What follows.
        then: Vec<Step>,
        /// All of it lies in here. It is none of what is to come, where nothing has happened.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        window: Option<Window>,
    },
    /// Members of another segment.
    InSegment(Name),
    /// On a list that people keep.
    InList(Name),
    /// A random share, the same for all time, whatever the segment is called.
    Sample {
        /// The share, in per cent.
        #[serde(with = "value::decimal_text")]
        percent: Decimal,
        /// What makes the draw another one.
        seed: String,
    },
}

/// One step of a sequence.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "the parts of a step, given by name")]
pub struct Step {
    /// The event.
    pub events: Events,
    /// At most so long after the event before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Span>,
    /// What must not happen between the two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without: Option<Events>,
}

impl Criteria {
    /// Everybody.
    #[must_use]
    pub fn everyone() -> Self {
        Self::All(Vec::new())
    }

    /// Registered in a window.
    #[must_use]
    pub fn registered(window: Window) -> Self {
        Expression::Profile(ProfileField::RegisteredAt).within(window)
    }

    /// Checks that every part can be evaluated exactly: that fields, types, currencies and windows fit.
    ///
    /// # Errors
    /// What does not, and where it stands in the tree.
    pub fn check(&self) -> Result<(), CriteriaError> {
        check::check(self)
    }

    /// Members of another segment.
    #[must_use]
    pub fn in_segment(name: Name) -> Self {
        Self::InSegment(name)
    }
}

impl std::ops::BitAnd for Criteria {
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

impl std::ops::BitOr for Criteria {
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

impl std::ops::Not for Criteria {
    type Output = Self;

    fn not(self) -> Self {
        Self::Not(Box::new(self))
    }
}

/// The orders of a customer.
#[must_use]
pub fn orders() -> Events {
    Events::of(EventSet::Orders)
}

/// The lines of the orders of a customer.
#[must_use]
pub fn lines() -> Events {
    Events::of(EventSet::Lines)
}

/// The visits of a customer.
#[must_use]
pub fn visits() -> Events {
    Events::of(EventSet::Visits)
}
