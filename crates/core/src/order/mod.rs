//! Orders, what becomes of them, and what comes back.

mod availability;
mod line;
mod returned;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use availability::Availability;
pub use line::{LineKind, OrderLine};
pub use returned::{Return, ReturnKind};

use crate::{Channel, Code, Currency, ExternalRef, Money, OrderId, ValueError, to_microseconds};

/// An order as the customer placed it: what is sold, in one currency, and how truthfully each line can be had.
///
/// ```
/// use ecrm_core::{Availability, Channel, ExternalRef, Order, OrderId, OrderLine, Quantity, SeededIds};
/// let now = chrono::DateTime::UNIX_EPOCH;
/// let lamp = OrderLine::product("LAMP-1", "Lamp", Quantity::pieces(2), "14.50 EUR".parse()?)?
///     .with_availability(Availability::BackOrdered { expected: None });
/// let id = OrderId::new(&SeededIds::new(1), now);
/// let order = Order::new(id, ExternalRef::new("shop", "10248")?, now, Channel::Web, vec![lamp])?;
/// assert_eq!(order.total().to_string(), "29.00 EUR");
/// # Ok::<(), ecrm_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "OrderParts")]
pub struct Order {
    id: OrderId,
    number: ExternalRef,
    placed_at: DateTime<Utc>,
    channel: Channel,
    lines: Vec<OrderLine>,
    total: Money,
}

#[derive(Deserialize)]
struct OrderParts {
    id: OrderId,
    number: ExternalRef,
    placed_at: DateTime<Utc>,
    channel: Channel,
    lines: Vec<OrderLine>,
}

impl Order {
    /// An order with its lines.
    ///
    /// # Errors
    /// When there is no line, the lines are in different currencies, or the total does not fit.
    pub fn new(
        id: OrderId,
        number: ExternalRef,
        placed_at: DateTime<Utc>,
        channel: Channel,
        lines: Vec<OrderLine>,
    ) -> Result<Self, ValueError> {
        let total = total("order", &lines)?;
        Ok(Self {
            id,
            number,
            placed_at: to_microseconds(placed_at),
            channel,
            lines,
            total,
        })
    }

    /// All that the customer said, without our id: what tells a repetition from a contradiction.
    #[must_use]
    pub fn content(&self) -> impl Serialize + '_ {
        (&self.number, self.placed_at, self.channel, &self.lines)
    }

    /// Our id.
    #[must_use]
    pub fn id(&self) -> OrderId {
        self.id
    }

    /// The number that the shop and the customer know it by.
    #[must_use]
    pub fn number(&self) -> &ExternalRef {
        &self.number
    }

    /// When it was placed.
    #[must_use]
    pub fn placed_at(&self) -> DateTime<Utc> {
        self.placed_at
    }

    /// How it came in.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.channel
    }

    /// The lines, at least one.
    #[must_use]
    pub fn lines(&self) -> &[OrderLine] {
        &self.lines
    }

    /// The sum of the lines.
    #[must_use]
    pub fn total(&self) -> Money {
        self.total
    }

    /// The currency of all lines.
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.total.currency()
    }
}

impl TryFrom<OrderParts> for Order {
    type Error = ValueError;

    fn try_from(parts: OrderParts) -> Result<Self, ValueError> {
        Self::new(parts.id, parts.number, parts.placed_at, parts.channel, parts.lines)
    }
}

/// The sum of lines that must be there and be in one currency.
fn total(what: &'static str, lines: &[OrderLine]) -> Result<Money, ValueError> {
    let first = lines.first().ok_or_else(|| ValueError::new(what, "has no line"))?;
    Money::sum(first.amount().currency(), lines.iter().map(OrderLine::amount))
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OrderStatus {
    /// Called off.
    Cancelled,
    /// Done: delivered and paid.
    Completed,
    /// Accepted by the shop.
    Confirmed,
    /// With the customer.
    Delivered,
    /// Waiting for something: payment, a check.
    OnHold,
    /// Paid.
    Paid,
    /// A part has gone out.
    PartlyShipped,
    /// Arrived at the shop.
    Received,
    /// All has gone out.
    Shipped,
}

impl Code for OrderStatus {
    const WHAT: &'static str = "order status";
    const ALL: &'static [Self] = &[
        Self::Cancelled,
        Self::Completed,
        Self::Confirmed,
        Self::Delivered,
        Self::OnHold,
        Self::Paid,
        Self::PartlyShipped,
        Self::Received,
        Self::Shipped,
    ];

    fn code(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Completed => "completed",
            Self::Confirmed => "confirmed",
            Self::Delivered => "delivered",
            Self::OnHold => "on_hold",
            Self::Paid => "paid",
            Self::PartlyShipped => "partly_shipped",
            Self::Received => "received",
            Self::Shipped => "shipped",
        }
    }
}
