//! From bytes to header fields and parts.
//!
//! The structure is found here, in one pass for each level and within limits; the encodings of texts and words are read by
//! mail-parser.

pub(crate) mod content_type;
pub(crate) mod decode;
pub(crate) mod header;
pub(crate) mod mime;
