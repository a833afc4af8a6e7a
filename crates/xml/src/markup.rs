//! What quick-xml sees in markup and references, and its errors in our words. Nothing else knows of quick-xml.

use quick_xml::errors::{IllFormedError, SyntaxError};
use quick_xml::events::Event;

use crate::XmlError;
use crate::characters::is_space;
use crate::tag::fault;

/// A kind of markup.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Markup {
    /// A start tag, with the length of its name.
    StartTag {
        name: usize,
        is_empty: bool,
    },
    EndTag,
    Reference,
    CData,
    Comment,
    Instruction,
    Declaration,
    Doctype,
}

/// Reads the markup or reference at the beginning of a text, and tells its length. quick-xml is begun anew for each: it needs to know
/// nothing of what was before. Nothing when the text, of which more may follow, ends before the markup does.
pub(crate) fn read(text: &str, is_at_end: bool) -> Result<Option<(Markup, usize)>, XmlError> {
    let mut events = quick_xml::Reader::from_str(text);
    let config = events.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let markup = match events.read_event() {
        Ok(Event::Start(tag)) => Markup::StartTag {
            name: tag.name().as_ref().len(),
            is_empty: false,
        },
        Ok(Event::Empty(tag)) => Markup::StartTag {
            name: tag.name().as_ref().len(),
            is_empty: true,
        },
        Ok(Event::End(_)) => Markup::EndTag,
        Ok(Event::GeneralRef(_)) => Markup::Reference,
        Ok(Event::CData(_)) => Markup::CData,
        Ok(Event::Comment(_)) => Markup::Comment,
        Ok(Event::PI(_)) => Markup::Instruction,
        Ok(Event::Decl(_)) => Markup::Declaration,
        Ok(Event::DocType(_)) => Markup::Doctype,
        Ok(Event::Text(_) | Event::Eof) => return Err(fault(UNKNOWN)),
        Err(_) if !is_at_end && may_be_cut_off(text.as_bytes()) => return Ok(None),
        Err(error) => return Err(fault(explain(&error))),
    };
    Ok(Some((markup, text.len() - events.get_ref().len())))
}

const UNKNOWN: &str = "it is not well-formed";

/// True when markup that quick-xml could not read may only want more bytes.
fn may_be_cut_off(text: &[u8]) -> bool {
    match text {
        // A reference ends before the next markup.
        [b'&', rest @ ..] => memchr::memchr3(b';', b'&', b'<', rest).is_none(),
        [b'<', b'!', rest @ ..] => {
            let is_begun =
                |keyword: &[u8]| rest.len() < keyword.len() && keyword.starts_with(rest) || rest.starts_with(keyword);
            [&b"--"[..], b"[CDATA[", b"DOCTYPE"].into_iter().any(is_begun)
        }
        [b'<', b'?', first, ..] => !matches!(first, b'?' | b'>') && !is_space(*first),
        _ => true,
    }
}

/// quick-xml's own errors may repeat a part of the document.
fn explain(error: &quick_xml::Error) -> &'static str {
    match error {
        quick_xml::Error::Syntax(SyntaxError::UnclosedCData) => "a CDATA section is not closed",
        quick_xml::Error::Syntax(SyntaxError::UnclosedComment) => "a comment is not closed",
        quick_xml::Error::Syntax(SyntaxError::UnclosedDoctype) => "a document type declaration is not closed",
        quick_xml::Error::Syntax(SyntaxError::UnclosedPI) => "a processing instruction is not closed",
        quick_xml::Error::Syntax(SyntaxError::InvalidBangMarkup) => "`<!` begins nothing that is known",
        quick_xml::Error::Syntax(_) => "a tag is not closed",
        quick_xml::Error::IllFormed(IllFormedError::UnclosedReference) => {
            "`&` must begin a reference that ends with `;`"
        }
        _ => UNKNOWN,
    }
}
