//! An element of a record, and the questions that mappings ask it.

use std::borrow::Cow;
use std::fmt::{self, Display};
use std::str::FromStr;

use crate::characters::is_same;
use crate::name::is_same_local;
use crate::namespaces::NamespaceId;
use crate::tree::{Attribute, Kind, Node, Range};
use crate::{ErrorCode, Name, Position, Record, XmlError, characters, decode};

/// An element of a [`Record`]. What it is asked for is marked as taken; see [`Record::leftovers`].
///
/// ```
/// use ecrm_xml::{Limits, Name, parse};
/// let record = parse(b"<p:order xmlns:p='urn:example' id='7'><p:note>soon</p:note><p:gift/></p:order>", &Limits::default())?;
/// let order = record.element();
/// assert_eq!(order.attribute(Name::local("id")).as_deref(), Some("7"));
/// assert_eq!(order.required(Name::new("urn:example", "note"))?.text(), "soon");
/// assert_eq!(record.leftovers()?[0].path(), "order/gift");
/// # Ok::<(), ecrm_xml::XmlError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Element<'r> {
    record: &'r Record,
    index: u32,
}

impl<'r> Element<'r> {
    pub(crate) fn new(record: &'r Record, index: u32) -> Self {
        Self { record, index }
    }

    /// The expanded name.
    #[must_use]
    pub fn name(&self) -> Name<'r> {
        self.node().map_or(Name::local(""), |node| self.record.name_of(node))
    }

    /// True when it has this name.
    #[must_use]
    pub fn is(&self, name: Name<'_>) -> bool {
        self.node()
            .is_some_and(|node| node.key == name.key && self.record.is_named(node, name))
    }

    /// The one child of this name.
    ///
    /// # Errors
    /// When there is none, or more than one.
    pub fn required(&self, name: Name<'_>) -> Result<Element<'r>, XmlError> {
        self.optional(name)?
            .ok_or_else(|| self.error(ErrorCode::Missing, format_args!("there is no element `{}`", name.local)))
    }

    /// The child of this name, if there is one.
    ///
    /// # Errors
    /// When there is more than one.
    pub fn optional(&self, name: Name<'_>) -> Result<Option<Element<'r>>, XmlError> {
        let mut named = self.named(name);
        let Some(found) = named.next() else { return Ok(None) };
        if let Some(second) = named.next() {
            return Err(second.error(ErrorCode::Duplicate, "stands here a second time"));
        }
        found.take();
        Ok(Some(found))
    }

    /// The first child of this name; further ones are left over.
    #[must_use]
    pub fn first(&self, name: Name<'_>) -> Option<Element<'r>> {
        self.named(name).next().inspect(Element::take)
    }

    /// All children of this name, in the order of the document.
    pub fn all<'n>(&self, name: Name<'n>) -> impl Iterator<Item = Element<'r>> + use<'r, 'n> {
        self.named(name).inspect(Element::take)
    }

    /// All child elements, none of them taken by this.
    pub fn children(&self) -> impl Iterator<Item = Element<'r>> + use<'r> {
        let record = self.record;
        self.child_nodes()
            .filter(|(_, node)| node.kind == Kind::Element)
            .map(move |(index, _)| Element::new(record, index))
    }

    /// Marks this element as understood, but neither its attributes nor its content.
    pub fn take(&self) {
        self.mark(true);
    }

    /// Marks this element and all that is in it as understood.
    pub fn take_all(&self) {
        self.mark_all(true);
    }

    /// Marks this element and all that is in it as not understood: for what was looked at and cannot be used after all.
    pub fn release(&self) {
        self.mark_all(false);
    }

    /// Its own text, with references resolved, CDATA sections opened and line ends normalised; nothing is trimmed.
    #[must_use]
    pub fn text(&self) -> Cow<'r, str> {
        self.join_texts(|node| node.is_taken.set(true))
    }

    /// Its text as a value, white space around it left out.
    ///
    /// # Errors
    /// When the text is no such value.
    pub fn value<T: FromStr<Err: Display>>(&self) -> Result<T, XmlError> {
        self.check(self.text().trim_matches(characters::SPACES).parse())
    }

    /// The value of an attribute.
    #[must_use]
    pub fn attribute(&self, name: Name<'_>) -> Option<Cow<'r, str>> {
        let found = self.find_attribute(name)?;
        found.is_taken.set(true);
        Some(self.record.value_of(found))
    }

    /// The value of an attribute that must be there.
    ///
    /// # Errors
    /// When it is not.
    pub fn required_attribute(&self, name: Name<'_>) -> Result<Cow<'r, str>, XmlError> {
        let missing = || {
            self.error(
                ErrorCode::Missing,
                format_args!("there is no attribute `{}`", name.local),
            )
        };
        self.attribute(name).ok_or_else(missing)
    }

    /// Where its start tag begins.
    #[must_use]
    pub fn position(&self) -> Position {
        self.record
            .position_of(self.node().map_or(0, |node| node.source.start()))
    }

    /// The element as it stood in the document.
    #[must_use]
    pub fn source(&self) -> &'r str {
        self.node().map_or("", |node| self.record.part(node.source))
    }

    /// The way to it from the record's own element, as in `Order/OrderLine[2]/LineItem`.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = String::new();
        let _ = self.record.walk_to(self.index, |node, place| {
            if !path.is_empty() {
                path.push('/');
            }
            path.push_str(self.record.part(node.local));
            if place > 1 {
                path.push_str(&format!("[{place}]"));
            }
        });
        path
    }

    /// A fault of this element, with its place.
    #[must_use]
    pub fn error(&self, code: ErrorCode, text: impl Display) -> XmlError {
        XmlError::new(code, text.to_string())
            .at(self.position())
            .within(|| self.path())
            .recoverable()
    }

    /// The value of a constructor, or its error with the place of this element.
    ///
    /// # Errors
    /// That of `result`.
    pub fn check<T, E: Display>(&self, result: Result<T, E>) -> Result<T, XmlError> {
        result.map_err(|error| self.error(ErrorCode::Value, error))
    }

    /// True when there is nothing in it but white space and comments.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.child_nodes().all(|(_, node)| match node.kind {
            Kind::Element => false,
            Kind::Text { .. } => characters::is_blank(self.record.part(node.source)),
            Kind::Comment | Kind::Instruction => true,
        })
    }

    /// The text, without taking it.
    pub(crate) fn peek_text(&self) -> Cow<'r, str> {
        self.join_texts(|_| {})
    }

    #[inline]
    fn join_texts(&self, visit: impl Fn(&Node)) -> Cow<'r, str> {
        let mut whole = Cow::Borrowed("");
        for (_, node) in self.child_nodes() {
            if let Kind::Text { is_plain } = node.kind {
                visit(node);
                let part = self.record.text_of(node, is_plain);
                if whole.is_empty() {
                    whole = part;
                } else {
                    whole.to_mut().push_str(&part);
                }
            }
        }
        whole
    }

    /// The text of the element and all that is in it, without taking any.
    pub(crate) fn all_text(&self) -> String {
        let end = self.node().map_or(0, |node| node.next);
        let nodes = (self.index..end).filter_map(|index| self.record.node(index));
        let texts = nodes.filter_map(|node| match node.kind {
            Kind::Text { is_plain } => Some(self.record.text_of(node, is_plain)),
            Kind::Element | Kind::Comment | Kind::Instruction => None,
        });
        let words: Vec<String> = texts
            .map(|text| text.trim_matches(characters::SPACES).to_owned())
            .collect();
        words
            .into_iter()
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The attributes, without taking any.
    pub(crate) fn peek_attributes(&self) -> impl Iterator<Item = (Name<'r>, String)> + use<'r> {
        let record = self.record;
        let all = self.node().map_or(&[][..], |node| record.attributes_of(node));
        all.iter().map(move |attribute| {
            let value = record.value_of(attribute).into_owned();
            (record.attribute_name(attribute), value)
        })
    }

    /// The value of an attribute, without taking it.
    pub(crate) fn peek_attribute(&self, name: Name<'_>) -> Option<String> {
        let found = self.find_attribute(name)?;
        Some(self.record.value_of(found).into_owned())
    }

    fn find_attribute(&self, name: Name<'_>) -> Option<&'r Attribute> {
        self.record.attributes_of(self.node()?).iter().find(|attribute| {
            attribute.key == name.key && self.record.is_same(name, attribute.local, attribute.namespace)
        })
    }

    fn node(&self) -> Option<&'r Node> {
        self.record.node(self.index)
    }

    /// The nodes directly inside, with their indexes.
    fn child_nodes(&self) -> impl Iterator<Item = (u32, &'r Node)> + use<'r> {
        let record = self.record;
        let end = self.node().map_or(0, |node| node.next);
        let mut at = self.index + 1;
        std::iter::from_fn(move || {
            let node = (at < end).then(|| record.node(at)).flatten()?;
            let index = at;
            at = node.next;
            Some((index, node))
        })
    }

    /// The children of a name. Mappings ask for little else, so it looks at keys before it looks at names.
    #[inline]
    fn named<'n>(&self, name: Name<'n>) -> impl Iterator<Item = Element<'r>> + use<'r, 'n> {
        let record = self.record;
        let end = self.node().map_or(0, |node| node.next);
        let mut at = self.index + 1;
        std::iter::from_fn(move || {
            while at < end {
                let node = record.node(at)?;
                let index = std::mem::replace(&mut at, node.next);
                if node.key == name.key && node.kind == Kind::Element && record.is_named(node, name) {
                    return Some(Element::new(record, index));
                }
            }
            None
        })
    }

    fn mark(&self, is_taken: bool) {
        if let Some(node) = self.node() {
            node.is_taken.set(is_taken);
        }
    }

    fn mark_all(&self, is_taken: bool) {
        let end = self.node().map_or(0, |node| node.next);
        for node in (self.index..end).filter_map(|index| self.record.node(index)) {
            node.is_taken.set(is_taken);
            for attribute in self.record.attributes_of(node) {
                attribute.is_taken.set(is_taken);
            }
        }
    }
}

impl Record {
    /// True when an element has this name; the keys were compared before.
    #[inline]
    pub(crate) fn is_named(&self, node: &Node, name: Name<'_>) -> bool {
        self.is_same(name, node.local, node.namespace)
    }

    /// True when a name with the same key consists of these parts.
    #[inline]
    fn is_same(&self, name: Name<'_>, local: Range, namespace: NamespaceId) -> bool {
        is_same_local(local, name.local, &self.text) && is_same(self.namespace(namespace), name.namespace)
    }

    /// The text that a node means.
    #[inline]
    fn text_of(&self, node: &Node, is_plain: bool) -> Cow<'_, str> {
        let source = self.part(node.source);
        if is_plain {
            Cow::Borrowed(source)
        } else {
            decode::text(source)
        }
    }

    /// The value that an attribute means.
    #[inline]
    pub(crate) fn value_of(&self, attribute: &Attribute) -> Cow<'_, str> {
        let source = self.part(attribute.value);
        if attribute.is_plain {
            Cow::Borrowed(source)
        } else {
            decode::attribute(source)
        }
    }

    /// Visits the elements from the record's own down to one, each with its place among its siblings of the same name.
    pub(crate) fn walk_to<'r>(&'r self, target: u32, mut visit: impl FnMut(&'r Node, usize)) -> Option<()> {
        let mut at = 0;
        visit(self.node(0)?, 1);
        while at != target {
            let parent = Element::new(self, at);
            let mut elements = parent.child_nodes().filter(|(_, node)| node.kind == Kind::Element);
            let (index, node) = elements.find(|(index, node)| *index <= target && target < node.next)?;
            let name = self.name_of(node);
            let same = parent.child_nodes().take_while(|(sibling, _)| *sibling <= index);
            let place = same
                .filter(|(_, other)| other.kind == Kind::Element && self.name_of(other) == name)
                .count();
            visit(node, place);
            at = index;
        }
        Some(())
    }
}

impl fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Element({} at {})", self.name(), self.position())
    }
}
