//! Events of a customer: a kind, perhaps filtered, perhaps of a time.

use serde::{Deserialize, Serialize};

use super::{Aggregate, Edge, Expression, Field, Filter, Function, Window};

/// Events of one kind that a criterion looks at. Without a window: all that have happened by now.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Events {
    pub(crate) set: EventSet,
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub(crate) filter: Option<Filter>,
    #[serde(default, rename = "in", skip_serializing_if = "Option::is_none")]
    pub(crate) window: Option<Window>,
}

/// A kind of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventSet {
    /// Changes of carts; `fate = "left"` for those that were left.
    Carts,
    /// Contacts over any channel.
    Contacts,
    /// Lines of orders.
    Lines,
    /// Orders.
    Orders,
    /// Pages that were looked at.
    Pages,
    /// Lines of returns.
    ReturnedLines,
    /// Returns and cancellations.
    Returns,
    /// Searches on the site.
    Searches,
    /// Steps of orders, such as shipped.
    Statuses,
    /// Visits.
    Visits,
    /// Things that somebody would like to have.
    Wishes,
}

impl EventSet {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Carts,
        Self::Contacts,
        Self::Lines,
        Self::Orders,
        Self::Pages,
        Self::ReturnedLines,
        Self::Returns,
        Self::Searches,
        Self::Statuses,
        Self::Visits,
        Self::Wishes,
    ];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Carts => "carts",
            Self::Contacts => "contacts",
            Self::Lines => "lines",
            Self::Orders => "orders",
            Self::Pages => "pages",
            Self::ReturnedLines => "returned_lines",
            Self::Returns => "returns",
            Self::Searches => "searches",
            Self::Statuses => "statuses",
            Self::Visits => "visits",
            Self::Wishes => "wishes",
        }
    }
}

impl Events {
    /// All events of a kind.
    #[must_use]
    pub fn of(set: EventSet) -> Self {
        Self {
            set,
            filter: None,
            window: None,
        }
    }

    /// Those of them that pass a filter as well.
    #[must_use]
    pub fn filtered(mut self, filter: Filter) -> Self {
        self.filter = Some(match self.filter {
            None => filter,
            Some(first) => first & filter,
        });
        self
    }

    /// Those of a time.
    #[must_use]
    pub fn during(mut self, window: Window) -> Self {
        self.window = Some(window);
        self
    }

    /// Their kind.
    #[must_use]
    pub fn set(&self) -> EventSet {
        self.set
    }

    /// Which of them.
    #[must_use]
    pub fn filter(&self) -> Option<&Filter> {
        self.filter.as_ref()
    }

    /// Of which time.
    #[must_use]
    pub fn window(&self) -> Option<&Window> {
        self.window.as_ref()
    }

    /// How many they are: 0 where there is none.
    #[must_use]
    pub fn count(self) -> Expression {
        Expression::Count(self)
    }

    /// The sum of a field: 0 where there is none.
    #[must_use]
    pub fn sum(self, field: Field) -> Expression {
        self.aggregate(Function::Sum, field)
    }

    /// A field of the last of them, by their time.
    #[must_use]
    pub fn last(self, field: Field) -> Expression {
        self.aggregate(Function::Last, field)
    }

    /// A field of the first of them, by their time.
    #[must_use]
    pub fn first(self, field: Field) -> Expression {
        self.aggregate(Function::First, field)
    }

    /// Any function of a field.
    #[must_use]
    pub fn aggregate(self, function: Function, field: Field) -> Expression {
        Expression::Aggregate(Aggregate {
            function,
            field,
            of: self,
        })
    }

    /// The days of 24 hours since the last of them, with fractions.
    #[must_use]
    pub fn days_since_last(self) -> Expression {
        Expression::DaysSince {
            edge: Edge::Last,
            of: self,
        }
    }
}
