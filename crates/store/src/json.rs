//! Structured details as JSON columns.

use ecrm_core::ValueError;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Row, StoreError, StoreErrorKind};

/// The JSON of a value of the model.
pub(crate) fn to_text<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::invalid_input("the value cannot be written as JSON"))
}

/// Reads JSON that this library has written.
pub(crate) fn from_text<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    // The message of serde_json may quote the text, which is personal data; its position does not.
    serde_json::from_str(text)
        .map_err(|error| unreadable(&format!("JSON at line {} column {}", error.line(), error.column())))
}

/// Column `index` of a row, which holds JSON.
pub(crate) fn column<T: DeserializeOwned>(row: &Row<'_>, index: usize) -> Result<T, StoreError> {
    from_text(&row.json(index)?)
}

/// A stored value that the model refuses.
#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
pub(crate) fn unreadable_value(error: ValueError) -> StoreError {
    unreadable(&error.to_string())
}

/// What was stored is not what this version of the library stores.
pub(crate) fn unreadable(what: &str) -> StoreError {
    StoreError::new(
        StoreErrorKind::TypeMismatch,
        format!("a stored record cannot be read ({what}); it was written by a newer version or changed by hand"),
    )
}
