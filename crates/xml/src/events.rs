//! One event of quick-xml after the other, with all checks that quick-xml leaves to its caller.

use quick_xml::events::Event;

use crate::characters::{is_ncname, is_space, local_start};
use crate::encoding::{Encoding, malformed, undeclared};
use crate::limits::too_large;
use crate::name::key;
use crate::namespaces::Scope;
use crate::tag::{Fault, RawAttribute, fault};
use crate::tree::{Attribute, Declaration, Kind, Range, Tree, short};
use crate::{ErrorCode, Limits, XmlError, declaration, decode, tag};

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

/// What quick-xml has seen. Its events are large, so no more than this is taken of them.
#[derive(Clone, Copy)]
enum Seen {
    /// A start tag, with the length of its name.
    StartTag(usize),
    /// A start tag that ends its element, with the length of its name.
    EmptyTag(usize),
    EndTag,
    Text,
    Reference,
    CData,
    Comment,
    Instruction,
    Declaration,
    Doctype,
    /// The end of the piece.
    End,
}

impl Seen {
    #[inline]
    fn of(event: &Event<'_>) -> Self {
        match event {
            Event::Start(tag) => Self::StartTag(tag.name().as_ref().len()),
            Event::Empty(tag) => Self::EmptyTag(tag.name().as_ref().len()),
            Event::End(_) => Self::EndTag,
            Event::Text(_) => Self::Text,
            Event::GeneralRef(_) => Self::Reference,
            Event::CData(_) => Self::CData,
            Event::Comment(_) => Self::Comment,
            Event::PI(_) => Self::Instruction,
            Event::Decl(_) => Self::Declaration,
            Event::DocType(_) => Self::Doctype,
            Event::Eof => Self::End,
        }
    }
}

/// A piece of the document.
pub(crate) struct Input<'t> {
    pub(crate) text: &'t [u8],
    pub(crate) is_at_end: bool,
    pub(crate) encoding: Option<Encoding>,
}

impl<'t> Input<'t> {
    /// The events of the piece. It begins where an event begins, so quick-xml needs to know nothing of what was before.
    pub(crate) fn events(&self) -> quick_xml::Reader<&'t [u8]> {
        let mut events = quick_xml::Reader::from_reader(self.text);
        let config = events.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        events
    }

    /// How much of the piece was read.
    #[inline]
    pub(crate) fn place(&self, events: &quick_xml::Reader<&'t [u8]>) -> usize {
        self.text.len() - events.get_ref().len()
    }
}

/// How far the document was read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Prolog,
    Content,
    Epilog,
    End,
}

/// What happens to a document type declaration.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doctype {
    Refused,
    Skipped,
    /// There was one, and there must not be another.
    Seen,
}

/// What quick-xml leaves to its caller.
pub(crate) struct Parser {
    limits: Limits,
    scope: Scope,
    /// True until the first event was read.
    is_first: bool,
    place: Place,
    doctype: Doctype,
    /// The names of the open elements, one behind the other, and where each begins.
    names: Vec<u8>,
    open: Vec<usize>,
    found: Vec<RawAttribute>,
    /// A limit that was passed by a tag which was read all the same, so that the record can be passed over.
    over: Option<XmlError>,
}

impl Parser {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            scope: Scope::new(&limits),
            limits: limits.clamped(),
            place: Place::Prolog,
            is_first: true,
            doctype: Doctype::Refused,
            names: Vec::new(),
            open: Vec::new(),
            found: Vec::new(),
            over: None,
        }
    }

    pub(crate) fn skip_doctype(&mut self) {
        self.doctype = Doctype::Skipped;
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

    /// Reads one event, which begins at `at` in the record, and adds it to the tree. Nothing when the piece ends before the event does.
    #[inline]
    pub(crate) fn next<'t>(
        &mut self,
        input: &Input<'t>,
        events: &mut quick_xml::Reader<&'t [u8]>,
        at: usize,
        tree: &mut Tree,
    ) -> Result<Option<Step>, Fault> {
        let begin = input.place(events);
        let rest = &input.text[begin..];
        if self.depth() == 0 {
            if rest.len() < LOOK_AHEAD && !input.is_at_end {
                return Ok(None);
            }
            if matches!(rest, [b'<', b'!', b'D' | b'd', ..]) {
                self.allow_doctype().map_err(|error| (begin, error))?;
            }
        }
        let seen = match events.read_event() {
            Ok(event) => Seen::of(&event),
            Err(error) if !input.is_at_end && may_be_cut_off(&error, rest) => return Ok(None),
            Err(error) => return Err((begin + undecodable(&error, rest), explain(&error))),
        };
        let end = input.place(events);
        if end == input.text.len() && !input.is_at_end && matches!(seen, Seen::Text | Seen::End) {
            return Ok(None);
        }
        let source = &input.text[begin..end];
        if let Some(error) = self.limits.check_event(source) {
            return Err((begin, error));
        }
        let is_first = std::mem::take(&mut self.is_first);
        if is_first && !matches!(seen, Seen::Declaration) && input.encoding.is_some_and(Encoding::must_be_declared) {
            return Err((begin, undeclared()));
        }
        let range = Range::new(at, at + source.len());
        let step = match seen {
            Seen::StartTag(name) => {
                let done = self.start_tag(source, name, 1, at, tree);
                return done
                    .map(|()| Some(Step::Tag))
                    .map_err(|(place, error)| (begin + place, error));
            }
            Seen::EmptyTag(name) => {
                self.start_tag(source, name, 2, at, tree)
                    .map_err(|(place, error)| (begin + place, error))?;
                self.leave(range.end(), tree);
                Ok(Step::Tag)
            }
            Seen::EndTag => self.end_tag(source, range.end(), tree),
            Seen::Text => self.text(source, range, tree),
            Seen::Reference => self.reference(source, range, tree),
            Seen::CData => self.inside_root("a CDATA section", range, tree),
            Seen::Comment => check_comment(source).map(|()| leaf(Kind::Comment, range, tree)),
            Seen::Instruction => check_instruction(source).map(|()| leaf(Kind::Instruction, range, tree)),
            Seen::Declaration if is_first => check_declaration(source, input.encoding),
            Seen::Declaration => Err(fault("the XML declaration must be the first thing in the document")),
            Seen::Doctype => self.check_doctype(source),
            Seen::End => self.check_end(),
        };
        step.map(Some).map_err(|error| (begin, error))
    }

    /// Takes a start tag apart: `<`, the name, attributes, and an end of `tail` bytes. `at` is where it stands in the record.
    fn start_tag(&mut self, source: &[u8], name: usize, tail: usize, at: usize, tree: &mut Tree) -> Result<(), Fault> {
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
        self.place = Place::Content;
        let tag = &source[1..source.len() - tail];
        let local = local_start(&tag[..name]).ok_or_else(|| (1, fault("an element's name is no name")))?;
        self.open.push(self.names.len());
        self.names.extend_from_slice(&tag[..name]);
        let first_attribute = tree.attributes.len();
        if name < tag.len() {
            self.attributes(tag, name, at + 1, tree)
                .map_err(|(place, error)| (place + 1, error))?;
        }
        let prefix = &tag[..local.saturating_sub(1)];
        let namespace = self.scope.resolve(prefix).map_err(|error| (1, error))?;
        tree.open(
            namespace,
            Range::new(at, at + source.len()),
            (Range::new(at + 1 + local, at + 1 + name), key(&tag[local..name])),
            first_attribute,
        );
        Ok(())
    }

    fn end_tag(&mut self, source: &[u8], end: usize, tree: &mut Tree) -> Result<Step, XmlError> {
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
    fn leave(&mut self, end: usize, tree: &mut Tree) {
        tree.close(end);
        self.scope.leave(self.depth());
        if let Some(start) = self.open.pop() {
            self.names.truncate(start);
        }
        if self.open.is_empty() {
            self.place = Place::Epilog;
        }
    }

    fn attributes(&mut self, tag: &[u8], name: usize, at: usize, tree: &mut Tree) -> Result<(), Fault> {
        let mut found = std::mem::take(&mut self.found);
        found.clear();
        tag::attributes(tag, name, &mut found)?;
        if let Some(error) = self.limits.check_attributes(&found) {
            self.over.get_or_insert(error);
        }
        for raw in &found {
            let Some(declared) = raw.declares(tag) else { continue };
            let place = |error| (raw.name.0, error);
            let value = utf8(&tag[raw.value.0..raw.value.1]).map_err(place)?;
            let prefix = utf8(declared).map_err(place)?;
            self.scope
                .declare(prefix, &decode::attribute(value), self.depth())
                .map_err(place)?;
            tree.declarations.push(Declaration {
                node: short(tree.nodes.len()),
                prefix: Range::new(at + raw.name.1 - declared.len(), at + raw.name.1),
                namespace: self.scope.resolve(declared).map_err(place)?,
            });
        }
        let first = tree.attributes.len();
        for raw in &found {
            if raw.declares(tag).is_some() {
                continue;
            }
            let prefix = raw.prefix(tag);
            let namespace = if prefix.is_empty() {
                Ok(crate::namespaces::NONE)
            } else {
                self.scope.resolve(prefix)
            };
            tree.attributes.push(Attribute {
                is_taken: std::cell::Cell::new(false),
                namespace: namespace.map_err(|error| (raw.name.0, error))?,
                prefix: Range::new(at + raw.name.0, at + raw.name.0 + prefix.len()),
                local: Range::new(at + raw.local, at + raw.name.1),
                value: Range::new(at + raw.value.0, at + raw.value.1),
            });
        }
        let names = tree.attributes[first..].iter().map(|attribute| {
            (
                attribute.namespace,
                &tag[attribute.local.start() - at..attribute.local.end() - at],
            )
        });
        let is_twice = tag::has_duplicate(names) || tag::has_duplicate(found.iter().map(|raw| (0, raw.qualified(tag))));
        self.found = found;
        if is_twice {
            return Err((name, fault("an attribute stands twice in one tag")));
        }
        Ok(())
    }

    #[inline]
    pub(crate) fn text(&self, source: &[u8], range: Range, tree: &mut Tree) -> Result<Step, XmlError> {
        if self.depth() == 0 {
            if !source.iter().all(|byte| is_space(*byte)) {
                return Err(fault("text stands outside the root element"));
            }
        } else if memchr::memchr(b'>', source).is_some() && memchr::memmem::find(source, b"]]>").is_some() {
            return Err(fault("`]]>` must not stand in a text; write ]]&gt;"));
        }
        tree.text(range);
        Ok(Step::Text)
    }

    fn reference(&self, source: &[u8], range: Range, tree: &mut Tree) -> Result<Step, XmlError> {
        tag::resolve(utf8(&source[1..source.len() - 1])?)?;
        self.inside_root("a reference", range, tree)
    }

    fn inside_root(&self, what: &str, range: Range, tree: &mut Tree) -> Result<Step, XmlError> {
        if self.depth() == 0 {
            return Err(fault(&format!("{what} stands outside the root element")));
        }
        tree.text(range);
        Ok(Step::Text)
    }

    /// Called when the first bytes of a document type declaration are seen, before any of it is held.
    fn allow_doctype(&self) -> Result<(), XmlError> {
        match self.doctype {
            Doctype::Refused => Err(XmlError::new(
                ErrorCode::Doctype,
                "a document type declaration is refused: it can name files and grow without bound; send the document without it",
            )),
            Doctype::Seen => Err(fault("a second document type declaration")),
            Doctype::Skipped => Ok(()),
        }
    }

    fn check_doctype(&mut self, source: &[u8]) -> Result<Step, XmlError> {
        let after = source.strip_prefix(b"<!DOCTYPE").and_then(<[u8]>::first);
        let is_allowed = self.place == Place::Prolog && self.doctype == Doctype::Skipped;
        if is_allowed && after.is_some_and(|byte| is_space(*byte)) {
            self.doctype = Doctype::Seen;
            Ok(Step::Other)
        } else {
            Err(fault(
                "a document type declaration stands before the root, and is written in capitals",
            ))
        }
    }

    fn check_end(&mut self) -> Result<Step, XmlError> {
        if self.depth() > 0 {
            return Err(fault("the document ends before its elements do"));
        }
        if self.place != Place::Epilog {
            return Err(fault("the document has no root element"));
        }
        self.place = Place::End;
        Ok(Step::End)
    }
}

/// The bytes outside the root that must be seen before an event is read.
const LOOK_AHEAD: usize = 3;

/// True when an event that quick-xml could not read may only want more bytes.
fn may_be_cut_off(error: &quick_xml::Error, rest: &[u8]) -> bool {
    match (error, rest) {
        // A piece ends with a whole character.
        (quick_xml::Error::Encoding(_), _) => false,
        // A reference ends before the next markup.
        (_, [b'&', rest @ ..]) => memchr::memchr3(b';', b'&', b'<', rest).is_none(),
        (_, [b'<', b'!', rest @ ..]) => {
            let is_begun =
                |keyword: &[u8]| rest.len() < keyword.len() && keyword.starts_with(rest) || rest.starts_with(keyword);
            [&b"--"[..], b"[CDATA[", b"DOCTYPE"].into_iter().any(is_begun)
        }
        (_, [b'<', b'?', first, ..]) => !matches!(first, b'?' | b'>') && !is_space(*first),
        _ => true,
    }
}

/// The bytes before one that is no UTF-8, where that is the fault.
fn undecodable(error: &quick_xml::Error, rest: &[u8]) -> usize {
    match (error, std::str::from_utf8(rest)) {
        (quick_xml::Error::Encoding(_), Err(error)) => error.valid_up_to(),
        _ => 0,
    }
}

fn leaf(kind: Kind, range: Range, tree: &mut Tree) -> Step {
    tree.leaf(kind, range);
    Step::Other
}

fn check_declaration(source: &[u8], found: Option<Encoding>) -> Result<Step, XmlError> {
    let text = utf8(source.get(5..source.len() - 2).unwrap_or_default())?;
    match (declaration::check(text)?, found) {
        (Some(label), Some(found)) => found.confirm(label)?,
        (None, Some(found)) if found.must_be_declared() => return Err(undeclared()),
        _ => {}
    }
    Ok(Step::Other)
}

fn check_comment(source: &[u8]) -> Result<(), XmlError> {
    let content = source.get(4..source.len().saturating_sub(3)).unwrap_or(b"-");
    if memchr::memmem::find(content, b"--").is_some() || content.ends_with(b"-") {
        return Err(fault("`--` must not stand in a comment"));
    }
    Ok(())
}

fn check_instruction(source: &[u8]) -> Result<(), XmlError> {
    let content = source.get(2..source.len() - 2).unwrap_or_default();
    let target = content.split(|byte| is_space(*byte)).next().unwrap_or_default();
    if !is_ncname(target) || target.eq_ignore_ascii_case(b"xml") {
        return Err(fault("a processing instruction must begin with a name other than xml"));
    }
    Ok(())
}

/// quick-xml has checked it already; this is how a `str` is had without unsafe code.
fn utf8(bytes: &[u8]) -> Result<&str, XmlError> {
    std::str::from_utf8(bytes).map_err(|_| malformed())
}

/// quick-xml's errors in our words. Its own may repeat a part of the document.
fn explain(error: &quick_xml::Error) -> XmlError {
    use quick_xml::errors::{IllFormedError, SyntaxError};
    fault(match error {
        quick_xml::Error::Syntax(SyntaxError::UnclosedCData) => "a CDATA section is not closed",
        quick_xml::Error::Syntax(SyntaxError::UnclosedComment) => "a comment is not closed",
        quick_xml::Error::Syntax(SyntaxError::UnclosedDoctype) => "a document type declaration is not closed",
        quick_xml::Error::Syntax(SyntaxError::UnclosedPI) => "a processing instruction is not closed",
        quick_xml::Error::Syntax(SyntaxError::InvalidBangMarkup) => "`<!` begins nothing that is known",
        quick_xml::Error::Syntax(_) => "a tag is not closed",
        quick_xml::Error::IllFormed(IllFormedError::MismatchedEndTag { .. }) => {
            "an end tag has another name than its start tag"
        }
        quick_xml::Error::IllFormed(IllFormedError::UnmatchedEndTag(_)) => "an end tag has no start tag",
        quick_xml::Error::IllFormed(IllFormedError::DoubleHyphenInComment) => "`--` must not stand in a comment",
        quick_xml::Error::IllFormed(IllFormedError::UnclosedReference) => {
            "`&` must begin a reference that ends with `;`"
        }
        quick_xml::Error::Encoding(_) => return malformed(),
        _ => "it is not well-formed",
    })
}
