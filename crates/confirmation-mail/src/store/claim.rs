//! The statements of claiming and settling.

use chrono::{DateTime, Utc};
use ecrm_core::{Code, EnhancedStatus, Purpose};
use ecrm_store::{Row, Session, SessionExt, StoreError, Type, Value};

use super::{lane, subject, word};
use crate::model::{Claimed, Lane, MailState};
use crate::request::Priority;

/// The row of the pace of all mails.
pub(crate) const TOTAL: &str = "total";
/// The row that counts how often the relay was not reached.
pub(crate) const RELAY: &str = "relay";

/// A mail that is due, before anything is decided about it.
pub(crate) struct Due {
    pub(crate) claimed: Claimed,
    pub(crate) purpose: Purpose,
    pub(crate) state: MailState,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) uncertain_times: u32,
    pub(crate) keeps_quiet_hours: bool,
}

impl Due {
    /// The domain of the recipient, as the row of its pace.
    pub(crate) fn domain(&self) -> String {
        let domain = self.claimed.recipient.rsplit('@').next().unwrap_or_default();
        format!("domain:{}", domain.to_ascii_lowercase())
    }
}

/// The mails of a lane and priority that are due, the longest waiting first. On PostgreSQL those that another worker holds are passed
/// over.
pub(crate) fn due(
    session: &mut dyn Session,
    of: Lane,
    priority: Priority,
    limit: u32,
    now: DateTime<Utc>,
) -> Result<Vec<Due>, StoreError> {
    let suffix = session.dialect().claim();
    let sql = format!(
        "SELECT message_key, mail_id, subject_id, is_guest, recipient, message_id, sender, attempt, uncertain_at, state,
                expires_at, uncertain_times, purpose, keeps_quiet_hours, when_uncertain
         FROM ecrm_confirmation_mail_message
         WHERE lane = $1 AND priority = $2 AND settled_at IS NULL AND due_at <= $3
         ORDER BY due_at, message_key LIMIT $4{suffix}"
    );
    let parameters = [lane(of), priority.rank().into(), now.into(), limit.into()];
    session.query_all(&sql, &parameters, |row| read_due(row, of))
}

fn read_due(row: &Row<'_>, lane: Lane) -> Result<Due, StoreError> {
    let claimed = Claimed {
        id: row.get(1)?,
        message_id: row.get(5)?,
        sender: row.get(6)?,
        recipient: row.get(4)?,
        content: Vec::new(),
        attempt: row.get(7)?,
        is_uncertain: row.get::<Option<DateTime<Utc>>>(8)?.is_some(),
        lease_until: DateTime::UNIX_EPOCH,
        key: row.get(0)?,
        lane,
        subject: subject(row, 2)?,
        when_uncertain: word(row, 14)?,
    };
    Ok(Due {
        claimed,
        purpose: word(row, 12)?,
        state: word(row, 9)?,
        expires_at: row.get(10)?,
        uncertain_times: row.get(11)?,
        keeps_quiet_hours: row.get(13)?,
    })
}

/// The bytes of a mail.
pub(crate) fn content(session: &mut dyn Session, of: Lane, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
    session.query_first(
        "SELECT content FROM ecrm_confirmation_mail_content WHERE lane = $1 AND message_key = $2",
        &[lane(of), key.into()],
        |row| row.get(0),
    )
}

/// Takes an attempt back that was not begun, if its lease still holds; tells whether it did.
pub(crate) fn release(session: &mut dyn Session, mail: &Claimed, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let written = session.execute(
        "UPDATE ecrm_confirmation_mail_message SET state = $5, due_at = $6, attempt = attempt - 1
         WHERE lane = $1 AND message_key = $2 AND state = $3 AND attempt = $4",
        &[
            lane(mail.lane),
            (&mail.key).into(),
            MailState::Leased.code().into(),
            mail.attempt.into(),
            MailState::Queued.code().into(),
            now.into(),
        ],
    )?;
    Ok(written == 1)
}

/// Gives a mail to a worker until its lease ends.
pub(crate) fn lease(
    session: &mut dyn Session,
    mail: &Claimed,
    uncertain_times: u32,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    session.execute(
        "UPDATE ecrm_confirmation_mail_message
         SET state = $3, attempt = $4, due_at = $5, uncertain_at = coalesce(uncertain_at, $6), uncertain_times = $7
         WHERE lane = $1 AND message_key = $2",
        &[
            lane(mail.lane),
            (&mail.key).into(),
            MailState::Leased.code().into(),
            mail.attempt.into(),
            mail.lease_until.into(),
            Value::or_null(mail.is_uncertain.then_some(now), Type::Integer),
            uncertain_times.into(),
        ],
    )?;
    Ok(())
}

/// Puts a mail off without an attempt. One that a worker died with stays uncertain.
pub(crate) fn put_off(
    session: &mut dyn Session,
    due: &Due,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mail = &due.claimed;
    session.execute(
        "UPDATE ecrm_confirmation_mail_message
         SET state = $3, due_at = $4, uncertain_at = coalesce(uncertain_at, $5), uncertain_times = $6
         WHERE lane = $1 AND message_key = $2",
        &[
            lane(mail.lane),
            (&mail.key).into(),
            MailState::Queued.code().into(),
            until.into(),
            Value::or_null(mail.is_uncertain.then_some(now), Type::Integer),
            due.uncertain_times.into(),
        ],
    )?;
    Ok(())
}

/// What an attempt has led to.
pub(crate) struct End<'a> {
    pub(crate) state: MailState,
    pub(crate) due_at: DateTime<Utc>,
    pub(crate) settled_at: Option<DateTime<Utc>>,
    pub(crate) uncertain_at: Option<DateTime<Utc>>,
    pub(crate) status: Option<EnhancedStatus>,
    pub(crate) detail: &'a str,
}

/// Writes the end of an attempt, if the lease still holds; tells whether it did.
pub(crate) fn end_attempt(session: &mut dyn Session, mail: &Claimed, end: &End<'_>) -> Result<bool, StoreError> {
    let written = session.execute(
        "UPDATE ecrm_confirmation_mail_message
         SET state = $5, due_at = $6, settled_at = $7, uncertain_at = coalesce(uncertain_at, $8), status = $9, detail = $10,
             uncertain_times = uncertain_times + CASE WHEN $8 IS NULL THEN 0 ELSE 1 END
         WHERE lane = $1 AND message_key = $2 AND state = $3 AND attempt = $4",
        &[
            lane(mail.lane),
            (&mail.key).into(),
            MailState::Leased.code().into(),
            mail.attempt.into(),
            end.state.code().into(),
            end.due_at.into(),
            Value::or_null(end.settled_at, Type::Integer),
            Value::or_null(end.uncertain_at, Type::Integer),
            Value::or_null(end.status.map(|status| status.to_string()), Type::Text),
            end.detail.into(),
        ],
    )?;
    Ok(written == 1)
}

/// Makes every leased mail due now; returns how many there were.
pub(crate) fn end_leases(session: &mut dyn Session, now: DateTime<Utc>) -> Result<u64, StoreError> {
    session.execute(
        "UPDATE ecrm_confirmation_mail_message SET due_at = $1
         WHERE settled_at IS NULL AND state = $2 AND due_at > $1",
        &[now.into(), MailState::Leased.code().into()],
    )
}

/// Ends a mail that is not sent, or not sent again.
pub(crate) fn drop_unsent(
    session: &mut dyn Session,
    mail: &Claimed,
    state: MailState,
    why: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    session.execute(
        "UPDATE ecrm_confirmation_mail_message
         SET state = $3, settled_at = $4, detail = $5, uncertain_at = coalesce(uncertain_at, $6)
         WHERE lane = $1 AND message_key = $2",
        &[
            lane(mail.lane),
            (&mail.key).into(),
            state.code().into(),
            now.into(),
            why.into(),
            Value::or_null(mail.is_uncertain.then_some(now), Type::Integer),
        ],
    )?;
    Ok(())
}

/// The row of a pace, made where it is missing and locked until the transaction ends: when its next mail is free to leave.
pub(crate) fn lock_pace(session: &mut dyn Session, scope: &str) -> Result<DateTime<Utc>, StoreError> {
    session.query_value(
        "INSERT INTO ecrm_confirmation_mail_pace (scope, free_at, failures) VALUES ($1, $2, 0)
         ON CONFLICT (scope) DO UPDATE SET failures = ecrm_confirmation_mail_pace.failures RETURNING free_at",
        &[scope.into(), DateTime::<Utc>::UNIX_EPOCH.into()],
    )
}

/// When the next mail of a pace is free to leave, if it is known.
pub(crate) fn pace(session: &mut dyn Session, scope: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
    let sql = "SELECT free_at FROM ecrm_confirmation_mail_pace WHERE scope = $1";
    session.query_first(sql, &[scope.into()], |row| row.get(0))
}

/// Writes when the next mail of a pace is free to leave.
pub(crate) fn save_pace(session: &mut dyn Session, scope: &str, free_at: DateTime<Utc>) -> Result<(), StoreError> {
    session.execute(
        "INSERT INTO ecrm_confirmation_mail_pace (scope, free_at, failures) VALUES ($1, $2, 0)
         ON CONFLICT (scope) DO UPDATE SET free_at = $2",
        &[scope.into(), free_at.into()],
    )?;
    Ok(())
}

/// Removes the domains whose pace says nothing any more: the names of small ones are names of people.
pub(crate) fn forget_idle_domains(session: &mut dyn Session, now: DateTime<Utc>) -> Result<(), StoreError> {
    session.execute(
        "DELETE FROM ecrm_confirmation_mail_pace WHERE free_at < $1 AND scope <> $2 AND scope <> $3",
        &[now.into(), TOTAL.into(), RELAY.into()],
    )?;
    Ok(())
}

/// When something last failed, and how often in a row.
pub(crate) fn failures(session: &mut dyn Session, scope: &str) -> Result<Option<(DateTime<Utc>, u32)>, StoreError> {
    session.query_first(
        "SELECT free_at, failures FROM ecrm_confirmation_mail_pace WHERE scope = $1",
        &[scope.into()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Counts one more failure in a row.
pub(crate) fn count_failure(session: &mut dyn Session, scope: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    session.execute(
        "INSERT INTO ecrm_confirmation_mail_pace (scope, free_at, failures) VALUES ($1, $2, 1)
         ON CONFLICT (scope) DO UPDATE SET free_at = $2, failures = ecrm_confirmation_mail_pace.failures + 1",
        &[scope.into(), now.into()],
    )?;
    Ok(())
}

/// Ends a row of failures. Where there are none nothing is locked.
pub(crate) fn clear_failures(session: &mut dyn Session, scope: &str) -> Result<(), StoreError> {
    session.execute(
        "DELETE FROM ecrm_confirmation_mail_pace WHERE scope = $1",
        &[scope.into()],
    )?;
    Ok(())
}
