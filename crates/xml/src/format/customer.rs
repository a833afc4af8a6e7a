//! Customers, alone and with all that the core knows of them.

use chrono::{DateTime, Utc};
use ecrm_core::{Attribute, Consent, Customer, Source, to_microseconds};

use super::KnownIdentifier;
use super::contact::read_contact;
use super::parts::own;
use super::provenance::{optional_source, write_source};
use crate::values::{optional, read_instant, required, write_attribute, write_instant};
use crate::{Element, ErrorCode, Name, Writer, XmlError, XmlForm};

/// A customer with identifiers, attributes, declared preferences and consents, and where the present version comes from.
///
/// ```
/// use ecrm_core::{Customer, CustomerId, Identifier, SeededIds};
/// use ecrm_xml::format::{CustomerRecord, KnownIdentifier};
/// let now = chrono::DateTime::UNIX_EPOCH;
/// let customer = Customer::new(CustomerId::new(&SeededIds::new(1), now), now);
/// let email = Identifier::Email("ada@shop.example".parse()?);
/// let record = CustomerRecord::new(customer).with_identifier(KnownIdentifier::new(email));
/// assert_eq!(record.identifiers().len(), 1);
/// # Ok::<(), ecrm_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerRecord {
    customer: Customer,
    recorded: Option<(DateTime<Utc>, Source)>,
    identifiers: Vec<KnownIdentifier>,
    attributes: Vec<Attribute>,
    consents: Vec<Consent>,
}

impl CustomerRecord {
    /// A customer of whom nothing else is told.
    #[must_use]
    pub fn new(customer: Customer) -> Self {
        Self {
            customer,
            recorded: None,
            identifiers: Vec::new(),
            attributes: Vec::new(),
            consents: Vec::new(),
        }
    }

    /// The record with when and from where the shop learnt this version of the customer.
    #[must_use]
    pub fn recorded(mut self, at: DateTime<Utc>, source: Source) -> Self {
        self.recorded = Some((to_microseconds(at), source));
        self
    }

    /// The record with one more identifier.
    #[must_use]
    pub fn with_identifier(mut self, identifier: KnownIdentifier) -> Self {
        self.identifiers.push(identifier);
        self
    }

    /// The record with one more version of an attribute or declared preference.
    #[must_use]
    pub fn with_attribute(mut self, attribute: Attribute) -> Self {
        self.attributes.push(attribute);
        self
    }

    /// The record with one more entry of the consent ledger. It keeps the subject that it was given for, which may be a guest or
    /// a customer who was merged into this one.
    #[must_use]
    pub fn with_consent(mut self, consent: Consent) -> Self {
        self.consents.push(consent);
        self
    }

    /// The customer.
    #[must_use]
    pub fn customer(&self) -> &Customer {
        &self.customer
    }

    /// When the shop learnt this version of the customer.
    #[must_use]
    pub fn recorded_at(&self) -> Option<DateTime<Utc>> {
        self.recorded.as_ref().map(|(at, _)| *at)
    }

    /// From where the shop knows this version of the customer.
    #[must_use]
    pub fn source(&self) -> Option<&Source> {
        self.recorded.as_ref().map(|(_, source)| source)
    }

    /// What the customer is recognised by.
    #[must_use]
    pub fn identifiers(&self) -> &[KnownIdentifier] {
        &self.identifiers
    }

    /// Versions of attributes and declared preferences.
    #[must_use]
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// Entries of the consent ledger.
    #[must_use]
    pub fn consents(&self) -> &[Consent] {
        &self.consents
    }
}

impl XmlForm for CustomerRecord {
    const NAME: Name<'static> = Customer::NAME;

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        write_core(writer, &self.customer, self.recorded.as_ref());
        for identifier in &self.identifiers {
            identifier.write(writer);
        }
        for attribute in &self.attributes {
            attribute.write(writer);
        }
        for consent in &self.consents {
            consent.write(writer);
        }
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let recorded = match (
            optional(element, "recordedAt", read_instant)?,
            optional_source(element)?,
        ) {
            (Some(at), Some(source)) => Some((at, source)),
            (None, None) => None,
            _ => {
                return Err(element.error(
                    ErrorCode::Missing,
                    "recordedAt and source stand together, or none of them",
                ));
            }
        };
        let mut record = Self::new(Customer::read(element)?);
        if let Some((at, source)) = recorded {
            record = record.recorded(at, source);
        }
        for identifier in element.all(KnownIdentifier::NAME) {
            record = record.with_identifier(KnownIdentifier::read(&identifier)?);
        }
        for attribute in element.all(Attribute::NAME) {
            record = record.with_attribute(Attribute::read(&attribute)?);
        }
        for consent in element.all(Consent::NAME) {
            record = record.with_consent(Consent::read(&consent)?);
        }
        Ok(record)
    }
}

/// The customer alone. Identifiers, attributes and consents are left over; [`CustomerRecord`] reads them.
impl XmlForm for Customer {
    const NAME: Name<'static> = own("customer");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.within(Self::NAME, |writer| write_core(writer, self, None));
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let id = required(element, "id", str::parse)?;
        let registered_at = required(element, "registeredAt", read_instant)?;
        let version = optional(element, "version", str::parse)?.unwrap_or(0);
        let contact = read_contact(element)?;
        Ok(Self::new(id, registered_at).with_version(version).with_contact(contact))
    }
}

fn write_core(writer: &mut Writer<'_>, customer: &Customer, recorded: Option<&(DateTime<Utc>, Source)>) {
    write_attribute(writer, "id", customer.id());
    write_attribute(writer, "version", customer.version());
    write_attribute(writer, "registeredAt", write_instant(customer.registered_at()));
    if let Some((at, source)) = recorded {
        write_attribute(writer, "recordedAt", write_instant(*at));
        write_source(writer, source);
    }
    customer.contact().write(writer);
}
