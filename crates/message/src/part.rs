//! The parts of a mail.

use std::fmt;

/// One part of a mail: a text, an attachment, a report of a mail system, or a mail within the mail. `Debug` shows its type and
/// size only.
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    pub(crate) content_type: String,
    pub(crate) file_name: Option<String>,
    pub(crate) is_attachment: bool,
    pub(crate) role: Role,
    pub(crate) content: Content,
}

/// What is in a part, its transfer encoding undone.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Content {
    Text(String),
    Bytes(Vec<u8>),
}

/// What a part is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Text,
    Html,
    /// `message/delivery-status` (RFC 3464).
    Status,
    /// `message/feedback-report` (RFC 5965).
    Feedback,
    /// `message/disposition-notification` (RFC 8098).
    Receipt,
    /// A mail that is contained.
    Message,
    /// The header of a mail (RFC 6522, section 2).
    MessageHeader,
    Other,
}

impl Role {
    pub(crate) fn of(content_type: &str) -> Self {
        match content_type {
            "text/html" => Self::Html,
            "message/delivery-status" | "message/global-delivery-status" => Self::Status,
            "message/feedback-report" => Self::Feedback,
            "message/disposition-notification" | "message/global-disposition-notification" => Self::Receipt,
            "message/rfc822" | "message/global" => Self::Message,
            "text/rfc822-headers" | "text/rfc822-header" | "message/rfc822-headers" | "message/global-headers" => {
                Self::MessageHeader
            }
            "text" | "text/plain" => Self::Text,
            // A multipart gets here when its parts cannot be told from each other.
            other if other.starts_with("multipart/") => Self::Text,
            _ => Self::Other,
        }
    }
}

impl Part {
    /// Its type in lower case, such as `text/plain` (RFC 2045).
    #[must_use]
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    /// The name of the file that it was, if it tells one.
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        self.file_name.as_deref()
    }

    /// True when it is to be shown on demand only (RFC 2183 `attachment`).
    #[must_use]
    pub fn is_attachment(&self) -> bool {
        self.is_attachment
    }

    /// Its text, with its character set decoded and lines that end in a line feed; `None` when it is no text.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            Content::Bytes(_) => None,
        }
    }

    /// Its bytes, with the transfer encoding undone; those of a text in UTF-8. The bytes of a contained mail can be
    /// [parsed](crate::Message::parse) again.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match &self.content {
            Content::Text(text) => text.as_bytes(),
            Content::Bytes(bytes) => bytes,
        }
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part")
            .field("content_type", &self.content_type)
            .field("bytes", &self.bytes().len())
            .finish_non_exhaustive()
    }
}
