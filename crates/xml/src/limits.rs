//! What a document may cost.

use crate::tag::RawAttribute;
use crate::tree::Tree;
use crate::{ErrorCode, XmlError};

/// How large a document and its parts may be. Each limit holds before the part is held in memory; of a record
/// that is too large, one tag or text is held as far as its own limit goes.
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
    /// Bytes of the name of an element or attribute.
    pub name_bytes: usize,
    /// Bytes of what is kept of a record without being understood; see [`Record::leftovers`](crate::Record::leftovers).
    pub kept_bytes: usize,
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
    /// Bytes of the name of a namespace.
    pub namespace_bytes: usize,
    /// Bad records after which an import stops.
    pub errors: usize,
    /// Whether a document type declaration is passed over, for a partner who must send one. It is never read: entities and default
    /// values that it declares do not exist.
    pub skips_doctype: bool,
}

impl Default for Limits {
    /// Enough for the largest documents that shops exchange, and for any number of records: 64 GiB of input, 8 MiB and 200,000
    /// nodes a record, 1 MiB a tag, 4 MiB a text, 8 MiB kept, 256 attributes of 64 KiB, names of 1,000 bytes, 100 levels, 64
    /// declarations in scope, 1,000 namespaces, 1,000 errors. A document type declaration is refused.
    fn default() -> Self {
        Self {
            input_bytes: 64 << 30,
            record_bytes: 8 << 20,
            record_nodes: 200_000,
            event_bytes: 1 << 20,
            text_bytes: 4 << 20,
            name_bytes: 1_000,
            kept_bytes: 8 << 20,
            attributes: 256,
            attribute_bytes: 64 << 10,
            depth: 100,
            namespaces_in_scope: 64,
            namespaces: 1_000,
            namespace_bytes: 1_000,
            errors: 1_000,
            skips_doctype: false,
        }
    }
}

/// The bytes of a record, and of an event behind it, whose places can be counted.
const LARGEST_RECORD: usize = 1 << 30;

/// The levels for which the walks over a record are made.
const DEEPEST: usize = 1_000;

impl Limits {
    /// The same limits, as far as this crate can count.
    pub(crate) fn clamped(mut self) -> Self {
        for bytes in [&mut self.record_bytes, &mut self.event_bytes, &mut self.text_bytes] {
            *bytes = LARGEST_RECORD.min(*bytes);
        }
        self.depth = self.depth.min(DEEPEST);
        self
    }

    /// For what was read within limits once already.
    pub(crate) fn for_kept(bytes: usize) -> Self {
        Self {
            input_bytes: u64::MAX,
            record_bytes: bytes,
            record_nodes: bytes,
            event_bytes: bytes,
            text_bytes: bytes,
            name_bytes: bytes,
            kept_bytes: bytes,
            attributes: bytes,
            attribute_bytes: bytes,
            depth: DEEPEST,
            namespaces_in_scope: bytes,
            namespaces: bytes,
            namespace_bytes: bytes,
            errors: 0,
            skips_doctype: false,
        }
    }

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
        (tree.longest_text > self.text_bytes).then(|| too_large("a text", self.text_bytes, "bytes"))
    }

    /// The fault of the attributes of one tag, if there is one.
    pub(crate) fn check_attributes(&self, found: &[RawAttribute]) -> Option<XmlError> {
        if found.len() > self.attributes {
            return Some(too_large("a tag", self.attributes, "attributes"));
        }
        if found.iter().any(|raw| raw.value.len() > self.attribute_bytes) {
            return Some(too_large("an attribute", self.attribute_bytes, "bytes"));
        }
        let is_long = |raw: &RawAttribute| raw.name.len() > self.name_bytes;
        found
            .iter()
            .any(is_long)
            .then(|| too_large("a name", self.name_bytes, "bytes"))
    }

    /// The fault of an event, or of as much of it as was read, if it is one.
    #[inline]
    pub(crate) fn check_event(&self, source: &str) -> Option<XmlError> {
        let is_text = !source.starts_with('<');
        let (what, most) = if is_text {
            ("a text", self.text_bytes)
        } else {
            ("a tag, comment or section", self.event_bytes)
        };
        (source.len() > most).then(|| too_large(what, most, "bytes"))
    }
}

pub(crate) fn too_large(what: &str, most: usize, unit: &str) -> XmlError {
    XmlError::new(ErrorCode::Limit, format!("{what} has more than {most} {unit}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_limits_are_asked_for_each_place_in_a_record_can_be_counted() {
        let most = Limits::for_kept(usize::MAX).clamped();
        let event = most.event_bytes.max(most.text_bytes);
        assert!(u32::try_from(most.record_bytes + event).is_ok());
    }
}
