//! What is common to the fuzz targets: inputs that come near to documents, and the promises that every reader is held to.

mod inputs;
mod promises;

pub use inputs::Seeds;
pub use promises::{document, feed, records, strict, ubl};
