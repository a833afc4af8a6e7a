//! The properties of events.

use serde::{Deserialize, Serialize};

use super::{EventSet, ValueType};

/// A property of an event. Which kinds of events have it is told by [`type_in`](Self::type_in).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Field {
    /// The amount: the total of an order or return, the amount of a line.
    Amount,
    /// When it happened.
    At,
    /// The state of a line's stock: `in_stock`, `back_ordered`, ...
    Availability,
    /// The brand.
    Brand,
    /// The category.
    Category,
    /// The channel: `web`, `phone`, ...
    Channel,
    /// What a line costs the shop.
    Cost,
    /// The day on which it happened, in the zone of the segment.
    Day,
    /// The text of a line.
    Description,
    /// Who began a contact: `inbound` or `outbound`.
    Direction,
    /// The day on which a back-ordered line is expected.
    ExpectedOn,
    /// What became of a cart: `open`, `left`, `emptied`, `ordered`.
    Fate,
    /// The kind of a line (`product`, `shipping`, ...) or of a return (`return`, `cancellation`).
    Kind,
    /// How many lines it has.
    Lines,
    /// What is earned by a line: its amount without its cost.
    Margin,
    /// The number that the shop gave it.
    Number,
    /// The total of the order of a line.
    OrderAmount,
    /// The channel of the order of a line.
    OrderChannel,
    /// The number of the order of a line.
    OrderNumber,
    /// How many pages were looked at.
    Pages,
    /// The path of a page.
    Path,
    /// How many of it.
    Quantity,
    /// What was searched for.
    Query,
    /// Why something is wished for.
    Reason,
    /// From where a visit came.
    Referrer,
    /// How many results a search had.
    Results,
    /// The section of a page.
    Section,
    /// The item number.
    Sku,
    /// The step of an order: `paid`, `shipped`, ...
    Status,
    /// What a contact was about.
    Topic,
    /// The price of one.
    UnitPrice,
}

impl Field {
    /// All of them.
    pub const ALL: [Self; 31] = [
        Self::Amount,
        Self::At,
        Self::Availability,
        Self::Brand,
        Self::Category,
        Self::Channel,
        Self::Cost,
        Self::Day,
        Self::Description,
        Self::Direction,
        Self::ExpectedOn,
        Self::Fate,
        Self::Kind,
        Self::Lines,
        Self::Margin,
        Self::Number,
        Self::OrderAmount,
        Self::OrderChannel,
        Self::OrderNumber,
        Self::Pages,
        Self::Path,
        Self::Quantity,
        Self::Query,
        Self::Reason,
        Self::Referrer,
        Self::Results,
        Self::Section,
        Self::Sku,
        Self::Status,
        Self::Topic,
        Self::UnitPrice,
    ];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Amount => "amount",
            Self::At => "at",
            Self::Availability => "availability",
            Self::Brand => "brand",
            Self::Category => "category",
            Self::Channel => "channel",
            Self::Cost => "cost",
            Self::Day => "day",
            Self::Description => "description",
            Self::Direction => "direction",
            Self::ExpectedOn => "expected_on",
            Self::Fate => "fate",
            Self::Kind => "kind",
            Self::Lines => "lines",
            Self::Margin => "margin",
            Self::Number => "number",
            Self::OrderAmount => "order_amount",
            Self::OrderChannel => "order_channel",
            Self::OrderNumber => "order_number",
            Self::Pages => "pages",
            Self::Path => "path",
            Self::Quantity => "quantity",
            Self::Query => "query",
            Self::Reason => "reason",
            Self::Referrer => "referrer",
            Self::Results => "results",
            Self::Section => "section",
            Self::Sku => "sku",
            Self::Status => "status",
            Self::Topic => "topic",
            Self::UnitPrice => "unit_price",
        }
    }

    /// The type of its values in events of a kind; nothing where they do not have it.
    #[must_use]
    pub fn type_in(self, set: EventSet) -> Option<ValueType> {
        let fields = fields_of(set);
        let found = fields.iter().find(|(field, _)| *field == self);
        match self {
            Self::At => Some(ValueType::Instant),
            Self::Day => Some(ValueType::Date),
            _ => found.map(|(_, kind)| *kind),
        }
    }
}

/// The fields that events of a kind have beside their time.
fn fields_of(set: EventSet) -> &'static [(Field, ValueType)] {
    use ValueType::{Date, Money, Number, Text};
    match set {
        EventSet::Carts => &[(Field::Fate, Text), (Field::Lines, Number), (Field::Number, Text)],
        EventSet::Contacts => &[(Field::Channel, Text), (Field::Direction, Text), (Field::Topic, Text)],
        EventSet::Lines | EventSet::ReturnedLines => &[
            (Field::Amount, Money),
            (Field::Availability, Text),
            (Field::Brand, Text),
            (Field::Category, Text),
            (Field::Cost, Money),
            (Field::Description, Text),
            (Field::ExpectedOn, Date),
            (Field::Kind, Text),
            (Field::Margin, Money),
            (Field::OrderAmount, Money),
            (Field::OrderChannel, Text),
            (Field::OrderNumber, Text),
            (Field::Quantity, Number),
            (Field::Sku, Text),
            (Field::UnitPrice, Money),
        ],
        EventSet::Orders => &[
            (Field::Amount, Money),
            (Field::Channel, Text),
            (Field::Lines, Number),
            (Field::Margin, Money),
            (Field::Number, Text),
        ],
        EventSet::Pages => &[(Field::Path, Text), (Field::Section, Text)],
        EventSet::Returns => &[
            (Field::Amount, Money),
            (Field::Kind, Text),
            (Field::Lines, Number),
            (Field::Number, Text),
        ],
        EventSet::Searches => &[(Field::Query, Text), (Field::Results, Number)],
        EventSet::Statuses => &[(Field::Status, Text)],
        EventSet::Visits => &[(Field::Channel, Text), (Field::Pages, Number), (Field::Referrer, Text)],
        EventSet::Wishes => &[(Field::Quantity, Number), (Field::Reason, Text), (Field::Sku, Text)],
    }
}
