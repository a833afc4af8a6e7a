//! A document of many records.

use ecrm_core::{Activity, Consent, Customer, Metric, Order, Promise, Recipient, Return};

use super::CustomerRecord;
use super::parts::own;
use crate::{Element, ErrorCode, Kept, Name, Writer, XmlError, XmlForm};

/// The root of a document of many records, in any order.
pub const RECORDS: Name<'static> = own("records");

/// One record of a document, of any kind.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum AnyRecord {
    /// Something that happened.
    Activity(Activity),
    /// An entry of the consent ledger.
    Consent(Consent),
    /// A customer with identifiers, attributes and consents.
    Customer(CustomerRecord),
    /// A number about somebody.
    Metric(Metric),
    /// An order of which is not said whose it is.
    Order(Order),
    /// A date that somebody was told.
    Promise(Promise),
    /// A customer or guest as the receiver of messages.
    Recipient(Recipient),
    /// A return of which is not said whose it is.
    Return(Return),
}

impl AnyRecord {
    /// Writes the record as the element of its kind.
    pub fn write(&self, writer: &mut Writer<'_>) {
        match self {
            Self::Activity(record) => record.write(writer),
            Self::Consent(record) => record.write(writer),
            Self::Customer(record) => record.write(writer),
            Self::Metric(record) => record.write(writer),
            Self::Order(record) => record.write(writer),
            Self::Promise(record) => record.write(writer),
            Self::Recipient(record) => record.write(writer),
            Self::Return(record) => record.write(writer),
        }
    }

    /// Reads a record by the name of its element.
    ///
    /// # Errors
    /// [`ErrorCode::Unexpected`] for an element that is none of these records, and those of the record.
    pub fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        match element.name() {
            Activity::NAME => Activity::read(element).map(Self::Activity),
            Consent::NAME => Consent::read(element).map(Self::Consent),
            Customer::NAME => CustomerRecord::read(element).map(Self::Customer),
            Metric::NAME => Metric::read(element).map(Self::Metric),
            Order::NAME => Order::read(element).map(Self::Order),
            Promise::NAME => Promise::read(element).map(Self::Promise),
            Recipient::NAME => Recipient::read(element).map(Self::Recipient),
            Return::NAME => Return::read(element).map(Self::Return),
            other => Err(element.error(
                ErrorCode::Unexpected,
                format_args!("`{other}` is no record of the namespace {}", super::NAMESPACE),
            )),
        }
    }
}

/// Writes a document of records, one after the other, so that none but the present one is in memory. Each comes with what was kept of
/// it when it was read, and `root` is what was kept of the root. What finds no place any more is returned.
///
/// ```
/// use ecrm_core::{AttributeName, Metric, SeededIds, SubjectId};
/// use ecrm_xml::Writer;
/// use ecrm_xml::format::{AnyRecord, VOCABULARY, write_records};
/// let now = chrono::DateTime::UNIX_EPOCH;
/// let somebody = SubjectId::new(&SeededIds::new(1), now);
/// let recency = Metric::new(somebody, AttributeName::new("rfm.recency")?, 12.0, "days", now)?;
/// let mut writer = Writer::new(&VOCABULARY);
/// write_records(&mut writer, &[], [(AnyRecord::Metric(recency), Vec::new())]);
/// assert!(String::from_utf8(writer.finish()?)?.contains("<records xmlns=\"urn:ecrm:xml:1\"><metric "));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_records(
    writer: &mut Writer<'_>,
    root: &[Kept],
    records: impl IntoIterator<Item = (AnyRecord, Vec<Kept>)>,
) -> Vec<Kept> {
    let mut unplaced = writer.record(root, |writer| writer.start(RECORDS));
    for (record, kept) in records {
        unplaced.extend(writer.record(&kept, |writer| record.write(writer)));
    }
    writer.end();
    unplaced
}
