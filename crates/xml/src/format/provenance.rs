//! From where and since when the shop knows something.

use chrono::{DateTime, Utc};
use ecrm_core::Source;

use super::parts::own;
use crate::values::{read_instant, read_text, required, write_attribute, write_instant, write_text};
use crate::{Element, Name, Writer, XmlError};

const SOURCE: Name<'static> = own("source");

/// Writes the attributes `validAt` and `recordedAt`, and the element `source`.
pub(super) fn write_provenance(
    writer: &mut Writer<'_>,
    valid_at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
    source: &Source,
) {
    write_attribute(writer, "validAt", write_instant(valid_at));
    write_attribute(writer, "recordedAt", write_instant(recorded_at));
    write_source(writer, source);
}

/// Reads what [`write_provenance`] has written.
pub(super) fn read_provenance(element: &Element<'_>) -> Result<(DateTime<Utc>, DateTime<Utc>, Source), XmlError> {
    Ok((
        required(element, "validAt", read_instant)?,
        required(element, "recordedAt", read_instant)?,
        read_source(element)?,
    ))
}

/// Writes the element `source`.
pub(super) fn write_source(writer: &mut Writer<'_>, source: &Source) {
    write_text(writer, SOURCE, source.as_str());
}

/// Reads the element `source`, which may be missing.
pub(super) fn optional_source(element: &Element<'_>) -> Result<Option<Source>, XmlError> {
    let source = element.optional(SOURCE)?;
    let read = |source: Element<'_>| source.check(Source::new(&read_text(&source)?));
    source.map(read).transpose()
}

/// Reads the element `source`.
pub(super) fn read_source(element: &Element<'_>) -> Result<Source, XmlError> {
    let source = element.required(SOURCE)?;
    source.check(Source::new(&read_text(&source)?))
}
