//! Attributes of simple values.

use std::fmt::Display;

use crate::{Element, ErrorCode, Name, Writer, XmlError};

/// An attribute that must be there.
///
/// # Errors
/// It is missing, or `parse` refuses it.
pub fn required<T, E: Display>(
    element: &Element<'_>,
    name: &str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, XmlError> {
    optional(element, name, parse)?
        .ok_or_else(|| element.error(ErrorCode::Missing, format_args!("the attribute `{name}` is missing")))
}

/// An attribute that may be missing. Blanks around its value do not count, as in XML Schema.
///
/// # Errors
/// `parse` refuses it.
pub fn optional<T, E: Display>(
    element: &Element<'_>,
    name: &str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<Option<T>, XmlError> {
    let Some(value) = element.attribute(Name::local(name)) else {
        return Ok(None);
    };
    parse(value.trim_ascii())
        .map(Some)
        .map_err(|error| element.error(ErrorCode::Value, format_args!("the attribute `{name}`: {error}")))
}

/// Writes an attribute by its `Display`. Whoever writes a text of people must know that XML can hold it.
pub fn write_attribute(writer: &mut Writer<'_>, name: &str, value: impl Display) {
    writer.attribute(Name::local(name), &value.to_string());
}

/// As [`write_attribute`], where there is a value.
pub fn write_optional(writer: &mut Writer<'_>, name: &str, value: Option<impl Display>) {
    if let Some(value) = value {
        write_attribute(writer, name, value);
    }
}
