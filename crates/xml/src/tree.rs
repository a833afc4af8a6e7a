//! A record as a flat list of nodes in document order. Nodes point into the record's own source text; nothing is copied.

use std::cell::Cell;

use crate::namespaces::NamespaceId;

/// One element, text, comment or processing instruction.
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) is_taken: Cell<bool>,
    pub(crate) namespace: NamespaceId,
    /// The source of the whole node, of an element with its content and end tag.
    pub(crate) source: Range,
    /// The local part of an element's name.
    pub(crate) local: Range,
    /// The key of the local part.
    pub(crate) key: u64,
    pub(crate) attributes: Range,
    /// The node behind this one and all that it contains.
    pub(crate) next: u32,
}

impl Node {
    /// The prefix of an element's name; empty for none. It stands between `<` and the colon before the local part.
    pub(crate) fn prefix(&self) -> Range {
        let start = self.source.start() + 1;
        Range::new(start, self.local.start().saturating_sub(1).max(start))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Element,
    Text {
        /// True when the source is the text that is meant, so that nothing has to be decoded.
        is_plain: bool,
    },
    Comment,
    Instruction,
}

/// An attribute that is no namespace declaration.
pub(crate) struct Attribute {
    pub(crate) is_taken: Cell<bool>,
    /// True when the source of the value is the value that is meant.
    pub(crate) is_plain: bool,
    pub(crate) namespace: NamespaceId,
    /// Where the name begins, with its prefix.
    pub(crate) name: u32,
    pub(crate) local: Range,
    pub(crate) value: Range,
    /// The key of the local part.
    pub(crate) key: u64,
}

impl Attribute {
    /// The prefix of the name; empty for none.
    pub(crate) fn prefix(&self) -> Range {
        Range::new(
            self.name as usize,
            self.local.start().saturating_sub(1).max(self.name as usize),
        )
    }
}

/// A namespace declaration on an element of the record.
pub(crate) struct Declaration {
    pub(crate) node: u32,
    pub(crate) prefix: Range,
    pub(crate) namespace: NamespaceId,
}

/// A part of a list or a text. A record is smaller than 4 GiB, so half the bytes of a `Range<usize>` do.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Range {
    start: u32,
    end: u32,
}

impl Range {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        Self {
            start: short(start),
            end: short(end),
        }
    }

    pub(crate) fn start(self) -> usize {
        self.start as usize
    }

    pub(crate) fn end(self) -> usize {
        self.end as usize
    }

    pub(crate) fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// The same part of a text that begins so much earlier.
    #[inline]
    pub(crate) fn moved(self, by: usize) -> Self {
        Self::new(self.start() + by, self.end() + by)
    }

    #[inline]
    pub(crate) fn of(self, text: &str) -> &str {
        text.get(self.start()..self.end()).unwrap_or_default()
    }
}

/// The reader refuses records long before this limit; see [`crate::Limits::record_bytes`].
pub(crate) fn short(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[derive(Default)]
pub(crate) struct Tree {
    pub(crate) nodes: Vec<Node>,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) declarations: Vec<Declaration>,
    /// The bytes of the longest text, of joined ones together.
    pub(crate) longest_text: usize,
    open: Vec<u32>,
}

impl Tree {
    pub(crate) fn clear(&mut self) {
        self.nodes.clear();
        self.attributes.clear();
        self.declarations.clear();
        self.open.clear();
        self.longest_text = 0;
    }

    /// Nodes and attributes, to which the limit applies.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len() + self.attributes.len() + self.declarations.len()
    }

    /// Adds an element whose attributes, from `first_attribute` on, are there already.
    pub(crate) fn open(
        &mut self,
        namespace: NamespaceId,
        tag: Range,
        (local, key): (Range, u64),
        first_attribute: usize,
    ) {
        self.open.push(short(self.nodes.len()));
        let attributes = Range::new(first_attribute, self.attributes.len());
        self.nodes.push(Node {
            kind: Kind::Element,
            is_taken: Cell::new(false),
            namespace,
            source: tag,
            local,
            key,
            attributes,
            next: 0,
        });
    }

    /// Ends the innermost open element; its source ends at `end`.
    pub(crate) fn close(&mut self, end: usize) {
        let next = short(self.nodes.len());
        if let Some(node) = self.open.pop().and_then(|index| self.nodes.get_mut(index as usize)) {
            node.next = next;
            node.source = Range::new(node.source.start(), end);
        }
    }

    /// Adds a text, or lengthens the one that ends where this begins.
    #[inline]
    pub(crate) fn text(&mut self, source: Range, is_plain: bool) {
        if let Some(last) = self.nodes.last_mut()
            && matches!(last.kind, Kind::Text { .. })
            && last.source.end == source.start
        {
            last.source.end = source.end;
            last.kind = Kind::Text { is_plain: false };
            self.longest_text = self.longest_text.max(last.source.len());
            return;
        }
        self.longest_text = self.longest_text.max(source.len());
        self.leaf(Kind::Text { is_plain }, source);
    }

    pub(crate) fn leaf(&mut self, kind: Kind, source: Range) {
        let next = short(self.nodes.len() + 1);
        self.nodes.push(Node {
            kind,
            is_taken: Cell::new(false),
            namespace: crate::namespaces::NONE,
            source,
            local: Range::default(),
            key: 0,
            attributes: Range::default(),
            next,
        });
    }
}
