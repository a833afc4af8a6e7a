//! A start tag that is still open for attributes.

use crate::Name;
use crate::characters::{first_forbidden, is_same};
use crate::escape::push_attribute;
use crate::namespaces::XMLNS;

/// The declarations and attributes of an element that has just begun. They are written when its content begins, in canonical order.
#[derive(Default)]
pub(crate) struct StartTag {
    pub(crate) is_open: bool,
    /// Prefix and namespace.
    declarations: Vec<(String, String)>,
    attributes: Vec<Attribute>,
    /// The texts of the attributes, one behind the other, so that a tag costs no allocation.
    text: String,
    /// How many of the attributes were restored from what was kept.
    restored: usize,
}

/// Where the parts of an attribute end in the text of the tag: they stand there in this order.
#[derive(Clone, Copy)]
struct Attribute {
    start: usize,
    namespace: usize,
    local: usize,
    prefix: usize,
    value: usize,
}

impl Attribute {
    fn namespace(self, text: &str) -> &str {
        &text[self.start..self.namespace]
    }

    fn local(self, text: &str) -> &str {
        &text[self.namespace..self.local]
    }

    fn prefix(self, text: &str) -> &str {
        &text[self.local..self.prefix]
    }

    fn value(self, text: &str) -> &str {
        &text[self.prefix..self.value]
    }
}

impl StartTag {
    pub(crate) fn declare(&mut self, prefix: &str, namespace: &str) {
        self.declarations.push((prefix.to_owned(), namespace.to_owned()));
    }

    /// True when the tag itself declares the prefix, or one of its attributes has it.
    pub(crate) fn uses(&self, prefix: &str) -> bool {
        let is_attribute = |attribute: &Attribute| !prefix.is_empty() && is_same(attribute.prefix(&self.text), prefix);
        self.declarations.iter().any(|(known, _)| is_same(known, prefix)) || self.attributes.iter().any(is_attribute)
    }

    /// Adds an attribute, in the place of one that was restored. False when it was written before.
    pub(crate) fn push(&mut self, prefix: &str, name: Name<'_>, value: &str) -> bool {
        let is_named = |attribute: &Attribute| {
            is_same(attribute.local(&self.text), name.local) && is_same(attribute.namespace(&self.text), name.namespace)
        };
        match self.attributes.iter().position(is_named) {
            Some(at) if at < self.restored => {
                self.attributes.remove(at);
                self.restored -= 1;
            }
            Some(_) => return false,
            None => {}
        }
        let start = self.text.len();
        let mut end = |part: &str| {
            self.text.push_str(part);
            self.text.len()
        };
        let attribute = Attribute {
            start,
            namespace: end(name.namespace),
            local: end(name.local),
            prefix: end(prefix),
            value: end(value),
        };
        self.attributes.push(attribute);
        true
    }

    /// Notes that the attributes so far were restored.
    pub(crate) fn mark_restored(&mut self) {
        self.restored = self.attributes.len();
    }

    /// Writes all of it and the end of the tag. False when a namespace is one that nothing can be bound to.
    pub(crate) fn close(&mut self, out: &mut String) -> bool {
        self.is_open = false;
        self.restored = 0;
        let mut is_fine = true;
        self.declarations.sort();
        for (prefix, namespace) in self.declarations.drain(..) {
            is_fine &= namespace != XMLNS && first_forbidden(namespace.as_bytes()).is_none();
            out.push_str(" xmlns");
            push_pair(out, if prefix.is_empty() { "" } else { ":" }, &prefix, "", &namespace);
        }
        let text = &self.text;
        self.attributes
            .sort_by(|a, b| (a.namespace(text), a.local(text)).cmp(&(b.namespace(text), b.local(text))));
        for attribute in &self.attributes {
            let prefix = attribute.prefix(text);
            out.push(' ');
            let colon = if prefix.is_empty() { "" } else { ":" };
            push_pair(out, prefix, colon, attribute.local(text), attribute.value(text));
        }
        self.attributes.clear();
        self.text.clear();
        out.push('>');
        is_fine
    }
}

/// Appends a name of up to three parts, and a value in quotes.
fn push_pair(out: &mut String, first: &str, second: &str, third: &str, value: &str) {
    for part in [first, second, third, "=\""] {
        out.push_str(part);
    }
    push_attribute(out, value);
    out.push('"');
}
