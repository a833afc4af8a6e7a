//! Looks at the outbox without changing it.

use ecrm_core::Subject;
use ecrm_store::Session;

use crate::model::{MailState, QueuedMail};
use crate::{MailError, store};

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

/// The number of mails in each state.
///
/// # Errors
/// Those of the database.
pub fn counts(session: &mut dyn Session) -> Result<Vec<(MailState, u64)>, MailError> {
    Ok(store::counts(session)?)
}
