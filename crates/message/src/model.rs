//! What a mail turns out to be.

use std::fmt;

use chrono::{DateTime, Utc};
use ecrm_core::EnhancedStatus;

use crate::Reason;

/// What a mail is, as [`Message::classify`](crate::Message::classify) sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// A mail that somebody wrote.
    Ordinary,
    /// A mail that a program sent. An acknowledgement of it would begin a loop (RFC 3834).
    AutoReply(AutoReplyCause),
    /// What a mail system tells of a mail that was sent before. It is to be matched with that mail, and never answered.
    Report(Report),
}

impl Kind {
    /// The report, if the mail is one.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        match self {
            Self::Report(report) => Some(report),
            _ => None,
        }
    }

    /// True when nobody wrote this mail, so that it must not be acknowledged.
    #[must_use]
    pub fn is_automatic(&self) -> bool {
        !matches!(self, Self::Ordinary)
    }
}

/// Why a mail counts as an automatic one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AutoReplyCause {
    /// It answers a mail by itself: somebody is away, or a system acknowledges (RFC 3834 `auto-replied`, the fields that other
    /// responders write, or their subject).
    Answer,
    /// A program sent it (RFC 3834 `auto-generated`, or a sender who wants no automatic answer).
    Generated,
    /// It tells that a mail was displayed or deleted (RFC 8098).
    ReadReceipt,
    /// It went to many: a mailing list or another bulk mail (RFC 2919, `Precedence`).
    Bulk,
    /// Its return path is empty, which a person's mail never has (RFC 5321, section 4.5.5).
    NullReturnPath,
}

/// What a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReportKind {
    /// The mail was not delivered to one recipient at least (RFC 3464 `failed`, or a notice in other words).
    Bounce,
    /// The mail is under way still, and will be tried again (`delayed`).
    Delayed,
    /// The mail has arrived, or went over to a system that makes no reports (`delivered`, `relayed`, `expanded`).
    Delivered,
    /// A recipient complains, or wants no more mail (RFC 5965).
    Complaint,
}

/// What a mail system tells of a mail that was sent before.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// What it is about.
    pub kind: ReportKind,
    /// What it says of each recipient, in its order. Never empty.
    pub recipients: Vec<ReportedRecipient>,
    /// The mail that it is about, as far as it was returned.
    pub original: Original,
    /// The date of the report itself.
    pub reported_at: Option<DateTime<Utc>>,
    /// What a complaint calls itself (RFC 5965, section 7.3), in lower case: `abuse`, `opt-out`, `auth-failure`, `fraud`, ...
    pub feedback_type: Option<String>,
}

/// What a report says of one recipient. `Debug` shows neither the address nor the diagnostic.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReportedRecipient {
    /// The address to which delivery failed, as the report writes it; `None` when it names none.
    pub address: Option<String>,
    /// The status code (RFC 3463). Where the report has none, one is made of the reason: `5.0.9xx`, or `4.0.9xx` when another
    /// attempt may succeed. `None` for complaints.
    pub status: Option<EnhancedStatus>,
    /// True when the mail itself says the status.
    pub is_status_from_mail: bool,
    /// The reply of SMTP (RFC 5321), such as 550, when the report quotes one that agrees with the status.
    pub smtp_reply: Option<u16>,
    /// Why.
    pub reason: Reason,
    /// True when no other mail will reach this address either: there is no such mailbox or domain, it has moved, or it takes no
    /// mail at all. False for everything that another mail, another day or another sending host may change.
    pub is_hard: bool,
    /// True when another system has the mail that makes no reports (RFC 3464 `relayed`, `expanded`): it went on, and whether it arrived
    /// is not known.
    pub is_relayed: bool,
    /// What the report quotes, in one line.
    pub diagnostic: String,
}

impl fmt::Debug for ReportedRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReportedRecipient")
            .field("status", &self.status)
            .field("is_status_from_mail", &self.is_status_from_mail)
            .field("smtp_reply", &self.smtp_reply)
            .field("reason", &self.reason)
            .field("is_hard", &self.is_hard)
            .finish_non_exhaustive()
    }
}

/// The mail that a report is about: the header fields of it that came back. `Debug` shows how many there are, and no value.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Original {
    pub(crate) message_id: Option<String>,
    pub(crate) fields: Vec<(String, String)>,
}

impl Original {
    /// Its Message-ID without the angle brackets: what a report is matched by. It is looked for in the returned mail or its
    /// returned header, then in the fields of the report, then in what the report answers to.
    #[must_use]
    pub fn message_id(&self) -> Option<&str> {
        self.message_id.as_deref()
    }

    /// The first of its header fields with that name, in any case: unfolded, and not decoded.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.fields.iter();
        fields
            .find(|(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Original {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Original")
            .field("has_message_id", &self.message_id.is_some())
            .field("fields", &self.fields.len())
            .finish()
    }
}
