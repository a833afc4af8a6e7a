//! Who a message goes to: a customer, or a guest who is none until recognised.

use serde::{Deserialize, Serialize};

use crate::{Channel, ContactData, Customer, CustomerId, EmailAddress, GuestId, Id, SubjectId};

/// Somebody about whom the shop has records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "whoever is no customer is a guest")]
pub enum Subject {
    /// A customer.
    Customer(CustomerId),
    /// A guest: has records, and is no customer until recognised.
    Guest(GuestId),
}

impl Subject {
    /// The id under which the records are kept.
    #[must_use]
    pub fn id(self) -> SubjectId {
        match self {
            Self::Customer(id) => Id::from_uuid(id.uuid()),
            Self::Guest(id) => Id::from_uuid(id.uuid()),
        }
    }

    /// The customer, if it is one.
    #[must_use]
    pub fn customer(self) -> Option<CustomerId> {
        match self {
            Self::Customer(id) => Some(id),
            Self::Guest(_) => None,
        }
    }
}

impl From<CustomerId> for Subject {
    fn from(id: CustomerId) -> Self {
        Self::Customer(id)
    }
}

impl From<GuestId> for Subject {
    fn from(id: GuestId) -> Self {
        Self::Guest(id)
    }
}

/// A customer or guest with the addresses at which it can be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    subject: Subject,
    #[serde(flatten)]
    contact: ContactData,
}

impl Recipient {
    /// Somebody with the contact data that hold now.
    pub fn new(subject: impl Into<Subject>, contact: ContactData) -> Self {
        Self {
            subject: subject.into(),
            contact,
        }
    }

    /// Who it is.
    #[must_use]
    pub fn subject(&self) -> Subject {
        self.subject
    }

    /// What the recipient is called and where it is reached.
    #[must_use]
    pub fn contact(&self) -> &ContactData {
        &self.contact
    }

    /// The normalised address of a channel: what suppressions are kept under. Nothing where the recipient cannot be reached so,
    /// or the channel has no address of its own (chat, the site, face to face).
    #[must_use]
    pub fn address_key(&self, channel: Channel) -> Option<String> {
        match channel {
            Channel::Email => self.contact.email().map(EmailAddress::key),
            Channel::Phone | Channel::Sms => self.contact.phone().map(|number| number.as_str().to_owned()),
            Channel::Post => self.contact.address().map(|address| {
                let mut parts: Vec<_> = address.lines().iter().map(String::as_str).collect();
                parts.extend([
                    address.postal_code().unwrap_or(""),
                    address.locality(),
                    address.country().code(),
                ]);
                parts.join("\n").to_lowercase()
            }),
            Channel::Chat | Channel::InPerson | Channel::Push | Channel::Web => None,
        }
    }
}

impl From<&Customer> for Recipient {
    fn from(customer: &Customer) -> Self {
        Self::new(customer.id(), customer.contact().clone())
    }
}
