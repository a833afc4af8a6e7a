//! Promises: every date that a customer is told.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::text::one_line;
use crate::{PromiseId, SubjectId, ValueError, to_microseconds};

/// Something that somebody was told will happen by an instant. Whether it is broken follows from the time; nobody has to notice.
///
/// ```
/// use chrono::TimeDelta;
/// use ecrm_core::{Promise, PromiseId, PromiseState, SeededIds, SubjectId};
/// let ids = SeededIds::new(1);
/// let now = chrono::DateTime::UNIX_EPOCH;
/// let (id, subject) = (PromiseId::new(&ids, now), SubjectId::new(&ids, now));
/// let about = "order:10248/line:1";
/// let promise = Promise::new(id, subject, about, "delivery", now + TimeDelta::days(3), now, "checkout")?;
/// assert_eq!(promise.state_at(now + TimeDelta::days(2)), PromiseState::Open);
/// assert_eq!(promise.state_at(now + TimeDelta::days(4)), PromiseState::Broken);
/// # Ok::<(), ecrm_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PromiseParts")]
pub struct Promise {
    id: PromiseId,
    subject: SubjectId,
    about: String,
    what: String,
    due_at: DateTime<Utc>,
    made_at: DateTime<Utc>,
    made_by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    supersedes: Option<PromiseId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended: Option<PromiseEnd>,
}

#[derive(Deserialize)]
struct PromiseParts {
    id: PromiseId,
    subject: SubjectId,
    about: String,
    what: String,
    due_at: DateTime<Utc>,
    made_at: DateTime<Utc>,
    made_by: String,
    supersedes: Option<PromiseId>,
    ended: Option<PromiseEnd>,
}

impl Promise {
    /// A promise to `subject` about something (`order:10248/line:1`): `what` (`delivery`, `answer`) by `due_at`, made by a module.
    ///
    /// # Errors
    /// When a text is empty, longer than 300 characters or has control characters.
    pub fn new(
        id: PromiseId,
        subject: SubjectId,
        about: &str,
        what: &str,
        due_at: DateTime<Utc>,
        made_at: DateTime<Utc>,
        made_by: &str,
    ) -> Result<Self, ValueError> {
        Ok(Self {
            id,
            subject,
            about: one_line("subject of a promise", about, 400)?,
            what: one_line("promise", what, 300)?,
            due_at: to_microseconds(due_at),
            made_at: to_microseconds(made_at),
            made_by: one_line("maker of a promise", made_by, 300)?,
            supersedes: None,
            ended: None,
        })
    }

    /// The promise as one that takes the place of an earlier one: the date has changed.
    #[must_use]
    pub fn superseding(mut self, earlier: PromiseId) -> Self {
        self.supersedes = Some(earlier);
        self
    }

    /// The promise with its end.
    #[must_use]
    pub fn with_end(mut self, end: PromiseEnd) -> Self {
        self.ended = Some(PromiseEnd {
            at: to_microseconds(end.at),
            ..end
        });
        self
    }

    /// The id.
    #[must_use]
    pub fn id(&self) -> PromiseId {
        self.id
    }

    /// To whom it was made.
    #[must_use]
    pub fn subject(&self) -> SubjectId {
        self.subject
    }

    /// What it is about.
    #[must_use]
    pub fn about(&self) -> &str {
        &self.about
    }

    /// What will happen.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.what
    }

    /// By when.
    #[must_use]
    pub fn due_at(&self) -> DateTime<Utc> {
        self.due_at
    }

    /// When it was made.
    #[must_use]
    pub fn made_at(&self) -> DateTime<Utc> {
        self.made_at
    }

    /// By which module.
    #[must_use]
    pub fn made_by(&self) -> &str {
        &self.made_by
    }

    /// The promise whose place it takes.
    #[must_use]
    pub fn supersedes(&self) -> Option<PromiseId> {
        self.supersedes
    }

    /// How it ended, if it did.
    #[must_use]
    pub fn ended(&self) -> Option<&PromiseEnd> {
        self.ended.as_ref()
    }

    /// Where it stands at an instant.
    #[must_use]
    pub fn state_at(&self, now: DateTime<Utc>) -> PromiseState {
        match &self.ended {
            Some(end) if end.at <= now => match end.how {
                PromiseOutcome::Kept if end.at <= self.due_at => PromiseState::Kept,
                PromiseOutcome::Kept => PromiseState::KeptLate,
                // What ended too late was broken before.
                PromiseOutcome::Released | PromiseOutcome::Superseded if end.at > self.due_at => PromiseState::Broken,
                PromiseOutcome::Released => PromiseState::Released,
                PromiseOutcome::Superseded => PromiseState::Superseded,
            },
            _ if now > self.due_at => PromiseState::Broken,
            _ => PromiseState::Open,
        }
    }
}

impl TryFrom<PromiseParts> for Promise {
    type Error = ValueError;

    fn try_from(parts: PromiseParts) -> Result<Self, ValueError> {
        let PromiseParts {
            id,
            subject,
            about,
            what,
            due_at,
            made_at,
            made_by,
            supersedes,
            ended,
        } = parts;
        let mut promise = Self::new(id, subject, &about, &what, due_at, made_at, &made_by)?;
        promise.supersedes = supersedes;
        Ok(match ended {
            Some(end) => promise.with_end(end),
            None => promise,
        })
    }
}

/// How and when a promise ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "what is written down when a promise ends")]
pub struct PromiseEnd {
    /// When.
    pub at: DateTime<Utc>,
    /// How.
    pub how: PromiseOutcome,
    /// What proves it: a tracking number, the key of a mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
}

/// How a promise ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a promise ends in no other way")]
pub enum PromiseOutcome {
    /// It was kept, in time or late.
    Kept,
    /// The customer no longer wants it.
    Released,
    /// Another promise took its place.
    Superseded,
}

impl crate::Code for PromiseOutcome {
    const WHAT: &'static str = "outcome of a promise";
    const ALL: &'static [Self] = &[Self::Kept, Self::Released, Self::Superseded];

    fn code(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Released => "released",
            Self::Superseded => "superseded",
        }
    }
}

/// Where a promise stands at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "reports count every state")]
pub enum PromiseState {
    /// Its time is over, and nothing happened until then.
    Broken,
    /// Kept in time.
    Kept,
    /// Kept, but late.
    KeptLate,
    /// Its time is not over.
    Open,
    /// The customer no longer wants it.
    Released,
    /// Another promise took its place.
    Superseded,
}
