//! Queues a composed mail inside the order's own transaction.

use chrono::{DateTime, Utc};
use ecrm_core::{Channel, EmailAddress, IdSource};
use ecrm_store::{Permission, Session, SessionExt};

use crate::model::Enqueued;
use crate::request::ComposedMail;
use crate::{MailError, promised, store};

/// Queues a mail. It is committed with the host's transaction or not at all; a worker sends it afterwards.
///
/// The same key with the same content queues nothing again. Every day that the mail tells is put on record as a promise, and what it
/// reports as done keeps its promise.
///
/// # Errors
/// [`MailError::KeyReused`] when the key was used for another content, [`MailError::WrongPermission`],
/// [`MailError::PromiseChanged`] when the customer was told an earlier day and no delay notice has said otherwise, or those of the
/// database. The host's transaction stays usable: what was begun here is undone by a savepoint.
pub fn enqueue(
    session: &mut dyn Session,
    permission: &Permission,
    mail: &ComposedMail,
    ids: &dyn IdSource,
    now: DateTime<Utc>,
) -> Result<Enqueued, MailError> {
    let _span = ecrm_store::span("confirmation_mail", "enqueue");
    if !is_for(permission, mail) {
        return Err(MailError::WrongPermission);
    }
    if let Some(before) = same_mail(session, mail)? {
        return Ok(before);
    }
    match insert(session, mail, ids, now) {
        // Another transaction has made or ended one of the promises since they were looked up; now that is seen.
        Err(MailError::Store(error)) if error.is_unique_violation() || error.is_conflict() => {
            insert(session, mail, ids, now)
        }
        queued => queued,
    }
}

fn insert(
    session: &mut dyn Session,
    mail: &ComposedMail,
    ids: &dyn IdSource,
    now: DateTime<Utc>,
) -> Result<Enqueued, MailError> {
    session.atomically(|session| {
        if !store::insert(session, mail, now)? {
            // Another transaction has queued it since we looked.
            return same_mail(session, mail)?.ok_or(MailError::KeyReused);
        }
        promised::take(session, mail, ids, now)?;
        Ok(Enqueued::Now(mail.id))
    })
}

fn is_for(permission: &Permission, mail: &ComposedMail) -> bool {
    let allowed = permission.recipient();
    permission.channel() == Channel::Email
        && permission.purpose() == mail.purpose()
        && allowed.subject() == mail.recipient.subject()
        && allowed.contact().email().map(EmailAddress::key) == Some(mail.address.key())
}

/// The mail that is queued under this key, if its content is the same.
fn same_mail(session: &mut dyn Session, mail: &ComposedMail) -> Result<Option<Enqueued>, MailError> {
    match store::find_digest(session, &mail.key)? {
        Some((id, known)) if known == mail.digest => Ok(Some(Enqueued::Before(id))),
        Some(_) => Err(MailError::KeyReused),
        None => Ok(None),
    }
}
