//! What stands outside the root, and what is no content inside it: the declarations, comments and processing instructions.

use crate::characters::{is_ncname, is_space};
use crate::encoding::{Encoding, undeclared};
use crate::events::{Doctype, Parser, Place, Step};
use crate::tag::fault;
use crate::{ErrorCode, XmlError, declaration};

impl Parser {
    /// Called when the first bytes of a document type declaration are seen, before any of it is held.
    pub(crate) fn allow_doctype(&self) -> Result<(), XmlError> {
        match self.doctype {
            Doctype::Refused => Err(XmlError::new(
                ErrorCode::Doctype,
                "a document type declaration is refused: it can name files and grow without bound; send the document without it",
            )),
            Doctype::Seen => Err(fault("a second document type declaration")),
            Doctype::Skipped => Ok(()),
        }
    }

    pub(crate) fn check_doctype(&mut self, source: &str) -> Result<Step, XmlError> {
        let after = source.strip_prefix("<!DOCTYPE").and_then(|rest| rest.bytes().next());
        let is_allowed = self.place == Place::Prolog && self.doctype == Doctype::Skipped;
        if is_allowed && after.is_some_and(is_space) {
            self.doctype = Doctype::Seen;
            Ok(Step::Other)
        } else {
            Err(fault(
                "a document type declaration stands before the root, and is written in capitals",
            ))
        }
    }

    pub(crate) fn check_end(&mut self) -> Result<Step, XmlError> {
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

pub(crate) fn check_declaration(source: &str, found: Option<Encoding>) -> Result<Step, XmlError> {
    let text = source.get(5..source.len() - 2).unwrap_or_default();
    match (declaration::check(text)?, found) {
        (Some(label), Some(found)) => found.confirm(label)?,
        (None, Some(found)) if found.must_be_declared() => return Err(undeclared()),
        _ => {}
    }
    Ok(Step::Other)
}

pub(crate) fn check_comment(source: &str) -> Result<(), XmlError> {
    let content = source.get(4..source.len().saturating_sub(3)).unwrap_or("-");
    if content.contains("--") || content.ends_with('-') {
        return Err(fault("`--` must not stand in a comment"));
    }
    Ok(())
}

pub(crate) fn check_instruction(source: &str) -> Result<(), XmlError> {
    let content = source.as_bytes().get(2..source.len() - 2).unwrap_or_default();
    let target = content.split(|byte| is_space(*byte)).next().unwrap_or_default();
    if !is_ncname(target) || target.eq_ignore_ascii_case(b"xml") {
        return Err(fault("a processing instruction must begin with a name other than xml"));
    }
    Ok(())
}
