//! One record in memory: its source text, and the tree over it.

use std::sync::Arc;

use crate::kept::{Outside, leftovers};
use crate::namespaces::{NamespaceId, Scope};
use crate::position::Counter;
use crate::tree::{Attribute, Node, Range, Tree};
use crate::{Element, Kept, Limits, Name, Position, Reader, XmlError};

/// One record of a document, or a whole small document. It is made empty once and filled by a [`Reader`] again and again, so that
/// reading costs no allocation per element.
///
/// Whatever is asked of its [`Element`]s counts as understood; [`leftovers`](Self::leftovers) is all the rest.
#[derive(Default)]
pub struct Record {
    pub(crate) text: String,
    pub(crate) tree: Tree,
    pub(crate) namespaces: Vec<Arc<str>>,
    /// The declarations around the record.
    pub(crate) outer: Vec<(String, NamespaceId)>,
    /// Comments and processing instructions before it, and behind it where it is a whole document or the end of one.
    pub(crate) outside: Outside,
    pub(crate) base: Position,
    kept_bytes: usize,
}

impl Record {
    /// A record that a reader can fill.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The element that the record is.
    #[must_use]
    pub fn element(&self) -> Element<'_> {
        Element::new(self, 0)
    }

    /// The record as it stood in the document. The prefixes in it may be declared outside of it.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.text
    }

    /// Everything that nobody has asked for: elements, attributes, text that is not blank, comments and processing instructions. Also
    /// the comments and instructions before it, and those behind the root of a document that was read whole.
    ///
    /// # Errors
    /// When it is more than [`Limits::kept_bytes`].
    pub fn leftovers(&self) -> Result<Vec<Kept>, XmlError> {
        leftovers(self, self.kept_bytes)
    }

    pub(crate) fn node(&self, index: u32) -> Option<&Node> {
        self.tree.nodes.get(index as usize)
    }

    pub(crate) fn namespace(&self, id: NamespaceId) -> &str {
        self.namespaces.get(usize::from(id)).map_or("", |name| name)
    }

    pub(crate) fn name_of(&self, node: &Node) -> Name<'_> {
        Name {
            key: node.key,
            local: self.part(node.local),
            namespace: self.namespace(node.namespace),
        }
    }

    /// The attributes of an element.
    pub(crate) fn attributes_of(&self, node: &Node) -> &[Attribute] {
        let range = node.attributes.start()..node.attributes.end();
        self.tree.attributes.get(range).unwrap_or_default()
    }

    pub(crate) fn attribute_name(&self, attribute: &Attribute) -> Name<'_> {
        Name::new(self.namespace(attribute.namespace), self.part(attribute.local))
    }

    pub(crate) fn part(&self, range: Range) -> &str {
        range.of(&self.text)
    }

    pub(crate) fn position_of(&self, offset: usize) -> Position {
        let mut counter = Counter::at(self.base);
        counter.pass(self.text.get(..offset).unwrap_or_default());
        counter.position
    }

    /// Makes it empty.
    pub(crate) fn reset(&mut self) {
        self.text.clear();
        self.tree.clear();
        self.outside = Outside::default();
    }

    /// Takes over its source and the namespaces that it refers to.
    pub(crate) fn end(&mut self, source: &str, scope: &Scope, kept_bytes: usize) {
        self.kept_bytes = kept_bytes;
        self.outside = Outside::default();
        self.text.clear();
        self.text.push_str(source);
        let names = scope.names();
        let is_known = |(known, name): (&Arc<str>, &Arc<str>)| Arc::ptr_eq(known, name);
        if self.namespaces.len() != names.len() || !self.namespaces.iter().zip(names).all(is_known) {
            self.namespaces = names.to_vec();
        }
        let is_same = self.outer.len() == scope.in_force().count()
            && self
                .outer
                .iter()
                .zip(scope.in_force())
                .all(|((a, b), (c, d))| (a.as_str(), *b) == (c, d));
        if !is_same {
            self.outer = scope
                .in_force()
                .map(|(prefix, namespace)| (prefix.to_owned(), namespace))
                .collect();
        }
    }
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Record")
            .field("position", &self.base)
            .field("bytes", &self.text.len())
            .finish_non_exhaustive()
    }
}

/// Reads a whole document from memory.
///
/// # Errors
/// What is wrong with it.
///
/// ```
/// use ecrm_xml::{Limits, Name, parse};
/// let record = parse(b"<a xmlns='urn:example'><b>1 &lt; 2</b></a>", &Limits::default())?;
/// let b = record.element().required(Name::new("urn:example", "b"))?;
/// assert_eq!(b.text(), "1 < 2");
/// # Ok::<(), ecrm_xml::XmlError>(())
/// ```
pub fn parse(xml: &[u8], limits: &Limits) -> Result<Record, XmlError> {
    let mut record = Record::new();
    Reader::new(xml, limits.clone()).document(&mut record)?;
    Ok(record)
}
