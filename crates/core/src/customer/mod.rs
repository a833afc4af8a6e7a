//! The customer: core fields, identifiers, typed attributes and declared preferences.

mod attribute;
mod identifier;

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use attribute::{Attribute, AttributeName, AttributeValue};
pub use identifier::{Identifier, Strength};

use crate::text::one_line;
use crate::{CustomerId, EmailAddress, Locale, PersonName, PhoneNumber, PostalAddress, ValueError, to_microseconds};

/// What every department knows of one customer. Everything but the id may be missing.
///
/// `version` counts the writes; a write that was made from an older version is refused by the store.
///
/// ```
/// use ecrm_core::{Customer, CustomerId, PersonName, SeededIds};
/// let now = chrono::DateTime::UNIX_EPOCH;
/// let customer = Customer::new(CustomerId::new(&SeededIds::new(1), now), now)
///     .with_name(PersonName::new("Ada", "Lovelace")?)
///     .with_email("ada@shop.example".parse()?);
/// assert_eq!(customer.version(), 0, "not stored yet");
/// # Ok::<(), ecrm_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    id: CustomerId,
    version: u64,
    registered_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<PersonName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    organisation: Option<Organisation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email: Option<EmailAddress>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    phone: Option<PhoneNumber>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<PostalAddress>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    locale: Option<Locale>,
}

impl Customer {
    /// A customer of whom nothing is known but the time of registration.
    #[must_use]
    pub fn new(id: CustomerId, registered_at: DateTime<Utc>) -> Self {
        Self {
            id,
            version: 0,
            registered_at: to_microseconds(registered_at),
            name: None,
            organisation: None,
            email: None,
            phone: None,
            address: None,
            locale: None,
        }
    }

    /// The customer with a name.
    #[must_use]
    pub fn with_name(mut self, name: PersonName) -> Self {
        self.name = Some(name);
        self
    }

    /// The customer with an organisation to which it belongs, or which it is.
    #[must_use]
    pub fn with_organisation(mut self, organisation: Organisation) -> Self {
        self.organisation = Some(organisation);
        self
    }

    /// The customer with an address that confirmations go to.
    #[must_use]
    pub fn with_email(mut self, email: EmailAddress) -> Self {
        self.email = Some(email);
        self
    }

    /// The customer with a telephone number.
    #[must_use]
    pub fn with_phone(mut self, phone: PhoneNumber) -> Self {
        self.phone = Some(phone);
        self
    }

    /// The customer with a postal address.
    #[must_use]
    pub fn with_address(mut self, address: PostalAddress) -> Self {
        self.address = Some(address);
        self
    }

    /// The customer with the language that it is addressed in.
    #[must_use]
    pub fn with_locale(mut self, locale: Locale) -> Self {
        self.locale = Some(locale);
        self
    }

    /// The same details under another id, not stored yet: a customer that is made from a sketch.
    #[must_use]
    pub fn identified(mut self, id: CustomerId, registered_at: DateTime<Utc>) -> Self {
        self.id = id;
        self.registered_at = to_microseconds(registered_at);
        self.version = 0;
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

    /// The name.
    #[must_use]
    pub fn name(&self) -> Option<&PersonName> {
        self.name.as_ref()
    }

    /// The organisation.
    #[must_use]
    pub fn organisation(&self) -> Option<&Organisation> {
        self.organisation.as_ref()
    }

    /// The address that confirmations go to.
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
}

/// The name of a company, an association or an authority.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Organisation(String);

impl Organisation {
    /// An organisation by its name.
    ///
    /// # Errors
    /// When the name is empty, longer than 200 characters or has control characters.
    pub fn new(name: &str) -> Result<Self, ValueError> {
        one_line("organisation", name, 200).map(Self)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Organisation {
    type Error = ValueError;

    fn try_from(name: String) -> Result<Self, ValueError> {
        Self::new(&name)
    }
}

impl From<Organisation> for String {
    fn from(organisation: Organisation) -> Self {
        organisation.0
    }
}

impl fmt::Debug for Organisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Organisation(…)")
    }
}
