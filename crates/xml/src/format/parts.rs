//! What the records are made of: attributes, numbers, money, choices.

use ecrm_core::{Money, Quantity, UnitPrice, ValueError};

use super::NAMESPACE;
use crate::values::required;
use crate::{Element, ErrorCode, Name, Writer, XmlError};

const CURRENCY: Name<'static> = Name::local("currency");

/// The name of an element of ours.
pub(super) const fn own(local: &str) -> Name<'_> {
    Name::new(NAMESPACE, local)
}

/// The one child that stands for a choice: `read` answers for the names that it knows. The others are not taken.
pub(super) fn choice<'r, T>(
    element: &Element<'r>,
    read: impl Fn(&str, &Element<'r>) -> Option<Result<T, XmlError>>,
) -> Result<Option<T>, XmlError> {
    let mut chosen = None;
    for child in element.children().filter(|child| child.name().namespace == NAMESPACE) {
        let Some(value) = read(child.name().local, &child) else {
            continue;
        };
        child.take();
        if chosen.replace(value?).is_some() {
            return Err(child.error(ErrorCode::Duplicate, "only one of these elements may stand here"));
        }
    }
    Ok(chosen)
}

/// The text of a decimal number in the form of XML Schema: digits, a point, a sign, and nothing else.
pub(super) fn decimal(text: &str) -> Result<&str, ValueError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_decimal = !(whole.is_empty() && fraction.is_empty())
        && whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
    is_decimal
        .then_some(text)
        .ok_or_else(|| ValueError::new("number", "must be a decimal number such as `12.5`"))
}

/// Writes `<name currency="EUR">12.34</name>`.
pub(super) fn write_money(writer: &mut Writer<'_>, name: Name<'_>, money: Money) {
    writer.start(name);
    writer.attribute(CURRENCY, money.currency().code());
    writer.text(&money.to_decimal().to_string());
    writer.end();
}

/// Reads an amount of money.
pub(super) fn read_money(element: &Element<'_>) -> Result<Money, XmlError> {
    element.check(amount_and_currency(element)?.parse())
}

/// Writes `<name currency="EUR">1.459</name>`.
pub(super) fn write_unit_price(writer: &mut Writer<'_>, name: Name<'_>, price: UnitPrice) {
    writer.start(name);
    writer.attribute(CURRENCY, price.currency().code());
    writer.text(&price.to_decimal().to_string());
    writer.end();
}

/// Reads the price of one.
pub(super) fn read_unit_price(element: &Element<'_>) -> Result<UnitPrice, XmlError> {
    element.check(amount_and_currency(element)?.parse())
}

/// Writes `<name>2.5</name>`.
pub(super) fn write_quantity(writer: &mut Writer<'_>, name: Name<'_>, quantity: Quantity) {
    writer.element(name, &quantity.to_string());
}

/// Reads a quantity.
pub(super) fn read_quantity(element: &Element<'_>) -> Result<Quantity, XmlError> {
    let text = element.text();
    element.check(element.check(decimal(text.trim_ascii()))?.parse())
}

/// The form in which the core reads money: `12.34 EUR`.
fn amount_and_currency(element: &Element<'_>) -> Result<String, XmlError> {
    let currency = required(element, CURRENCY.local, |code| Ok::<_, ValueError>(code.to_owned()))?;
    let text = element.text();
    let amount = element.check(decimal(text.trim_ascii()))?;
    Ok(format!("{amount} {currency}"))
}
