//! What happened between a shop and somebody, in the order in which it happened.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    ActivityId, Cart, Channel, Code, ExternalRef, Order, OrderId, OrderStatus, Return, Source, Subject, Visit, Wish,
    to_microseconds,
};

/// One thing that happened. It is never edited: a correction is a further activity that names the one it corrects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    id: ActivityId,
    subject: Subject,
    valid_at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
    source: Source,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    corrects: Option<ActivityId>,
    event: Event,
}

impl Activity {
    /// Something that happened at `valid_at` and was learnt at `recorded_at`.
    pub fn new(
        id: ActivityId,
        subject: impl Into<Subject>,
        valid_at: DateTime<Utc>,
        recorded_at: DateTime<Utc>,
        source: Source,
        event: Event,
    ) -> Self {
        Self {
            id,
            subject: subject.into(),
            valid_at: to_microseconds(valid_at),
            recorded_at: to_microseconds(recorded_at),
            source,
            corrects: None,
            event,
        }
    }

    /// The activity as a correction of an earlier one, which counts no more from `recorded_at` on.
    #[must_use]
    pub fn correcting(mut self, earlier: ActivityId) -> Self {
        self.corrects = Some(earlier);
        self
    }

    /// The id.
    #[must_use]
    pub fn id(&self) -> ActivityId {
        self.id
    }

    /// Whose activity it is.
    #[must_use]
    pub fn subject(&self) -> Subject {
        self.subject
    }

    /// When it happened.
    #[must_use]
    pub fn valid_at(&self) -> DateTime<Utc> {
        self.valid_at
    }

    /// When the shop learnt of it.
    #[must_use]
    pub fn recorded_at(&self) -> DateTime<Utc> {
        self.recorded_at
    }

    /// From where the shop knows it.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The activity that this one corrects.
    #[must_use]
    pub fn corrects(&self) -> Option<ActivityId> {
        self.corrects
    }

    /// What happened.
    #[must_use]
    pub fn event(&self) -> &Event {
        &self.event
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// A cart changed, was left, or became an order.
    Cart(Cart),
    /// The shop and the customer were in touch.
    Contact(Contact),
    /// An order was placed.
    Order(Order),
    /// An order went a step further.
    OrderStatus(OrderProgress),
    /// Goods or money went back.
    Return(Return),
    /// Something that was recorded never happened: only as a correction.
    Retracted,
    /// Somebody visited the site or the shop.
    Visit(Visit),
    /// Somebody would like to have something.
    Wish(Wish),
}

impl Event {
    /// The word of its kind.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Cart(_) => "cart",
            Self::Contact(_) => "contact",
            Self::Order(_) => "order",
            Self::OrderStatus(_) => "order_status",
            Self::Retracted => "retracted",
            Self::Return(_) => "return",
            Self::Visit(_) => "visit",
            Self::Wish(_) => "wish",
        }
    }
}

/// An order that went a step further.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "two facts that belong together")]
pub struct OrderProgress {
    /// The order.
    pub order: OrderId,
    /// Where it stands now.
    pub status: OrderStatus,
}

/// A contact by any channel: an inquiry, a call, a letter, a chat, a visit in the shop.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    channel: Channel,
    direction: Direction,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    topic: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reference: Option<ExternalRef>,
}

impl Contact {
    /// A contact over a channel, in a direction.
    #[must_use]
    pub fn new(channel: Channel, direction: Direction) -> Self {
        Self {
            channel,
            direction,
            topic: None,
            reference: None,
        }
    }

    /// The contact with what it was about.
    #[must_use]
    pub fn about(mut self, topic: impl Into<String>) -> Self {
        self.topic = Some(topic.into());
        self
    }

    /// The contact with the key of the mail, inquiry or call that it was.
    #[must_use]
    pub fn with_reference(mut self, reference: ExternalRef) -> Self {
        self.reference = Some(reference);
        self
    }

    /// The channel.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.channel
    }

    /// Who began it.
    #[must_use]
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// What it was about.
    #[must_use]
    pub fn topic(&self) -> Option<&str> {
        self.topic.as_deref()
    }

    /// The key of the mail, inquiry or call that it was.
    #[must_use]
    pub fn reference(&self) -> Option<&ExternalRef> {
        self.reference.as_ref()
    }
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Contact({}, {:?}, …)", self.channel.code(), self.direction)
    }
}

/// Who began a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "there are two sides")]
pub enum Direction {
    /// The customer.
    Inbound,
    /// The shop.
    Outbound,
}

impl Code for Direction {
    const WHAT: &'static str = "direction";
    const ALL: &'static [Self] = &[Self::Inbound, Self::Outbound];

    fn code(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
        }
    }
}
