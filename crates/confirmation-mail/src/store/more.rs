//! The statements of reports, answers, templates, and of what somebody in the shop decides.

use chrono::{DateTime, Utc};
use ecrm_core::{Code, EnhancedStatus, SubjectId};
use ecrm_store::{Session, SessionExt, StoreError, Type, Value};

use super::{lane, lane_of, word};
use crate::answer::GivenAnswer;
use crate::events::{EventKind, MailEvent};
use crate::links::Answer;
use crate::model::{MailState, QueuedMail};

/// Gives a mail another state, which is its last for now.
pub(crate) fn set_state(
    session: &mut dyn Session,
    key: &str,
    state: MailState,
    status: Option<EnhancedStatus>,
    detail: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    session.execute(
        "UPDATE ecrm_confirmation_mail_message
         SET state = $3, settled_at = coalesce(settled_at, $4), status = coalesce($5, status), detail = coalesce($6, detail)
         WHERE lane = $1 AND message_key = $2",
        &[
            lane(lane_of(key)),
            key.into(),
            state.code().into(),
            now.into(),
            Value::or_null(status.map(|status| status.to_string()), Type::Text),
            Value::or_null(detail, Type::Text),
        ],
    )?;
    Ok(())
}

/// Queues a mail once more.
pub(crate) fn requeue(
    session: &mut dyn Session,
    key: &str,
    expires_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    session.execute(
        "UPDATE ecrm_confirmation_mail_message
         SET state = $3, due_at = $4, expires_at = $5, settled_at = NULL, uncertain_times = 0
         WHERE lane = $1 AND message_key = $2",
        &[
            lane(lane_of(key)),
            key.into(),
            MailState::Queued.code().into(),
            now.into(),
            expires_at.into(),
        ],
    )?;
    Ok(())
}

/// Whether something was known before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    Before,
    Now,
}

impl Known {
    fn from_changed(rows: u64) -> Self {
        if rows == 0 { Self::Before } else { Self::Now }
    }
}

/// Writes what was heard of a mail.
pub(crate) fn insert_event(
    session: &mut dyn Session,
    mail: &QueuedMail,
    subject: SubjectId,
    event: &MailEvent,
    now: DateTime<Utc>,
) -> Result<Known, StoreError> {
    let written = session.execute(
        "INSERT INTO ecrm_confirmation_mail_event
             (lane, message_key, happened_at, kind, subject_id, recorded_at, status, detail)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (lane, message_key, happened_at, kind) DO NOTHING",
        &[
            lane(lane_of(&mail.key)),
            (&mail.key).into(),
            event.at.into(),
            event.kind.code().into(),
            subject.into(),
            now.into(),
            Value::or_null(event.status.map(|status| status.to_string()), Type::Text),
            (&event.detail).into(),
        ],
    )?;
    Ok(Known::from_changed(written))
}

/// What was heard of a mail, in the order in which it happened.
pub(crate) fn events_of(session: &mut dyn Session, key: &str, message_id: &str) -> Result<Vec<MailEvent>, StoreError> {
    session.query_all(
        "SELECT happened_at, kind, status, detail FROM ecrm_confirmation_mail_event
         WHERE lane = $1 AND message_key = $2 ORDER BY happened_at, kind",
        &[lane(lane_of(key)), key.into()],
        |row| {
            let status: Option<String> = row.get(2)?;
            Ok(MailEvent {
                message_id: message_id.to_owned(),
                kind: word::<EventKind>(row, 1)?,
                at: row.get(0)?,
                status: status.and_then(|status| status.parse().ok()),
                detail: row.get(3)?,
            })
        },
    )
}

/// Writes what a customer answered; the first answer to a mail holds.
pub(crate) fn insert_answer(
    session: &mut dyn Session,
    answer: &Answer,
    now: DateTime<Utc>,
) -> Result<Known, StoreError> {
    let written = session.execute(
        "INSERT INTO ecrm_confirmation_mail_answer (subject_id, about, message_key, choice, answered_at)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (subject_id, about, message_key) DO NOTHING",
        &[
            answer.subject.id().into(),
            (&answer.about).into(),
            (&answer.mail).into(),
            answer.choice.code().into(),
            now.into(),
        ],
    )?;
    Ok(Known::from_changed(written))
}

/// All that a customer answered, in its order.
pub(crate) fn answers_of(session: &mut dyn Session, subject: SubjectId) -> Result<Vec<GivenAnswer>, StoreError> {
    session.query_all(
        "SELECT message_key, about, choice, answered_at FROM ecrm_confirmation_mail_answer
         WHERE subject_id = $1 ORDER BY answered_at, about, message_key",
        &[subject.into()],
        |row| {
            Ok(GivenAnswer {
                mail: row.get(0)?,
                about: row.get(1)?,
                choice: word(row, 2)?,
                at: row.get(3)?,
            })
        },
    )
}

/// Removes what mails said that were settled before an instant; returns how many there were.
pub(crate) fn forget_contents(session: &mut dyn Session, before: DateTime<Utc>) -> Result<u64, StoreError> {
    session.execute(
        "DELETE FROM ecrm_confirmation_mail_content WHERE EXISTS (
             SELECT 1 FROM ecrm_confirmation_mail_message m
             WHERE m.lane = ecrm_confirmation_mail_content.lane AND m.message_key = ecrm_confirmation_mail_content.message_key
               AND m.settled_at < $1)",
        &[before.into()],
    )
}

/// Removes all that is known about somebody; returns how many rows there were.
pub(crate) fn erase(session: &mut dyn Session, subject: SubjectId) -> Result<u64, StoreError> {
    let mut removed = 0;
    for table in ["message", "content", "event", "answer"] {
        let sql = format!("DELETE FROM ecrm_confirmation_mail_{table} WHERE subject_id = $1");
        removed += session.execute(&sql, &[subject.into()])?;
    }
    Ok(removed)
}

/// Writes a template of the shop's.
pub(crate) fn save_template(
    session: &mut dyn Session,
    name: &str,
    source: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    session.execute(
        "INSERT INTO ecrm_confirmation_mail_template (name, source, changed_at) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET source = $2, changed_at = $3",
        &[name.into(), source.into(), now.into()],
    )?;
    Ok(())
}

/// Removes a template of the shop's; tells whether it was there.
pub(crate) fn remove_template(session: &mut dyn Session, name: &str) -> Result<bool, StoreError> {
    let sql = "DELETE FROM ecrm_confirmation_mail_template WHERE name = $1";
    Ok(session.execute(sql, &[name.into()])? == 1)
}

/// All templates of the shop's, with their names.
pub(crate) fn templates(session: &mut dyn Session) -> Result<Vec<(String, String)>, StoreError> {
    session.query_all(
        "SELECT name, source FROM ecrm_confirmation_mail_template ORDER BY name",
        &[],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
