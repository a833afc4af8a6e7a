//! xCard (RFC 6351): vCards in XML.

mod convert;
mod order;
mod read;
mod write;

use ecrm_xml::{Element, ErrorCode, Name, Vocabulary, Writer, XmlError};

use crate::Document;

pub(crate) const NAMESPACE: &str = "urn:ietf:params:xml:ns:vcard-4.0";

static VOCABULARY: Vocabulary = Vocabulary {
    prefixes: &[("", NAMESPACE)],
    order: order::child_order,
};

/// A name of the vocabulary, which has one namespace.
const fn v(local: &'static str) -> Name<'static> {
    Name::new(NAMESPACE, local)
}

/// A document of one or many cards: `vcards`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cards {
    /// `vcard`: at least one.
    pub cards: Vec<Card>,
}

impl From<Vec<Card>> for Cards {
    fn from(cards: Vec<Card>) -> Self {
        Self { cards }
    }
}

impl Document for Cards {
    const ROOT: Name<'static> = v("vcards");

    fn vocabulary() -> &'static Vocabulary {
        &VOCABULARY
    }

    fn read(root: &Element<'_>) -> Result<Self, XmlError> {
        let cards: Vec<Card> = root.all(v("vcard")).map(|card| read::card(&card)).collect();
        if cards.is_empty() {
            return Err(root.error(ErrorCode::Missing, "at least one vcard is needed"));
        }
        Ok(Self { cards })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.within(Self::ROOT, |writer| {
            for card in &self.cards {
                card.write(writer);
            }
        });
    }
}

/// A card: `vcard`. Properties in a `group` are kept.
///
/// As a document of its own a card is a record of a stream: `vcard` is its root, and whoever writes it writes the `vcards` around it.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Card {
    /// `uid/uri`.
    pub uid: Option<String>,
    /// `rev/timestamp`: when the card was changed last, as in `20261122T010000Z`.
    pub rev: Option<String>,
    /// `kind/text`: `individual`, `org`, `group`, `location`.
    pub kind: Option<String>,
    /// `fn/text`. The standard wants one at least.
    pub full_names: Vec<Property<String>>,
    /// `n`.
    pub name: Option<StructuredName>,
    /// `bday/date`, in the basic form: `19750302`, `--0203`.
    pub birthday: Option<String>,
    /// `gender`.
    pub gender: Option<Gender>,
    /// `adr`.
    pub addresses: Vec<Property<CardAddress>>,
    /// `tel`.
    pub phones: Vec<Property<PhoneValue>>,
    /// `email/text`.
    pub emails: Vec<Property<String>>,
    /// `lang/language-tag`.
    pub languages: Vec<Property<String>>,
    /// `org/text`: the organisation and its units.
    pub organisations: Vec<Property<Vec<String>>>,
    /// `categories/text`.
    pub categories: Vec<Property<Vec<String>>>,
}

impl Document for Card {
    const ROOT: Name<'static> = v("vcard");

    fn vocabulary() -> &'static Vocabulary {
        &VOCABULARY
    }

    fn read(root: &Element<'_>) -> Result<Self, XmlError> {
        Ok(read::card(root))
    }

    fn write(&self, writer: &mut Writer<'_>) {
        write::card(self, writer);
    }
}

/// The value of a property, with what is said about it.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Property<T> {
    /// `parameters`.
    pub parameters: Parameters,
    /// The value.
    pub value: T,
}

impl<T> From<T> for Property<T> {
    fn from(value: T) -> Self {
        let parameters = Parameters::default();
        Self { parameters, value }
    }
}

impl<T> std::fmt::Debug for Property<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Property({:?}, …)", self.parameters)
    }
}

/// What is said about a value. Other parameters are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameters {
    /// `pref/integer`: 1 is what is preferred most, 100 least.
    pub preference: Option<String>,
    /// `type/text`: `home`, `work`, and of telephones `voice`, `cell`, `fax`…
    pub types: Vec<String>,
}

/// A name in its parts, each of which can have several words or none: `n`.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StructuredName {
    /// `surname`.
    pub surnames: Vec<String>,
    /// `given`.
    pub given: Vec<String>,
    /// `additional`.
    pub additional: Vec<String>,
    /// `prefix`.
    pub prefixes: Vec<String>,
    /// `suffix`.
    pub suffixes: Vec<String>,
}

/// `gender`.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gender {
    /// `sex`: `M`, `F`, `O` (other), `N` (none or not applicable), `U` (unknown), or nothing.
    pub sex: String,
    /// `identity`, in words.
    pub identity: Option<String>,
}

/// An address in its parts, each of which can have several lines or none: `adr`.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CardAddress {
    /// `pobox`.
    pub post_boxes: Vec<String>,
    /// `ext`: an apartment, a floor.
    pub extensions: Vec<String>,
    /// `street`.
    pub streets: Vec<String>,
    /// `locality`.
    pub localities: Vec<String>,
    /// `region`.
    pub regions: Vec<String>,
    /// `code`.
    pub postal_codes: Vec<String>,
    /// `country`.
    pub countries: Vec<String>,
}

/// A telephone number, which has two forms.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the standard has these two")]
pub enum PhoneValue {
    /// `text`.
    Text(String),
    /// `uri`, such as `tel:+49-341-5550100;ext=12`.
    Uri(String),
}

redacted!(Card, StructuredName, Gender, CardAddress, PhoneValue);
