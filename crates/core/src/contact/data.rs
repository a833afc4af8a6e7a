use serde::{Deserialize, Serialize};

use super::{EmailAddress, Locale, Organisation, PersonName, PhoneNumber, PostalAddress};

/// What somebody is called, where they are reached, and in which language. Everything may be missing.
///
/// ```
/// use ecrm_core::{ContactData, PersonName};
/// let typed = ContactData::new().with_email("ada@new.example".parse()?);
/// let stored = ContactData::new().with_name(PersonName::new("Ada", "Lovelace")?).with_email("ada@old.example".parse()?);
/// let known = typed.or(&stored);
/// assert_eq!(known.email().map(|email| email.as_str()), Some("ada@new.example"));
/// assert!(known.name().is_some());
/// # Ok::<(), ecrm_core::ValueError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactData {
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

impl ContactData {
    /// Nothing known yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With a name.
    #[must_use]
    pub fn with_name(mut self, name: PersonName) -> Self {
        self.name = Some(name);
        self
    }

    /// With an organisation to which somebody belongs, or which it is.
    #[must_use]
    pub fn with_organisation(mut self, organisation: Organisation) -> Self {
        self.organisation = Some(organisation);
        self
    }

    /// With a mailbox, to which confirmations go.
    #[must_use]
    pub fn with_email(mut self, email: EmailAddress) -> Self {
        self.email = Some(email);
        self
    }

    /// With a telephone number.
    #[must_use]
    pub fn with_phone(mut self, phone: PhoneNumber) -> Self {
        self.phone = Some(phone);
        self
    }

    /// With a postal address.
    #[must_use]
    pub fn with_address(mut self, address: PostalAddress) -> Self {
        self.address = Some(address);
        self
    }

    /// With the language to write in.
    #[must_use]
    pub fn with_locale(mut self, locale: Locale) -> Self {
        self.locale = Some(locale);
        self
    }

    /// What is known here, and where nothing is, what `other` knows.
    #[must_use]
    pub fn or(self, other: &Self) -> Self {
        Self {
            name: self.name.or_else(|| other.name.clone()),
            organisation: self.organisation.or_else(|| other.organisation.clone()),
            email: self.email.or_else(|| other.email.clone()),
            phone: self.phone.or_else(|| other.phone.clone()),
            address: self.address.or_else(|| other.address.clone()),
            locale: self.locale.or_else(|| other.locale.clone()),
        }
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
}
