#![doc = include_str!("../README.md")]

mod activity;
mod channel;
mod clock;
mod code;
mod consent;
mod contact;
mod customer;
mod enhanced_status;
mod error;
mod id;
mod metric;
mod money;
mod order;
mod promise;
mod recipient;
mod reference;
mod text;
mod visit;

pub use activity::{Activity, Contact, Direction, Event, OrderProgress};
pub use channel::Channel;
pub use clock::{Clock, FixedClock, SystemClock, to_microseconds};
pub use code::Code;
pub use consent::{Consent, ConsentDecision, ConsentState, Purpose, Refusal, SuppressionReason, may_contact};
pub use contact::{ContactData, Country, EmailAddress, Locale, Organisation, PersonName, PhoneNumber, PostalAddress};
pub use customer::{Attribute, AttributeName, AttributeValue, Customer, Identifier, Strength};
pub use enhanced_status::{EnhancedStatus, is_refused_for_now};
pub use error::ValueError;
pub use id::{Id, IdSource, SeededIds, SystemIds};
pub use metric::Metric;
pub use money::{Currency, Money, Quantity, Rounding, UnitPrice};
pub use order::{Availability, LineKind, Order, OrderLine, OrderStatus, Return, ReturnKind};
pub use promise::{Promise, PromiseEnd, PromiseOutcome, PromiseState};
pub use recipient::{Recipient, Subject};
pub use reference::{ExternalRef, Source};
pub use visit::{Cart, CartFate, CartLine, PageView, Search, Visit, Wish, WishReason};

/// The id of an activity.
pub type ActivityId = Id<Activity>;
/// The id of a customer.
pub type CustomerId = Id<Customer>;
/// The id of a guest.
pub type GuestId = Id<GuestMark>;
/// The id of an order.
pub type OrderId = Id<Order>;
/// The id of a promise.
pub type PromiseId = Id<Promise>;
/// The id under which the records of a customer or guest are kept.
pub type SubjectId = Id<Subject>;

/// Tells the ids of guests from others. There is nothing else to know about a guest.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "it has no values")]
pub enum GuestMark {}
