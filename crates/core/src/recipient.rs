//! Who a message goes to: a customer, or a guest who is none until recognised.

use serde::{Deserialize, Serialize};

use crate::{
    Channel, Customer, CustomerId, EmailAddress, GuestId, Id, Locale, PersonName, PhoneNumber, PostalAddress, SubjectId,
};

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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<PersonName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email: Option<EmailAddress>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    phone: Option<PhoneNumber>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<PostalAddress>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    locale: Option<Locale>,
}

impl Recipient {
    /// Somebody who cannot be reached yet.
    pub fn new(subject: impl Into<Subject>) -> Self {
        Self {
            subject: subject.into(),
            name: None,
            email: None,
            phone: None,
            address: None,
            locale: None,
        }
    }

    /// The recipient with a name.
    #[must_use]
    pub fn with_name(mut self, name: PersonName) -> Self {
        self.name = Some(name);
        self
    }

    /// The recipient with a mailbox.
    #[must_use]
    pub fn with_email(mut self, email: EmailAddress) -> Self {
        self.email = Some(email);
        self
    }

    /// The recipient with a telephone number.
    #[must_use]
    pub fn with_phone(mut self, phone: PhoneNumber) -> Self {
        self.phone = Some(phone);
        self
    }

    /// The recipient with a postal address.
    #[must_use]
    pub fn with_address(mut self, address: PostalAddress) -> Self {
        self.address = Some(address);
        self
    }

    /// The recipient with a language.
    #[must_use]
    pub fn with_locale(mut self, locale: Locale) -> Self {
        self.locale = Some(locale);
        self
    }

    /// Who it is.
    #[must_use]
    pub fn subject(&self) -> Subject {
        self.subject
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> Option<&PersonName> {
        self.name.as_ref()
    }

    /// The mailbox.
    #[must_use]
    pub fn email(&self) -> Option<&EmailAddress> {
        self.email.as_ref()
    }

    /// The telephone number.
    #[must_use]
    pub fn phone(&self) -> Option<&PhoneNumber> {
        self.phone.as_ref()
    }

    /// The postal address.
    #[must_use]
    pub fn address(&self) -> Option<&PostalAddress> {
        self.address.as_ref()
    }

    /// The language.
    #[must_use]
    pub fn locale(&self) -> Option<&Locale> {
        self.locale.as_ref()
    }

    /// The normalised address of a channel: what suppressions are kept under. Nothing where the recipient cannot be reached so,
    /// or the channel has no address of its own (chat, the site, face to face).
    #[must_use]
    pub fn address_key(&self, channel: Channel) -> Option<String> {
        match channel {
            Channel::Email => self.email.as_ref().map(EmailAddress::key),
            Channel::Phone | Channel::Sms => self.phone.as_ref().map(|number| number.as_str().to_owned()),
            Channel::Post => self.address.as_ref().map(|address| {
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
        Self {
            subject: customer.id().into(),
            name: customer.name().cloned(),
            email: customer.email().cloned(),
            phone: customer.phone().cloned(),
            address: customer.address().cloned(),
            locale: customer.locale().cloned(),
        }
    }
}
