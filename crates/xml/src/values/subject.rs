//! Whose a record is.

use ecrm_core::{Subject, ValueError};

use super::{required, write_attribute};
use crate::{Element, Writer, XmlError};

const CUSTOMER: &str = "customer";
const GUEST: &str = "guest";

/// Writes the attributes `subject` and `subjectKind`.
pub fn write_subject(writer: &mut Writer<'_>, subject: Subject) {
    let kind = match subject {
        Subject::Customer(_) => CUSTOMER,
        Subject::Guest(_) => GUEST,
    };
    write_attribute(writer, "subject", subject.id());
    write_attribute(writer, "subjectKind", kind);
}

/// Reads what [`write_subject`] has written.
///
/// # Errors
/// One of the two is missing or unknown.
pub fn read_subject(element: &Element<'_>) -> Result<Subject, XmlError> {
    let is_customer = required(element, "subjectKind", |kind| match kind {
        CUSTOMER => Ok(true),
        GUEST => Ok(false),
        _ => Err(ValueError::new("kind of subject", "must be one of: customer, guest")),
    })?;
    if is_customer {
        required(element, "subject", str::parse).map(Subject::Customer)
    } else {
        required(element, "subject", str::parse).map(Subject::Guest)
    }
}
