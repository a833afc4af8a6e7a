//! Mails in XML: what was sent to whom, what it said, what became of it, and what was answered. For an export to the person, or to another
//! system; the schema is `docs/schema/ecrm-confirmation-mail-1.xsd`.
//!
//! ```
//! # use chrono::DateTime;
//! use ecrm_confirmation_mail::xml::VOCABULARY;
//! use ecrm_confirmation_mail::{EventKind, MailEvent};
//! use ecrm_xml::{Limits, Writer, XmlForm, parse};
//! let bounce = MailEvent {
//!     message_id: "<1.a@lamps.example>".to_owned(),
//!     kind: EventKind::BouncedHard,
//!     at: DateTime::UNIX_EPOCH,
//!     status: "5.1.1".parse().ok(),
//!     detail: "550 5.1.1 no such user".to_owned(),
//! };
//! let mut writer = Writer::new(&VOCABULARY);
//! bounce.write(&mut writer);
//! let document = writer.finish()?;
//! let record = parse(&document, &Limits::default())?;
//! assert_eq!(MailEvent::read(&record.element())?, bounce);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::borrow::Cow;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use ecrm_core::{Code, ValueError};
use ecrm_xml::values::{
    optional, optional_text, read_instant, read_subject, required, required_text, write_attribute, write_instant,
    write_optional, write_optional_text, write_subject, write_text,
};
use ecrm_xml::{Element, Name, Vocabulary, Writer, XmlError, XmlForm};

use crate::{GivenAnswer, MailContent, MailEvent, QueuedMail};

/// The namespace. A change that readers of this version would misunderstand gets another one.
pub const NAMESPACE: &str = "urn:ecrm:confirmation-mail:1";

/// The prefix (none) and the order of the elements.
pub const VOCABULARY: Vocabulary = Vocabulary {
    prefixes: &[("", NAMESPACE)],
    order,
};

const fn own(local: &'static str) -> Name<'static> {
    Name::new(NAMESPACE, local)
}

fn order(parent: Name<'_>) -> &'static [Name<'static>] {
    const MAIL: &[Name<'static>] = &[
        own("key"),
        own("about"),
        own("recipient"),
        own("messageId"),
        own("detail"),
        own("fallback"),
        own("content"),
    ];
    const CONTENT: &[Name<'static>] = &[own("subject"), own("text"), own("message")];
    const EVENT: &[Name<'static>] = &[own("messageId"), own("detail")];
    const ANSWER: &[Name<'static>] = &[own("mail"), own("about")];
    match parent.local {
        "mail" => MAIL,
        "content" => CONTENT,
        "event" => EVENT,
        "answer" => ANSWER,
        _ => &[],
    }
}

impl XmlForm for QueuedMail {
    const NAME: Name<'static> = own("mail");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        write_attribute(writer, "id", self.id);
        write_attribute(writer, "notice", &self.notice);
        write_attribute(writer, "state", self.state.code());
        write_attribute(writer, "locale", &self.locale);
        write_subject(writer, self.subject);
        write_attribute(writer, "attempts", self.attempts);
        write_attribute(writer, "enqueuedAt", write_instant(self.enqueued_at));
        for (name, at) in [
            ("dueAt", self.due_at),
            ("uncertainAt", self.uncertain_at),
            ("settledAt", self.settled_at),
        ] {
            write_optional(writer, name, at.map(write_instant));
        }
        write_optional(writer, "status", self.status);
        write_text(writer, own("key"), &self.key);
        write_optional_text(writer, own("about"), self.about.as_deref());
        write_text(writer, own("recipient"), &self.recipient);
        write_text(writer, own("messageId"), &self.message_id);
        write_optional_text(writer, own("detail"), self.detail.as_deref());
        write_optional_text(writer, own("fallback"), self.fallback.as_deref());
        if let Some(content) = &self.content {
            writer.within(own("content"), |writer| {
                write_text(writer, own("subject"), &content.subject);
                write_text(writer, own("text"), &content.text);
                writer.element(own("message"), &BASE64.encode(&content.message));
            });
        }
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let content = match element.optional(own("content"))? {
            Some(content) => Some(MailContent {
                subject: required_text(&content, own("subject"))?.into_owned(),
                text: required_text(&content, own("text"))?.into_owned(),
                message: message(&content.required(own("message"))?)?,
            }),
            None => None,
        };
        Ok(Self {
            id: required(element, "id", str::parse)?,
            key: required_text(element, own("key"))?.into_owned(),
            notice: required(element, "notice", str::parse)?,
            about: optional_text(element, own("about"))?.map(Cow::into_owned),
            locale: required(element, "locale", str::parse)?,
            subject: read_subject(element)?,
            recipient: required_text(element, own("recipient"))?.into_owned(),
            message_id: required_text(element, own("messageId"))?.into_owned(),
            enqueued_at: required(element, "enqueuedAt", read_instant)?,
            state: required(element, "state", Code::from_code)?,
            attempts: required(element, "attempts", str::parse)?,
            due_at: optional(element, "dueAt", read_instant)?,
            uncertain_at: optional(element, "uncertainAt", read_instant)?,
            settled_at: optional(element, "settledAt", read_instant)?,
            status: optional(element, "status", str::parse)?,
            detail: optional_text(element, own("detail"))?.map(Cow::into_owned),
            fallback: optional_text(element, own("fallback"))?.map(Cow::into_owned),
            content,
        })
    }
}

impl XmlForm for MailEvent {
    const NAME: Name<'static> = own("event");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        write_attribute(writer, "kind", self.kind.code());
        write_attribute(writer, "at", write_instant(self.at));
        write_optional(writer, "status", self.status);
        write_text(writer, own("messageId"), &self.message_id);
        write_text(writer, own("detail"), &self.detail);
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            message_id: required_text(element, own("messageId"))?.into_owned(),
            kind: required(element, "kind", Code::from_code)?,
            at: required(element, "at", read_instant)?,
            status: optional(element, "status", str::parse)?,
            detail: required_text(element, own("detail"))?.into_owned(),
        })
    }
}

impl XmlForm for GivenAnswer {
    const NAME: Name<'static> = own("answer");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        write_attribute(writer, "choice", self.choice.code());
        write_attribute(writer, "at", write_instant(self.at));
        write_text(writer, own("mail"), &self.mail);
        write_text(writer, own("about"), &self.about);
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            mail: required_text(element, own("mail"))?.into_owned(),
            about: required_text(element, own("about"))?.into_owned(),
            choice: required(element, "choice", Code::from_code)?,
            at: required(element, "at", read_instant)?,
        })
    }
}

fn message(element: &Element<'_>) -> Result<Vec<u8>, XmlError> {
    let broken = |_| ValueError::new("message", "must be in Base64");
    // XML Schema allows white space anywhere in it.
    let packed: String = element.text().split_ascii_whitespace().collect();
    element.check(BASE64.decode(packed).map_err(broken))
}
