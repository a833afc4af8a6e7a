//! What a mapping did not understand: kept with the namespaces that it needs, so that it can be written back where it stood.

use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::copy::{Scope, attribute_fragment, fragment};
use crate::limits::too_large;
use crate::tree::{Kind, Node};
use crate::{Limits, Name, Record, XmlError, characters};

/// A part of a record that nobody has asked for. It can be stored, and [`Writer::record`](crate::Writer::record) puts it back.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    parent: String,
    path: String,
    kind: KeptKind,
    xml: String,
    /// Namespace and local part of an element.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<(String, String)>,
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

    /// The name of an element that was kept.
    pub(crate) fn name(&self) -> Option<Name<'_>> {
        self.name.as_ref().map(|(namespace, local)| Name::new(namespace, local))
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

/// The last steps of the paths to what has no name.
const COMMENT: &str = "comment()";
const INSTRUCTION: &str = "processing-instruction()";

/// The element around what is no element.
pub(crate) const WRAPPER: &str = "kept";

/// The way to what stands before the record, and behind it.
pub(crate) const BEFORE: &str = "";
pub(crate) const BEHIND: &str = "/";

/// The comments and processing instructions outside of a record.
#[derive(Default)]
pub(crate) struct Outside {
    found: Vec<(KeptKind, &'static str, String)>,
    bytes: usize,
}

impl Outside {
    /// Remembers one that stands [`BEFORE`] or [`BEHIND`] the record. Where there are too many, none is left.
    pub(crate) fn note(
        &mut self,
        kind: KeptKind,
        place: &'static str,
        source: &str,
        limits: &Limits,
    ) -> Result<(), XmlError> {
        self.bytes += source.len();
        let what = "what stands outside the records";
        let most = if self.bytes > limits.kept_bytes {
            Some((limits.kept_bytes, "bytes"))
        } else {
            (self.found.len() >= limits.record_nodes).then_some((limits.record_nodes, "comments and instructions"))
        };
        if let Some((most, unit)) = most {
            *self = Self::default();
            return Err(too_large(what, most, unit));
        }
        self.found.push((kind, place, source.to_owned()));
        Ok(())
    }
}

/// All that nobody has asked for, in document order.
pub(crate) fn leftovers(record: &Record, most: usize) -> Result<Vec<Kept>, XmlError> {
    let mut walk = Walk {
        record,
        scope: Scope::around(record),
        found: Vec::new(),
        bytes: 0,
        most,
    };
    walk.outside(BEFORE)?;
    if let Some(root) = record.node(0).filter(|_| has_leftovers(record)) {
        let name = record.name_of(root);
        walk.element(0, root, &step(name, 1), name.local)?;
    }
    walk.outside(BEHIND)?;
    Ok(walk.found)
}

fn has_leftovers(record: &Record) -> bool {
    let is_left = |node: &Node| match node.kind {
        Kind::Text { .. } => !node.is_taken.get() && !characters::is_blank(record.part(node.source)),
        Kind::Element | Kind::Comment | Kind::Instruction => !node.is_taken.get(),
    };
    record.tree.nodes.iter().skip(1).any(is_left)
        || record.tree.attributes.iter().any(|attribute| !attribute.is_taken.get())
}

struct Walk<'r> {
    record: &'r Record,
    scope: Scope<'r>,
    found: Vec<Kept>,
    bytes: usize,
    most: usize,
}

impl Walk<'_> {
    /// Visits an element that was taken. In the way only such elements are counted, because only they are written by the mapping;
    /// in the path all are, because people look into the document.
    fn element(&mut self, index: u32, node: &Node, way: &str, path: &str) -> Result<(), XmlError> {
        let depth = self.scope.enter(self.record, index);
        self.attributes(node, way, path)?;
        let mut places: HashMap<Name<'_>, (usize, usize)> = HashMap::new();
        let mut at = index + 1;
        while at < node.next {
            let Some(child) = self.record.node(at) else { break };
            let source = self.record.part(child.source);
            match child.kind {
                Kind::Element => {
                    let name = self.record.name_of(child);
                    let is_taken = child.is_taken.get();
                    let (all, taken) = places.entry(name).or_default();
                    *all += 1;
                    *taken += usize::from(is_taken);
                    let mut child_path = format!("{path}/{}", name.local);
                    if *all > 1 {
                        child_path.push_str(&format!("[{all}]"));
                    }
                    if is_taken {
                        let child_way = way.to_owned() + &step(name, *taken);
                        self.element(at, child, &child_way, &child_path)?;
                    } else {
                        let xml = fragment(self.record, &mut self.scope, at);
                        self.keep(KeptKind::Element, way, child_path, xml)?;
                        if let Some(kept) = self.found.last_mut() {
                            kept.name = Some((name.namespace.to_owned(), name.local.to_owned()));
                        }
                    }
                }
                _ if child.is_taken.get() => {}
                Kind::Text { .. } if characters::is_blank(source) => {}
                Kind::Text { .. } => self.keep(KeptKind::Text, way, format!("{path}/text()"), wrapped(source))?,
                Kind::Comment => self.keep(KeptKind::Comment, way, format!("{path}/{COMMENT}"), wrapped(source))?,
                Kind::Instruction => {
                    let path = format!("{path}/{INSTRUCTION}");
                    self.keep(KeptKind::Instruction, way, path, wrapped(source))?;
                }
            }
            at = child.next;
        }
        self.scope.leave(depth);
        Ok(())
    }

    fn outside(&mut self, place: &'static str) -> Result<(), XmlError> {
        for (kind, _, source) in self.record.outside.found.iter().filter(|found| found.1 == place) {
            let path = match kind {
                KeptKind::Instruction => INSTRUCTION,
                _ => COMMENT,
            };
            self.keep(*kind, place, path.to_owned(), wrapped(source))?;
        }
        Ok(())
    }

    fn attributes(&mut self, node: &Node, way: &str, path: &str) -> Result<(), XmlError> {
        let all = self.record.attributes_of(node).iter();
        for attribute in all.filter(|attribute| !attribute.is_taken.get()) {
            let local = self.record.part(attribute.local);
            let xml = attribute_fragment(self.record, &self.scope, attribute);
            self.keep(KeptKind::Attribute, way, format!("{path}/@{local}"), xml)?;
        }
        Ok(())
    }

    fn keep(&mut self, kind: KeptKind, way: &str, path: String, xml: String) -> Result<(), XmlError> {
        self.bytes += way.len() + path.len() + xml.len();
        if self.bytes > self.most {
            let error = too_large("what is not understood of the record", self.most, "bytes");
            return Err(error.at(self.record.base).recoverable());
        }
        self.found.push(Kept {
            parent: way.to_owned(),
            path,
            kind,
            xml,
            name: None,
        });
        Ok(())
    }
}

/// Source text that needs no namespace, in an element.
fn wrapped(source: &str) -> String {
    format!("<{WRAPPER}>{source}</{WRAPPER}>")
}
