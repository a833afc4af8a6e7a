//! Change notes: what a module that follows the shared record has not looked at yet.

use chrono::{DateTime, Utc};
use ecrm_core::{Code, SubjectId};

use crate::json::unreadable_value as unreadable;
use crate::{Batch, Session, SessionExt, StoreError, Value};

const NOTE: &str = "INSERT INTO ecrm_store_change (subject_id, consumer, kind, noted_at, writes)
    SELECT $1, consumer, $2, $3, $4 FROM ecrm_store_change_consumer WHERE true
    ON CONFLICT (subject_id, consumer, kind) DO UPDATE
    SET noted_at = excluded.noted_at, writes = ecrm_store_change.writes + excluded.writes";
const WIDTH: usize = 4;
const NOTE_OTHERS: &str = "INSERT INTO ecrm_store_change (subject_id, consumer, kind, noted_at, writes)
    SELECT $1, consumer, $2, $3, $4 FROM ecrm_store_change_consumer WHERE consumer <> $5
    ON CONFLICT (subject_id, consumer, kind) DO UPDATE
    SET noted_at = excluded.noted_at, writes = ecrm_store_change.writes + excluded.writes";

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ChangeKind {
    /// An activity was added.
    Activity,
    /// An attribute or a preference.
    Attribute,
    /// Consent.
    Consent,
    /// A list that people keep.
    List,
    /// A metric.
    Metric,
    /// A promise.
    Promise,
    /// The customer's core fields or identifiers.
    Record,
}

impl Code for ChangeKind {
    const WHAT: &'static str = "kind of change";
    const ALL: &'static [Self] = &[
        Self::Activity,
        Self::Attribute,
        Self::Consent,
        Self::List,
        Self::Metric,
        Self::Promise,
        Self::Record,
    ];

    fn code(self) -> &'static str {
        match self {
            Self::Activity => "activity",
            Self::Attribute => "attribute",
            Self::Consent => "consent",
            Self::List => "list",
            Self::Metric => "metric",
            Self::Promise => "promise",
            Self::Record => "record",
        }
    }
}

/// Lets a module follow the shared record from now on. Registering again changes nothing.
///
/// # Errors
/// Those of the database.
pub fn register(session: &mut dyn Session, consumer: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    session.execute(
        "INSERT INTO ecrm_store_change_consumer (consumer, registered_at) VALUES ($1, $2)
         ON CONFLICT (consumer) DO NOTHING",
        &[consumer.into(), now.into()],
    )?;
    Ok(())
}

/// Notes a change for every module that follows. A note that is there already is written again, so that a consumer who takes it at
/// this moment waits and loses nothing.
///
/// Every write to the shared record calls it, in the same transaction.
///
/// # Errors
/// Those of the database.
pub fn note(
    session: &mut dyn Session,
    subject: SubjectId,
    kind: ChangeKind,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    session.execute(NOTE, &row(subject, kind, 1, now))?;
    Ok(())
}

/// Notes the same kind of change of many subjects, as [`note`] does. What was written of one subject in a row is one note.
pub(crate) fn note_all(
    session: &mut dyn Session,
    kind: ChangeKind,
    changed: impl IntoIterator<Item = (SubjectId, DateTime<Utc>)>,
) -> Result<(), StoreError> {
    let mut notes = Batch::new(WIDTH);
    let mut changed = changed.into_iter().peekable();
    let mut writes = 0;
    while let Some((subject, now)) = changed.next() {
        writes += 1;
        if changed.peek().is_none_or(|(next, _)| *next != subject) {
            notes.push(row(subject, kind, std::mem::take(&mut writes), now))?;
        }
    }
    session.execute_many(NOTE, &notes)?;
    Ok(())
}

/// Notes writes of one subject for all who follow but one, who knows of them.
pub(crate) fn note_others(
    session: &mut dyn Session,
    consumer: &str,
    (subject, kind, writes): (SubjectId, ChangeKind, u32),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let [subject, kind, now, writes] = row(subject, kind, writes, now);
    session.execute(NOTE_OTHERS, &[subject, kind, now, writes, consumer.into()])?;
    Ok(())
}

fn row(subject: SubjectId, kind: ChangeKind, writes: u32, now: DateTime<Utc>) -> [Value<'static>; WIDTH] {
    [subject.into(), kind.code().into(), now.into(), writes.into()]
}

/// What a consumer has not looked at yet about somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Noted {
    /// What changed.
    pub kind: ChangeKind,
    /// How often it was written. Who knows of so many writes knows of all.
    pub writes: u64,
}

/// Takes the changes about one subject that a consumer has not looked at, by kind, and marks them as looked at.
///
/// # Errors
/// Those of the database.
pub fn take(session: &mut dyn Session, consumer: &str, subject: SubjectId) -> Result<Vec<Noted>, StoreError> {
    // Locked first and then deleted one by one, so that what is noted in between stays. RETURNING would do, but SQLite plans such a
    // statement anew each time.
    let suffix = session.dialect().for_update();
    let sql = format!("SELECT kind, writes FROM ecrm_store_change WHERE subject_id = $1 AND consumer = $2{suffix}");
    let rows: Vec<(String, u64)> = session.query_all(&sql, &[subject.into(), consumer.into()], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    let mut noted = Vec::with_capacity(rows.len());
    for (kind, writes) in rows {
        session.execute(
            "DELETE FROM ecrm_store_change WHERE subject_id = $1 AND consumer = $2 AND kind = $3",
            &[subject.into(), consumer.into(), (&kind).into()],
        )?;
        let kind = ChangeKind::from_code(&kind).map_err(unreadable)?;
        noted.push(Noted { kind, writes });
    }
    noted.sort_by_key(|noted| noted.kind.code());
    Ok(noted)
}

/// Whether a consumer has not looked at a change about somebody.
///
/// # Errors
/// Those of the database.
pub fn is_noted(session: &mut dyn Session, consumer: &str, subject: SubjectId) -> Result<bool, StoreError> {
    session.query_value(
        "SELECT EXISTS (SELECT 1 FROM ecrm_store_change WHERE subject_id = $1 AND consumer = $2)",
        &[subject.into(), consumer.into()],
    )
}

/// The subjects with changes that a consumer has not looked at, at most `limit`, by id.
///
/// # Errors
/// Those of the database.
pub fn pending(session: &mut dyn Session, consumer: &str, limit: u32) -> Result<Vec<SubjectId>, StoreError> {
    session.query_all(
        "SELECT DISTINCT subject_id FROM ecrm_store_change WHERE consumer = $1 ORDER BY subject_id LIMIT $2",
        &[consumer.into(), limit.into()],
        |row| row.get(0),
    )
}
