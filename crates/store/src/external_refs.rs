//! The keys of other systems: one table that leads from them to our ids.

use chrono::{DateTime, Utc};
use ecrm_core::{ExternalRef, SubjectId};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::migration::hex;
use crate::{Session, SessionExt, StoreError, StoreErrorKind, json};

/// What an external key leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Target {
    /// Our id of the same thing.
    pub id: Uuid,
    /// Whose it is.
    pub subject: SubjectId,
    /// The [`digest`] of the content under this key.
    pub digest: String,
}

/// SHA-256 of a value's JSON, in hexadecimal: two contents with one digest are the same.
///
/// # Errors
/// When the value cannot be written as JSON.
pub fn digest<T: Serialize>(content: &T) -> Result<String, StoreError> {
    Ok(hex(&Sha256::digest(json::to_text(content)?.as_bytes())))
}

/// Claims a key for something of ours. Where the key is taken already nothing is written, and what it leads to is returned.
///
/// # Errors
/// Those of the database.
pub fn claim(
    session: &mut dyn Session,
    reference: &ExternalRef,
    kind: &str,
    target: &Target,
    now: DateTime<Utc>,
) -> Result<Option<Target>, StoreError> {
    let written = session.execute(
        "INSERT INTO ecrm_store_external_ref (key, system, kind, id, subject_id, digest, recorded_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (key, system, kind) DO NOTHING",
        &[
            reference.key().into(),
            reference.system().into(),
            kind.into(),
            target.id.into(),
            target.subject.into(),
            (&target.digest).into(),
            now.into(),
        ],
    )?;
    if written == 1 {
        return Ok(None);
    }
    match find(session, reference, kind)? {
        Some(taken) => Ok(Some(taken)),
        // Taken by a transaction that this one cannot see yet.
        None => Err(StoreError::new(
            StoreErrorKind::SerializationFailure,
            "the key was claimed by another transaction at this moment; repeat the transaction",
        )),
    }
}

/// What a key leads to.
///
/// # Errors
/// Those of the database.
pub fn find(session: &mut dyn Session, reference: &ExternalRef, kind: &str) -> Result<Option<Target>, StoreError> {
    session.query_first(
        "SELECT id, subject_id, digest FROM ecrm_store_external_ref WHERE key = $1 AND system = $2 AND kind = $3",
        &[reference.key().into(), reference.system().into(), kind.into()],
        |row| {
            Ok(Target {
                id: row.get(0)?,
                subject: row.get(1)?,
                digest: row.get(2)?,
            })
        },
    )
}

impl Target {
    /// Something of ours.
    pub fn new(id: impl Into<Uuid>, subject: SubjectId, digest: String) -> Self {
        Self {
            id: id.into(),
            subject,
            digest,
        }
    }
}
