//! Expanded names: a namespace and a local part. Prefixes are nobody's business.

use std::fmt;

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
    pub(crate) key: u32,
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

/// Length, first, middle and last byte.
#[inline]
pub(crate) const fn key(local: &[u8]) -> u32 {
    let length = local.len();
    if length == 0 {
        return 0;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the low byte of the length is enough")]
    let low = length as u8;
    u32::from_be_bytes([low, local[0], local[length / 2], local[length - 1]])
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
