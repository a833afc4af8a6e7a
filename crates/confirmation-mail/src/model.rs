//! The types of the outbox.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use ecrm_core::{Code, ContactData, EnhancedStatus, Recipient, Subject, ValueError};
use uuid::Uuid;

use crate::notice::clean;
use crate::request::WhenUncertain;

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
    if key.trim().is_empty() || key.chars().count() > 400 || key.chars().any(char::is_control) {
        return Err(ValueError::new(
            "key of a mail",
            "must be one line of 1 to 400 characters",
        ));
    }
    Ok(())
}
