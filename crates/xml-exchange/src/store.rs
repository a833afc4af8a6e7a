//! The tables of this module: documents, what was kept of records, and how far feeds were imported.

use chrono::{DateTime, Utc};
use ecrm_core::{ExternalRef, SubjectId};
use ecrm_store::{ACTIVITY, Migration, Module, RECORD, STORE, Session, SessionExt, StoreError, StoreErrorKind, Value};
use ecrm_xml::Kept;
use uuid::Uuid;

/// The tables of this module, and the groups of shared tables that imports write to.
pub static MODULE: Module = Module {
    name: "xml_exchange",
    requires: &[
        &STORE,
        &RECORD,
        &ecrm_store::CONSENT,
        &ACTIVITY,
        &ecrm_store::METRIC,
        &ecrm_store::PROMISE,
    ],
    migrations: &[Migration {
        version: 1,
        sql: include_str!("migrations/0001.sql"),
    }],
};

/// A document that was exchanged: as it came, and how it was answered.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredDocument {
    /// Whom it is about.
    pub subject: SubjectId,
    /// When it was stored.
    pub received_at: DateTime<Utc>,
    /// The root element of the document as it came, in UTF-8.
    pub content: String,
    /// The answer that was sent.
    pub answer: String,
}

impl std::fmt::Debug for StoredDocument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredDocument")
            .field("received_at", &self.received_at)
            .finish_non_exhaustive()
    }
}

impl StoredDocument {
    /// A document with its answer.
    #[must_use]
    pub fn new(subject: SubjectId, received_at: DateTime<Utc>, content: String, answer: String) -> Self {
        Self {
            subject,
            received_at,
            content,
            answer,
        }
    }
}

/// The document of this kind that its sender has given this number.
///
/// # Errors
/// Those of the database.
pub fn find_document(
    session: &mut dyn Session,
    number: &ExternalRef,
    kind: &str,
) -> Result<Option<StoredDocument>, StoreError> {
    session.query_first(
        "SELECT subject_id, received_at, content, answer FROM ecrm_xml_exchange_document
         WHERE number = $1 AND sender = $2 AND kind = $3",
        &[number.key().into(), number.system().into(), kind.into()],
        |row| {
            Ok(StoredDocument {
                subject: row.get(0)?,
                received_at: row.get(1)?,
                content: row.get(2)?,
                answer: row.get(3)?,
            })
        },
    )
}

/// Stores a document under the number that its sender has given it.
///
/// # Errors
/// [`StoreError::should_retry_transaction`] when another transaction stored the same number at this moment.
pub fn store_document(
    session: &mut dyn Session,
    number: &ExternalRef,
    kind: &str,
    document: &StoredDocument,
) -> Result<(), StoreError> {
    let written = session.execute(
        "INSERT INTO ecrm_xml_exchange_document (number, sender, kind, subject_id, received_at, content, answer)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (number, sender, kind) DO NOTHING",
        &[
            number.key().into(),
            number.system().into(),
            kind.into(),
            document.subject.into(),
            document.received_at.into(),
            (&document.content).into(),
            (&document.answer).into(),
        ],
    )?;
    if written == 1 {
        return Ok(());
    }
    Err(StoreError::new(
        StoreErrorKind::SerializationFailure,
        "the same document was stored by another transaction at this moment; repeat the transaction",
    ))
}

/// Remembers what was not understood of a record, in the place of what was remembered of it before.
///
/// # Errors
/// Those of the database.
pub fn keep(session: &mut dyn Session, subject: SubjectId, record: Uuid, kept: &[Kept]) -> Result<(), StoreError> {
    if kept.is_empty() {
        session.execute(
            "DELETE FROM ecrm_xml_exchange_kept WHERE subject_id = $1 AND record_id = $2",
            &[subject.into(), record.into()],
        )?;
        return Ok(());
    }
    let json = serde_json::to_string(kept).map_err(|_| unreadable())?;
    session.execute(
        "INSERT INTO ecrm_xml_exchange_kept (subject_id, record_id, kept) VALUES ($1, $2, $3)
         ON CONFLICT (subject_id, record_id) DO UPDATE SET kept = excluded.kept",
        &[subject.into(), record.into(), Value::json(&json)],
    )?;
    Ok(())
}

/// What was not understood of a record, to be written back with it.
///
/// # Errors
/// Those of the database.
pub fn kept(session: &mut dyn Session, subject: SubjectId, record: Uuid) -> Result<Vec<Kept>, StoreError> {
    let json = session.query_first(
        "SELECT kept FROM ecrm_xml_exchange_kept WHERE subject_id = $1 AND record_id = $2",
        &[subject.into(), record.into()],
        |row| row.json(0).map(std::borrow::Cow::into_owned),
    )?;
    match json {
        Some(json) => serde_json::from_str(&json).map_err(|_| unreadable()),
        None => Ok(Vec::new()),
    }
}

fn unreadable() -> StoreError {
    StoreError::new(StoreErrorKind::InvalidInput, "what was kept of a record cannot be read")
}

/// How far a feed was imported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FeedProgress {
    /// The records that were looked at, bad ones included.
    pub(crate) records: u64,
    /// The digest of all of them.
    pub(crate) digest: String,
    pub(crate) is_complete: bool,
}

pub(crate) fn load_progress(session: &mut dyn Session, feed: &str) -> Result<Option<FeedProgress>, StoreError> {
    session.query_first(
        "SELECT records, digest, state FROM ecrm_xml_exchange_feed WHERE feed = $1",
        &[feed.into()],
        |row| {
            Ok(FeedProgress {
                records: row.get(0)?,
                digest: row.get(1)?,
                is_complete: row.text(2)? == COMPLETE,
            })
        },
    )
}

const COMPLETE: &str = "complete";

/// Writes how far a feed is, if it still is where this run believed it to be.
pub(crate) fn save_progress(
    session: &mut dyn Session,
    feed: &str,
    before: Option<u64>,
    progress: &FeedProgress,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let records =
        i64::try_from(progress.records).map_err(|_| StoreError::invalid_input("more records than can be counted"))?;
    let state = if progress.is_complete { COMPLETE } else { "running" };
    let before = before.and_then(|before| i64::try_from(before).ok());
    let written = session.execute(
        "INSERT INTO ecrm_xml_exchange_feed (feed, records, digest, state, updated_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (feed) DO UPDATE
         SET records = excluded.records, digest = excluded.digest, state = excluded.state, updated_at = excluded.updated_at
         WHERE ecrm_xml_exchange_feed.records = $6",
        &[
            feed.into(),
            records.into(),
            (&progress.digest).into(),
            state.into(),
            now.into(),
            before.unwrap_or(-1).into(),
        ],
    )?;
    if written == 1 {
        Ok(())
    } else {
        Err(StoreError::conflict(
            "the feed's progress: another import of it is running",
        ))
    }
}
