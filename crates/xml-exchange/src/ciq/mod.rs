//! OASIS CIQ 3.0: parties in xPIL, with names in xNL and addresses in xAL.

mod convert;
mod order;
mod read;
mod write;

use ecrm_xml::{Element, Name, Vocabulary, Writer, XmlError};

use crate::Document;

pub(crate) const XPIL: &str = "urn:oasis:names:tc:ciq:xpil:3";
pub(crate) const XNL: &str = "urn:oasis:names:tc:ciq:xnl:3";
pub(crate) const XAL: &str = "urn:oasis:names:tc:ciq:xal:3";
const CT: &str = "urn:oasis:names:tc:ciq:ct:3";

static VOCABULARY: Vocabulary = Vocabulary {
    prefixes: &[("p", XPIL), ("n", XNL), ("a", XAL), ("ct", CT)],
    order: order::child_order,
};

/// A name of xPIL.
const fn p(local: &'static str) -> Name<'static> {
    Name::new(XPIL, local)
}

/// A name of xNL.
const fn n(local: &'static str) -> Name<'static> {
    Name::new(XNL, local)
}

/// A name of xAL.
const fn a(local: &'static str) -> Name<'static> {
    Name::new(XAL, local)
}

/// Somebody, as xPIL describes people and organisations: `p:Party`.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Party {
    /// `p:PartyID`.
    pub id: Option<String>,
    /// `p:PartyIDType`: whose number that is.
    pub id_type: Option<String>,
    /// `p:PartyType`: `Person` or `Organisation`.
    pub kind: Option<String>,
    /// `p:PartyName`.
    pub name: Option<PartyName>,
    /// `p:Addresses/p:Address`.
    pub addresses: Vec<Address>,
    /// `p:ContactNumbers/p:ContactNumber`.
    pub contact_numbers: Vec<ContactNumber>,
    /// `p:ElectronicAddressIdentifiers/p:ElectronicAddressIdentifier`.
    pub electronic_addresses: Vec<Typed>,
    /// `p:Identifiers/p:Identifier`.
    pub identifiers: Vec<PartyIdentifier>,
    /// `p:PersonInfo/@p:Gender`.
    pub gender: Option<String>,
    /// `p:BirthInfo/@p:BirthDateTime`.
    pub birth: Option<String>,
    /// `p:Languages/p:Language`, each with its `p:Preference`.
    pub languages: Vec<Typed>,
    /// `p:Preferences/p:Preference`, each with its `p:Type`.
    pub preferences: Vec<Typed>,
}

/// A text and what it is, where the document says it.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Typed {
    /// The attribute that tells the kind: `n:ElementType`, `p:Type`, `p:Preference`.
    pub kind: Option<String>,
    /// The text.
    pub text: String,
}

impl Typed {
    /// A text of a kind.
    #[must_use]
    pub fn new(kind: Option<&str>, text: &str) -> Self {
        Self {
            kind: kind.map(str::to_owned),
            text: text.to_owned(),
        }
    }
}

/// The names of a party.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartyName {
    /// `n:NameLine`: a name that was not taken apart.
    pub lines: Vec<String>,
    /// `n:PersonName`, as its `n:NameElement`s.
    pub persons: Vec<Vec<Typed>>,
    /// `n:OrganisationName`, as its `n:NameElement`s.
    pub organisations: Vec<Vec<Typed>>,
}

/// An address.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Address {
    /// `a:Type`: `Primary`, `Business`…
    pub kind: Option<String>,
    /// `a:FreeTextAddress/a:AddressLine`.
    pub free_lines: Vec<String>,
    /// `a:Country/a:NameElement`, each with its `a:NameCode`.
    pub countries: Vec<Typed>,
    /// `a:AdministrativeArea/a:NameElement`.
    pub regions: Vec<String>,
    /// `a:Locality/a:NameElement`.
    pub localities: Vec<String>,
    /// `a:Thoroughfare`.
    pub thoroughfare: Vec<PlacePart>,
    /// `a:Premises`.
    pub premises: Vec<PlacePart>,
    /// `a:PostCode/a:Identifier`.
    pub post_codes: Vec<String>,
    /// `a:PostalDeliveryPoint/a:Identifier`, such as a post-office box.
    pub delivery_points: Vec<String>,
}

/// A part of a street or a building, in the order in which they are said.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "xAL knows these two")]
pub enum PlacePart {
    /// `a:NameElement`.
    Name(String),
    /// `a:Number`.
    Number(String),
}

/// A number to call.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContactNumber {
    /// `p:CommunicationMediaType`: `Telephone`, `Cellphone`, `Fax`, `Pager`, `VOIP`.
    pub media: Option<String>,
    /// `p:ContactNumberElement`, each with its `p:Type`.
    pub elements: Vec<Typed>,
}

/// A number that somebody else has given to the party.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartyIdentifier {
    /// `p:Type`: `TaxID`, `CompanyID`, `NationalID`, `RegistrationID`.
    pub kind: Option<String>,
    /// `p:IdentifierElement`, each with its `p:Type`.
    pub elements: Vec<Typed>,
    /// `p:IssuerName/n:NameElement`: who gave it.
    pub issuer: Vec<Typed>,
}

impl Document for Party {
    const ROOT: Name<'static> = p("Party");

    fn vocabulary() -> &'static Vocabulary {
        &VOCABULARY
    }

    fn read(root: &Element<'_>) -> Result<Self, XmlError> {
        Ok(read::party(root))
    }

    fn write(&self, writer: &mut Writer<'_>) {
        write::party(self, writer);
    }
}

redacted!(
    Party,
    Typed,
    PartyName,
    Address,
    PlacePart,
    ContactNumber,
    PartyIdentifier
);
