//! All that criteria can look at, about one customer, in the types of the core model.

use chrono::{DateTime, Utc};
use ecrm_core::{Activity, Attribute, Channel, Consent, Customer, Metric, SuppressionReason};

use crate::criteria::Name;

/// All that is known of a customer. An order among them changes nothing, except where two entries are of the same instant: then the
/// later in the list holds.
#[derive(Debug, Clone)]
#[expect(clippy::exhaustive_structs, reason = "the parts of the shared record, given by name")]
pub struct History {
    /// The core record.
    pub customer: Customer,
    /// All versions of all attributes and preferences.
    pub attributes: Vec<Attribute>,
    /// The ledger of consents.
    pub consents: Vec<Consent>,
    /// The numbers that modules have published.
    pub metrics: Vec<Metric>,
    /// What happened, corrections included.
    pub activities: Vec<Activity>,
    /// For what the customer's addresses are suppressed.
    pub suppressed: Vec<Suppressed>,
    /// The lists on which the customer is.
    pub lists: Vec<Name>,
}

/// An address of the customer that must not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "what a suppression says")]
pub struct Suppressed {
    /// Over which channel.
    pub channel: Channel,
    /// Why.
    pub reason: SuppressionReason,
    /// From when on.
    pub from: DateTime<Utc>,
    /// Until before when, if it ends.
    pub until: Option<DateTime<Utc>>,
}

impl History {
    /// A customer of whom nothing else is known.
    #[must_use]
    pub fn of(customer: Customer) -> Self {
        Self {
            customer,
            attributes: Vec::new(),
            consents: Vec::new(),
            metrics: Vec::new(),
            activities: Vec::new(),
            suppressed: Vec::new(),
            lists: Vec::new(),
        }
    }
}
