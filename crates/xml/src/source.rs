//! The input below quick-xml: decoded, checked for characters, and handed out no further than the limits allow.

use std::io::{self, BufRead, Read};

use crate::characters::first_forbidden;
use crate::encoding::{Encoding, Transcoder, malformed};
use crate::{ErrorCode, Limits, Position, XmlError};

/// Bytes that are read at once. A declaration fits into the first block.
const BLOCK: usize = 64 * 1024;

/// The byte order mark, decoded.
const MARK: &[u8] = "\u{FEFF}".as_bytes();

/// A `BufRead` of checked UTF-8. When it fails, [`Source::take_failure`] has the reason; the I/O error carries none.
pub(crate) struct Source<R> {
    input: R,
    limits: Limits,
    raw: Vec<u8>,
    transcoder: Option<(Encoding, Transcoder)>,
    read_bytes: u64,
    is_at_end: bool,
    /// Decoded text; `at` is how much of it was consumed, `ready` how much was checked.
    chunk: Vec<u8>,
    at: usize,
    ready: usize,
    /// The bytes of the present event that may still be handed out.
    budget: usize,
    is_text: bool,
    /// A place in the chunk whose position is known. It only moves on, so that no byte is counted twice.
    mark: (usize, Counter),
    event: EventStart,
    failure: Option<XmlError>,
}

/// Where the present event began.
#[derive(Clone, Copy)]
enum EventStart {
    InChunk(usize),
    Before(Position),
}

impl<R: Read> Source<R> {
    pub(crate) fn new(input: R, limits: Limits) -> Self {
        Self {
            input,
            limits,
            raw: vec![0; BLOCK],
            transcoder: None,
            read_bytes: 0,
            is_at_end: false,
            chunk: Vec::new(),
            at: 0,
            ready: 0,
            budget: 0,
            is_text: false,
            mark: (0, Counter::new()),
            event: EventStart::InChunk(0),
            failure: None,
        }
    }

    /// Allows for one more event and tells its first bytes, fewer at the end of the input.
    pub(crate) fn begin_event(&mut self) -> Result<[u8; 3], XmlError> {
        self.event = EventStart::InChunk(self.at);
        while self.ready - self.at < 3 && !self.is_at_end {
            self.refill()?;
            self.event = EventStart::InChunk(0);
        }
        let mut first = [0; 3];
        for (byte, found) in first.iter_mut().zip(&self.chunk[self.at..self.ready]) {
            *byte = *found;
        }
        self.is_text = first[0] != b'<';
        // One more than allowed: the end of a text is seen only at the byte after it.
        self.budget = if self.is_text {
            self.limits.text_bytes.saturating_add(1)
        } else {
            self.limits.event_bytes
        };
        Ok(first)
    }

    /// Where the present event began.
    pub(crate) fn event_position(&mut self) -> Position {
        match self.event {
            EventStart::Before(position) => position,
            EventStart::InChunk(at) => self.position_in_chunk(at),
        }
    }

    /// The encoding that the document was found to be in.
    pub(crate) fn encoding(&self) -> Option<Encoding> {
        self.transcoder.as_ref().map(|(encoding, _)| *encoding)
    }

    /// Why reading failed.
    pub(crate) fn take_failure(&mut self) -> Option<XmlError> {
        self.failure.take()
    }

    fn position_in_chunk(&mut self, at: usize) -> Position {
        let (mark, counter) = &mut self.mark;
        if at > *mark {
            counter.pass(&self.chunk[*mark..at]);
            *mark = at;
        }
        counter.position
    }

    /// Reads the next block behind what is not consumed yet.
    fn refill(&mut self) -> Result<(), XmlError> {
        if let EventStart::InChunk(at) = self.event {
            self.event = EventStart::Before(self.position_in_chunk(at));
        }
        self.position_in_chunk(self.at);
        self.chunk.drain(..self.at);
        self.ready -= self.at;
        (self.at, self.mark.0) = (0, 0);
        let before = self.ready;
        while self.ready == before && !self.is_at_end {
            self.read_block()?;
            self.check_block()?;
        }
        Ok(())
    }

    fn read_block(&mut self) -> Result<(), XmlError> {
        let mut filled = 0;
        // The first block must hold the declaration, however slowly the input comes.
        while filled < BLOCK && (filled == 0 || self.transcoder.is_none()) {
            match self.input.read(&mut self.raw[filled..]) {
                Ok(0) => {
                    self.is_at_end = true;
                    break;
                }
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(XmlError::new(ErrorCode::Io, format!("the input failed: {error}"))),
            }
        }
        self.read_bytes += filled as u64;
        if self.read_bytes > self.limits.input_bytes {
            return Err(XmlError::new(
                ErrorCode::Limit,
                format!("the input is longer than {} bytes", self.limits.input_bytes),
            ));
        }
        let is_first = self.transcoder.is_none();
        if is_first {
            self.transcoder = Some(Encoding::detect(&self.raw[..filled])?);
        }
        if let Some((_, transcoder)) = &mut self.transcoder {
            let (raw, is_last) = (&self.raw[..filled], self.is_at_end);
            if let Err(error) = transcoder.append(raw, is_last, &mut self.chunk) {
                let end = self.chunk.len();
                return Err(error.at(self.position_in_chunk(end)));
            }
        }
        if is_first { self.skip_byte_order_mark() } else { Ok(()) }
    }

    /// quick-xml would remove the mark too, but only after the first bytes were looked at, and then perhaps a second one.
    fn skip_byte_order_mark(&mut self) -> Result<(), XmlError> {
        if self.chunk.starts_with(MARK) {
            self.chunk.drain(..MARK.len());
            self.mark.1.position.offset = MARK.len() as u64;
            if self.chunk.starts_with(MARK) {
                let error = XmlError::new(ErrorCode::NotWellFormed, "a second byte order mark");
                return Err(error.at(self.position_in_chunk(0)));
            }
        }
        Ok(())
    }

    /// Checks what is new in the chunk. A character that is cut off waits for its other bytes.
    fn check_block(&mut self) -> Result<(), XmlError> {
        let fresh = &self.chunk[self.ready..];
        let valid = match std::str::from_utf8(fresh) {
            Ok(_) => fresh.len(),
            Err(error) if error.error_len().is_none() && !self.is_at_end => error.valid_up_to(),
            Err(error) => {
                let at = self.ready + error.valid_up_to();
                return Err(malformed().at(self.position_in_chunk(at)));
            }
        };
        let text = std::str::from_utf8(&fresh[..valid]).unwrap_or_default();
        if let Some(forbidden) = first_forbidden(text) {
            let at = self.ready + forbidden;
            let error = XmlError::new(
                ErrorCode::NotWellFormed,
                "a character that XML does not allow; leave it out",
            );
            return Err(error.at(self.position_in_chunk(at)));
        }
        self.ready += valid;
        Ok(())
    }

    fn fail(&mut self, error: XmlError) -> io::Error {
        self.failure = Some(error);
        io::Error::other("")
    }

    fn over_budget(&self) -> XmlError {
        let (what, limit) = if self.is_text {
            ("a text is", self.limits.text_bytes)
        } else {
            ("a tag, comment or section is", self.limits.event_bytes)
        };
        XmlError::new(ErrorCode::Limit, format!("{what} longer than {limit} bytes"))
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Source<R> {
    #[inline]
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.ready
            && !self.is_at_end
            && let Err(error) = self.refill()
        {
            return Err(self.fail(error));
        }
        if self.budget == 0 && self.at < self.ready {
            let error = self.over_budget();
            return Err(self.fail(error));
        }
        let end = self.ready.min(self.at.saturating_add(self.budget));
        Ok(&self.chunk[self.at..end])
    }

    #[inline]
    fn consume(&mut self, count: usize) {
        self.at += count;
        self.budget = self.budget.saturating_sub(count);
    }
}

/// Counts lines and characters.
#[derive(Clone, Copy)]
pub(crate) struct Counter {
    pub(crate) position: Position,
    is_after_return: bool,
}

impl Counter {
    fn new() -> Self {
        Self::at(Position::START)
    }

    /// A counter that goes on from a position.
    pub(crate) fn at(position: Position) -> Self {
        Self {
            position,
            is_after_return: false,
        }
    }

    /// Moves behind a text.
    pub(crate) fn pass(&mut self, text: &[u8]) {
        let mut line_start = 0;
        for at in memchr::memchr2_iter(b'\n', b'\r', text) {
            let follows_return = if at == 0 {
                self.is_after_return
            } else {
                text[at - 1] == b'\r'
            };
            if !(text[at] == b'\n' && follows_return) {
                self.position.line += 1;
            }
            line_start = at + 1;
            self.position.column = 1;
        }
        let rest = &text[line_start..];
        let characters = rest.iter().filter(|byte| (**byte & 0xC0) != 0x80).count();
        self.position.column += characters as u64;
        self.position.offset += text.len() as u64;
        if let Some(last) = text.last() {
            self.is_after_return = *last == b'\r';
        }
    }
}
