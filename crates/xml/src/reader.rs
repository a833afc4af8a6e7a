//! The strict streaming reader: one record at a time, in bounded memory.

use std::io::Read;

use crate::characters::is_space;
use crate::events::Step;
use crate::namespaces::Scope;
use crate::source::Source;
use crate::tag::RawAttribute;
use crate::tree::Tree;
use crate::{ErrorCode, Limits, Record, XmlError};

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
    pub(crate) inner: quick_xml::Reader<Source<R>>,
    pub(crate) limits: Limits,
    pub(crate) scope: Scope,
    pub(crate) attributes: Vec<RawAttribute>,
    pub(crate) depth: usize,
    pub(crate) place: Place,
    pub(crate) doctype: Doctype,
}

/// How far a document was read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(crate) enum Place {
    Start,
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

impl<R: Read> Reader<R> {
    /// A reader that refuses a document type declaration.
    #[must_use]
    pub fn new(input: R, limits: Limits) -> Self {
        let mut inner = quick_xml::Reader::from_reader(Source::new(input, limits.clone()));
        inner.config_mut().check_comments = true;
        Self {
            inner,
            scope: Scope::new(&limits),
            limits,
            attributes: Vec::new(),
            depth: 0,
            place: Place::Start,
            doctype: Doctype::Refused,
        }
    }

    /// The reader for a partner whose documents must have a document type declaration: it is passed over, never read. Entities and
    /// default values that it declares do not exist.
    #[must_use]
    pub fn skipping_doctype(mut self) -> Self {
        self.doctype = Doctype::Skipped;
        self
    }

    /// The limits that hold.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Reads up to the root's start tag, which is the record then, without its content.
    ///
    /// # Errors
    /// What is wrong with the document so far.
    pub fn root(&mut self, record: &mut Record) -> Result<(), XmlError> {
        let mut buffer = record.begin();
        while self.place < Place::Content {
            record.clear();
            buffer.clear();
            let step = self.step(&mut buffer, &mut record.tree)?;
            if matches!(step, Step::Start | Step::Empty) {
                record.base = self.inner.get_mut().event_position();
                if step == Step::Start {
                    record.tree.close(buffer.len());
                }
            }
        }
        record.end(buffer, &self.scope)
    }

    /// Reads the next child of the root; false when there is none and the document has ended well.
    ///
    /// # Errors
    /// What is wrong. Where [`XmlError::is_recoverable`], only this record is bad, and the next call reads the one after it.
    pub fn next_record(&mut self, record: &mut Record) -> Result<bool, XmlError> {
        if self.place < Place::Content {
            self.root(record)?;
        }
        let mut buffer = record.begin();
        while self.place != Place::End {
            record.clear();
            buffer.clear();
            let step = self.step(&mut buffer, &mut record.tree)?;
            record.base = self.inner.get_mut().event_position();
            match step {
                Step::Start => {
                    self.rest(&mut buffer, record)?;
                    record.end(buffer, &self.scope)?;
                    return Ok(true);
                }
                Step::Empty => {
                    record.end(buffer, &self.scope)?;
                    return Ok(true);
                }
                Step::Text if !buffer.iter().all(|byte| is_space(*byte)) => {
                    let error = XmlError::new(ErrorCode::Unexpected, "text stands between the records");
                    return Err(error.at(record.base).recoverable());
                }
                Step::Text | Step::Other | Step::End | Step::Eof => {}
            }
        }
        Ok(false)
    }

    /// Reads the whole document as one record.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn document(&mut self, record: &mut Record) -> Result<(), XmlError> {
        let mut buffer = record.begin();
        let mut step = Step::Other;
        while self.place < Place::Content {
            record.clear();
            buffer.clear();
            step = self.step(&mut buffer, &mut record.tree)?;
        }
        record.base = self.inner.get_mut().event_position();
        if step == Step::Start {
            self.rest(&mut buffer, record)?;
        }
        record.end(buffer, &self.scope)?;
        let (mut buffer, mut tree) = (Vec::new(), Tree::default());
        while self.place != Place::End {
            buffer.clear();
            tree.clear();
            self.step(&mut buffer, &mut tree)?;
        }
        Ok(())
    }

    /// Reads what is in the element that has just begun, and its end tag.
    fn rest(&mut self, buffer: &mut Vec<u8>, record: &mut Record) -> Result<(), XmlError> {
        let (outside, mut too_large) = (self.depth - 1, None);
        while self.depth > outside {
            self.step(buffer, &mut record.tree)?;
            if too_large.is_none() {
                too_large = self.over_limit(buffer.len(), &record.tree);
            }
            if too_large.is_some() {
                // The rest of the record is only passed over, so that the next one can be read.
                buffer.clear();
                record.clear();
            }
        }
        match too_large {
            Some(error) => Err(error.at(record.base).recoverable()),
            None => Ok(()),
        }
    }

    fn over_limit(&self, bytes: usize, tree: &Tree) -> Option<XmlError> {
        let (what, limit) = if bytes > self.limits.record_bytes {
            ("bytes", self.limits.record_bytes)
        } else if tree.len() > self.limits.record_nodes {
            ("elements, texts and attributes", self.limits.record_nodes)
        } else if tree.last_text_len() > self.limits.text_bytes.max(self.limits.event_bytes) {
            ("bytes in one text", self.limits.text_bytes)
        } else {
            return None;
        };
        Some(XmlError::new(
            ErrorCode::Limit,
            format!("the record has more than {limit} {what}"),
        ))
    }
}

impl<R> std::fmt::Debug for Reader<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader")
            .field("depth", &self.depth)
            .finish_non_exhaustive()
    }
}
