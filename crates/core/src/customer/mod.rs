//! The customer: core fields, identifiers, typed attributes and declared preferences.

mod attribute;
mod identifier;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use attribute::{Attribute, AttributeName, AttributeValue};
pub use identifier::{Identifier, Strength};

use crate::{ContactData, CustomerId, to_microseconds};

/// What every department knows of one customer. Everything but the id may be missing.
///
/// `version` counts the writes; a write that was made from an older version is refused by the store.
///
/// ```
/// use ecrm_core::{ContactData, Customer, CustomerId, PersonName, SeededIds};
/// let now = chrono::DateTime::UNIX_EPOCH;
/// let ada = ContactData::new()
///     .with_name(PersonName::new("Ada", "Lovelace")?)
///     .with_email("ada@shop.example".parse()?);
/// let customer = Customer::new(CustomerId::new(&SeededIds::new(1), now), now).with_contact(ada);
/// assert_eq!(customer.version(), 0, "not stored yet");
/// # Ok::<(), ecrm_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    id: CustomerId,
    version: u64,
    registered_at: DateTime<Utc>,
    #[serde(flatten)]
    contact: ContactData,
}

impl Customer {
    /// A customer of whom nothing is known but the time of registration.
    #[must_use]
    pub fn new(id: CustomerId, registered_at: DateTime<Utc>) -> Self {
        Self {
            id,
            version: 0,
            registered_at: to_microseconds(registered_at),
            contact: ContactData::new(),
        }
    }

    /// The customer with these contact data instead of those it had.
    #[must_use]
    pub fn with_contact(mut self, contact: ContactData) -> Self {
        self.contact = contact;
        self
    }

    /// The customer with some of its contact data changed.
    ///
    /// ```
    /// # use ecrm_core::{Customer, CustomerId, SeededIds};
    /// # let now = chrono::DateTime::UNIX_EPOCH;
    /// # let customer = Customer::new(CustomerId::new(&SeededIds::new(1), now), now);
    /// let email = "ada@new.example".parse()?;
    /// let moved = customer.map_contact(|contact| contact.with_email(email));
    /// # assert!(moved.contact().email().is_some());
    /// # Ok::<(), ecrm_core::ValueError>(())
    /// ```
    #[must_use]
    pub fn map_contact(mut self, change: impl FnOnce(ContactData) -> ContactData) -> Self {
        self.contact = change(self.contact);
        self
    }

    /// The customer as the store has written it.
    #[must_use]
    pub fn with_version(mut self, version: u64) -> Self {
        self.version = version;
        self
    }

    /// The id, for ever: after a merge it leads to the survivor.
    #[must_use]
    pub fn id(&self) -> CustomerId {
        self.id
    }

    /// The number of writes so far; 0 for a customer that is not stored.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// When the customer was first recognised.
    #[must_use]
    pub fn registered_at(&self) -> DateTime<Utc> {
        self.registered_at
    }

    /// What the customer is called and where it is reached.
    #[must_use]
    pub fn contact(&self) -> &ContactData {
        &self.contact
    }
}
