//! The types of the outbox.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use ecrm_core::{Code, ContactData, EmailAddress, EnhancedStatus, Purpose, Recipient, Subject, ValueError};
use uuid::Uuid;

use crate::Attachment;
use crate::mailer::RenderedMail;
use crate::notice::{Notice, NoticeKind, Step, clean};

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
    /// It is set aside as [`MailState::Uncertain`] for somebody to look at: it is sent at most once.
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

/// A share of the outbox: a hash of the key. Workers claim lane by lane, so that the table can be spread over several machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lane(pub(crate) u8);

impl Lane {
    /// How many lanes there are.
    pub const COUNT: u8 = 16;

    /// The letter of the lane within a Message-ID, so that a report finds its mail.
    pub(crate) fn letter(self) -> char {
        char::from(b'a' + self.0)
    }

    /// The lane of a letter.
    pub(crate) fn of_letter(letter: char) -> Option<Self> {
        Self::all().find(|lane| lane.letter() == letter)
    }

    /// All lanes, beginning with another one in each second.
    pub(crate) fn all_from(now: DateTime<Utc>) -> impl Iterator<Item = Self> {
        let first = usize::try_from(now.timestamp().rem_euclid(Self::COUNT.into())).unwrap_or(0);
        Self::all().cycle().skip(first).take(Self::COUNT.into())
    }

    /// All lanes.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        (0..Self::COUNT).map(Self)
    }
}

/// What became of a request to queue a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "it was queued now, or before")]
pub enum Enqueued {
    /// The same mail was queued before; nothing was written.
    Before(Uuid),
    /// It is queued, and goes out when the transaction is committed.
    Now(Uuid),
}

impl Enqueued {
    /// The id of the mail.
    #[must_use]
    pub fn id(self) -> Uuid {
        match self {
            Self::Before(id) | Self::Now(id) => id,
        }
    }
}

/// Where a mail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum MailState {
    /// The relay, or the Maildir, has taken it. That is not yet delivered.
    Accepted,
    /// It came back.
    Bounced,
    /// It was called off before it was sent.
    Cancelled,
    /// The receiver called it spam.
    Complained,
    /// It cannot be delivered.
    Dead,
    /// The receiver's mail system has it, as a report says.
    Delivered,
    /// It became too old before it could be sent.
    Expired,
    /// A worker has it.
    Leased,
    /// It waits for its first or next attempt.
    Queued,
    /// The recipient may no longer be contacted.
    Refused,
    /// It was sent without anybody knowing whether it arrived: somebody has to look.
    Uncertain,
}

impl Code for MailState {
    const WHAT: &'static str = "state of a mail";
    const ALL: &'static [Self] = &[
        Self::Accepted,
        Self::Bounced,
        Self::Cancelled,
        Self::Complained,
        Self::Dead,
        Self::Delivered,
        Self::Expired,
        Self::Leased,
        Self::Queued,
        Self::Refused,
        Self::Uncertain,
    ];

    fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Bounced => "bounced",
            Self::Cancelled => "cancelled",
            Self::Complained => "complained",
            Self::Dead => "dead",
            Self::Delivered => "delivered",
            Self::Expired => "expired",
            Self::Leased => "leased",
            Self::Queued => "queued",
            Self::Refused => "refused",
            Self::Uncertain => "uncertain",
        }
    }
}

/// A mail that a worker has claimed: to be sent after the claim is committed, and settled then.
#[derive(Clone)]
#[non_exhaustive]
pub struct Claimed {
    /// The id of the mail.
    pub id: Uuid,
    /// The Message-ID, the same at every attempt.
    pub message_id: String,
    /// The envelope's sender.
    pub sender: String,
    /// The envelope's recipient.
    pub recipient: String,
    /// The whole message, with CRLF line ends.
    pub content: Vec<u8>,
    /// The number of this attempt, from 1.
    pub attempt: u32,
    /// True when an earlier attempt has an unknown end: a worker died between sending and settling, or the relay's answer was lost.
    pub is_uncertain: bool,
    /// Until when it is this worker's. It must not be sent afterwards.
    pub lease_until: DateTime<Utc>,
    /// The key that it was queued under.
    pub key: String,
    pub(crate) lane: Lane,
    pub(crate) subject: Subject,
    pub(crate) when_uncertain: WhenUncertain,
}

impl Claimed {
    pub(crate) fn addressee(&self) -> Result<Recipient, ValueError> {
        addressee(self.subject, &self.recipient)
    }
}

/// Who a mail goes to, as far as a permission or a suppression depends on it.
pub(crate) fn addressee(subject: Subject, address: &str) -> Result<Recipient, ValueError> {
    Ok(Recipient::new(subject, ContactData::new().with_email(address.parse()?)))
}

impl fmt::Debug for Claimed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Claimed({}, attempt {})", self.id, self.attempt)
    }
}

/// What a transport says of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a transport must be able to name every outcome")]
pub enum Outcome {
    /// The relay has taken it; its words.
    Accepted(Reply),
    /// It will never go; why.
    Permanent(Reply),
    /// It may go later; why not now.
    Transient(Reply),
    /// Nobody knows whether it went: the answer after the last byte was lost.
    Uncertain(Reply),
    /// The relay cannot be reached, or refuses to work for us: nothing is known about this mail. It may go later.
    Unreachable(Reply),
}

impl Outcome {
    /// What was said.
    #[must_use]
    pub fn reply(&self) -> &Reply {
        match self {
            Self::Accepted(reply)
            | Self::Permanent(reply)
            | Self::Transient(reply)
            | Self::Uncertain(reply)
            | Self::Unreachable(reply) => reply,
        }
    }
}

/// The words of a relay, and the status code in them. Words can name people: `Debug` shows the code alone.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "what a relay says")]
pub struct Reply {
    /// The enhanced status code (RFC 3463), where there is one.
    pub status: Option<EnhancedStatus>,
    /// The words.
    pub text: String,
}

impl Reply {
    /// A reply of which the status code stands in its first words, such as `550 5.1.1 no such user` or `5.1.1 no such user`.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        let text = clean(&text.into());
        let status = text.split_whitespace().take(2).find_map(|word| word.parse().ok());
        Self { status, text }
    }
}

impl<T: Into<String>> From<T> for Reply {
    fn from(text: T) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.status {
            Some(status) => write!(f, "Reply({status})"),
            None => write!(f, "Reply(…)"),
        }
    }
}

/// What settling an attempt has led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a message is done, or tried again")]
pub enum Settled {
    /// It is done, in this state.
    Done(MailState),
    /// It will be tried again at this instant.
    Again(DateTime<Utc>),
}

/// A mail of the outbox, for a page that shows a customer what was sent.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct QueuedMail {
    /// The id.
    pub id: Uuid,
    /// The key that it was queued under.
    pub key: String,
    /// The kind of notice.
    pub notice: String,
    /// What it is about, such as `order:shop:10248`.
    pub about: Option<String>,
    /// Its language.
    pub locale: String,
    /// Who it goes to.
    pub subject: Subject,
    /// The address that it goes to.
    pub recipient: String,
    /// Its Message-ID.
    pub message_id: String,
    /// When it was queued.
    pub enqueued_at: DateTime<Utc>,
    /// Where it stands.
    pub state: MailState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next, as long as it is not done.
    pub due_at: Option<DateTime<Utc>>,
    /// When an attempt ended without anybody knowing how, if one did.
    pub uncertain_at: Option<DateTime<Utc>>,
    /// When it was done.
    pub settled_at: Option<DateTime<Utc>>,
    /// The last status code of the relay or of a report.
    pub status: Option<EnhancedStatus>,
    /// The last words of the relay or of a report.
    pub detail: Option<String>,
    /// Why the built-in template was used instead of the shop's own.
    pub fallback: Option<String>,
    /// What it said; nothing after [`forget_contents`](crate::forget_contents).
    pub content: Option<MailContent>,
}

/// What a mail said.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MailContent {
    /// The subject.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The whole message.
    pub message: Vec<u8>,
}

impl fmt::Debug for MailContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailContent({} bytes)", self.message.len())
    }
}

impl fmt::Debug for QueuedMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "QueuedMail({}, {})", self.id, self.state.code())
    }
}

/// The instant `by` after `now`, or the last one that there is.
pub(crate) fn after(now: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    now.checked_add_signed(by).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// Checks the key of a mail: one line of 1 to 400 characters.
pub(crate) fn check_key(key: &str) -> Result<(), ValueError> {
    if key.is_empty() || key.chars().count() > 400 || key.chars().any(char::is_control) {
        return Err(ValueError::new(
            "key of a mail",
            "must be one line of 1 to 400 characters",
        ));
    }
    Ok(())
}
