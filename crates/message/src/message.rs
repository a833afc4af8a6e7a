//! A mail, as far as it can be understood.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::parse::decode::Decoder;
use crate::parse::header::{self, Field};
use crate::parse::mime;
use crate::part::{Part, Role};
use crate::{Limits, MessageError};

/// A mail (RFC 5322 and MIME), read within [`Limits`]. Reading never panics, and never fails on what is inside: whatever cannot be
/// understood is left out or kept as text. `Debug` shows sizes, and no personal data.
///
/// ```
/// let mail = ecrm_message::Message::parse("From: Anna Keller <anna@buyer.example>\r\n\
///     Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\
///     Message-ID: <1@buyer.example>\r\n\
///     In-Reply-To: <order-10248@shop.example>\r\n\
///     \r\n\
///     When will it come?\r\n".as_bytes())?;
/// assert_eq!(mail.sender(), Some("anna@buyer.example"));
/// assert_eq!(mail.subject(), Some("Grüße"));
/// assert_eq!(mail.in_reply_to(), ["order-10248@shop.example"]);
/// assert_eq!(mail.text(), "When will it come?\n");
/// # Ok::<(), ecrm_message::MessageError>(())
/// ```
#[derive(Clone)]
pub struct Message {
    fields: Vec<Field>,
    senders: Vec<String>,
    recipients: Vec<String>,
    date: Option<DateTime<Utc>>,
    text: String,
    pub(crate) parts: Vec<Part>,
    /// The beginning of the body as it came, for reports whose parts cannot be told from each other.
    pub(crate) body_start: Vec<u8>,
    pub(crate) limits: Limits,
}

impl Message {
    /// Reads a mail within the default limits.
    ///
    /// # Errors
    /// As [`parse_within`](Self::parse_within).
    pub fn parse(bytes: &[u8]) -> Result<Self, MessageError> {
        Self::parse_within(bytes, &Limits::default())
    }

    /// Reads a mail.
    ///
    /// # Errors
    /// When it is larger than the limits allow, or does not begin with a header field (a line of an mbox before it does no harm).
    /// Keep such a mail as it came: it still is something that a customer may have sent.
    pub fn parse_within(bytes: &[u8], limits: &Limits) -> Result<Self, MessageError> {
        if bytes.len() > limits.bytes {
            return Err(MessageError::TooLarge {
                bytes: bytes.len(),
                most: limits.bytes,
            });
        }
        let decoder = Decoder::default();
        // Some stores leave empty lines before a mail.
        let bytes = bytes.trim_ascii_start();
        let (fields, body) = header::read(bytes, &decoder, limits);
        if fields.is_empty() {
            return Err(MessageError::NoHeader);
        }
        let addresses = |name: &str| {
            let fields = fields.iter().filter(|field| field.name.eq_ignore_ascii_case(name));
            fields
                .flat_map(|field| decoder.addresses(&field.raw))
                .collect::<Vec<_>>()
        };
        let (senders, mut recipients) = (addresses("from"), addresses("to"));
        recipients.extend(addresses("cc"));
        let date = date(&fields, &decoder);
        let parts = mime::parts(&fields, body, &decoder, limits);
        Ok(Self {
            text: text_of(&parts),
            senders,
            recipients,
            date,
            parts,
            body_start: body.get(..limits.report_bytes).unwrap_or(body).to_vec(),
            limits: limits.clone(),
            fields,
        })
    }

    /// The address in `From`, if there is one. Anybody can write anything there.
    #[must_use]
    pub fn sender(&self) -> Option<&str> {
        self.senders.first().map(String::as_str)
    }

    /// The addresses in `To` and `Cc`.
    #[must_use]
    pub fn recipients(&self) -> &[String] {
        &self.recipients
    }

    /// The subject, decoded.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.header("subject")
    }

    /// The instant in `Date`; where that is none, the one at which it was received last, as `Received` tells.
    #[must_use]
    pub fn date(&self) -> Option<DateTime<Utc>> {
        self.date
    }

    /// The Message-ID without angle brackets.
    #[must_use]
    pub fn message_id(&self) -> Option<&str> {
        self.ids("message-id").into_iter().next()
    }

    /// The Message-IDs that this mail answers, without angle brackets.
    #[must_use]
    pub fn in_reply_to(&self) -> Vec<&str> {
        self.ids("in-reply-to")
    }

    /// The Message-IDs of the thread, the oldest first, without angle brackets.
    #[must_use]
    pub fn references(&self) -> Vec<&str> {
        self.ids("references")
    }

    /// The first value of a header field, unfolded and decoded. The name may be written in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        header::find(&self.fields, name).map(|field| field.value.as_str())
    }

    /// What the mail says: its text parts without attachments, or its HTML as text when there are none.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All parts but the multiparts around them, in their order.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Whether no report on this mail is wanted, because it is one itself or nobody reads what comes back (RFC 5321).
    pub(crate) fn has_null_return_path(&self) -> bool {
        self.header("return-path").is_some_and(|path| {
            let path = path.trim();
            path == "<>" || path.eq_ignore_ascii_case("<mailer-daemon>")
        })
    }

    fn ids(&self, name: &str) -> Vec<&str> {
        let value = header::find(&self.fields, name).map_or("", |field| field.raw.as_str());
        if !value.contains('<') {
            return value.split_whitespace().filter(|word| word.contains('@')).collect();
        }
        let pieces = value.split('<').skip(1).filter_map(|piece| piece.split('>').next());
        pieces.map(str::trim).filter(|id| !id.is_empty()).collect()
    }
}

fn text_of(parts: &[Part]) -> String {
    let of_role = |role| {
        let parts = parts
            .iter()
            .filter(move |part| part.role == role && !part.is_attachment);
        parts.filter_map(Part::text)
    };
    let plain = of_role(Role::Text).collect::<Vec<_>>().join("\n");
    if !plain.trim().is_empty() {
        return plain;
    }
    let html = of_role(Role::Html).map(mail_parser::decoders::html::html_to_text);
    let html = html.collect::<Vec<_>>().join("\n");
    if html.trim().is_empty() { plain } else { html }
}

/// A mail that is read twice is to have one date, so the clock of the reader is none.
fn date(fields: &[Field], decoder: &Decoder) -> Option<DateTime<Utc>> {
    let written = header::find(fields, "date").and_then(|field| decoder.date(&field.raw));
    written.or_else(|| {
        let (_, received) = header::find(fields, "received")?.raw.rsplit_once(';')?;
        decoder.date(received.trim_ascii())
    })
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("fields", &self.fields.len())
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}
