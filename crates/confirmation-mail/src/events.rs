//! What is heard of a mail after a relay has taken it: reports, bounces, complaints, webhooks.

use std::fmt;

use chrono::{DateTime, Utc};
use ecrm_core::{Code, EnhancedStatus, SuppressionReason};
use ecrm_store::{Session, SessionExt};

use crate::model::{Lane, MailState, QueuedMail, addressee};
use crate::notice::clean;
use crate::settle::suppress;
use crate::{MailError, store};

/// Something that was heard of a mail.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "what every provider and every report tells")]
pub struct MailEvent {
    /// The Message-ID of the mail, with its angle brackets.
    pub message_id: String,
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub at: DateTime<Utc>,
    /// The status code, where there is one.
    pub status: Option<EnhancedStatus>,
    /// In the words of who reported it.
    pub detail: String,
}

impl fmt::Debug for MailEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailEvent({} {:?} at {})", self.kind.code(), self.status, self.at)
    }
}

/// What can happen to a mail, under one name for all providers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// A provider has taken it.
    Accepted,
    /// It came back; the mailbox may take others, or later.
    BouncedSoft,
    /// It came back for good: there is no such mailbox.
    BouncedHard,
    /// The receiver called it spam.
    Complained,
    /// It is late, and still under way.
    Delayed,
    /// The receiver's mail system has it.
    Delivered,
    /// It was opened. Only a shop that asks for it hears of that.
    Opened,
    /// The receiver wants no more advertisements.
    Unsubscribed,
}

impl Code for EventKind {
    const WHAT: &'static str = "event of a mail";
    const ALL: &'static [Self] = &[
        Self::Accepted,
        Self::BouncedHard,
        Self::BouncedSoft,
        Self::Complained,
        Self::Delayed,
        Self::Delivered,
        Self::Opened,
        Self::Unsubscribed,
    ];

    fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::BouncedHard => "bounced_hard",
            Self::BouncedSoft => "bounced_soft",
            Self::Complained => "complained",
            Self::Delayed => "delayed",
            Self::Delivered => "delivered",
            Self::Opened => "opened",
            Self::Unsubscribed => "unsubscribed",
        }
    }
}

/// What an event has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Heard {
    /// The mail as it stands now.
    pub mail: QueuedMail,
    /// False when the event was heard before; nothing was written then.
    pub is_news: bool,
}

/// Writes down an event, in the host's transaction: the mail takes the state that follows, and its address is left alone for 180 days
/// after a hard bounce or a complaint. The same event once more changes nothing. Returns nothing for a mail that is not ours.
///
/// # Errors
/// Those of the database.
pub fn hear(session: &mut dyn Session, event: &MailEvent, now: DateTime<Utc>) -> Result<Option<Heard>, MailError> {
    let _span = ecrm_store::span("confirmation_mail", "hear");
    // What a report quotes is somebody's text.
    let event = &MailEvent {
        detail: clean(&event.detail),
        ..event.clone()
    };
    let Some(mail) = mail_of(session, &event.message_id)? else {
        return Ok(None);
    };
    session.atomically(|session| {
        let subject = mail.subject.id();
        if store::insert_event(session, &mail, subject, event, now)? == store::Known::Before {
            return Ok(Some(Heard { mail, is_news: false }));
        }
        let state = store::read_state(session, &mail.key)?.ok_or(MailError::Unknown)?;
        if let Some(next) = follows(state, event.kind) {
            store::set_state(session, &mail.key, next, event.status, Some(&event.detail), now)?;
        }
        let reason = match event.kind {
            EventKind::BouncedHard => Some(SuppressionReason::HardBounce),
            EventKind::Complained => Some(SuppressionReason::Complaint),
            EventKind::Unsubscribed => Some(SuppressionReason::Unsubscribed),
            _ => None,
        };
        if let Some(reason) = reason {
            suppress(session, &addressee(mail.subject, &mail.recipient)?, reason, now)?;
        }
        let mail = store::find(session, &mail.key)?.ok_or(MailError::Unknown)?;
        Ok(Some(Heard { mail, is_news: true }))
    })
}

/// What was heard of the mail under a key, in the order in which it happened.
///
/// # Errors
/// Those of the database.
pub fn events(session: &mut dyn Session, key: &str) -> Result<Vec<MailEvent>, MailError> {
    match store::find(session, key)? {
        Some(mail) => Ok(store::events_of(session, key, &mail.message_id)?),
        None => Ok(Vec::new()),
    }
}

/// The mail of a Message-ID of ours: the letter of its lane stands before the `@`.
fn mail_of(session: &mut dyn Session, message_id: &str) -> Result<Option<QueuedMail>, MailError> {
    let message_id = message_id.trim();
    let bare = message_id.trim_start_matches('<').trim_end_matches('>');
    let lane = bare
        .split_once('@')
        .and_then(|(local, _)| local.rsplit_once('.'))
        .and_then(|(_, letter)| letter.parse().ok())
        .and_then(Lane::of_letter);
    match lane {
        Some(lane) => Ok(store::find_by_message_id(session, lane, &format!("<{bare}>"))?),
        None => Ok(None),
    }
}

/// The rule: the state that follows from an event, if it is another one. What came back or was complained about is not delivered any
/// more by a report that is late.
fn follows(state: MailState, event: EventKind) -> Option<MailState> {
    use MailState::{Accepted, Bounced, Complained, Delivered, Leased, Queued, Uncertain};
    match (event, state) {
        (EventKind::Complained, _) => Some(Complained),
        // What is to be sent again is not ended by what became of it before.
        (EventKind::BouncedHard | EventKind::BouncedSoft, Complained | Queued) => None,
        (EventKind::BouncedHard | EventKind::BouncedSoft, _) => Some(Bounced),
        (EventKind::Delivered, Accepted | Leased | Queued | Uncertain) => Some(Delivered),
        (EventKind::Accepted, Leased | Queued | Uncertain) => Some(Accepted),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_that_is_late_does_not_deliver_what_came_back() {
        assert_eq!(follows(MailState::Bounced, EventKind::Delivered), None);
        assert_eq!(follows(MailState::Complained, EventKind::BouncedHard), None);
        assert_eq!(
            follows(MailState::Delivered, EventKind::BouncedHard),
            Some(MailState::Bounced)
        );
    }

    #[test]
    fn an_uncertain_mail_of_which_a_report_tells_is_uncertain_no_more() {
        assert_eq!(
            follows(MailState::Uncertain, EventKind::Delivered),
            Some(MailState::Delivered)
        );
        assert_eq!(
            follows(MailState::Uncertain, EventKind::Accepted),
            Some(MailState::Accepted)
        );
    }

    #[test]
    fn what_is_delayed_or_opened_changes_no_state() {
        for state in MailState::ALL {
            assert_eq!(follows(*state, EventKind::Delayed), None);
            assert_eq!(follows(*state, EventKind::Opened), None);
        }
    }
}
