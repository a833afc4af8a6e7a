//! Elements that begin and end: their names, attributes and namespaces.

use crate::characters::{is_same_bytes, local_start};
use crate::events::{Parser, Place, Step};
use crate::limits::too_large;
use crate::name::key_at;
use crate::namespaces::NONE;
use crate::plain::StartTag;
use crate::tag::{Fault, fault};
use crate::tree::{Attribute, Declaration, Range, Tree, short};
use crate::{ErrorCode, XmlError, decode, tag};

impl Parser {
    /// Takes a start tag apart that quick-xml has found.
    pub(crate) fn odd_start_tag(
        &mut self,
        source: &str,
        name: usize,
        is_empty: bool,
        at: usize,
        tree: &mut Tree,
    ) -> Result<(), Fault> {
        self.may_open(name)?;
        let name_end = 1 + name;
        let local =
            local_start(&source.as_bytes()[1..name_end]).ok_or_else(|| (1, fault("an element's name is no name")))?;
        let tail = if is_empty { 2 } else { 1 };
        tag::attributes(source, name_end, source.len() - tail, &mut self.found)?;
        let tag = StartTag {
            length: source.len(),
            local: Range::new(1 + local, name_end),
            is_empty,
        };
        self.open(source, tag, at, tree)
    }

    fn may_open(&self, name: usize) -> Result<(), Fault> {
        if self.place == Place::Epilog {
            return Err((0, fault("a second root element")));
        }
        if self.depth() >= self.limits.depth {
            let text = format!("elements stand more than {} deep in each other", self.limits.depth);
            return Err((0, XmlError::new(ErrorCode::Limit, text)));
        }
        if name > self.limits.name_bytes {
            return Err((0, too_large("a name", self.limits.name_bytes, "bytes")));
        }
        Ok(())
    }

    /// Begins the element of a plain start tag, whose attributes were found.
    #[inline]
    pub(crate) fn start_tag(&mut self, source: &str, tag: StartTag, at: usize, tree: &mut Tree) -> Result<(), Fault> {
        self.check_size(source)?;
        self.may_open(tag.local.end() - 1)?;
        self.open(source, tag, at, tree)
    }

    /// Begins the element of a start tag, whose attributes were found. `at` is where it stands in the record.
    #[inline]
    fn open(&mut self, source: &str, tag: StartTag, at: usize, tree: &mut Tree) -> Result<(), Fault> {
        self.place = Place::Content;
        let (local, name_end) = (tag.local.start(), tag.local.end());
        self.open.push(self.names.len());
        self.names.push_str(&source[1..name_end]);
        let first_attribute = tree.attributes.len();
        if !self.found.is_empty() {
            self.attributes(source, name_end, at, tree)?;
        }
        let prefix = &source[1..local.saturating_sub(1).max(1)];
        let namespace = self.scope.resolve(prefix).map_err(|error| (1, error))?;
        let end = at + tag.length;
        tree.open(
            namespace,
            Range::new(at, end),
            (
                Range::new(at + local, at + name_end),
                key_at(source.as_bytes(), local, name_end),
            ),
            first_attribute,
        );
        if tag.is_empty {
            self.leave(end, tree);
        }
        Ok(())
    }

    pub(crate) fn end_tag(&mut self, source: &str, end: usize, tree: &mut Tree) -> Result<Step, XmlError> {
        let found = source[2..source.len() - 1].trim_ascii_end();
        match self.open.last() {
            None => return Err(fault("an end tag has no start tag")),
            Some(start) if self.names[*start..] != *found => {
                return Err(fault("an end tag has another name than its start tag"));
            }
            Some(_) => self.leave(end, tree),
        }
        Ok(Step::Tag)
    }

    /// Ends the innermost element.
    #[inline]
    pub(crate) fn leave(&mut self, end: usize, tree: &mut Tree) {
        tree.close(end);
        self.scope.leave(self.depth());
        if let Some(start) = self.open.pop() {
            self.names.truncate(start);
        }
        if self.open.is_empty() {
            self.place = Place::Epilog;
        }
    }

    /// Resolves the attributes that were found. `at` is where the tag stands in the record.
    fn attributes(&mut self, tag: &str, name_end: usize, at: usize, tree: &mut Tree) -> Result<(), Fault> {
        if let Some(error) = self.limits.check_attributes(&self.found) {
            self.over.get_or_insert(error);
            // The record is lost; a tag of the largest size needs the memory of its tree.
            *tree = Tree::default();
        }
        let declared = tree.declarations.len();
        self.declarations(tag, at, tree)?;
        let has_declarations = tree.declarations.len() > declared;
        let first = tree.attributes.len();
        for raw in &self.found {
            if has_declarations && raw.declares(tag).is_some() {
                continue;
            }
            let namespace = match raw.prefix(tag) {
                "" => NONE,
                prefix => self.scope.resolve(prefix).map_err(|error| (raw.name.start(), error))?,
            };
            tree.attributes.push(Attribute {
                is_taken: std::cell::Cell::new(false),
                is_plain: raw.is_plain,
                namespace,
                name: short(at + raw.name.start()),
                local: raw.local.moved(at),
                value: raw.value.moved(at),
                key: raw.key,
            });
        }
        let names = tree.attributes[first..].iter().map(|attribute| {
            let local = attribute.local.start() - at..attribute.local.end() - at;
            (attribute.key, attribute.namespace, &tag[local])
        });
        let is_twice = tag::has_duplicate(names)
            || has_declarations && tag::has_duplicate(self.found.iter().map(|raw| raw.qualified(tag)));
        if is_twice {
            return Err((name_end, fault("an attribute stands twice in one tag")));
        }
        Ok(())
    }

    /// Puts the namespace declarations of a tag in force.
    fn declarations(&mut self, tag: &str, at: usize, tree: &mut Tree) -> Result<(), Fault> {
        for raw in &self.found {
            let Some(declared) = raw.declares(tag) else { continue };
            let place = |error| (raw.name.start(), error);
            let prefix = declared.of(tag);
            let namespace = decode::attribute(raw.value.of(tag));
            self.scope.declare(prefix, &namespace, self.open.len()).map_err(place)?;
            tree.declarations.push(Declaration {
                node: short(tree.nodes.len()),
                prefix: declared.moved(at),
                namespace: self.scope.resolve(prefix).map_err(place)?,
            });
        }
        Ok(())
    }

    /// The length of the end tag of the innermost element, written without anything unusual.
    #[inline]
    pub(crate) fn plain_end_tag(&self, bytes: &[u8]) -> Option<usize> {
        let name = &self.names.as_bytes()[*self.open.last()?..];
        let end = 2 + name.len();
        (is_same_bytes(bytes.get(2..end)?, name) && *bytes.get(end)? == b'>').then_some(end + 1)
    }
}
