//! A part of a record, written as it was: prefixes, order, comments and white space stay.

use std::borrow::Cow;

use crate::kept::WRAPPER;
use crate::namespaces::NamespaceId;
use crate::tree::{Attribute, Kind, Node};
use crate::writer::NO_VOCABULARY;
use crate::{Name, Record, Writer, decode};

/// An element of a record as a document of its own, with all declarations that it needs.
pub(crate) fn fragment(record: &Record, index: u32) -> String {
    let mut writer = Writer::new(&NO_VOCABULARY);
    copy_element(&mut writer, record, index);
    writer.into_fragment()
}

/// An attribute of a record, on an element of its own.
pub(crate) fn attribute_fragment(record: &Record, node: &Node, attribute: &Attribute) -> String {
    let mut writer = Writer::new(&NO_VOCABULARY);
    writer.start(Name::local(WRAPPER));
    let value = decode::attribute(record.part(attribute.value));
    for (prefix, namespace) in mentioned(record, node, record.part(attribute.value)) {
        writer.declare(prefix, record.namespace(namespace));
    }
    let name = Name::new(record.namespace(attribute.namespace), record.part(attribute.local));
    writer.attribute_as(record.part(attribute.prefix), name, &value);
    writer.end();
    writer.into_fragment()
}

/// Writes an element of a record as it was.
pub(crate) fn copy_element(writer: &mut Writer<'_>, record: &Record, index: u32) {
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
            Kind::Element => {
                start(writer, record, at, node, at == index);
                open.push(node.next);
            }
            Kind::Text => writer.text(&decode::text(source)),
            Kind::Comment | Kind::Instruction => writer.verbatim(source),
        }
    }
    for _ in open {
        writer.end();
    }
}

fn start(writer: &mut Writer<'_>, record: &Record, index: u32, node: &Node, is_top: bool) {
    let declarations = if is_top {
        mentioned(record, node, record.part(node.source))
    } else {
        own(record, index, node)
    };
    let declarations: Vec<_> = declarations
        .into_iter()
        .map(|(prefix, namespace)| (prefix, record.namespace(namespace)))
        .collect();
    writer.start_as(record.part(node.prefix()), record.name_of(node), &declarations);
    let attributes = node.attributes.start()..node.attributes.end();
    for attribute in record.tree.attributes.get(attributes).unwrap_or_default() {
        let name = Name::new(record.namespace(attribute.namespace), record.part(attribute.local));
        let value: Cow<'_, str> = decode::attribute(record.part(attribute.value));
        writer.attribute_as(record.part(attribute.prefix), name, &value);
    }
}

/// The declarations on an element itself whose prefixes its content may refer to.
fn own<'r>(record: &'r Record, index: u32, node: &Node) -> Vec<(&'r str, NamespaceId)> {
    let declared = record
        .tree
        .declarations
        .iter()
        .filter(|declaration| declaration.node == index);
    declared
        .map(|declaration| (record.part(declaration.prefix), declaration.namespace))
        .filter(|(prefix, _)| mentions(record.part(node.source), prefix))
        .collect()
}

/// The declarations in force at a node whose prefixes a text may refer to, as the value of `xsi:type` does.
fn mentioned<'r>(record: &'r Record, node: &Node, text: &'r str) -> Vec<(&'r str, NamespaceId)> {
    let within = record.tree.declarations.iter().filter(|declaration| {
        record
            .node(declaration.node)
            .is_some_and(|owner| owner.source.start() <= node.source.start() && node.source.end() <= owner.source.end())
    });
    let outer = record
        .outer
        .iter()
        .map(|(prefix, namespace)| (prefix.as_str(), *namespace));
    let mut found: Vec<(&str, NamespaceId)> = Vec::new();
    for (prefix, namespace) in
        outer.chain(within.map(|declaration| (record.part(declaration.prefix), declaration.namespace)))
    {
        found.retain(|(known, _)| *known != prefix);
        if mentions(text, prefix) {
            found.push((prefix, namespace));
        }
    }
    found
}

fn mentions(text: &str, prefix: &str) -> bool {
    !prefix.is_empty()
        && text
            .match_indices(prefix)
            .any(|(at, _)| text[at + prefix.len()..].starts_with(':'))
}
