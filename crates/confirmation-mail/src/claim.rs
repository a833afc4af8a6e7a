//! Takes due mails for sending.

use chrono::{DateTime, TimeDelta, Utc};
use ecrm_store::{Session, may_contact};

use crate::MailError;
use crate::model::{Claimed, Lane, MailState, after};
use crate::store::{self, ASK, Due};

/// After so many attempts with an unknown end somebody has to look at a mail: each may have reached the customer.
const MOST_UNCERTAIN: u32 = 12;

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
    loop {
        let due = store::due(session, lane, limit, now)?;
        let found = !due.is_empty();
        let mut claimed = Vec::new();
        for mut mail in due {
            if mail.state == MailState::Leased {
                mail.claimed.is_uncertain = true;
                mail.uncertain_times = mail.uncertain_times.saturating_add(1);
            }
            match reason_to_drop(session, &mail, now)? {
                Some((state, why)) => store::drop_unsent(session, &mail.claimed, state, &why, now)?,
                None => claimed.push(take(session, mail, after(now, lease), now)?),
            }
        }
        // A batch of which nothing may be sent says nothing about those behind it.
        if !claimed.is_empty() || !found {
            return Ok(claimed);
        }
    }
}

/// Ends all leases at once and returns how many there were: for a host that knows, when it starts, that no other worker runs. The
/// mails are due now, marked uncertain when they are claimed, and keep their Message-ID.
///
/// # Errors
/// Those of the database.
pub fn take_over(session: &mut dyn Session, now: DateTime<Utc>) -> Result<u64, MailError> {
    Ok(store::end_leases(session, now)?)
}

/// Why a mail is not sent after all: it is too old, or the recipient may no longer be contacted.
fn reason_to_drop(
    session: &mut dyn Session,
    mail: &Due,
    now: DateTime<Utc>,
) -> Result<Option<(MailState, String)>, MailError> {
    if mail.expires_at <= now {
        return Ok(Some((MailState::Expired, "too old to be sent".to_owned())));
    }
    if mail.uncertain_times > MOST_UNCERTAIN {
        return Ok(Some((
            MailState::Uncertain,
            "too many attempts with an unknown end".to_owned(),
        )));
    }
    let recipient = match mail.recipient() {
        Ok(recipient) => recipient,
        // One row that was changed by hand must not block those behind it.
        Err(error) => return Ok(Some((MailState::Dead, error.to_string()))),
    };
    let (purpose, channel) = ASK;
    let answer = may_contact(session, &recipient, purpose, channel, now)?;
    Ok(answer.err().map(|refusal| (MailState::Refused, refusal.to_string())))
}

fn take(
    session: &mut dyn Session,
    due: Due,
    lease_until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Claimed, MailError> {
    let mut mail = due.claimed;
    mail.attempt = mail.attempt.saturating_add(1);
    mail.lease_until = lease_until;
    store::lease(session, &mail, due.uncertain_times, now)?;
    mail.content = store::content(session, mail.lane, &mail.key)?;
    Ok(mail)
}
