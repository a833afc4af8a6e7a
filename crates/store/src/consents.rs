//! The consent ledger.

use chrono::{DateTime, Utc};
use ecrm_core::{Channel, Code, Consent, ConsentDecision, ConsentState, IdSource, Purpose, Source, SubjectId};

use crate::changes::{self, ChangeKind};
use crate::json::unreadable_value as unreadable;
use crate::{Batch, Row, Session, SessionExt, StoreError, Type, Value};

const COLUMNS: &str =
    "subject_id, purpose, channel, decision, valid_at, recorded_at, expires_at, source, text_version, proof";

const INSERT: &str = "INSERT INTO ecrm_consent_entry
    (entry_id, subject_id, purpose, channel, decision, valid_at, recorded_at, expires_at, source, text_version, proof)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
const WIDTH: usize = 11;

/// Adds an entry to the ledger.
///
/// # Errors
/// Those of the database.
pub fn record(session: &mut dyn Session, ids: &dyn IdSource, consent: &Consent) -> Result<(), StoreError> {
    session.execute(INSERT, &row(ids, consent))?;
    changes::note(session, consent.subject(), ChangeKind::Consent, consent.recorded_at())
}

/// Adds many entries to the ledger: for imports.
///
/// # Errors
/// Those of the database; use a savepoint or the host's transaction so that all or none are written.
pub fn record_all(session: &mut dyn Session, ids: &dyn IdSource, consents: &[Consent]) -> Result<(), StoreError> {
    let mut rows = Batch::new(WIDTH);
    for consent in consents {
        rows.push(row(ids, consent))?;
    }
    session.execute_many(INSERT, &rows)?;
    let changed = consents
        .iter()
        .map(|consent| (consent.subject(), consent.recorded_at()));
    changes::note_all(session, ChangeKind::Consent, changed)
}

/// Where somebody stood at `instant`, as it was known at `known_at`.
///
/// # Errors
/// Those of the database.
pub fn state_at(
    session: &mut dyn Session,
    subject: SubjectId,
    purpose: Purpose,
    channel: Channel,
    instant: DateTime<Utc>,
    known_at: DateTime<Utc>,
) -> Result<ConsentState, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM ecrm_consent_entry
         WHERE subject_id = $1 AND purpose = $2 AND channel = $3 AND valid_at <= $4 AND recorded_at <= $5
         ORDER BY valid_at DESC, recorded_at DESC, entry_id DESC LIMIT 1"
    );
    let parameters = [
        subject.into(),
        purpose.code().into(),
        channel.code().into(),
        instant.into(),
        known_at.into(),
    ];
    let latest = session.query_first(&sql, &parameters, read)?;
    Ok(latest.map_or(ConsentState::Unknown, |consent| consent.state_at(instant)))
}

/// All that somebody ever said, in the order in which it became true.
///
/// # Errors
/// Those of the database.
pub fn of_subject(session: &mut dyn Session, subject: SubjectId) -> Result<Vec<Consent>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM ecrm_consent_entry WHERE subject_id = $1 ORDER BY valid_at, recorded_at, entry_id"
    );
    session.query_all(&sql, &[subject.into()], read)
}

/// All that the customers and guests from one id to another, both included, ever said: one after the other, in the order in which it
/// became true.
///
/// # Errors
/// Those of the database.
pub fn between(session: &mut dyn Session, (first, last): (SubjectId, SubjectId)) -> Result<Vec<Consent>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM ecrm_consent_entry WHERE subject_id >= $1 AND subject_id <= $2
         ORDER BY subject_id, valid_at, recorded_at, entry_id"
    );
    session.query_all(&sql, &[first.into(), last.into()], read)
}

fn row<'a>(ids: &dyn IdSource, consent: &'a Consent) -> [Value<'a>; WIDTH] {
    [
        ids.uuid(consent.recorded_at()).into(),
        consent.subject().into(),
        consent.purpose().code().into(),
        consent.channel().code().into(),
        consent.decision().code().into(),
        consent.valid_at().into(),
        consent.recorded_at().into(),
        Value::or_null(consent.expires_at(), Type::Integer),
        consent.source().as_str().into(),
        Value::or_null(consent.text_version(), Type::Text),
        Value::or_null(consent.proof(), Type::Text),
    ]
}

fn read(row: &Row<'_>) -> Result<Consent, StoreError> {
    let mut consent = Consent::new(
        row.get(0)?,
        Purpose::from_code(&row.text(1)?).map_err(unreadable)?,
        Channel::from_code(&row.text(2)?).map_err(unreadable)?,
        ConsentDecision::from_code(&row.text(3)?).map_err(unreadable)?,
        row.get(5)?,
        Source::new(&row.text(7)?).map_err(unreadable)?,
    )
    .valid_from(row.get(4)?)
    .map_err(unreadable)?;
    if let Some(end) = row.get(6)? {
        consent = consent.until(end).map_err(unreadable)?;
    }
    if let Some(version) = row.get::<Option<String>>(8)? {
        consent = consent.to_text(version);
    }
    if let Some(proof) = row.get::<Option<String>>(9)? {
        consent = consent.with_proof(proof);
    }
    Ok(consent)
}
