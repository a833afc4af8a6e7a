//! In what two records differ, said in paths. Prefixes, comments, the order of attributes and of elements with different names, and
//! white space between elements say nothing.

use std::collections::HashMap;
use std::fmt;

use crate::{Element, Name, Record, characters};

/// A place at which two records say different things.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The element or attribute, as in `Order/OrderLine[2]/LineItem/Quantity` or `Order/ID/@schemeID`.
    pub path: String,
    /// What the first record says there; nothing where it has no such element or attribute.
    pub before: Option<String>,
    /// What the second record says there.
    pub after: Option<String>,
}

/// The place only: what stands there may be personal data.
impl fmt::Debug for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Difference({})", self.path)
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |side: &Option<String>| side.as_ref().map_or("nothing".to_owned(), |text| format!("`{text}`"));
        write!(f, "{}: {} became {}", self.path, word(&self.before), word(&self.after))
    }
}

/// The places at which two records say different things, in the order of the first; none where they say the same.
///
/// ```
/// use ecrm_xml::{Limits, differences, parse};
/// let one = parse(b"<order><id>7</id><note>soon</note></order>", &Limits::default())?;
/// let two = parse(b"<order>\n  <note>later</note><id>7</id></order>", &Limits::default())?;
/// let found = differences(&one, &two);
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].to_string(), "order/note: `soon` became `later`");
/// # Ok::<(), ecrm_xml::XmlError>(())
/// ```
#[must_use]
pub fn differences(before: &Record, after: &Record) -> Vec<Difference> {
    let (before, after) = (before.element(), after.element());
    let mut found = Vec::new();
    if before.name() == after.name() {
        compare(before, after, before.name().local, &mut found);
    } else {
        found.push(Difference {
            path: before.name().local.to_owned(),
            before: Some(before.name().to_string()),
            after: Some(after.name().to_string()),
        });
    }
    found
}

fn compare(before: Element<'_>, after: Element<'_>, path: &str, found: &mut Vec<Difference>) {
    for (name, value) in before.peek_attributes() {
        let other = after.peek_attribute(name);
        note(found, || format!("{path}/@{}", name.local), Some(value), other);
    }
    for (name, value) in after.peek_attributes() {
        if before.peek_attribute(name).is_none() {
            note(found, || format!("{path}/@{}", name.local), None, Some(value));
        }
    }
    let is_leaf = before.children().next().is_none() && after.children().next().is_none();
    let text = |element: Element<'_>| match element.peek_text() {
        text if is_leaf => text.into_owned(),
        text => text.trim_matches(characters::SPACES).to_owned(),
    };
    note(found, || path.to_owned(), Some(text(before)), Some(text(after)));
    compare_children(before, after, path, found);
}

/// The children of one name, in the first record and in the second.
type Pair<'r> = (Vec<Element<'r>>, Vec<Element<'r>>);

/// Compares the first child of a name with the first of the same name, the second with the second, and so on.
fn compare_children(before: Element<'_>, after: Element<'_>, path: &str, found: &mut Vec<Difference>) {
    let mut places: HashMap<Name<'_>, usize> = HashMap::new();
    let mut pairs: Vec<(Name<'_>, Pair<'_>)> = Vec::new();
    let sides = before
        .children()
        .map(|child| (child, true))
        .chain(after.children().map(|child| (child, false)));
    for (child, is_before) in sides {
        let name = child.name();
        let place = *places.entry(name).or_insert_with(|| {
            pairs.push((name, Pair::default()));
            pairs.len() - 1
        });
        let (left, right) = &mut pairs[place].1;
        if is_before { left.push(child) } else { right.push(child) }
    }
    for (name, (left, right)) in pairs {
        for at in 0..left.len().max(right.len()) {
            let place = if at == 0 {
                String::new()
            } else {
                format!("[{}]", at + 1)
            };
            let path = format!("{path}/{}{place}", name.local);
            match (left.get(at), right.get(at)) {
                (Some(left), Some(right)) => compare(*left, *right, &path, found),
                (left, right) => {
                    let said = |element: Option<&Element<'_>>| element.map(Element::all_text);
                    found.push(Difference {
                        path,
                        before: said(left),
                        after: said(right),
                    });
                }
            }
        }
    }
}

fn note(found: &mut Vec<Difference>, path: impl FnOnce() -> String, before: Option<String>, after: Option<String>) {
    if before != after {
        found.push(Difference {
            path: path(),
            before,
            after,
        });
    }
}
