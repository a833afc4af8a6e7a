//! Looks at the outbox, and does with single mails what somebody in the shop decides.

use chrono::{DateTime, TimeDelta, Utc};
use ecrm_core::Subject;
use ecrm_store::Session;

use crate::model::{MailState, QueuedMail, after};
use crate::{MailError, store};

/// A mail that somebody sends again is of use for so long.
const AGAIN_WITHIN: TimeDelta = TimeDelta::days(7);

/// The mail that was queued under a key.
///
/// # Errors
/// Those of the database.
pub fn find(session: &mut dyn Session, key: &str) -> Result<Option<QueuedMail>, MailError> {
    Ok(store::find(session, key)?)
}

/// All mails to a customer or guest, in the order in which they were queued: what was said, when, and what became of it.
///
/// # Errors
/// Those of the database.
pub fn of_subject(session: &mut dyn Session, subject: Subject) -> Result<Vec<QueuedMail>, MailError> {
    Ok(store::of_subject(session, subject)?)
}

/// The mails in a state, the latest settled first: dead ones, or those of which nobody knows whether they were sent.
///
/// # Errors
/// Those of the database.
pub fn list(session: &mut dyn Session, state: MailState, limit: u32) -> Result<Vec<QueuedMail>, MailError> {
    Ok(store::list(session, state, limit)?)
}

/// The mails for which the shop's own template or text was broken, the latest first; [`QueuedMail::fallback`] says why. They were sent
/// with the built-in one.
///
/// # Errors
/// Those of the database.
pub fn fallbacks(session: &mut dyn Session, limit: u32) -> Result<Vec<QueuedMail>, MailError> {
    Ok(store::fallbacks(session, limit)?)
}

/// The number of mails in each state.
///
/// # Errors
/// Those of the database.
pub fn counts(session: &mut dyn Session) -> Result<Vec<(MailState, u64)>, MailError> {
    Ok(store::counts(session)?)
}

/// Queues a mail once more that is not under way: the same bytes, the same Message-ID.
///
/// # Errors
/// [`MailError::Unknown`]; [`MailError::WrongState`] for a mail that waits or is being sent, or whose content is forgotten.
pub fn send_again(session: &mut dyn Session, key: &str, now: DateTime<Utc>) -> Result<(), MailError> {
    let state = state_of(session, key)?;
    if matches!(state, MailState::Queued | MailState::Leased) {
        return Err(MailError::WrongState("under way"));
    }
    if store::find(session, key)?.is_none_or(|mail| mail.content.is_none()) {
        return Err(MailError::WrongState("without its content, which was forgotten"));
    }
    Ok(store::requeue(session, key, after(now, AGAIN_WITHIN), now)?)
}

/// Calls a mail off that has not been claimed.
///
/// # Errors
/// [`MailError::Unknown`]; [`MailError::WrongState`] for a mail that is being sent or is done.
pub fn cancel(session: &mut dyn Session, key: &str, now: DateTime<Utc>) -> Result<(), MailError> {
    match state_of(session, key)? {
        MailState::Queued => Ok(store::set_state(
            session,
            key,
            MailState::Cancelled,
            None,
            Some("called off"),
            now,
        )?),
        MailState::Leased => Err(MailError::WrongState("being sent")),
        _ => Err(MailError::WrongState("done")),
    }
}

/// Settles an uncertain mail of which somebody found out that the relay has it.
///
/// # Errors
/// [`MailError::Unknown`]; [`MailError::WrongState`] for a mail that is not uncertain.
pub fn mark_accepted(session: &mut dyn Session, key: &str, now: DateTime<Utc>) -> Result<(), MailError> {
    match state_of(session, key)? {
        MailState::Uncertain => Ok(store::set_state(
            session,
            key,
            MailState::Accepted,
            None,
            Some("found out by hand"),
            now,
        )?),
        _ => Err(MailError::WrongState("not uncertain")),
    }
}

/// Removes what mails said that were settled before an instant, and returns how many there were. That they were sent stays known.
///
/// # Errors
/// Those of the database.
pub fn forget_contents(session: &mut dyn Session, before: DateTime<Utc>) -> Result<u64, MailError> {
    Ok(store::forget_contents(session, before)?)
}

/// Removes everything that this module knows about somebody, mails that wait included, and returns how many rows there were.
/// [`of_subject`] and [`events`](fn@crate::events) are the export of the mails; [`answers`](crate::answers) are asked for by what they are
/// about.
///
/// # Errors
/// Those of the database.
pub fn erase(session: &mut dyn Session, subject: Subject) -> Result<u64, MailError> {
    Ok(store::erase(session, subject.id())?)
}

fn state_of(session: &mut dyn Session, key: &str) -> Result<MailState, MailError> {
    store::read_state(session, key)?.ok_or(MailError::Unknown)
}
