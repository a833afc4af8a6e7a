//! One event after the other, with all checks that quick-xml leaves to its caller.

use crate::characters::is_space;
use crate::encoding::{Encoding, undeclared};
use crate::markup::{self, Markup};
use crate::namespaces::Scope;
use crate::outside::{check_comment, check_declaration, check_instruction};
use crate::plain;
use crate::tag::{self, Fault, RawAttribute, fault};
use crate::tree::{Kind, Range, Tree};
use crate::{Limits, XmlError};

/// What was read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// A start tag, an end tag, or both in one.
    Tag,
    Text,
    Other,
    /// The end of the document.
    End,
}

/// A piece of the document that begins where an event begins.
#[derive(Clone, Copy)]
pub(crate) struct Input<'t> {
    pub(crate) text: &'t str,
    pub(crate) is_at_end: bool,
    pub(crate) encoding: Option<Encoding>,
}

/// How far the document was read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Prolog,
    Content,
    Epilog,
    End,
}

/// What happens to a document type declaration.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doctype {
    Refused,
    Skipped,
    /// There was one, and there must not be another.
    Seen,
}

/// What quick-xml leaves to its caller.
pub(crate) struct Parser {
    pub(crate) limits: Limits,
    pub(crate) scope: Scope,
    /// True until the first event was read.
    is_first: bool,
    pub(crate) place: Place,
    pub(crate) doctype: Doctype,
    /// The names of the open elements, one behind the other, and where each begins.
    pub(crate) names: String,
    pub(crate) open: Vec<usize>,
    pub(crate) found: Vec<RawAttribute>,
    /// A limit that was passed by a tag which was read all the same, so that the record can be passed over.
    pub(crate) over: Option<XmlError>,
}

impl Parser {
    pub(crate) fn new(limits: Limits) -> Self {
        let doctype = if limits.skips_doctype {
            Doctype::Skipped
        } else {
            Doctype::Refused
        };
        Self {
            scope: Scope::new(&limits),
            limits: limits.clamped(),
            place: Place::Prolog,
            is_first: true,
            doctype,
            names: String::new(),
            open: Vec::new(),
            found: Vec::new(),
            over: None,
        }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(crate) fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The number of open elements.
    #[inline]
    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    /// True when the document has ended.
    pub(crate) fn is_done(&self) -> bool {
        self.place == Place::End
    }

    pub(crate) fn is_over(&self) -> bool {
        self.over.is_some()
    }

    /// The limit that a tag has passed.
    pub(crate) fn take_over(&mut self) -> Option<XmlError> {
        self.over.take()
    }

    pub(crate) fn is_before_root(&self) -> bool {
        self.place == Place::Prolog
    }

    /// Reads one event, which begins at `at` in the record, adds it to the tree, and tells its length. Nothing when the piece ends before
    /// the event does. The place of a fault is counted from the beginning of the event.
    #[inline]
    pub(crate) fn next(
        &mut self,
        input: Input<'_>,
        at: usize,
        tree: &mut Tree,
    ) -> Result<Option<(Step, usize)>, Fault> {
        let bytes = input.text.as_bytes();
        if self.depth() == 0 && !self.may_begin(input)? {
            return Ok(None);
        }
        match bytes {
            [b'<', b'/', ..] => {
                if let Some(length) = self.plain_end_tag(bytes) {
                    self.check_size(&input.text[..length])?;
                    self.leave(at + length, tree);
                    return Ok(Some((Step::Tag, length)));
                }
            }
            [b'<', ..] if self.place == Place::Content => {
                if let Some(tag) = plain::start_tag(bytes, &mut self.found) {
                    self.start_tag(&input.text[..tag.length], tag, at, tree)?;
                    return Ok(Some((Step::Tag, tag.length)));
                }
            }
            [b'<' | b'&', ..] => {}
            [] if input.is_at_end => return self.check_end().map(|step| Some((step, 0))).map_err(at_its_beginning),
            [] => return Ok(None),
            _ => return self.text(input, at, tree),
        }
        self.markup(input, at, tree)
    }

    /// Decides whether there is enough to read an event outside the root, and whether a document type declaration may be read at all.
    fn may_begin(&mut self, input: Input<'_>) -> Result<bool, Fault> {
        let is_markup = input.text.starts_with('<');
        if is_markup && input.text.len() < LOOK_AHEAD && !input.is_at_end {
            return Ok(false);
        }
        if matches!(input.text.as_bytes(), [b'<', b'!', b'D' | b'd', ..]) {
            self.allow_doctype().map_err(at_its_beginning)?;
        }
        Ok(true)
    }

    #[inline]
    pub(crate) fn check_size(&self, source: &str) -> Result<(), Fault> {
        match self.limits.check_event(source) {
            Some(error) => Err((0, error)),
            None => Ok(()),
        }
    }

    /// What needs quick-xml.
    fn markup(&mut self, input: Input<'_>, at: usize, tree: &mut Tree) -> Result<Option<(Step, usize)>, Fault> {
        let Some((markup, length)) = markup::read(input.text, input.is_at_end).map_err(at_its_beginning)? else {
            return Ok(None);
        };
        let source = &input.text[..length];
        self.check_size(source)?;
        let is_first = self.is_first;
        if markup != Markup::Declaration {
            self.begin(input).map_err(at_its_beginning)?;
        }
        self.is_first = false;
        let range = Range::new(at, at + length);
        let step = match markup {
            Markup::StartTag { name, is_empty } => {
                self.odd_start_tag(source, name, is_empty, at, tree)?;
                Ok(Step::Tag)
            }
            Markup::EndTag => self.end_tag(source, range.end(), tree),
            Markup::Reference => self.reference(source, range, tree),
            Markup::CData => self.inside_root("a CDATA section", range, tree),
            Markup::Comment => check_comment(source).map(|()| leaf(Kind::Comment, range, tree)),
            Markup::Instruction => check_instruction(source).map(|()| leaf(Kind::Instruction, range, tree)),
            Markup::Declaration if is_first => check_declaration(source, input.encoding),
            Markup::Declaration => Err(fault("the XML declaration must be the first thing in the document")),
            Markup::Doctype => self.check_doctype(source),
        };
        step.map(|step| Some((step, length))).map_err(at_its_beginning)
    }

    /// Notes that the document does not begin with a declaration.
    #[inline]
    fn begin(&mut self, input: Input<'_>) -> Result<(), XmlError> {
        if std::mem::take(&mut self.is_first) && input.encoding.is_some_and(Encoding::must_be_declared) {
            return Err(undeclared());
        }
        Ok(())
    }

    #[inline]
    fn text(&mut self, input: Input<'_>, at: usize, tree: &mut Tree) -> Result<Option<(Step, usize)>, Fault> {
        let found = plain::text(input.text.as_bytes());
        if !found.is_ended && !input.is_at_end {
            return Ok(None);
        }
        let source = &input.text[..found.length];
        self.check_size(source)?;
        if self.depth() == 0 {
            self.begin(input).map_err(at_its_beginning)?;
            if !source.bytes().all(is_space) {
                return Err((0, fault("text stands outside the root element")));
            }
        } else if found.has_bracket && source.contains("]]>") {
            return Err((0, fault("`]]>` must not stand in a text; write ]]&gt;")));
        }
        tree.text(Range::new(at, at + found.length), found.is_plain);
        Ok(Some((Step::Text, found.length)))
    }

    fn reference(&self, source: &str, range: Range, tree: &mut Tree) -> Result<Step, XmlError> {
        tag::resolve(&source[1..source.len() - 1])?;
        self.inside_root("a reference", range, tree)
    }

    fn inside_root(&self, what: &str, range: Range, tree: &mut Tree) -> Result<Step, XmlError> {
        if self.depth() == 0 {
            return Err(fault(&format!("{what} stands outside the root element")));
        }
        tree.text(range, false);
        Ok(Step::Text)
    }
}

/// The bytes of markup outside the root that must be seen before it is read.
const LOOK_AHEAD: usize = 3;

fn at_its_beginning(error: XmlError) -> Fault {
    (0, error)
}

fn leaf(kind: Kind, range: Range, tree: &mut Tree) -> Step {
    tree.leaf(kind, range);
    Step::Other
}
