//! A part of a record, written as it was: prefixes, order, comments and white space stay.

use crate::kept::WRAPPER;
use crate::namespaces::NamespaceId;
use crate::tree::{Attribute, Kind, Node};
use crate::writer::NO_VOCABULARY;
use crate::{Name, Record, Writer, decode};

/// The declarations in force at a place in a record, the outermost first.
pub(crate) struct Scope<'r>(Vec<(&'r str, NamespaceId)>);

impl<'r> Scope<'r> {
    /// Those around the record.
    pub(crate) fn around(record: &'r Record) -> Self {
        let outer = record
            .outer
            .iter()
            .map(|(prefix, namespace)| (prefix.as_str(), *namespace));
        Self(outer.collect())
    }

    /// Adds those of an element, and tells how many there were before.
    pub(crate) fn enter(&mut self, record: &'r Record, index: u32) -> usize {
        let before = self.0.len();
        self.0.extend(own(record, index));
        before
    }

    pub(crate) fn leave(&mut self, before: usize) {
        self.0.truncate(before);
    }

    /// The declarations whose prefixes values or texts may refer to, as the value of `xsi:type` does. Names are no such mention: their
    /// prefixes are declared where they are used, and another one may stand for the same namespace.
    fn mentioned(&self, is_mentioned: impl Fn(&str) -> bool) -> Vec<(&'r str, NamespaceId)> {
        let mut found: Vec<(&str, NamespaceId)> = Vec::new();
        for (prefix, namespace) in self.0.iter().rev() {
            if found.iter().all(|(known, _)| known != prefix) && is_mentioned(prefix) {
                found.push((prefix, *namespace));
            }
        }
        found
    }
}

/// The declarations on an element itself. They are listed in the order of the elements.
fn own<'r>(record: &'r Record, index: u32) -> impl Iterator<Item = (&'r str, NamespaceId)> + use<'r> {
    let all = &record.tree.declarations;
    let first = all.partition_point(|declaration| declaration.node < index);
    let own = all[first..]
        .iter()
        .take_while(move |declaration| declaration.node == index);
    own.map(|declaration| (record.part(declaration.prefix), declaration.namespace))
}

/// True when a text or the value of an attribute in an element mentions a prefix.
pub(crate) fn refers(record: &Record, index: u32, prefix: &str) -> bool {
    let end = record.node(index).map_or(index, |node| node.next);
    let mut nodes = (index..end).filter_map(|index| record.node(index));
    nodes.any(|node| match node.kind {
        Kind::Element => {
            let mut attributes = record.attributes_of(node).iter();
            attributes.any(|attribute| mentions(record.part(attribute.value), prefix))
        }
        Kind::Text { .. } => mentions(record.part(node.source), prefix),
        Kind::Comment | Kind::Instruction => false,
    })
}

fn mentions(text: &str, prefix: &str) -> bool {
    !prefix.is_empty()
        && text
            .match_indices(prefix)
            .any(|(at, _)| text[at + prefix.len()..].starts_with(':'))
}

/// An element of a record as a document of its own, with all declarations that it needs.
pub(crate) fn fragment<'r>(record: &'r Record, scope: &mut Scope<'r>, index: u32) -> String {
    let before = scope.enter(record, index);
    let declarations = scope.mentioned(|prefix| refers(record, index, prefix));
    scope.leave(before);
    let mut writer = Writer::new(&NO_VOCABULARY);
    copy_with(&mut writer, record, index, &declarations);
    writer.into_fragment()
}

/// An attribute of a record, on an element of its own.
pub(crate) fn attribute_fragment(record: &Record, scope: &Scope<'_>, attribute: &Attribute) -> String {
    let mut writer = Writer::new(&NO_VOCABULARY);
    writer.start(Name::local(WRAPPER));
    for (prefix, namespace) in scope.mentioned(|prefix| mentions(record.part(attribute.value), prefix)) {
        writer.declare(prefix, record.namespace(namespace));
    }
    copy_attribute(&mut writer, record, attribute);
    writer.end();
    writer.into_fragment()
}

/// Writes the element that a record is, as it was.
pub(crate) fn copy_element(writer: &mut Writer<'_>, record: &Record) {
    let mentioned: Vec<_> = own(record, 0).filter(|(prefix, _)| refers(record, 0, prefix)).collect();
    copy_with(writer, record, 0, &mentioned);
}

fn copy_with(writer: &mut Writer<'_>, record: &Record, index: u32, declarations: &[(&str, NamespaceId)]) {
    let Some(top) = record.node(index) else { return };
    let mut open: Vec<u32> = Vec::new();
    for at in index..top.next {
        while open.last().is_some_and(|end| *end <= at) {
            open.pop();
            writer.end();
        }
        let Some(node) = record.node(at) else { return };
        let source = record.part(node.source);
        match node.kind {
            Kind::Element if at == index => {
                start(writer, record, node, declarations);
                open.push(node.next);
            }
            Kind::Element => {
                let own: Vec<_> = own(record, at)
                    .filter(|(prefix, _)| refers(record, at, prefix))
                    .collect();
                start(writer, record, node, &own);
                open.push(node.next);
            }
            Kind::Text { .. } => writer.text(&decode::text(source)),
            Kind::Comment | Kind::Instruction => writer.verbatim(source),
        }
    }
    for _ in open {
        writer.end();
    }
}

fn start(writer: &mut Writer<'_>, record: &Record, node: &Node, declarations: &[(&str, NamespaceId)]) {
    let declarations: Vec<_> = declarations
        .iter()
        .map(|(prefix, namespace)| (*prefix, record.namespace(*namespace)))
        .collect();
    writer.start_as(record.part(node.prefix()), record.name_of(node), &declarations);
    for attribute in record.attributes_of(node) {
        copy_attribute(writer, record, attribute);
    }
}

/// Gives the element that has just begun an attribute of a record.
pub(crate) fn copy_attribute(writer: &mut Writer<'_>, record: &Record, attribute: &Attribute) {
    let value = decode::attribute(record.part(attribute.value));
    let name = record.attribute_name(attribute);
    writer.attribute_as(record.part(attribute.prefix()), name, &value);
}
