//! Typed attributes and declared preferences.

use ecrm_core::{Attribute, AttributeName, AttributeValue};

use super::NAMESPACE;
use super::parts::{choice, decimal, own, read_money, write_money};
use super::provenance::{read_provenance, write_provenance};
use crate::values::{
    read_date, read_instant, read_text, required, write_attribute, write_date, write_instant, write_text,
};
use crate::{Element, ErrorCode, Name, Writer, XmlError, XmlForm};

/// Says that the value is not known any more. A value of a type that only later versions know is not taken for that.
const UNKNOWN: Name<'static> = own("unknown");

impl XmlForm for Attribute {
    const NAME: Name<'static> = own("attribute");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        write_attribute(writer, "name", self.name().as_str());
        write_provenance(writer, self.valid_at(), self.recorded_at(), self.source());
        match self.value() {
            Some(value) => write_value(writer, value),
            None => writer.within(UNKNOWN, |_| {}),
        }
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let name = required(element, "name", AttributeName::new)?;
        let (valid_at, recorded_at, source) = read_provenance(element)?;
        let value = choice(element, |name, child| match Name::new(NAMESPACE, name) {
            UNKNOWN => Some(Ok(None)),
            _ => read_value(name, child).map(|value| value.map(Some)),
        })?;
        let value = value.ok_or_else(|| element.error(ErrorCode::Missing, "there is neither a value nor `unknown`"))?;
        Ok(Self::new(name, value, valid_at, recorded_at, source))
    }
}

/// The value in an element named by its type.
fn write_value(writer: &mut Writer<'_>, value: &AttributeValue) {
    let name = own(value.kind());
    match value {
        AttributeValue::Date(date) => writer.element(name, &write_date(*date)),
        AttributeValue::Instant(instant) => writer.element(name, &write_instant(*instant)),
        AttributeValue::Money(money) => write_money(writer, name, *money),
        other => write_text(writer, name, &other.to_text()),
    }
}

fn read_value(kind: &str, element: &Element<'_>) -> Option<Result<AttributeValue, XmlError>> {
    // The text of a kind that is not known must stay untaken, so each kind asks for its own.
    let value = match kind {
        "boolean" => element.check(AttributeValue::from_text(kind, boolean(element.text().trim_ascii()))),
        "date" => element
            .check(read_date(element.text().trim_ascii()))
            .map(AttributeValue::Date),
        "decimal" => {
            let text = element.text();
            element.check(decimal(text.trim_ascii()).and_then(|number| AttributeValue::from_text(kind, number)))
        }
        "instant" => element
            .check(read_instant(element.text().trim_ascii()))
            .map(AttributeValue::Instant),
        "integer" => element.check(AttributeValue::from_text(kind, element.text().trim_ascii())),
        "money" => read_money(element).map(AttributeValue::Money),
        "text" => read_text(element).map(|text| AttributeValue::Text(text.into_owned())),
        _ => return None,
    };
    Some(value)
}

/// XML Schema has two words for each.
fn boolean(word: &str) -> &str {
    match word {
        "1" => "true",
        "0" => "false",
        word => word,
    }
}
