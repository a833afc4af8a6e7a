//! Texts and references, losslessly: the model holds texts that XML 1.0 cannot.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ecrm_core::ExternalRef;

use crate::characters::first_forbidden;
use crate::{Element, ErrorCode, Name, Writer, XmlError};

const ENCODING: Name<'static> = Name::local("encoding");
const SYSTEM: Name<'static> = Name::local("system");
const BASE64: &str = "base64";

/// Writes an element with a text. One with a character that XML 1.0 does not allow is written as the base64 of its UTF-8.
pub fn write_text(writer: &mut Writer<'_>, name: Name<'_>, text: &str) {
    writer.start(name);
    if first_forbidden(text.as_bytes()).is_none() {
        writer.text(text);
    } else {
        write_base64(writer, text);
    }
    writer.end();
}

/// As [`write_text`], where there is a text.
pub fn write_optional_text(writer: &mut Writer<'_>, name: Name<'_>, text: Option<&str>) {
    if let Some(text) = text {
        write_text(writer, name, text);
    }
}

/// The text of an element, exactly as it was written.
///
/// # Errors
/// Its attribute `encoding` is unknown, or its text is not what that says.
pub fn read_text<'r>(element: &Element<'r>) -> Result<Cow<'r, str>, XmlError> {
    match element.attribute(ENCODING) {
        None => Ok(element.text()),
        Some(encoding) => read_base64(element, &encoding).map(Cow::Owned),
    }
}

/// The text of a child that must be there.
///
/// # Errors
/// It is missing, there twice, or as [`read_text`].
pub fn required_text<'r>(parent: &Element<'r>, name: Name<'_>) -> Result<Cow<'r, str>, XmlError> {
    read_text(&parent.required(name)?)
}

/// The text of a child that may be missing.
///
/// # Errors
/// It is there twice, or as [`read_text`].
pub fn optional_text<'r>(parent: &Element<'r>, name: Name<'_>) -> Result<Option<Cow<'r, str>>, XmlError> {
    parent.optional(name)?.map(|child| read_text(&child)).transpose()
}

/// Writes `<name system="shop">10248</name>`. Where XML cannot hold one of the two, `shop:10248` is written as base64: a system
/// has no colon, so nothing is lost.
pub fn write_reference(writer: &mut Writer<'_>, name: Name<'_>, reference: &ExternalRef) {
    writer.start(name);
    let whole = reference.to_string();
    if first_forbidden(whole.as_bytes()).is_none() {
        writer.attribute(SYSTEM, reference.system());
        writer.text(reference.key());
    } else {
        write_base64(writer, &whole);
    }
    writer.end();
}

/// Reads what [`write_reference`] has written.
///
/// # Errors
/// The attribute `system` is missing, or it is no reference.
pub fn read_reference(element: &Element<'_>) -> Result<ExternalRef, XmlError> {
    if let Some(encoding) = element.attribute(ENCODING) {
        let whole = read_base64(element, &encoding)?;
        let (system, key) = whole
            .split_once(':')
            .ok_or_else(|| element.error(ErrorCode::Value, "a reference must be a system, a colon and a key"))?;
        return element.check(ExternalRef::new(system, key));
    }
    let system = element
        .attribute(SYSTEM)
        .ok_or_else(|| element.error(ErrorCode::Missing, "the attribute `system` is missing"))?;
    element.check(ExternalRef::new(&system, &element.text()))
}

fn write_base64(writer: &mut Writer<'_>, text: &str) {
    writer.attribute(ENCODING, BASE64);
    writer.text(&STANDARD.encode(text));
}

fn read_base64(element: &Element<'_>, encoding: &str) -> Result<String, XmlError> {
    let wrong = |why: &str| element.error(ErrorCode::Value, why);
    if encoding.trim_ascii() != BASE64 {
        return Err(wrong("the attribute `encoding` must be base64"));
    }
    // XML Schema allows white space anywhere in base64.
    let packed: String = element.text().split_ascii_whitespace().collect();
    let bytes = STANDARD.decode(packed).map_err(|_| wrong("the text is not base64"))?;
    String::from_utf8(bytes).map_err(|_| wrong("the base64 does not hold UTF-8"))
}
