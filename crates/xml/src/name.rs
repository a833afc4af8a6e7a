//! Expanded names: a namespace and a local part. Prefixes are nobody's business.

use std::fmt;

use crate::characters::is_same;
use crate::tree::Range;

/// The name of an element or attribute, as [Namespaces in XML](https://www.w3.org/TR/xml-names/) defines it: two names are
/// equal when namespace and local part are, whatever prefix stood there.
///
/// ```
/// use ecrm_xml::Name;
/// const ID: Name<'static> = Name::new("urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2", "ID");
/// assert_eq!(ID.local, "ID");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Name<'a> {
    /// Tells most different local parts apart without looking at them; it comes first, so that it is compared first.
    pub(crate) key: u64,
    /// The local part.
    pub local: &'a str,
    /// The namespace; empty for none.
    pub namespace: &'a str,
}

impl<'a> Name<'a> {
    /// A name in a namespace.
    #[must_use]
    pub const fn new(namespace: &'a str, local: &'a str) -> Self {
        let key = key(local.as_bytes());
        Self { key, local, namespace }
    }

    /// A name in no namespace, as most attributes have.
    #[must_use]
    pub const fn local(local: &'a str) -> Self {
        Self::new("", local)
    }
}

/// The bytes of a name that its key holds. Names that are no longer are the same when their keys are.
const IN_KEY: usize = 7;

/// Length and first bytes.
#[inline]
pub(crate) const fn key(local: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    let mut at = 0;
    while at < local.len() && at < IN_KEY {
        bytes[at] = local[at];
        at += 1;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the low byte of the length is enough")]
    let low = local.len() as u8;
    bytes[IN_KEY] = low;
    u64::from_le_bytes(bytes)
}

/// The key of a name in a text, without a loop where eight bytes are there.
#[inline]
pub(crate) fn key_at(text: &[u8], start: usize, end: usize) -> u64 {
    let name = &text[start..end];
    let Some(Ok(eight)) = text.get(start..start + 8).map(<[u8; 8]>::try_from) else {
        return key(name);
    };
    let behind = u64::MAX << (8 * name.len().min(IN_KEY));
    u64::from_le_bytes(eight) & !behind | (name.len() as u64) << (8 * IN_KEY)
}

/// True when a local part in a text is the one of a name with the same key.
#[inline]
pub(crate) fn is_same_local(found: Range, local: &str, text: &str) -> bool {
    found.len() == local.len() && (local.len() <= IN_KEY || is_same(found.of(text), local))
}

impl fmt::Debug for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Clark's notation: `{namespace}local`.
impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.namespace.is_empty() {
            write!(f, "{{{}}}", self.namespace)?;
        }
        f.write_str(self.local)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_same_wherever_the_name_stands() {
        let long = "n".repeat(300);
        for name in [
            "",
            "i",
            "ID",
            "street",
            "address",
            "Quantity",
            "LineExtensionAmount",
            &long,
        ] {
            let text = format!("<{name} and more");
            let end = 1 + name.len();
            assert_eq!(key_at(text.as_bytes(), 1, end), key(name.as_bytes()), "{name}");
            assert_eq!(key_at(&text.as_bytes()[..end], 1, end), key(name.as_bytes()), "{name}");
        }
    }
}
