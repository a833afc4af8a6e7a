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

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use chrono::{DateTime, SecondsFormat, Utc};
use ecrm_core::{Code, Id, Subject, ValueError};
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
        attribute(writer, "id", &self.id.to_string());
        attribute(writer, "key", &self.key);
        attribute(writer, "notice", &self.notice);
        attribute(writer, "state", self.state.code());
        attribute(writer, "locale", &self.locale);
        let kind = if self.subject.customer().is_some() {
            "customer"
        } else {
            "guest"
        };
        attribute(writer, kind, &self.subject.id().uuid().to_string());
        attribute(writer, "attempts", &self.attempts.to_string());
        attribute(writer, "enqueuedAt", &instant(self.enqueued_at));
        for (name, at) in [
            ("dueAt", self.due_at),
            ("uncertainAt", self.uncertain_at),
            ("settledAt", self.settled_at),
        ] {
            optional_attribute(writer, name, at.map(instant));
        }
        optional_attribute(writer, "status", self.status.map(|status| status.to_string()));
        optional_text(writer, "about", self.about.as_deref());
        writer.element(own("recipient"), &self.recipient);
        writer.element(own("messageId"), &self.message_id);
        optional_text(writer, "detail", self.detail.as_deref());
        optional_text(writer, "fallback", self.fallback.as_deref());
        if let Some(content) = &self.content {
            writer.within(own("content"), |writer| {
                writer.element(own("subject"), &content.subject);
                writer.element(own("text"), &content.text);
                writer.element(own("message"), &BASE64.encode(&content.message));
            });
        }
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let content = match element.optional(own("content"))? {
            Some(content) => Some(MailContent {
                subject: content.required(own("subject"))?.text().into_owned(),
                text: content.required(own("text"))?.text().into_owned(),
                message: message(&content.required(own("message"))?)?,
            }),
            None => None,
        };
        Ok(Self {
            id: required(element, "id", str::parse)?,
            key: required(element, "key", text)?,
            notice: required(element, "notice", text)?,
            about: read_text(element, "about")?,
            locale: required(element, "locale", text)?,
            subject: subject(element)?,
            recipient: element.required(own("recipient"))?.text().into_owned(),
            message_id: element.required(own("messageId"))?.text().into_owned(),
            enqueued_at: required(element, "enqueuedAt", read_instant)?,
            state: required(element, "state", Code::from_code)?,
            attempts: required(element, "attempts", str::parse)?,
            due_at: optional(element, "dueAt", read_instant)?,
            uncertain_at: optional(element, "uncertainAt", read_instant)?,
            settled_at: optional(element, "settledAt", read_instant)?,
            status: optional(element, "status", str::parse)?,
            detail: read_text(element, "detail")?,
            fallback: read_text(element, "fallback")?,
            content,
        })
    }
}

impl XmlForm for MailEvent {
    const NAME: Name<'static> = own("event");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        attribute(writer, "kind", self.kind.code());
        attribute(writer, "at", &instant(self.at));
        optional_attribute(writer, "status", self.status.map(|status| status.to_string()));
        writer.element(own("messageId"), &self.message_id);
        writer.element(own("detail"), &self.detail);
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            message_id: element.required(own("messageId"))?.text().into_owned(),
            kind: required(element, "kind", Code::from_code)?,
            at: required(element, "at", read_instant)?,
            status: optional(element, "status", str::parse)?,
            detail: element.required(own("detail"))?.text().into_owned(),
        })
    }
}

impl XmlForm for GivenAnswer {
    const NAME: Name<'static> = own("answer");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        attribute(writer, "choice", self.choice.code());
        attribute(writer, "at", &instant(self.at));
        writer.element(own("mail"), &self.mail);
        writer.element(own("about"), &self.about);
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            mail: element.required(own("mail"))?.text().into_owned(),
            about: element.required(own("about"))?.text().into_owned(),
            choice: required(element, "choice", Code::from_code)?,
            at: required(element, "at", read_instant)?,
        })
    }
}

fn attribute(writer: &mut Writer<'_>, name: &str, value: &str) {
    writer.attribute(Name::local(name), value);
}

fn optional_attribute(writer: &mut Writer<'_>, name: &str, value: Option<String>) {
    if let Some(value) = value {
        attribute(writer, name, &value);
    }
}

fn optional_text(writer: &mut Writer<'_>, name: &'static str, text: Option<&str>) {
    if let Some(text) = text {
        writer.element(own(name), text);
    }
}

fn required<T, E: std::fmt::Display>(
    element: &Element<'_>,
    name: &str,
    read: impl Fn(&str) -> Result<T, E>,
) -> Result<T, XmlError> {
    let value = element.required_attribute(Name::local(name))?;
    element.check(read(&value))
}

fn optional<T, E: std::fmt::Display>(
    element: &Element<'_>,
    name: &str,
    read: impl Fn(&str) -> Result<T, E>,
) -> Result<Option<T>, XmlError> {
    let value = element.attribute(Name::local(name));
    value.map(|value| element.check(read(&value))).transpose()
}

fn read_text(element: &Element<'_>, name: &'static str) -> Result<Option<String>, XmlError> {
    Ok(element.optional(own(name))?.map(|child| child.text().into_owned()))
}

fn text(value: &str) -> Result<String, ValueError> {
    Ok(value.to_owned())
}

fn subject(element: &Element<'_>) -> Result<Subject, XmlError> {
    match optional(element, "customer", str::parse)? {
        Some(id) => Ok(Subject::Customer(Id::from_uuid(id))),
        None => Ok(Subject::Guest(Id::from_uuid(required(element, "guest", str::parse)?))),
    }
}

fn message(element: &Element<'_>) -> Result<Vec<u8>, XmlError> {
    let broken = |_| ValueError::new("message", "must be in Base64");
    element.check(BASE64.decode(element.text().trim()).map_err(broken))
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

fn read_instant(text: &str) -> Result<DateTime<Utc>, ValueError> {
    let broken = |_| ValueError::new("instant", "must be one such as `2026-11-22T09:30:00Z`");
    DateTime::parse_from_rfc3339(text)
        .map(|at| at.with_timezone(&Utc))
        .map_err(broken)
}
