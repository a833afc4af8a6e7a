//! The values of UBL: a text or number with the attributes that say what it is, and how parts are asked for and written.

use ecrm_core::{Currency, Money, Quantity, ValueError};
use ecrm_xml::{Element, ErrorCode, Name, Writer, XmlError};
use rust_decimal::Decimal;

use crate::text::{Day, TimeOfDay, decimal, trimmed};

/// An identifier and the scheme that it belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Identification {
    /// The identifier.
    pub value: String,
    /// `schemeID`: `GLN`, `GTIN`, `SE:ORGNR`.
    pub scheme: Option<String>,
    /// `schemeAgencyID`: who keeps the scheme.
    pub agency: Option<String>,
}

impl Identification {
    /// An identifier of a scheme.
    #[must_use]
    pub fn of_scheme(scheme: &str, value: &str) -> Self {
        Self {
            scheme: Some(scheme.to_owned()),
            ..Self::from(value)
        }
    }
}

impl From<&str> for Identification {
    fn from(value: &str) -> Self {
        let value = value.to_owned();
        Self {
            value,
            ..Self::default()
        }
    }
}

/// A word of a code list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct CodeValue {
    /// The word.
    pub value: String,
    /// `listID`: the list.
    pub list: Option<String>,
    /// `listAgencyID`: who keeps it.
    pub agency: Option<String>,
    /// `listName`.
    pub list_name: Option<String>,
}

impl From<&str> for CodeValue {
    fn from(value: &str) -> Self {
        Self {
            value: value.to_owned(),
            ..Self::default()
        }
    }
}

/// How many or how much, and of which unit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Measure {
    /// The number, with as many decimals as the document gives it.
    pub value: Decimal,
    /// `unitCode`, of UN/ECE Recommendation 20: `C62` and `EA` are pieces, `KGM` kilograms.
    pub unit: Option<String>,
}

impl Measure {
    /// A number of a unit.
    #[must_use]
    pub fn new(value: Decimal, unit: Option<&str>) -> Self {
        let unit = unit.map(str::to_owned);
        Self { value, unit }
    }

    /// The quantity of the core model.
    ///
    /// # Errors
    /// When the number has more than six decimals or is too large.
    pub fn quantity(&self) -> Result<Quantity, ValueError> {
        Quantity::from_decimal(self.value)
    }
}

/// An amount of money as it stands in a document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Amount {
    /// The number, with as many decimals as the document gives it.
    pub value: Decimal,
    /// `currencyID`: a code of ISO 4217 in all orderly documents.
    pub currency: String,
}

impl Amount {
    /// The money of the core model.
    ///
    /// # Errors
    /// When the currency is not one of ISO 4217, or the number has more decimals than the currency.
    pub fn money(&self) -> Result<Money, ValueError> {
        Money::from_decimal(self.value, self.currency()?)
    }

    /// The currency of the core model.
    ///
    /// # Errors
    /// When it is not one of ISO 4217.
    pub fn currency(&self) -> Result<Currency, ValueError> {
        self.currency.parse()
    }
}

impl From<Money> for Amount {
    fn from(money: Money) -> Self {
        let currency = money.currency().code().to_owned();
        Self {
            value: money.to_decimal(),
            currency,
        }
    }
}

/// A part of a document: a value, or an aggregate of parts.
pub(super) trait Part: Sized {
    /// Reads it from an element of any name.
    fn read(element: &Element<'_>) -> Result<Self, XmlError>;

    /// Writes its attributes and its content, into an element that was started.
    fn write(&self, writer: &mut Writer<'_>);
}

/// The first child of a name; more of them are left over.
pub(super) fn one<T: Part>(parent: &Element<'_>, name: Name<'_>) -> Result<Option<T>, XmlError> {
    parent.first(name).map(|element| T::read(&element)).transpose()
}

/// The child of a name that may not be there twice, because two would contradict each other.
pub(super) fn only<T: Part>(parent: &Element<'_>, name: Name<'_>) -> Result<Option<T>, XmlError> {
    parent.optional(name)?.map(|element| T::read(&element)).transpose()
}

/// The child that must be there, once.
pub(super) fn required<T: Part>(parent: &Element<'_>, name: Name<'_>) -> Result<T, XmlError> {
    T::read(&parent.required(name)?)
}

/// All children of a name.
pub(super) fn all<T: Part>(parent: &Element<'_>, name: Name<'_>) -> Result<Vec<T>, XmlError> {
    parent.all(name).map(|element| T::read(&element)).collect()
}

/// All children of a name; without one the document says nothing.
pub(super) fn at_least_one<T: Part>(parent: &Element<'_>, name: Name<'_>) -> Result<Vec<T>, XmlError> {
    let found = all(parent, name)?;
    if found.is_empty() {
        let missing = format!("at least one {} is needed", name.local);
        return Err(parent.error(ErrorCode::Missing, missing));
    }
    Ok(found)
}

/// The texts of all children of a name, letter by letter: they may have several lines.
pub(super) fn texts(parent: &Element<'_>, name: Name<'_>) -> Vec<String> {
    parent.all(name).map(|element| element.text().into_owned()).collect()
}

/// The one value that each of some aggregates exists for.
pub(super) fn all_in<T: Part + Default>(
    parent: &Element<'_>,
    outer: Name<'_>,
    inner: Name<'_>,
) -> Result<Vec<T>, XmlError> {
    let value = |element: Element<'_>| one(&element, inner).map(Option::unwrap_or_default);
    parent.all(outer).map(value).collect()
}

/// As [`all_in`], of the first such aggregate.
pub(super) fn one_in<T: Part + Default>(
    parent: &Element<'_>,
    outer: Name<'_>,
    inner: Name<'_>,
) -> Result<Option<T>, XmlError> {
    let value = |element: Element<'_>| one(&element, inner).map(Option::unwrap_or_default);
    parent.first(outer).map(value).transpose()
}

/// Writes an element for each value.
pub(super) fn put<'v, T: Part + 'v>(writer: &mut Writer<'_>, name: Name<'_>, values: impl IntoIterator<Item = &'v T>) {
    for value in values {
        writer.within(name, |writer| value.write(writer));
    }
}

/// Writes an aggregate with one value in it for each value.
pub(super) fn put_in<'v, T: Part + 'v>(
    writer: &mut Writer<'_>,
    outer: Name<'_>,
    inner: Name<'_>,
    values: impl IntoIterator<Item = &'v T>,
) {
    for value in values {
        writer.within(outer, |writer| put(writer, inner, [value]));
    }
}

/// Takes an attribute without a namespace.
fn attribute(element: &Element<'_>, name: &'static str) -> Option<String> {
    element.attribute(Name::local(name)).map(std::borrow::Cow::into_owned)
}

fn put_attribute(writer: &mut Writer<'_>, name: &'static str, value: Option<&String>) {
    if let Some(value) = value {
        writer.attribute(Name::local(name), value);
    }
}

/// One line: blanks around it are the document's indentation.
impl Part for String {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(trimmed(&element.text()).to_owned())
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.text(self);
    }
}

impl Part for bool {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        match trimmed(&element.text()) {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            _ => Err(element.error(ErrorCode::Value, "must be `true` or `false`")),
        }
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.text(if *self { "true" } else { "false" });
    }
}

impl Part for Day {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        element.value()
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.text(&self.to_string());
    }
}

impl Part for TimeOfDay {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        element.value()
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.text(&self.to_string());
    }
}

impl Part for Identification {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            value: String::read(element)?,
            scheme: attribute(element, "schemeID"),
            agency: attribute(element, "schemeAgencyID"),
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put_attribute(writer, "schemeID", self.scheme.as_ref());
        put_attribute(writer, "schemeAgencyID", self.agency.as_ref());
        writer.text(&self.value);
    }
}

impl Part for CodeValue {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            value: String::read(element)?,
            list: attribute(element, "listID"),
            agency: attribute(element, "listAgencyID"),
            list_name: attribute(element, "listName"),
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put_attribute(writer, "listID", self.list.as_ref());
        put_attribute(writer, "listAgencyID", self.agency.as_ref());
        put_attribute(writer, "listName", self.list_name.as_ref());
        writer.text(&self.value);
    }
}

impl Part for Measure {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            value: element.check(decimal(trimmed(&element.text())))?,
            unit: attribute(element, "unitCode"),
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put_attribute(writer, "unitCode", self.unit.as_ref());
        writer.text(&self.value.to_string());
    }
}

impl Part for Amount {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let currency = attribute(element, "currencyID")
            .ok_or_else(|| element.error(ErrorCode::Missing, "an amount needs the attribute currencyID"))?;
        Ok(Self {
            value: element.check(decimal(trimmed(&element.text())))?,
            currency,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.attribute(Name::local("currencyID"), &self.currency);
        writer.text(&self.value.to_string());
    }
}
