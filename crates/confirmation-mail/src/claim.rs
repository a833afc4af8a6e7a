//! Takes due mails for sending.

use chrono::{DateTime, TimeDelta, Utc};
use ecrm_store::{Session, may_contact};

use crate::MailError;
use crate::model::{Claimed, Lane, MailState};
use crate::store::{self, ASK, Due};

/// Takes up to `limit` mails of a lane that are due, until `lease` has passed. Commit, then send each, then
/// [`settle`](crate::settle) each in a transaction of its own.
///
/// A mail whose lease has run out is taken again and marked uncertain: a worker died with it, perhaps after sending. It keeps its
/// Message-ID. Mails that are too old expire here, and whether the recipient may be contacted is asked once more.
///
/// # Errors
/// Those of the database.
pub fn claim(
    session: &mut dyn Session,
    lane: Lane,
    limit: u32,
    lease: TimeDelta,
    now: DateTime<Utc>,
) -> Result<Vec<Claimed>, MailError> {
    let _span = ecrm_store::span("confirmation_mail", "claim");
    let mut claimed = Vec::new();
    for due in store::due(session, lane, limit, now)? {
        if due.expires_at <= now {
            store::drop_unsent(session, &due.claimed, MailState::Expired, "too old to be sent", now)?;
            continue;
        }
        let (purpose, channel) = ASK;
        if let Err(refusal) = may_contact(session, &due.recipient()?, purpose, channel, now)? {
            store::drop_unsent(session, &due.claimed, MailState::Refused, &refusal.to_string(), now)?;
            continue;
        }
        claimed.push(take(session, due, now + lease, now)?);
    }
    Ok(claimed)
}

/// Ends all leases at once and returns how many there were: for a host that knows, when it starts, that no other worker runs. The
/// mails are due now, marked uncertain when they are claimed, and keep their Message-ID.
///
/// # Errors
/// Those of the database.
pub fn take_over(session: &mut dyn Session, now: DateTime<Utc>) -> Result<u64, MailError> {
    Ok(store::end_leases(session, now)?)
}

fn take(
    session: &mut dyn Session,
    due: Due,
    lease_until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Claimed, MailError> {
    let was_leased = due.state == MailState::Leased;
    let mut mail = due.claimed;
    mail.attempt = mail.attempt.saturating_add(1);
    mail.is_uncertain |= was_leased;
    store::lease(session, &mail, lease_until, now)?;
    mail.content = store::content(session, mail.lane, &mail.key)?;
    Ok(mail)
}
