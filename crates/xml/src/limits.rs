//! What a document may cost.

use crate::tree::Tree;
use crate::{ErrorCode, XmlError};

/// How large a document and its parts may be. Each limit holds before the part is held in memory.
///
/// ```
/// let small = ecrm_xml::Limits { record_bytes: 64 * 1024, ..ecrm_xml::Limits::default() };
/// assert!(ecrm_xml::parse(b"<a/>", &small).is_ok());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "built by naming the limits that differ from the defaults"
)]
pub struct Limits {
    /// Bytes of the whole input, as it comes in.
    pub input_bytes: u64,
    /// Bytes of one record, or of a document that is read whole.
    pub record_bytes: usize,
    /// Elements, texts, comments and attributes of one record.
    pub record_nodes: usize,
    /// Bytes of one tag, comment, processing instruction or CDATA section.
    pub event_bytes: usize,
    /// Bytes of one text.
    pub text_bytes: usize,
    /// Attributes of one element, namespace declarations included.
    pub attributes: usize,
    /// Bytes of one attribute's value.
    pub attribute_bytes: usize,
    /// Elements within each other.
    pub depth: usize,
    /// Namespace declarations that are in force at one place.
    pub namespaces_in_scope: usize,
    /// Different namespaces in the whole document.
    pub namespaces: usize,
    /// Bad records after which an import stops.
    pub errors: usize,
}

impl Default for Limits {
    /// Enough for the largest documents that shops exchange, and for any number of records: 64 GiB of input, 8 MiB and 200,000
    /// nodes a record, 1 MiB a tag, 4 MiB a text, 256 attributes of 64 KiB, 100 levels, 64 declarations in scope, 1,000 namespaces,
    /// 1,000 errors.
    fn default() -> Self {
        Self {
            input_bytes: 64 << 30,
            record_bytes: 8 << 20,
            record_nodes: 200_000,
            event_bytes: 1 << 20,
            text_bytes: 4 << 20,
            attributes: 256,
            attribute_bytes: 64 << 10,
            depth: 100,
            namespaces_in_scope: 64,
            namespaces: 1_000,
            errors: 1_000,
        }
    }
}

impl Limits {
    /// The fault of a record of so many bytes and nodes, if it is one.
    #[inline]
    pub(crate) fn check_record(&self, bytes: usize, tree: &Tree) -> Option<XmlError> {
        if bytes > self.record_bytes {
            return Some(too_large("the record", self.record_bytes, "bytes"));
        }
        if tree.len() > self.record_nodes {
            return Some(too_large(
                "the record",
                self.record_nodes,
                "elements, texts and attributes",
            ));
        }
        // Sections may be longer than a text, but what they are joined with counts.
        (tree.last_text_len() > self.text_bytes.max(self.event_bytes))
            .then(|| too_large("a text", self.text_bytes, "bytes"))
    }

    /// The fault of an event, or of as much of it as was read, if it is one.
    #[inline]
    pub(crate) fn check_event(&self, source: &[u8]) -> Option<XmlError> {
        let is_text = source.first() != Some(&b'<');
        let (what, most) = if is_text {
            ("a text", self.text_bytes)
        } else {
            ("a tag, comment or section", self.event_bytes)
        };
        (source.len() > most).then(|| too_large(what, most, "bytes"))
    }
}

fn too_large(what: &str, most: usize, unit: &str) -> XmlError {
    XmlError::new(ErrorCode::Limit, format!("{what} has more than {most} {unit}"))
}
