//! The SQL of this module.

mod claim;
mod look;
mod more;

use chrono::{DateTime, Utc};
use ecrm_core::{Code, Id, Subject};
use ecrm_store::{CONSENT, Migration, Module, PROMISE, Row, Session, SessionExt, StoreError, Type, Value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

pub(crate) use claim::{Due, End, content, drop_unsent, due, end_attempt, end_leases, lease, put_off, release};
pub(crate) use claim::{
    RELAY, TOTAL, clear_failures, count_failure, failures, forget_idle_domains, lock_pace, pace, save_pace,
};
pub(crate) use look::{counts, fallbacks, find, find_by_message_id, list, of_subject, read_state};
pub(crate) use more::{
    Known, answers_of, erase, events_of, forget_contents, insert_answer, insert_event, remove_template, requeue,
    save_template, set_state, templates,
};

use crate::model::{Lane, MailState};
use crate::request::ComposedMail;

/// The tables of this module, and the shared groups that they need: consent and suppression, and promises.
pub static MODULE: Module = Module {
    name: "confirmation_mail",
    requires: &[&CONSENT, &PROMISE],
    migrations: &[Migration {
        version: 1,
        sql: include_str!("../migrations/0001.sql"),
    }],
};

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
pub(crate) fn insert(session: &mut dyn Session, mail: &ComposedMail, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let lane_value = lane(lane_of(&mail.key));
    let (subject, delivery) = (mail.recipient.subject(), &mail.delivery);
    let written = session.execute(
        "INSERT INTO ecrm_confirmation_mail_message
             (lane, message_key, mail_id, subject_id, is_guest, recipient, notice, purpose, about, locale, digest, message_id,
              sender, enqueued_at, state, priority, keeps_quiet_hours, when_uncertain, attempt, due_at, expires_at,
              uncertain_times, fallback)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 0, $19, $20, 0, $21)
         ON CONFLICT (lane, message_key) DO NOTHING",
        &[
            lane_value.clone(),
            (&mail.key).into(),
            mail.id.into(),
            subject.id().into(),
            subject.customer().is_none().into(),
            mail.address.ascii().into(),
            mail.kind.name().into(),
            mail.purpose().code().into(),
            Value::or_null(mail.about.as_deref(), Type::Text),
            (&mail.mail.locale).into(),
            (&mail.digest).into(),
            (&mail.message_id).into(),
            (&mail.sender).into(),
            now.into(),
            MailState::Queued.code().into(),
            delivery.priority.rank().into(),
            mail.kind.keeps_quiet_hours().into(),
            delivery.when_uncertain.code().into(),
            delivery.due_at.into(),
            delivery.expires_at.into(),
            Value::or_null(mail.mail.fallback.as_deref(), Type::Text),
        ],
    )?;
    if written == 0 {
        return Ok(false);
    }
    session.execute(
        "INSERT INTO ecrm_confirmation_mail_content (lane, message_key, subject_id, subject, body, content)
         VALUES ($1, $2, $3, $4, $5, $6)",
        &[
            lane_value,
            (&mail.key).into(),
            subject.id().into(),
            (&mail.mail.subject).into(),
            (&mail.mail.text).into(),
            mail.content.as_slice().into(),
        ],
    )?;
    Ok(true)
}

fn lane(lane: Lane) -> Value<'static> {
    Value::Integer(i64::from(lane.0))
}

/// A customer or guest: its id, and in the next column whether it is a guest.
fn subject(row: &Row<'_>, index: usize) -> Result<Subject, StoreError> {
    let id: Uuid = row.get(index)?;
    Ok(if row.get(index + 1)? {
        Subject::Guest(Id::from_uuid(id))
    } else {
        Subject::Customer(Id::from_uuid(id))
    })
}

/// A word of ours that was read from the database.
fn word<T: Code>(row: &Row<'_>, index: usize) -> Result<T, StoreError> {
    T::from_code(&row.text(index)?).map_err(|_| StoreError::type_mismatch(index, Type::Text))
}
