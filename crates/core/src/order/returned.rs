use serde::{Deserialize, Serialize};

use super::{OrderLine, total};
use crate::{Code, ExternalRef, Money, OrderId, ValueError};

/// Goods or money that go back: an order or a part of it that is called off, or goods that are returned.
///
/// Quantities and amounts of its lines are what the customer gets back, so they are positive as a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ReturnParts")]
pub struct Return {
    number: ExternalRef,
    kind: ReturnKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order: Option<OrderId>,
    lines: Vec<OrderLine>,
    total: Money,
}

#[derive(Deserialize)]
struct ReturnParts {
    number: ExternalRef,
    kind: ReturnKind,
    #[serde(default)]
    order: Option<OrderId>,
    lines: Vec<OrderLine>,
}

impl Return {
    /// A return or cancellation with its lines.
    ///
    /// # Errors
    /// When there is no line, the lines are in different currencies, or the total does not fit.
    pub fn new(number: ExternalRef, kind: ReturnKind, lines: Vec<OrderLine>) -> Result<Self, ValueError> {
        let total = total("return", &lines)?;
        Ok(Self {
            number,
            kind,
            order: None,
            lines,
            total,
        })
    }

    /// The return, linked to the order that it belongs to.
    #[must_use]
    pub fn of_order(mut self, order: OrderId) -> Self {
        self.order = Some(order);
        self
    }

    /// All that is said in it, without the link to our order: what tells a repetition from a contradiction.
    #[must_use]
    pub fn content(&self) -> impl Serialize + '_ {
        (&self.number, self.kind, &self.lines)
    }

    /// The number of the credit note or return slip.
    #[must_use]
    pub fn number(&self) -> &ExternalRef {
        &self.number
    }

    /// Whether goods come back.
    #[must_use]
    pub fn kind(&self) -> ReturnKind {
        self.kind
    }

    /// The order that it belongs to, where that is known.
    #[must_use]
    pub fn order(&self) -> Option<OrderId> {
        self.order
    }

    /// What goes back, at least one line.
    #[must_use]
    pub fn lines(&self) -> &[OrderLine] {
        &self.lines
    }

    /// The sum of the lines.
    #[must_use]
    pub fn total(&self) -> Money {
        self.total
    }
}

impl TryFrom<ReturnParts> for Return {
    type Error = ValueError;

    fn try_from(parts: ReturnParts) -> Result<Self, ValueError> {
        let order = parts.order;
        let mut value = Self::new(parts.number, parts.kind, parts.lines)?;
        value.order = order;
        Ok(value)
    }
}

/// Why goods or money go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReturnKind {
    /// Called off, in part or whole.
    Cancellation,
    /// Sent back by the customer.
    Return,
}

impl Code for ReturnKind {
    const WHAT: &'static str = "kind of return";
    const ALL: &'static [Self] = &[Self::Cancellation, Self::Return];

    fn code(self) -> &'static str {
        match self {
            Self::Cancellation => "cancellation",
            Self::Return => "return",
        }
    }
}
