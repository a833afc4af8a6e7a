//! The part of the input that is in memory: decoded, its characters checked, and never more than the limits allow.

use std::io::{self, Read};

use crate::characters::first_forbidden;
use crate::encoding::{Encoding, Transcoder};
use crate::position::Counter;
use crate::{ErrorCode, Limits, Position, XmlError};

/// Bytes that are read at once. A declaration fits into the first block.
const BLOCK: usize = 64 * 1024;

/// The byte order mark, decoded.
const MARK: &str = "\u{FEFF}";

/// What of the document is in memory. Places in it are counted from its first byte, and move when [`Window::more`] drops something.
pub(crate) struct Window<R> {
    input: R,
    longest: u64,
    raw: Vec<u8>,
    transcoder: Option<(Encoding, Transcoder)>,
    read_bytes: u64,
    is_at_end: bool,
    text: String,
    /// A place whose position is known. It only moves on, so that no byte is counted twice.
    known: (usize, Counter),
    /// A fault behind what is ready: told when more is wanted, so that what stands before it is read first.
    fault: Option<XmlError>,
}

impl<R: Read> Window<R> {
    pub(crate) fn new(input: R, limits: &Limits) -> Self {
        Self {
            input,
            longest: limits.input_bytes,
            raw: vec![0; BLOCK],
            transcoder: None,
            read_bytes: 0,
            is_at_end: false,
            text: String::new(),
            known: (0, Counter::at(Position::START)),
            fault: None,
        }
    }

    /// The text that can be read now.
    #[inline]
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// True when nothing follows the text, not even a fault.
    pub(crate) fn is_at_end(&self) -> bool {
        self.is_at_end && self.fault.is_none()
    }

    /// The encoding that the document was found to be in.
    pub(crate) fn encoding(&self) -> Option<Encoding> {
        self.transcoder.as_ref().map(|(encoding, _)| *encoding)
    }

    /// The position of a place that is not before the last one that was asked for.
    pub(crate) fn position(&mut self, at: usize) -> Position {
        let (known, counter) = &mut self.known;
        if at > *known {
            counter.pass(self.text.get(*known..at).unwrap_or_default());
            *known = at;
        }
        counter.position
    }

    /// Drops what is before `from` and reads more. A text that grows is read in larger and larger pieces, because what needs more of it
    /// looks at all of it again.
    pub(crate) fn more(&mut self, from: usize) -> Result<(), XmlError> {
        self.position(from);
        self.text.drain(..from);
        self.known.0 = 0;
        let (before, enough) = (self.text.len(), self.text.len() + (self.text.len() / 2).max(1));
        while self.text.len() < enough && !self.is_at_end && self.fault.is_none() {
            let checked = self.text.len();
            self.fault = self.read_block().err();
            self.check_characters(checked);
        }
        match &self.fault {
            Some(fault) if self.text.len() == before => Err(fault.clone().at(self.position(before))),
            _ => Ok(()),
        }
    }

    fn read_block(&mut self) -> Result<(), XmlError> {
        let is_first = self.transcoder.is_none();
        let (filled, result) = self.fill(is_first);
        if is_first {
            self.transcoder = Some(Encoding::detect(&self.raw[..filled])?);
        }
        let (raw, is_last) = (&self.raw[..filled], self.is_at_end);
        let decoded = match &mut self.transcoder {
            Some((_, transcoder)) => transcoder.append(raw, is_last, &mut self.text),
            None => Ok(()),
        };
        if is_first {
            self.skip_byte_order_mark();
        }
        decoded.and(result)
    }

    /// Fills the block with what the input gives, the first one with as much as tells the encoding.
    fn fill(&mut self, is_first: bool) -> (usize, Result<(), XmlError>) {
        let mut filled = 0;
        while filled == 0 || is_first && filled < BLOCK && !tells_encoding(&self.raw[..filled]) {
            match self.input.read(&mut self.raw[filled..]) {
                Ok(0) => {
                    self.is_at_end = true;
                    break;
                }
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let error = XmlError::new(ErrorCode::Io, format!("the input failed: {error}"));
                    return (filled, Err(error));
                }
            }
        }
        self.read_bytes += filled as u64;
        // What stands before the limit is read first, however large the pieces are in which the input comes.
        let beyond = self.read_bytes.saturating_sub(self.longest);
        if beyond > 0 {
            let text = format!("the input is longer than {} bytes", self.longest);
            let within = filled.saturating_sub(usize::try_from(beyond).unwrap_or(filled));
            return (within, Err(XmlError::new(ErrorCode::Limit, text)));
        }
        (filled, Ok(()))
    }

    /// The mark is no character of the document.
    fn skip_byte_order_mark(&mut self) {
        if self.text.starts_with(MARK) {
            self.text.drain(..MARK.len());
            self.known.1.position.offset = MARK.len() as u64;
        }
    }

    /// Checks the characters behind those that were checked before. What stands before a forbidden one can be read.
    fn check_characters(&mut self, checked: usize) {
        let fresh = self.text.as_bytes().get(checked..).unwrap_or_default();
        if let Some(forbidden) = first_forbidden(fresh) {
            self.text.truncate(checked + forbidden);
            self.fault = Some(XmlError::new(
                ErrorCode::NotWellFormed,
                "a character that XML does not allow; leave it out",
            ));
        }
    }
}

/// True when the beginning of a document holds its declaration, or can have none.
fn tells_encoding(start: &[u8]) -> bool {
    start.len() >= 4 && (!start.starts_with(b"<?xm") || memchr::memchr(b'>', start).is_some())
}
