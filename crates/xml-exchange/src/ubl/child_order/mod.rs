//! Where kept content goes back to: the order of children that the schemas ask for.

mod aggregates;
mod documents;

use ecrm_xml::Name;

use super::names::CAC;

/// The children of an element in schema order; nothing where the element is not one that this crate writes.
pub(super) fn child_order(parent: Name<'_>) -> &'static [Name<'static>] {
    if parent.namespace == CAC {
        aggregates::of(parent.local)
    } else {
        documents::of(parent.local)
    }
}
