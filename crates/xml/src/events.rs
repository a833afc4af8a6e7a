//! One event of quick-xml after the other, with all checks that quick-xml leaves to its caller.

use std::io::Read;

use quick_xml::events::Event;

use crate::characters::{is_ncname, is_space, local_start};
use crate::encoding::malformed;
use crate::reader::{Doctype, Place};
use crate::source::Counter;
use crate::tag::{TagFault, fault};
use crate::tree::{Attribute, Declaration, Kind, Range, Tree, short};
use crate::{ErrorCode, Reader, XmlError, declaration, decode, tag};

/// What was read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Start,
    Empty,
    End,
    Text,
    Other,
    Eof,
}

/// What quick-xml has seen; its text stands at the end of the buffer.
#[derive(Clone, Copy)]
enum Seen {
    /// A start tag, with the length of its name.
    Start(usize),
    Empty(usize),
    End,
    Text,
    Reference,
    CData,
    Comment,
    Instruction,
    Declaration,
    Doctype,
    Eof,
}

impl<R: Read> Reader<R> {
    /// Reads one event behind what is in `buffer` and adds it to the tree.
    pub(crate) fn step(&mut self, buffer: &mut Vec<u8>, tree: &mut Tree) -> Result<Step, XmlError> {
        self.checked_step(buffer, tree)
            .map_err(|error| error.at(self.inner.get_mut().event_position()))
    }

    fn checked_step(&mut self, buffer: &mut Vec<u8>, tree: &mut Tree) -> Result<Step, XmlError> {
        let first = self.inner.get_mut().begin_event()?;
        if self.depth == 0 && matches!(first, [b'<', b'!', b'D' | b'd']) {
            self.allow_doctype()?;
        }
        let (start, is_first) = (buffer.len(), self.place == Place::Start);
        if is_first {
            self.place = Place::Prolog;
        }
        let seen = self.see(buffer)?;
        let source = Range::new(start, buffer.len());
        match seen {
            Seen::Start(name) => {
                self.start_tag(&buffer[start..], name, 1, start, tree)?;
                return Ok(Step::Start);
            }
            Seen::Empty(name) => {
                self.start_tag(&buffer[start..], name, 2, start, tree)?;
                tree.close(buffer.len());
                self.leave();
                return Ok(Step::Empty);
            }
            Seen::End => {
                tree.close(buffer.len());
                self.leave();
                return Ok(Step::End);
            }
            Seen::Text => {
                self.check_text(&buffer[start..])?;
                tree.text(source);
                return Ok(Step::Text);
            }
            Seen::Reference => {
                tag::resolve(utf8(&buffer[start + 1..buffer.len() - 1])?)?;
                self.inside_root("a reference")?;
                tree.text(source);
                return Ok(Step::Text);
            }
            Seen::CData => {
                self.inside_root("a CDATA section")?;
                tree.text(source);
                return Ok(Step::Text);
            }
            Seen::Comment => {
                check_comment(&buffer[start..])?;
                tree.leaf(Kind::Comment, source);
            }
            Seen::Instruction => {
                check_instruction(utf8(&buffer[start..])?)?;
                tree.leaf(Kind::Instruction, source);
            }
            Seen::Declaration => {
                if !is_first {
                    return Err(fault("the XML declaration must be the first thing in the document"));
                }
                self.check_declaration(utf8(&buffer[start..])?)?;
            }
            Seen::Doctype => self.check_doctype(&buffer[start..])?,
            Seen::Eof => {
                self.check_end()?;
                return Ok(Step::Eof);
            }
        }
        Ok(Step::Other)
    }

    fn see(&mut self, buffer: &mut Vec<u8>) -> Result<Seen, XmlError> {
        match self.inner.read_event_into(buffer) {
            Ok(Event::Start(tag)) => Ok(Seen::Start(tag.name().as_ref().len())),
            Ok(Event::Empty(tag)) => Ok(Seen::Empty(tag.name().as_ref().len())),
            Ok(Event::End(_)) => Ok(Seen::End),
            Ok(Event::Text(_)) => Ok(Seen::Text),
            Ok(Event::GeneralRef(_)) => Ok(Seen::Reference),
            Ok(Event::CData(_)) => Ok(Seen::CData),
            Ok(Event::Comment(_)) => Ok(Seen::Comment),
            Ok(Event::PI(_)) => Ok(Seen::Instruction),
            Ok(Event::Decl(_)) => Ok(Seen::Declaration),
            Ok(Event::DocType(_)) => Ok(Seen::Doctype),
            Ok(Event::Eof) => Ok(Seen::Eof),
            Err(error) => Err(self.inner.get_mut().take_failure().unwrap_or_else(|| explain(&error))),
        }
    }

    /// Takes a start tag apart: `<`, the name, attributes, and an end of `tail` bytes. `at` is where it stands in the record.
    fn start_tag(
        &mut self,
        source: &[u8],
        name: usize,
        tail: usize,
        at: usize,
        tree: &mut Tree,
    ) -> Result<(), XmlError> {
        if self.place == Place::Epilog {
            return Err(fault("a second root element"));
        }
        if self.depth >= self.limits.depth {
            let text = format!("elements stand more than {} deep in each other", self.limits.depth);
            return Err(XmlError::new(ErrorCode::Limit, text));
        }
        self.place = Place::Content;
        self.depth += 1;
        let tag = &source[1..source.len() - tail];
        self.tag_parts(tag, name, at + 1, Range::new(at, at + source.len()), tree)
            .map_err(|(place, error)| {
                let mut counter = Counter::at(self.inner.get_mut().event_position());
                counter.pass(&source[..(1 + place).min(source.len())]);
                error.at(counter.position)
            })
    }

    fn tag_parts(
        &mut self,
        tag: &[u8],
        name: usize,
        at: usize,
        source: Range,
        tree: &mut Tree,
    ) -> Result<(), TagFault> {
        let local = local_start(&tag[..name]).ok_or_else(|| (0, fault("an element's name is no name")))?;
        let first_attribute = tree.attributes.len();
        if name < tag.len() {
            self.attributes(tag, name, at, tree)?;
        }
        let prefix = &tag[..local.saturating_sub(1)];
        let namespace = self.scope.resolve(prefix).map_err(|error| (0, error))?;
        tree.open(
            namespace,
            source,
            Range::new(at, at + prefix.len()),
            Range::new(at + local, at + name),
            first_attribute,
        );
        Ok(())
    }

    fn attributes(&mut self, tag: &[u8], name: usize, at: usize, tree: &mut Tree) -> Result<(), TagFault> {
        let mut found = std::mem::take(&mut self.attributes);
        found.clear();
        tag::attributes(tag, name, &self.limits, &mut found)?;
        for raw in &found {
            let Some(declared) = raw.declares(tag) else { continue };
            let place = |error| (raw.name.0, error);
            let value = utf8(&tag[raw.value.0..raw.value.1]).map_err(place)?;
            let prefix = utf8(declared).map_err(place)?;
            self.scope
                .declare(prefix, &decode::attribute(value), self.depth)
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
        let is_twice = tag::has_duplicate(names);
        self.attributes = found;
        if is_twice {
            return Err((name, fault("an attribute stands twice in one tag")));
        }
        Ok(())
    }

    fn leave(&mut self) {
        self.scope.leave(self.depth);
        self.depth -= 1;
        if self.depth == 0 {
            self.place = Place::Epilog;
        }
    }

    fn check_text(&self, text: &[u8]) -> Result<(), XmlError> {
        if self.depth == 0 {
            if !text.iter().all(|byte| is_space(*byte)) {
                return Err(fault("text stands outside the root element"));
            }
        } else if memchr::memchr(b'>', text).is_some() && memchr::memmem::find(text, b"]]>").is_some() {
            return Err(fault("`]]>` must not stand in a text; write ]]&gt;"));
        }
        Ok(())
    }

    fn inside_root(&self, what: &str) -> Result<(), XmlError> {
        if self.depth == 0 {
            return Err(fault(&format!("{what} stands outside the root element")));
        }
        Ok(())
    }

    fn check_declaration(&self, source: &str) -> Result<(), XmlError> {
        let text = source.get(5..source.len() - 2).unwrap_or("");
        match (declaration::check(text)?, self.inner.get_ref().encoding()) {
            (Some(label), Some(found)) => found.confirm(label),
            _ => Ok(()),
        }
    }

    /// Called when the first bytes of a document type declaration are seen, before any of it is held.
    fn allow_doctype(&mut self) -> Result<(), XmlError> {
        match self.doctype {
            Doctype::Refused => Err(XmlError::new(
                ErrorCode::Doctype,
                "a document type declaration is refused: it can name files and grow without bound; send the document without it",
            )),
            Doctype::Seen => Err(fault("a second document type declaration")),
            Doctype::Skipped => {
                self.doctype = Doctype::Seen;
                Ok(())
            }
        }
    }

    fn check_doctype(&self, source: &[u8]) -> Result<(), XmlError> {
        let after = source.strip_prefix(b"<!DOCTYPE").and_then(<[u8]>::first);
        if self.place == Place::Prolog && self.doctype == Doctype::Seen && after.is_some_and(|byte| is_space(*byte)) {
            Ok(())
        } else {
            Err(fault(
                "a document type declaration stands before the root, and is written in capitals",
            ))
        }
    }

    fn check_end(&mut self) -> Result<(), XmlError> {
        if self.depth > 0 {
            return Err(fault("the document ends before its elements do"));
        }
        if self.place != Place::Epilog {
            return Err(fault("the document has no root element"));
        }
        self.place = Place::End;
        Ok(())
    }
}

fn check_comment(source: &[u8]) -> Result<(), XmlError> {
    let content = source.get(4..source.len().saturating_sub(3)).unwrap_or(b"-");
    if memchr::memmem::find(content, b"--").is_some() || content.ends_with(b"-") {
        return Err(fault("`--` must not stand in a comment"));
    }
    Ok(())
}

fn check_instruction(source: &str) -> Result<(), XmlError> {
    let content = source.get(2..source.len() - 2).unwrap_or("");
    let target = content.split([' ', '\t', '\n', '\r']).next().unwrap_or("");
    if !is_ncname(target.as_bytes()) || target.eq_ignore_ascii_case("xml") {
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
