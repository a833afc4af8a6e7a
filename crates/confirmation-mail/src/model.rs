//! The types of the outbox.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use ecrm_core::{Code, Order, ValueError};
use uuid::Uuid;

/// What a confirmation tells: the order, and nothing that is not in it. Whether a line is in stock comes from the line.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct OrderConfirmation<'a> {
    /// The order that was placed.
    pub order: &'a Order,
}

/// A share of the outbox: a hash of the key. Workers claim lane by lane, so that the table can be spread over several machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lane(pub(crate) u8);

impl Lane {
    /// How many lanes there are.
    pub const COUNT: u8 = 16;

    /// All lanes.
    pub fn all() -> impl Iterator<Item = Self> {
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
    /// It cannot be delivered.
    Dead,
    /// It became too old before it could be sent.
    Expired,
    /// A worker has it.
    Leased,
    /// It waits for its first or next attempt.
    Queued,
    /// The recipient may no longer be contacted.
    Refused,
    /// It was sent too often without anybody knowing whether it arrived: somebody has to look.
    Uncertain,
}

impl Code for MailState {
    const WHAT: &'static str = "state of a mail";
    const ALL: &'static [Self] = &[
        Self::Accepted,
        Self::Dead,
        Self::Expired,
        Self::Leased,
        Self::Queued,
        Self::Refused,
        Self::Uncertain,
    ];

    fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Dead => "dead",
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
    pub(crate) lane: Lane,
    pub(crate) key: String,
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
    Accepted(String),
    /// It will never go; why.
    Permanent(String),
    /// It may go later; why not now.
    Transient(String),
    /// Nobody knows whether it went: the answer after the last byte was lost.
    Uncertain(String),
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
    /// Its language.
    pub locale: String,
    /// Its Message-ID.
    pub message_id: String,
    /// When it was queued.
    pub enqueued_at: DateTime<Utc>,
    /// Where it stands.
    pub state: MailState,
    /// How often it was tried.
    pub attempts: u32,
    /// When an attempt ended without anybody knowing how, if one did.
    pub uncertain_at: Option<DateTime<Utc>>,
    /// When it was done.
    pub settled_at: Option<DateTime<Utc>>,
    /// The last words of the relay.
    pub detail: Option<String>,
    /// The whole message.
    pub content: Vec<u8>,
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
