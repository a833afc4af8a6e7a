//! From texts to an internet message.

use std::time::SystemTime;

use chrono::{DateTime, Datelike, Utc};
use ecrm_core::ValueError;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder, MultiPart, SinglePart};

use crate::MailError;
use crate::render::RenderedMail;

impl RenderedMail {
    /// The message (RFC 5322, MIME), with a text and an HTML part, dated and named: the same input gives the same bytes.
    ///
    /// # Errors
    /// [`MailError::Template`] when a header cannot be written, which the checked types leave no reason for.
    pub fn to_mime(&self, message_id: &str, now: DateTime<Utc>) -> Result<Vec<u8>, MailError> {
        if !(1970..=9999).contains(&now.year()) {
            return Err(ValueError::new("date of a mail", "must be of the years 1970 to 9999").into());
        }
        let from = Mailbox::new(Some(self.shop.clone()), address(self.sender.ascii())?);
        let to = Mailbox::new(self.recipient_name.clone(), address(self.recipient.ascii())?);
        // The boundary follows from the Message-ID: no randomness of its own, and not to be found in any part.
        let unique: String = message_id
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(32)
            .collect();
        let parts = MultiPart::alternative()
            .boundary(format!("=_ecrm_{unique}"))
            .singlepart(part(ContentType::TEXT_PLAIN, &self.text))
            .singlepart(part(ContentType::TEXT_HTML, &self.html));
        let message = MessageBuilder::new()
            .from(from)
            .to(to)
            .subject(self.subject.clone())
            .date(SystemTime::from(now))
            .message_id(Some(message_id.to_owned()))
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Content-Language"),
                self.locale.to_owned(),
            ))
            // RFC 3834: no vacation note shall answer.
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ))
            .multipart(parts)
            .map_err(|error| MailError::Template(format!("the message cannot be built: {error}")))?;
        Ok(message.formatted())
    }
}

fn part(kind: ContentType, body: &str) -> SinglePart {
    SinglePart::builder().header(kind).body(body.to_owned())
}

fn address(ascii: &str) -> Result<lettre::Address, MailError> {
    ascii
        .parse()
        .map_err(|_| MailError::Template("the mail library refuses an address that was accepted before".to_owned()))
}
