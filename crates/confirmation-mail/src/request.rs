//! What is to be sent, and what it has become when it is composed.

use std::fmt;

use chrono::{DateTime, Utc};
use ecrm_core::{Code, EmailAddress, Purpose, Recipient};
use uuid::Uuid;

use crate::Attachment;
use crate::mailer::RenderedMail;
use crate::model::after;
use crate::notice::{Notice, NoticeKind, Step};

/// What is to be sent, to whom, and when.
#[derive(Clone)]
pub struct MailRequest<'a> {
    pub(crate) key: &'a str,
    pub(crate) recipient: &'a Recipient,
    pub(crate) notice: Notice<'a>,
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) images: Vec<Attachment>,
    not_before: Option<DateTime<Utc>>,
    expires_at: Option<DateTime<Utc>>,
    priority: Option<Priority>,
    when_uncertain: Option<WhenUncertain>,
}

impl<'a> MailRequest<'a> {
    /// A notice to a recipient. `key` names the occasion, such as `order:10248:confirmation`: under one key one mail is sent.
    pub fn new(key: &'a str, recipient: &'a Recipient, notice: impl Into<Notice<'a>>) -> Self {
        Self {
            key,
            recipient,
            notice: notice.into(),
            attachments: Vec::new(),
            images: Vec::new(),
            not_before: None,
            expires_at: None,
            priority: None,
            when_uncertain: None,
        }
    }

    /// The mail with a file.
    #[must_use]
    pub fn with_attachment(mut self, file: Attachment) -> Self {
        self.attachments.push(file);
        self
    }

    /// The mail with an image that stands in it: a template of the shop's shows it by `cid:` and its name.
    #[must_use]
    pub fn with_inline_image(mut self, image: Attachment) -> Self {
        self.images.push(image);
        self
    }

    /// The mail, not to be sent before an instant.
    #[must_use]
    pub fn not_before(mut self, instant: DateTime<Utc>) -> Self {
        self.not_before = Some(instant);
        self
    }

    /// The mail, not to be sent from an instant on; by default after a time that its notice is of use for, mostly seven days.
    #[must_use]
    pub fn expiring_at(mut self, instant: DateTime<Utc>) -> Self {
        self.expires_at = Some(instant);
        self
    }

    /// The mail with another priority than that of its notice.
    #[must_use]
    pub fn with_priority(mut self, priority: Priority) -> Self {
        self.priority = Some(priority);
        self
    }

    /// What is done when nobody knows whether the mail was sent; by default what fits its notice.
    #[must_use]
    pub fn when_uncertain(mut self, policy: WhenUncertain) -> Self {
        self.when_uncertain = Some(policy);
        self
    }
}

impl fmt::Debug for MailRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailRequest({:?})", self.notice)
    }
}

/// When and how a mail is sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Delivery {
    pub(crate) due_at: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) priority: Priority,
    pub(crate) when_uncertain: WhenUncertain,
}

impl Delivery {
    pub(crate) fn of(request: &MailRequest<'_>, now: DateTime<Utc>) -> Self {
        let kind = request.notice.kind();
        let due_at = request.not_before.map_or(now, |instant| instant.max(now));
        Self {
            due_at,
            expires_at: request.expires_at.unwrap_or(after(due_at, kind.lifetime())),
            priority: request.priority.unwrap_or(kind.priority()),
            when_uncertain: request.when_uncertain.unwrap_or(kind.when_uncertain()),
        }
    }
}

/// A mail whose texts and bytes are final. It becomes one that is sent by [`enqueue`](crate::enqueue).
#[derive(Clone)]
#[must_use = "it is not sent unless it is queued"]
pub struct ComposedMail {
    pub(crate) key: String,
    pub(crate) id: Uuid,
    pub(crate) kind: NoticeKind,
    pub(crate) about: Option<String>,
    pub(crate) recipient: Recipient,
    pub(crate) address: EmailAddress,
    pub(crate) sender: String,
    pub(crate) message_id: String,
    pub(crate) digest: String,
    pub(crate) steps: Vec<Step>,
    pub(crate) delivery: Delivery,
    pub(crate) mail: RenderedMail,
    pub(crate) content: Vec<u8>,
}

impl ComposedMail {
    /// What the recipient must be allowed to be contacted for: ask `may_contact` with it and `Channel::Email`.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        self.kind.purpose()
    }

    /// Its texts.
    #[must_use]
    pub fn texts(&self) -> &RenderedMail {
        &self.mail
    }

    /// The whole message, with CRLF line ends: what a mail program shows when it is saved as `.eml`.
    #[must_use]
    pub fn content(&self) -> &[u8] {
        &self.content
    }

    /// Its Message-ID.
    #[must_use]
    pub fn message_id(&self) -> &str {
        &self.message_id
    }
}

impl fmt::Debug for ComposedMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ComposedMail({}, {})", self.id, self.kind.name())
    }
}

/// Which mail goes first within its lane. Those of a lower one wait there as long as there are others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "three are enough")]
pub enum Priority {
    /// Before all others: somebody waits for it at the screen.
    High,
    /// As most mails.
    Normal,
    /// When nothing else is to be sent.
    Low,
}

impl Priority {
    pub(crate) const ALL: [Self; 3] = [Self::High, Self::Normal, Self::Low];

    pub(crate) fn rank(self) -> i64 {
        match self {
            Self::High => 0,
            Self::Normal => 1,
            Self::Low => 2,
        }
    }
}

/// What is done with a mail of which nobody knows whether it was sent: a worker died between sending and settling, or the relay's
/// answer was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "it is sent again, or it is not")]
pub enum WhenUncertain {
    /// It is set aside as [`MailState::Uncertain`](crate::MailState::Uncertain) for somebody to look at: it is sent at most once.
    Ask,
    /// It is sent again with the same Message-ID: it is sent at least once.
    SendAgain,
}

impl Code for WhenUncertain {
    const WHAT: &'static str = "policy for uncertain mails";
    const ALL: &'static [Self] = &[Self::Ask, Self::SendAgain];

    fn code(self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::SendAgain => "send_again",
        }
    }
}
