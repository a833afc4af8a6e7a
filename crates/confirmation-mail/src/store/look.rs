//! The statements that look at the outbox.

use chrono::{DateTime, Utc};
use ecrm_core::{Code, Subject};
use ecrm_store::{Row, Session, SessionExt, StoreError, Type};

use super::{lane, lane_of, subject, word};
use crate::model::{Lane, MailContent, MailState, QueuedMail};

const MAILS: &str =
    "SELECT m.mail_id, m.message_key, m.notice, m.about, m.locale, m.recipient, m.message_id, m.enqueued_at, m.state,
       m.attempt, m.due_at, m.uncertain_at, m.settled_at, m.status, m.detail, m.fallback, c.subject, c.body, c.content,
       m.subject_id, m.is_guest
    FROM ecrm_confirmation_mail_message m
    LEFT JOIN ecrm_confirmation_mail_content c ON c.lane = m.lane AND c.message_key = m.message_key";

/// The mail under a key.
pub(crate) fn find(session: &mut dyn Session, key: &str) -> Result<Option<QueuedMail>, StoreError> {
    let sql = format!("{MAILS} WHERE m.lane = $1 AND m.message_key = $2");
    session.query_first(&sql, &[lane(lane_of(key)), key.into()], read_mail)
}

/// The mail of a Message-ID.
pub(crate) fn find_by_message_id(
    session: &mut dyn Session,
    of: Lane,
    message_id: &str,
) -> Result<Option<QueuedMail>, StoreError> {
    let sql = format!("{MAILS} WHERE m.lane = $1 AND m.message_id = $2");
    session.query_first(&sql, &[lane(of), message_id.into()], read_mail)
}

/// All mails to somebody.
pub(crate) fn of_subject(session: &mut dyn Session, subject: Subject) -> Result<Vec<QueuedMail>, StoreError> {
    let sql = format!("{MAILS} WHERE m.subject_id = $1 ORDER BY m.enqueued_at, m.message_key");
    session.query_all(&sql, &[subject.id().into()], read_mail)
}

/// Mails that were settled in a state, the latest first.
pub(crate) fn list(session: &mut dyn Session, state: MailState, limit: u32) -> Result<Vec<QueuedMail>, StoreError> {
    // The word stands in the text, because an index over some states serves no parameter. It is one of ours.
    let sql = format!(
        "{MAILS} WHERE m.state = '{}' ORDER BY m.settled_at DESC LIMIT $1",
        state.code()
    );
    session.query_all(&sql, &[limit.into()], read_mail)
}

/// Mails that fell back to a built-in template, the latest first.
pub(crate) fn fallbacks(session: &mut dyn Session, limit: u32) -> Result<Vec<QueuedMail>, StoreError> {
    let sql = format!("{MAILS} WHERE m.fallback IS NOT NULL ORDER BY m.enqueued_at DESC, m.message_key LIMIT $1");
    session.query_all(&sql, &[limit.into()], read_mail)
}

/// The number of mails in each state.
pub(crate) fn counts(session: &mut dyn Session) -> Result<Vec<(MailState, u64)>, StoreError> {
    session.query_all(
        "SELECT state, count(*) FROM ecrm_confirmation_mail_message GROUP BY state ORDER BY state",
        &[],
        |row| Ok((word(row, 0)?, row.get(1)?)),
    )
}

/// The state of the mail under a key.
pub(crate) fn read_state(session: &mut dyn Session, key: &str) -> Result<Option<MailState>, StoreError> {
    let suffix = session.dialect().for_update();
    let sql = format!("SELECT state FROM ecrm_confirmation_mail_message WHERE lane = $1 AND message_key = $2{suffix}");
    session.query_first(&sql, &[lane(lane_of(key)), key.into()], |row| word(row, 0))
}

fn read_mail(row: &Row<'_>) -> Result<QueuedMail, StoreError> {
    let settled_at: Option<DateTime<Utc>> = row.get(12)?;
    let due_at: DateTime<Utc> = row.get(10)?;
    let content = match row.get::<Option<Vec<u8>>>(18)? {
        Some(message) => Some(MailContent {
            subject: row.get(16)?,
            text: row.get(17)?,
            message,
        }),
        None => None,
    };
    let status: Option<String> = row.get(13)?;
    Ok(QueuedMail {
        id: row.get(0)?,
        key: row.get(1)?,
        notice: row.get(2)?,
        about: row.get(3)?,
        locale: row.get(4)?,
        subject: subject(row, 19)?,
        recipient: row.get(5)?,
        message_id: row.get(6)?,
        enqueued_at: row.get(7)?,
        state: word(row, 8)?,
        attempts: row.get(9)?,
        due_at: settled_at.is_none().then_some(due_at),
        uncertain_at: row.get(11)?,
        settled_at,
        status: status
            .map(|status| status.parse())
            .transpose()
            .map_err(|_| StoreError::type_mismatch(13, Type::Text))?,
        detail: row.get(14)?,
        fallback: row.get(15)?,
        content,
    })
}
