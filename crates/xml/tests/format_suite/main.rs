//! The format of the project itself: round trips, the schema, what is not understood, and what is refused.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and says what it could not prove"
)]

mod faults;
mod odd_values;
mod round_trips;
mod sample;
mod schema;
mod strangers;

use ecrm_xml::format::{AnyRecord, VOCABULARY, write_records};
use ecrm_xml::{Limits, Writer, XmlError, XmlForm, parse};

/// A document of one record.
fn written<T: XmlForm>(value: &T) -> String {
    let mut writer = Writer::new(&VOCABULARY);
    value.write(&mut writer);
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

/// Writes records of which nothing was kept.
fn write_all(writer: &mut Writer<'_>, records: impl IntoIterator<Item = AnyRecord>) {
    let records = records.into_iter().map(|record| (record, Vec::new()));
    assert_eq!(write_records(writer, &[], records), []);
}

/// The record of a document.
fn read<T: XmlForm>(document: &str) -> Result<T, XmlError> {
    T::read(&parse(document.as_bytes(), &Limits::default())?.element())
}
