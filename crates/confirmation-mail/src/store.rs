//! The SQL of this module.

use chrono::{DateTime, Utc};
use ecrm_core::{Channel, Code, ContactData, EmailAddress, Id, Purpose, Recipient, Subject, ValueError};
use ecrm_store::{CONSENT, Migration, Module, PROMISE, Row, Session, SessionExt, StoreError, Type, Value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::model::{Claimed, Lane, MailState, QueuedMail};

/// The tables of this module, and the shared groups that they need: consent and suppression, and promises.
pub static MODULE: Module = Module {
    name: "confirmation_mail",
    requires: &[&CONSENT, &PROMISE],
    migrations: &[Migration {
        version: 1,
        sql: include_str!("migrations/0001.sql"),
    }],
};

/// The channel and purpose of every mail of this module.
pub(crate) const ASK: (Purpose, Channel) = (Purpose::Contract, Channel::Email);

/// A mail as it is queued.
pub(crate) struct NewMail<'a> {
    pub(crate) key: &'a str,
    pub(crate) id: Uuid,
    pub(crate) subject: Subject,
    pub(crate) recipient: &'a EmailAddress,
    pub(crate) notice: &'static str,
    pub(crate) locale: &'a str,
    pub(crate) digest: &'a str,
    pub(crate) message_id: &'a str,
    pub(crate) sender: &'a EmailAddress,
    pub(crate) content: &'a [u8],
    pub(crate) due_at: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
}

/// The lane of a key.
pub(crate) fn lane_of(key: &str) -> Lane {
    Lane(Sha256::digest(key.as_bytes())[0] % Lane::COUNT)
}

/// The id and digest of the mail under a key.
pub(crate) fn find_digest(session: &mut dyn Session, key: &str) -> Result<Option<(Uuid, String)>, StoreError> {
    session.query_first(
        "SELECT mail_id, digest FROM ecrm_confirmation_mail_message WHERE lane = $1 AND message_key = $2",
        &[lane(lane_of(key)), key.into()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Writes a mail, unless its key is taken; tells whether it did.
pub(crate) fn insert(session: &mut dyn Session, mail: &NewMail<'_>, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let lane_value = lane(lane_of(mail.key));
    let written = session.execute(
        "INSERT INTO ecrm_confirmation_mail_message
             (lane, message_key, mail_id, subject_id, is_guest, recipient, notice, locale, digest, message_id, sender,
              enqueued_at, state, attempt, due_at, expires_at, uncertain_times)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, $14, $15, 0)
         ON CONFLICT (lane, message_key) DO NOTHING",
        &[
            lane_value.clone(),
            mail.key.into(),
            mail.id.into(),
            mail.subject.id().into(),
            mail.subject.customer().is_none().into(),
            mail.recipient.ascii().into(),
            mail.notice.into(),
            mail.locale.into(),
            mail.digest.into(),
            mail.message_id.into(),
            mail.sender.ascii().into(),
            now.into(),
            MailState::Queued.code().into(),
            mail.due_at.into(),
            mail.expires_at.into(),
        ],
    )?;
    if written == 0 {
        return Ok(false);
    }
    session.execute(
        "INSERT INTO ecrm_confirmation_mail_content (lane, message_key, subject_id, content) VALUES ($1, $2, $3, $4)",
        &[
            lane_value,
            mail.key.into(),
            mail.subject.id().into(),
            mail.content.into(),
        ],
    )?;
    Ok(true)
}

/// A mail that is due, before anything is decided about it.
pub(crate) struct Due {
    pub(crate) claimed: Claimed,
    pub(crate) subject: Subject,
    pub(crate) state: MailState,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) uncertain_times: u32,
}

impl Due {
    /// Who the mail goes to, as far as a permission depends on it.
    pub(crate) fn recipient(&self) -> Result<Recipient, ValueError> {
        Ok(Recipient::new(
            self.subject,
            ContactData::new().with_email(self.claimed.recipient.parse()?),
        ))
    }
}

/// The mails of a lane that are due, the longest waiting first. On PostgreSQL those that another worker holds are passed over.
pub(crate) fn due(session: &mut dyn Session, of: Lane, limit: u32, now: DateTime<Utc>) -> Result<Vec<Due>, StoreError> {
    let suffix = session.dialect().claim();
    let sql = format!(
        "SELECT message_key, mail_id, subject_id, is_guest, recipient, message_id, sender, attempt, uncertain_at, state,
                expires_at, uncertain_times
         FROM ecrm_confirmation_mail_message
         WHERE lane = $1 AND settled_at IS NULL AND due_at <= $2
         ORDER BY due_at, message_key LIMIT $3{suffix}"
    );
    session.query_all(&sql, &[lane(of), now.into(), limit.into()], |row| read_due(row, of))
}

fn read_due(row: &Row<'_>, lane: Lane) -> Result<Due, StoreError> {
    let subject: Uuid = row.get(2)?;
    let subject = if row.get(3)? {
        Subject::Guest(Id::from_uuid(subject))
    } else {
        Subject::Customer(Id::from_uuid(subject))
    };
    let claimed = Claimed {
        id: row.get(1)?,
        message_id: row.get(5)?,
        sender: row.get(6)?,
        recipient: row.get(4)?,
        content: Vec::new(),
        attempt: row.get(7)?,
        is_uncertain: row.get::<Option<DateTime<Utc>>>(8)?.is_some(),
        lease_until: DateTime::UNIX_EPOCH,
        lane,
        key: row.get(0)?,
    };
    Ok(Due {
        claimed,
        subject,
        state: state(row, 9)?,
        expires_at: row.get(10)?,
        uncertain_times: row.get(11)?,
    })
}

/// The bytes of a mail.
pub(crate) fn content(session: &mut dyn Session, of: Lane, key: &str) -> Result<Vec<u8>, StoreError> {
    session.query_value(
        "SELECT content FROM ecrm_confirmation_mail_content WHERE lane = $1 AND message_key = $2",
        &[lane(of), key.into()],
    )
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

/// What an attempt has led to.
pub(crate) struct End<'a> {
    pub(crate) state: MailState,
    pub(crate) due_at: DateTime<Utc>,
    pub(crate) settled_at: Option<DateTime<Utc>>,
    pub(crate) uncertain_at: Option<DateTime<Utc>>,
    pub(crate) detail: &'a str,
}

/// Writes the end of an attempt, if the lease still holds; tells whether it did.
pub(crate) fn end_attempt(session: &mut dyn Session, mail: &Claimed, end: &End<'_>) -> Result<bool, StoreError> {
    let written = session.execute(
        "UPDATE ecrm_confirmation_mail_message
         SET state = $5, due_at = $6, settled_at = $7, uncertain_at = coalesce(uncertain_at, $8), detail = $9,
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

const MAIL_COLUMNS: &str =
    "m.mail_id, m.message_key, m.notice, m.locale, m.message_id, m.enqueued_at, m.state, m.attempt,
    m.uncertain_at, m.settled_at, m.detail, c.content
    FROM ecrm_confirmation_mail_message m
    JOIN ecrm_confirmation_mail_content c ON c.lane = m.lane AND c.message_key = m.message_key";

/// The mail under a key.
pub(crate) fn find(session: &mut dyn Session, key: &str) -> Result<Option<QueuedMail>, StoreError> {
    let sql = format!("SELECT {MAIL_COLUMNS} WHERE m.lane = $1 AND m.message_key = $2");
    session.query_first(&sql, &[lane(lane_of(key)), key.into()], read_mail)
}

/// All mails to somebody.
pub(crate) fn of_subject(session: &mut dyn Session, subject: Subject) -> Result<Vec<QueuedMail>, StoreError> {
    let sql = format!("SELECT {MAIL_COLUMNS} WHERE m.subject_id = $1 ORDER BY m.enqueued_at, m.message_key");
    session.query_all(&sql, &[subject.id().into()], read_mail)
}

/// The number of mails in each state.
pub(crate) fn counts(session: &mut dyn Session) -> Result<Vec<(MailState, u64)>, StoreError> {
    session.query_all(
        "SELECT state, count(*) FROM ecrm_confirmation_mail_message GROUP BY state ORDER BY state",
        &[],
        |row| Ok((state(row, 0)?, row.get(1)?)),
    )
}

fn read_mail(row: &Row<'_>) -> Result<QueuedMail, StoreError> {
    Ok(QueuedMail {
        id: row.get(0)?,
        key: row.get(1)?,
        notice: row.get(2)?,
        locale: row.get(3)?,
        message_id: row.get(4)?,
        enqueued_at: row.get(5)?,
        state: state(row, 6)?,
        attempts: row.get(7)?,
        uncertain_at: row.get(8)?,
        settled_at: row.get(9)?,
        detail: row.get(10)?,
        content: row.get(11)?,
    })
}

fn state(row: &Row<'_>, index: usize) -> Result<MailState, StoreError> {
    MailState::from_code(&row.text(index)?).map_err(|_| StoreError::type_mismatch(index, Type::Text))
}

fn lane(lane: Lane) -> Value<'static> {
    Value::Integer(i64::from(lane.0))
}
