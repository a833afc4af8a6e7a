//! The strict streaming reader: one record at a time, in bounded memory.

use std::io::Read;

use crate::characters::is_space;
use crate::events::{Input, Parser, Step};
use crate::kept::{BEFORE, BEHIND, Outside};
use crate::tree::Kind;
use crate::window::Window;
use crate::{ErrorCode, KeptKind, Limits, Record, XmlError};

/// Reads a document from any input: its root, and then each child of the root as one [`Record`].
///
/// It accepts exactly the well-formed, namespace-well-formed documents of XML 1.0 without a document type declaration, within its
/// [`Limits`]. It fetches nothing and expands no entity but the five of XML.
///
/// ```
/// use ecrm_xml::{Limits, Name, Reader, Record};
/// let xml = "<orders xmlns='urn:example'><order id='1'/><order id='2'/></orders>";
/// let (mut reader, mut record) = (Reader::new(xml.as_bytes(), Limits::default()), Record::new());
/// let mut ids = Vec::new();
/// while reader.next_record(&mut record)? {
///     ids.extend(record.element().attribute(Name::local("id")).map(|id| id.into_owned()));
/// }
/// assert_eq!(ids, ["1", "2"]);
/// # Ok::<(), ecrm_xml::XmlError>(())
/// ```
pub struct Reader<R> {
    window: Window<R>,
    parser: Parser,
    /// The fault after which nothing can be read.
    failure: Option<XmlError>,
    /// Where the record in hand begins in the window, or what comes next where none is in hand.
    from: usize,
    /// Where the next event begins.
    at: usize,
    /// The comments and processing instructions outside of the record in hand, which no record has taken over yet.
    outside: Outside,
}

/// How far to read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Goal {
    /// Up to the start tag of the root.
    Root,
    /// Up to the end of the next element inside the root, or of the root.
    Child,
    /// Up to the end of the root that was begun.
    Rest,
    /// Up to the end of the document.
    End,
}

/// Why reading in the window stopped.
#[derive(Clone, Copy)]
enum Stop {
    Reached,
    NeedsMore,
    /// The record is larger than the limits allow.
    TooLarge,
}

impl<R: Read> Reader<R> {
    /// A reader. Whether it passes over a document type declaration or refuses it is one of its limits.
    #[must_use]
    pub fn new(input: R, limits: Limits) -> Self {
        Self {
            window: Window::new(input, &limits),
            parser: Parser::new(limits),
            failure: None,
            from: 0,
            at: 0,
            outside: Outside::default(),
        }
    }

    /// The limits that hold.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        self.parser.limits()
    }

    /// Reads up to the root's start tag, which is the record then, without its content, but with the comments and processing
    /// instructions before it.
    ///
    /// # Errors
    /// What is wrong with the document so far.
    pub fn root(&mut self, record: &mut Record) -> Result<(), XmlError> {
        self.run_to_root(record)?;
        record.tree.close(record.text.len());
        record.outside = std::mem::take(&mut self.outside);
        Ok(())
    }

    /// Reads the next child of the root; false when there is none and the document has ended well. Comments and processing
    /// instructions before it belong to the record; those behind the last one are what is left over in the record at the end.
    ///
    /// # Errors
    /// What is wrong. Where [`XmlError::is_recoverable`], only this record is bad, and the next call reads the one after it.
    pub fn next_record(&mut self, record: &mut Record) -> Result<bool, XmlError> {
        if self.parser.is_before_root() {
            self.run_to_root(record)?;
        }
        if self.parser.depth() == 1 {
            self.run(record, Goal::Child)?;
        }
        let is_found = self.parser.depth() == 1;
        if !is_found {
            self.run_to_end(record)?;
            record.reset();
        }
        record.outside = std::mem::take(&mut self.outside);
        Ok(is_found)
    }

    /// Reads the whole document as one record.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn document(&mut self, record: &mut Record) -> Result<(), XmlError> {
        self.run_to_root(record)?;
        if self.parser.depth() > 0 {
            self.run(record, Goal::Rest)?;
        }
        self.run_to_end(&mut Record::new()).inspect_err(|_| record.reset())?;
        record.outside = std::mem::take(&mut self.outside);
        Ok(())
    }

    fn run_to_root(&mut self, record: &mut Record) -> Result<(), XmlError> {
        if !self.parser.is_before_root() {
            return Err(XmlError::new(
                ErrorCode::Unexpected,
                "the root of this document was read already; use a new reader",
            ));
        }
        self.run(record, Goal::Root)
    }

    fn run_to_end(&mut self, record: &mut Record) -> Result<(), XmlError> {
        if self.parser.is_done() {
            return Ok(());
        }
        self.run(record, Goal::End)
    }

    fn run(&mut self, record: &mut Record, goal: Goal) -> Result<(), XmlError> {
        if let Some(error) = &self.failure {
            return Err(error.clone());
        }
        let result = self.run_to(record, goal);
        if let Err(error) = &result {
            record.reset();
            if !error.is_recoverable() {
                self.failure = Some(error.clone());
            }
        }
        result
    }

    /// Reads event after event until the goal is reached, and takes in more of the input where that is needed.
    fn run_to(&mut self, record: &mut Record, goal: Goal) -> Result<(), XmlError> {
        let mut too_large = None;
        loop {
            let stop = self.run_window(record, goal, too_large.is_some());
            let stop = stop.map_err(|(place, error)| error.at(self.window.position(place)))?;
            let over = self
                .parser
                .take_over()
                .or_else(|| self.parser.limits().check_record(self.at - self.from, &record.tree));
            if let Some(error) = over.filter(|_| too_large.is_none()) {
                let error = error.at(self.window.position(self.from));
                if goal != Goal::Child {
                    return Err(error);
                }
                // The rest of the record is only passed over, so that the next one can be read.
                too_large = Some(error.recoverable());
                self.from = self.at;
            }
            match stop {
                Stop::Reached => break,
                Stop::TooLarge => {}
                Stop::NeedsMore => self.more()?,
            }
        }
        if let Some(error) = too_large {
            return Err(error);
        }
        record.base = self.window.position(self.from);
        let kept_bytes = self.parser.limits().kept_bytes;
        record.end(&self.window.text()[self.from..self.at], self.parser.scope(), kept_bytes);
        Ok(())
    }

    /// Reads what the window holds. A fault comes with its place in the window.
    fn run_window(&mut self, record: &mut Record, goal: Goal, is_skipping: bool) -> Result<Stop, (usize, XmlError)> {
        let Self {
            window,
            parser,
            from,
            at,
            outside,
            ..
        } = self;
        let (text, is_at_end, encoding) = (window.text(), window.is_at_end(), window.encoding());
        loop {
            let is_between = match goal {
                Goal::Root => true,
                Goal::Child => parser.depth() == 1,
                Goal::Rest => false,
                Goal::End => true,
            };
            if is_between || is_skipping {
                record.tree.clear();
                *from = *at;
            }
            let before = *at;
            let input = Input {
                text: &text[before..],
                is_at_end,
                encoding,
            };
            let read = parser.next(input, before - *from, &mut record.tree);
            let Some((step, length)) = read.map_err(|(place, error)| (before + place, error))? else {
                return Ok(Stop::NeedsMore);
            };
            *at = before + length;
            let is_reached = match goal {
                Goal::Root => step == Step::Tag,
                Goal::Child => parser.depth() == 0 || parser.depth() == 1 && step == Step::Tag,
                Goal::Rest => parser.depth() == 0,
                Goal::End => step == Step::End,
            };
            if is_reached {
                return Ok(Stop::Reached);
            }
            // Asked after each event, so that it does not depend on the pieces of the input which limit is found to be passed.
            let is_in_record = !is_between || step == Step::Tag;
            let is_too_large = || parser.is_over() || parser.limits().check_record(*at - *from, &record.tree).is_some();
            if is_in_record && !is_skipping && is_too_large() {
                return Ok(Stop::TooLarge);
            }
            if step == Step::Other && is_between {
                let kind = match record.tree.nodes.first().map(|node| node.kind) {
                    Some(Kind::Comment) => Some(KeptKind::Comment),
                    Some(Kind::Instruction) => Some(KeptKind::Instruction),
                    _ => None,
                };
                let place = if goal == Goal::End { BEHIND } else { BEFORE };
                let noted = kind.map(|kind| outside.note(kind, place, &text[before..*at], parser.limits()));
                noted
                    .transpose()
                    .map_err(|error| (before, recoverable_between(goal, error)))?;
            }
            if step == Step::Text {
                check_between(goal, parser.depth(), &text[before..*at]).map_err(|error| (before, error))?;
            }
        }
    }

    fn more(&mut self) -> Result<(), XmlError> {
        let partial = &self.window.text()[self.at..];
        if let Some(error) = self.parser.limits().check_event(partial) {
            return Err(error.at(self.window.position(self.at)));
        }
        let more = self.window.more(self.from);
        self.at -= self.from;
        self.from = 0;
        more.map_err(|error| error.at(self.window.position(self.at)))
    }
}

/// Between records there is only white space.
fn check_between(goal: Goal, depth: usize, text: &str) -> Result<(), XmlError> {
    if goal == Goal::Child && depth == 1 && !text.bytes().all(is_space) {
        let error = XmlError::new(ErrorCode::Unexpected, "text stands between the records");
        return Err(recoverable_between(goal, error));
    }
    Ok(())
}

/// What is wrong between two records is wrong with neither of them.
fn recoverable_between(goal: Goal, error: XmlError) -> XmlError {
    if goal == Goal::Child {
        error.recoverable()
    } else {
        error
    }
}

impl<R> std::fmt::Debug for Reader<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader")
            .field("depth", &self.parser.depth())
            .finish_non_exhaustive()
    }
}
