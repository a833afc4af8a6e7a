//! What people are called and where they are reached.

use std::borrow::Cow;

use ecrm_core::{ContactData, EmailAddress, Locale, Organisation, PersonName, PhoneNumber, PostalAddress, Recipient};

use super::parts::own;
use crate::values::{
    optional_text, read_subject, read_text, required_text, write_optional_text, write_subject, write_text,
};
use crate::{Element, ErrorCode, Name, Writer, XmlError, XmlForm};

const ADDITIONAL: Name<'static> = own("additional");
const ADDRESS_LINE: Name<'static> = own("addressLine");
const COUNTRY: Name<'static> = own("country");
const EMAIL: Name<'static> = own("email");
const FAMILY: Name<'static> = own("family");
const GIVEN: Name<'static> = own("given");
const LOCALE: Name<'static> = own("locale");
const LOCALITY: Name<'static> = own("locality");
const ORGANISATION: Name<'static> = own("organisation");
const PHONE: Name<'static> = own("phone");
const POSTAL_CODE: Name<'static> = own("postalCode");
const REGION: Name<'static> = own("region");
const SUFFIX: Name<'static> = own("suffix");
const TITLE: Name<'static> = own("title");

impl XmlForm for ContactData {
    const NAME: Name<'static> = own("contact");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        if let Some(name) = self.name() {
            name.write(writer);
        }
        write_optional_text(writer, ORGANISATION, self.organisation().map(Organisation::as_str));
        write_optional_text(writer, EMAIL, self.email().map(EmailAddress::as_str));
        write_optional_text(writer, PHONE, self.phone().map(PhoneNumber::as_str));
        if let Some(address) = self.address() {
            address.write(writer);
        }
        write_optional_text(writer, LOCALE, self.locale().map(Locale::as_str));
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let mut contact = Self::new();
        if let Some(name) = element.optional(PersonName::NAME)? {
            contact = contact.with_name(PersonName::read(&name)?);
        }
        if let Some(organisation) = element.optional(ORGANISATION)? {
            contact = contact.with_organisation(organisation.check(Organisation::new(&read_text(&organisation)?))?);
        }
        if let Some(email) = element.optional(EMAIL)? {
            contact = contact.with_email(email.value()?);
        }
        if let Some(phone) = element.optional(PHONE)? {
            contact = contact.with_phone(phone.value()?);
        }
        if let Some(address) = element.optional(PostalAddress::NAME)? {
            contact = contact.with_address(PostalAddress::read(&address)?);
        }
        if let Some(locale) = element.optional(LOCALE)? {
            contact = contact.with_locale(locale.value()?);
        }
        Ok(contact)
    }
}

impl XmlForm for PersonName {
    const NAME: Name<'static> = own("name");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        write_optional_text(writer, TITLE, self.title());
        write_optional_text(writer, GIVEN, self.given());
        write_optional_text(writer, ADDITIONAL, self.additional());
        write_optional_text(writer, FAMILY, self.family());
        write_optional_text(writer, SUFFIX, self.suffix());
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let part = |name| optional_text(element, name);
        let mut name = match (part(GIVEN)?, part(FAMILY)?) {
            (Some(given), Some(family)) => element.check(Self::new(&given, &family))?,
            (Some(given), None) => element.check(Self::single(&given))?,
            (None, Some(family)) => element.check(Self::family_only(&family))?,
            (None, None) => {
                return Err(element.error(ErrorCode::Missing, "a name must have a given or a family name"));
            }
        };
        if let Some(title) = part(TITLE)? {
            name = element.check(name.with_title(&title))?;
        }
        if let Some(additional) = part(ADDITIONAL)? {
            name = element.check(name.with_additional(&additional))?;
        }
        if let Some(suffix) = part(SUFFIX)? {
            name = element.check(name.with_suffix(&suffix))?;
        }
        Ok(name)
    }
}

impl XmlForm for PostalAddress {
    const NAME: Name<'static> = own("address");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        for line in self.lines() {
            write_text(writer, ADDRESS_LINE, line);
        }
        write_text(writer, LOCALITY, self.locality());
        write_optional_text(writer, REGION, self.region());
        write_optional_text(writer, POSTAL_CODE, self.postal_code());
        writer.element(COUNTRY, self.country().code());
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let lines = element
            .all(ADDRESS_LINE)
            .map(|line| read_text(&line))
            .collect::<Result<Vec<_>, _>>()?;
        let lines: Vec<&str> = lines.iter().map(Cow::as_ref).collect();
        let country = element.required(COUNTRY)?.value()?;
        let mut address = element.check(Self::new(&lines, &required_text(element, LOCALITY)?, country))?;
        if let Some(region) = optional_text(element, REGION)? {
            address = element.check(address.with_region(&region))?;
        }
        if let Some(code) = optional_text(element, POSTAL_CODE)? {
            address = element.check(address.with_postal_code(&code))?;
        }
        Ok(address)
    }
}

impl XmlForm for Recipient {
    const NAME: Name<'static> = own("recipient");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        write_subject(writer, self.subject());
        self.contact().write(writer);
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self::new(read_subject(element)?, read_contact(element)?))
    }
}

/// Reads the contact data of a record, which may have none.
pub(super) fn read_contact(record: &Element<'_>) -> Result<ContactData, XmlError> {
    let contact = record
        .optional(ContactData::NAME)?
        .map(|contact| ContactData::read(&contact));
    contact.transpose().map(Option::unwrap_or_default)
}
