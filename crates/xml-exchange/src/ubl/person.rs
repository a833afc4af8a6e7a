use ecrm_core::PersonName;
use ecrm_xml::{Element, Writer, XmlError};

use super::names::{cac, cbc};
use super::value::{Part, one, put};
use crate::profile::NameParts;

/// A person who belongs to a party, or is one.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Person {
    /// `FirstName`.
    pub given: Option<String>,
    /// `FamilyName`.
    pub family: Option<String>,
    /// `Title`.
    pub title: Option<String>,
    /// `MiddleName`.
    pub middle: Option<String>,
    /// `NameSuffix`.
    pub suffix: Option<String>,
    /// `JobTitle`.
    pub job_title: Option<String>,
    /// `GenderCode`.
    pub gender: Option<String>,
    /// `BirthDate`, as it is written.
    pub birth_date: Option<String>,
    /// `Contact`.
    pub contact: Option<Contact>,
}

impl Person {
    pub(super) fn name_parts(&self) -> NameParts {
        let part = |part: &Option<String>| part.clone().unwrap_or_default();
        NameParts {
            title: part(&self.title),
            given: part(&self.given),
            additional: part(&self.middle),
            family: part(&self.family),
            suffix: part(&self.suffix),
        }
    }
}

impl From<&PersonName> for Person {
    fn from(name: &PersonName) -> Self {
        let part = |part: Option<&str>| part.map(str::to_owned);
        Self {
            given: part(name.given()),
            family: part(name.family()),
            title: part(name.title()),
            middle: part(name.additional()),
            suffix: part(name.suffix()),
            ..Self::default()
        }
    }
}

impl Part for Person {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            given: one(element, cbc("FirstName"))?,
            family: one(element, cbc("FamilyName"))?,
            title: one(element, cbc("Title"))?,
            middle: one(element, cbc("MiddleName"))?,
            suffix: one(element, cbc("NameSuffix"))?,
            job_title: one(element, cbc("JobTitle"))?,
            gender: one(element, cbc("GenderCode"))?,
            birth_date: one(element, cbc("BirthDate"))?,
            contact: one(element, cac("Contact"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("FirstName"), &self.given);
        put(writer, cbc("FamilyName"), &self.family);
        put(writer, cbc("Title"), &self.title);
        put(writer, cbc("MiddleName"), &self.middle);
        put(writer, cbc("NameSuffix"), &self.suffix);
        put(writer, cbc("JobTitle"), &self.job_title);
        put(writer, cbc("GenderCode"), &self.gender);
        put(writer, cbc("BirthDate"), &self.birth_date);
        put(writer, cac("Contact"), &self.contact);
    }
}

/// Where somebody is reached, letter by letter as the document has it.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Contact {
    /// `Name`: whom to ask for.
    pub name: Option<String>,
    /// `Telephone`.
    pub telephone: Option<String>,
    /// `Telefax`.
    pub telefax: Option<String>,
    /// `ElectronicMail`.
    pub email: Option<String>,
}

impl Part for Contact {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            name: one(element, cbc("Name"))?,
            telephone: one(element, cbc("Telephone"))?,
            telefax: one(element, cbc("Telefax"))?,
            email: one(element, cbc("ElectronicMail"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("Name"), &self.name);
        put(writer, cbc("Telephone"), &self.telephone);
        put(writer, cbc("Telefax"), &self.telefax);
        put(writer, cbc("ElectronicMail"), &self.email);
    }
}

redacted!(Person, Contact);
