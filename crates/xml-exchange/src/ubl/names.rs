//! The namespaces of UBL 2: they are the same in every 2.x.

use ecrm_xml::Name;

pub(super) const CAC: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";
pub(super) const CBC: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";
const EXT: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2";

/// An aggregate: an element with children.
pub(super) const fn cac(local: &'static str) -> Name<'static> {
    Name::new(CAC, local)
}

/// A basic element: one with a text.
pub(super) const fn cbc(local: &'static str) -> Name<'static> {
    Name::new(CBC, local)
}

/// The frame of extensions.
pub(super) const fn ext(local: &'static str) -> Name<'static> {
    Name::new(EXT, local)
}
