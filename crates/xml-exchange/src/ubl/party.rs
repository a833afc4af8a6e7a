use ecrm_core::ExternalRef;
use ecrm_xml::{Element, Writer, XmlError};

use super::address::Address;
use super::names::{cac, cbc};
use super::person::{Contact, Person};
use super::value::{Identification, Part, all, all_in, one, put, put_in};
use crate::profile::{NameParts, PartyProfile};

/// The system that identifiers without a scheme are listed under.
const NO_SCHEME: &str = "ubl";

/// Somebody: a company, an office, a person.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Party {
    /// `WebsiteURI`.
    pub website: Option<String>,
    /// `EndpointID`: the electronic address of the party.
    pub endpoint: Option<Identification>,
    /// `PartyIdentification/ID`.
    pub identifications: Vec<Identification>,
    /// `PartyName/Name`.
    pub names: Vec<String>,
    /// `Language`.
    pub language: Option<PartyLanguage>,
    /// `PostalAddress`.
    pub address: Option<Address>,
    /// `PartyTaxScheme`.
    pub tax_schemes: Vec<PartyTaxScheme>,
    /// `PartyLegalEntity`.
    pub legal_entities: Vec<PartyLegalEntity>,
    /// `Contact`.
    pub contact: Option<Contact>,
    /// `Person`.
    pub persons: Vec<Person>,
}

/// The language of a party.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartyLanguage {
    /// `ID`.
    pub id: Option<String>,
    /// `Name`.
    pub name: Option<String>,
    /// `LocaleCode`.
    pub locale: Option<String>,
}

/// A registration for a tax.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartyTaxScheme {
    /// `RegistrationName`.
    pub registration_name: Option<String>,
    /// `CompanyID`: the tax number.
    pub company: Option<Identification>,
    /// `TaxScheme/ID`: `VAT`.
    pub scheme: Option<Identification>,
}

/// The company behind a party.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartyLegalEntity {
    /// `RegistrationName`.
    pub registration_name: Option<String>,
    /// `CompanyID`: the number in the register.
    pub company: Option<Identification>,
}

impl Party {
    /// What the core model can use of it. The mailbox is that of the contact, else of the first person that has one; the name
    /// is that of the first person, else of the contact; the organisation is the first name of the party, else of the company.
    #[must_use]
    pub fn profile(&self) -> PartyProfile {
        self.profile_with(&[])
    }

    /// As [`profile`](Self::profile), with further contacts, which are asked after the party's own and before its persons.
    pub(super) fn profile_with(&self, further: &[&Contact]) -> PartyProfile {
        let mut profile = PartyProfile::default();
        let own = self.contact.iter().chain(further.iter().copied());
        let contacts: Vec<&Contact> = own
            .chain(self.persons.iter().filter_map(|person| person.contact.as_ref()))
            .collect();
        let named = contacts.iter().filter_map(|contact| contact.name.as_deref());
        let single = named.map(|name| NameParts {
            given: name.to_owned(),
            ..NameParts::default()
        });
        profile.use_name(self.persons.iter().map(Person::name_parts).chain(single));
        let legal = self
            .legal_entities
            .iter()
            .filter_map(|entity| entity.registration_name.as_deref());
        profile.use_organisation(self.names.iter().map(String::as_str).chain(legal));
        profile.use_email(contacts.iter().filter_map(|contact| contact.email.as_deref()));
        profile.use_phone(contacts.iter().filter_map(|contact| contact.telephone.as_deref()));
        profile.use_address(self.address.iter().map(Address::parts));
        let language = self.language.iter();
        profile.use_language(
            language
                .flat_map(|language| [&language.locale, &language.id])
                .flatten()
                .map(String::as_str),
        );
        for identification in &self.identifications {
            let system = identification.scheme.as_deref().unwrap_or(NO_SCHEME);
            profile.use_identifier(system, &identification.value);
        }
        profile
    }

    /// A party of the core model.
    #[must_use]
    pub fn from_profile(profile: &PartyProfile) -> Self {
        let contact = &profile.contact;
        let reached = Contact {
            telephone: contact.phone().map(|phone| phone.as_str().to_owned()),
            email: contact.email().map(|email| email.as_str().to_owned()),
            ..Contact::default()
        };
        Self {
            identifications: profile.identifiers.iter().map(identification).collect(),
            names: contact
                .organisation()
                .map(|name| name.as_str().to_owned())
                .into_iter()
                .collect(),
            language: contact.locale().map(|locale| PartyLanguage {
                id: Some(locale.as_str().to_owned()),
                ..PartyLanguage::default()
            }),
            address: contact.address().map(Address::from),
            contact: (reached != Contact::default()).then_some(reached),
            persons: contact.name().map(Person::from).into_iter().collect(),
            ..Self::default()
        }
    }
}

fn identification(identifier: &ExternalRef) -> Identification {
    match identifier.system() {
        NO_SCHEME => Identification::from(identifier.key()),
        scheme => Identification::of_scheme(scheme, identifier.key()),
    }
}

impl Part for Party {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            website: one(element, cbc("WebsiteURI"))?,
            endpoint: one(element, cbc("EndpointID"))?,
            identifications: all_in(element, cac("PartyIdentification"), cbc("ID"))?,
            names: all_in(element, cac("PartyName"), cbc("Name"))?,
            language: one(element, cac("Language"))?,
            address: one(element, cac("PostalAddress"))?,
            tax_schemes: all(element, cac("PartyTaxScheme"))?,
            legal_entities: all(element, cac("PartyLegalEntity"))?,
            contact: one(element, cac("Contact"))?,
            persons: all(element, cac("Person"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("WebsiteURI"), &self.website);
        put(writer, cbc("EndpointID"), &self.endpoint);
        put_in(writer, cac("PartyIdentification"), cbc("ID"), &self.identifications);
        put_in(writer, cac("PartyName"), cbc("Name"), &self.names);
        put(writer, cac("Language"), &self.language);
        put(writer, cac("PostalAddress"), &self.address);
        put(writer, cac("PartyTaxScheme"), &self.tax_schemes);
        put(writer, cac("PartyLegalEntity"), &self.legal_entities);
        put(writer, cac("Contact"), &self.contact);
        put(writer, cac("Person"), &self.persons);
    }
}

impl Part for PartyLanguage {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            id: one(element, cbc("ID"))?,
            name: one(element, cbc("Name"))?,
            locale: one(element, cbc("LocaleCode"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("ID"), &self.id);
        put(writer, cbc("Name"), &self.name);
        put(writer, cbc("LocaleCode"), &self.locale);
    }
}

impl Part for PartyTaxScheme {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let scheme = element.first(cac("TaxScheme"));
        Ok(Self {
            registration_name: one(element, cbc("RegistrationName"))?,
            company: one(element, cbc("CompanyID"))?,
            scheme: scheme.map(|scheme| one(&scheme, cbc("ID"))).transpose()?.flatten(),
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("RegistrationName"), &self.registration_name);
        put(writer, cbc("CompanyID"), &self.company);
        // The schema wants the scheme to be there, with or without a name.
        writer.within(cac("TaxScheme"), |writer| put(writer, cbc("ID"), &self.scheme));
    }
}

impl Part for PartyLegalEntity {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            registration_name: one(element, cbc("RegistrationName"))?,
            company: one(element, cbc("CompanyID"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("RegistrationName"), &self.registration_name);
        put(writer, cbc("CompanyID"), &self.company);
    }
}

redacted!(Party, PartyTaxScheme, PartyLegalEntity);
