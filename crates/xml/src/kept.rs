//! What a mapping did not understand: kept with the namespaces that it needs, so that it can be written back where it stood.

use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::copy::fragment;
use crate::tree::{Kind, Node, Range};
use crate::{Name, Record, characters};

/// A part of a record that nobody has asked for. It can be stored, and [`Writer::record`](crate::Writer::record) puts it back.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    parent: String,
    path: String,
    kind: KeptKind,
    xml: String,
}

/// What kind of thing was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum KeptKind {
    /// An attribute of an element that was understood.
    Attribute,
    /// A comment.
    Comment,
    /// An element with all that it contains.
    Element,
    /// A processing instruction.
    Instruction,
    /// Text in an element that was understood otherwise.
    Text,
}

impl Kept {
    /// Where it stood, for people: `Order/OrderLine[2]/Note`, `Order/@rev`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> KeptKind {
        self.kind
    }

    /// It, as a document of its own with all namespaces that it needs. What is no element stands in an element `kept`.
    #[must_use]
    pub fn xml(&self) -> &str {
        &self.xml
    }

    /// The way to its parent, in expanded names with places.
    pub(crate) fn parent(&self) -> &str {
        &self.parent
    }
}

/// What was kept may be anybody's data.
impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kept({:?} {}, {} bytes)", self.kind, self.path, self.xml.len())
    }
}

/// One step of a way in expanded names: the writer finds parents by the same words.
pub(crate) fn step(name: Name<'_>, place: usize) -> String {
    format!("/{name}[{place}]")
}

/// The element around what is no element.
pub(crate) const WRAPPER: &str = "kept";

/// All that nobody has asked for, in document order.
pub(crate) fn leftovers(record: &Record) -> Vec<Kept> {
    let mut found = Vec::new();
    if let Some(root) = record.node(0)
        && has_leftovers(record)
    {
        let mut walk = Walk {
            record,
            found: &mut found,
        };
        let name = record.name_of(root);
        walk.element(0, root, &step(name, 1), name.local);
    }
    found
}

fn has_leftovers(record: &Record) -> bool {
    let nodes = record.tree.nodes.iter().skip(1);
    let is_left = |node: &Node| match node.kind {
        Kind::Text => !node.is_taken.get() && !characters::is_blank(record.part(node.source)),
        Kind::Element | Kind::Comment | Kind::Instruction => !node.is_taken.get(),
    };
    nodes.into_iter().any(is_left) || record.tree.attributes.iter().any(|attribute| !attribute.is_taken.get())
}

struct Walk<'r, 'f> {
    record: &'r Record,
    found: &'f mut Vec<Kept>,
}

impl Walk<'_, '_> {
    /// Visits an element that was taken.
    fn element(&mut self, index: u32, node: &Node, way: &str, path: &str) {
        self.attributes(node, way, path);
        let mut places: HashMap<Name<'_>, usize> = HashMap::new();
        let mut at = index + 1;
        while at < node.next {
            let Some(child) = self.record.node(at) else { return };
            match child.kind {
                Kind::Element => {
                    let name = self.record.name_of(child);
                    let place = places.entry(name).or_default();
                    *place += 1;
                    let mut child_path = format!("{path}/{}", name.local);
                    if *place > 1 {
                        child_path.push_str(&format!("[{place}]"));
                    }
                    if child.is_taken.get() {
                        self.element(at, child, &(way.to_owned() + &step(name, *place)), &child_path);
                    } else {
                        self.keep(KeptKind::Element, way, child_path, fragment(self.record, at));
                    }
                }
                Kind::Text => {
                    let text = self.record.part(child.source);
                    if !child.is_taken.get() && !characters::is_blank(text) {
                        self.keep(KeptKind::Text, way, format!("{path}/text()"), wrapped(text));
                    }
                }
                Kind::Comment if !child.is_taken.get() => {
                    let comment = self.record.part(child.source);
                    self.keep(KeptKind::Comment, way, format!("{path}/comment()"), wrapped(comment));
                }
                Kind::Instruction if !child.is_taken.get() => {
                    let instruction = self.record.part(child.source);
                    self.keep(
                        KeptKind::Instruction,
                        way,
                        format!("{path}/processing-instruction()"),
                        wrapped(instruction),
                    );
                }
                Kind::Comment | Kind::Instruction => {}
            }
            at = child.next;
        }
    }

    fn attributes(&mut self, node: &Node, way: &str, path: &str) {
        let range: Range = node.attributes;
        let all = self
            .record
            .tree
            .attributes
            .get(range.start()..range.end())
            .unwrap_or_default();
        for attribute in all.iter().filter(|attribute| !attribute.is_taken.get()) {
            let local = self.record.part(attribute.local);
            let xml = crate::copy::attribute_fragment(self.record, node, attribute);
            self.keep(KeptKind::Attribute, way, format!("{path}/@{local}"), xml);
        }
    }

    fn keep(&mut self, kind: KeptKind, way: &str, path: String, xml: String) {
        self.found.push(Kept {
            parent: way.to_owned(),
            path,
            kind,
            xml,
        });
    }
}

/// Source text that needs no namespace, in an element.
fn wrapped(source: &str) -> String {
    format!("<{WRAPPER}>{source}</{WRAPPER}>")
}
