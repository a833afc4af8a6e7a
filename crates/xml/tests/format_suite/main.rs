//! The format of the project itself: round trips, the schema, what is not understood, and what is refused.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and says what it could not prove"
)]

mod faults;
mod round_trips;
mod sample;
mod schema;
mod strangers;

use ecrm_xml::format::VOCABULARY;
use ecrm_xml::{Limits, Writer, XmlError, XmlForm, parse};

/// A document of one record.
fn written<T: XmlForm>(value: &T) -> String {
    let mut writer = Writer::new(&VOCABULARY);
    value.write(&mut writer);
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

/// The record of a document.
fn read<T: XmlForm>(document: &str) -> Result<T, XmlError> {
    T::read(&parse(document.as_bytes(), &Limits::default())?.element())
}
