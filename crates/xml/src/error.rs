//! What can be wrong with a document, where, and whether the rest of it can still be read.

use std::fmt;

/// A place in a document, counted after decoding to UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Position {
    /// The line, from 1. A line ends with a line feed, a carriage return, or both.
    pub line: u64,
    /// The character in the line, from 1.
    pub column: u64,
    /// The bytes before it.
    pub offset: u64,
}

impl Position {
    /// The beginning of a document.
    pub(crate) const START: Self = Self {
        line: 1,
        column: 1,
        offset: 0,
    };
}

impl Default for Position {
    fn default() -> Self {
        Self::START
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// The kind of a fault, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// A document type declaration, which is refused.
    Doctype,
    /// Something stands there once too often.
    Duplicate,
    /// Bytes that are no text in the encoding, or an encoding that is not read.
    Encoding,
    /// The input could not be read.
    Io,
    /// Larger than the limits allow.
    Limit,
    /// Something that must be there is not.
    Missing,
    /// A prefix or a declaration that Namespaces in XML forbids.
    Namespace,
    /// Not XML.
    NotWellFormed,
    /// Something stands where it must not.
    Unexpected,
    /// A value that cannot be used.
    Value,
}

impl ErrorCode {
    /// The code as a word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Doctype => "doctype",
            Self::Duplicate => "duplicate",
            Self::Encoding => "encoding",
            Self::Io => "io",
            Self::Limit => "limit",
            Self::Missing => "missing",
            Self::Namespace => "namespace",
            Self::NotWellFormed => "not_well_formed",
            Self::Unexpected => "unexpected",
            Self::Value => "value",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A fault in a document. It never repeats a value of the document, which is personal data more often than not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct XmlError(Box<Fault>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Fault {
    code: ErrorCode,
    text: String,
    position: Option<Position>,
    path: Option<String>,
    is_recoverable: bool,
}

impl XmlError {
    /// A fault with nothing said about where it is.
    pub(crate) fn new(code: ErrorCode, text: impl Into<String>) -> Self {
        Self(Box::new(Fault {
            code,
            text: text.into(),
            position: None,
            path: None,
            is_recoverable: false,
        }))
    }

    /// The fault at a place, unless it has one.
    pub(crate) fn at(mut self, position: Position) -> Self {
        self.0.position.get_or_insert(position);
        self
    }

    /// The fault of an element, unless it has one.
    pub(crate) fn within(mut self, path: impl FnOnce() -> String) -> Self {
        self.0.path.get_or_insert_with(path);
        self
    }

    /// The fault of one record, after which the next can be read.
    pub(crate) fn recoverable(mut self) -> Self {
        self.0.is_recoverable = true;
        self
    }

    /// The kind.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// What is wrong, without the place.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// Where, if that is known.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        self.0.position
    }

    /// The element, as in `Order/OrderLine[2]/LineItem`, if the fault belongs to one.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// True when only this record is bad: the reader can go on with the next one. A document that is not well-formed ends here.
    #[must_use]
    pub fn is_recoverable(&self) -> bool {
        self.0.is_recoverable
    }
}

impl std::error::Error for XmlError {}

impl fmt::Display for XmlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(position) = self.0.position {
            write!(f, "{position}: ")?;
        }
        if let Some(path) = &self.0.path {
            write!(f, "{path}: ")?;
        }
        f.write_str(&self.0.text)
    }
}
