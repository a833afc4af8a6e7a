//! Lists that stand in an element of their own, as CIQ and xCard have many.

use ecrm_xml::{Element, Name};

use crate::text::trimmed;

/// The elements of a list. A frame in which there is none is left over, for there would be nothing to write it for.
pub(crate) fn listed<T>(
    parent: &Element<'_>,
    frame: Name<'_>,
    item: Name<'_>,
    read: impl Fn(&Element<'_>) -> T,
) -> Vec<T> {
    let first = parent.children().find(|child| child.is(frame));
    let used = first.filter(|frame| frame.children().any(|child| child.is(item)));
    used.map_or_else(Vec::new, |frame| {
        frame.take();
        every(&frame, item, read)
    })
}

/// All children of a name.
pub(crate) fn every<T>(parent: &Element<'_>, name: Name<'_>, read: impl Fn(&Element<'_>) -> T) -> Vec<T> {
    parent.all(name).map(|element| read(&element)).collect()
}

/// The text of an element on one line.
pub(crate) fn text(element: &Element<'_>) -> String {
    trimmed(&element.text()).to_owned()
}
