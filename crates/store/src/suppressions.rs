//! Addresses that must not be used, whoever they belong to.

use chrono::{DateTime, Utc};
use ecrm_core::{Channel, Code, Recipient, Source, SuppressionReason};
use sha2::{Digest, Sha256};

use crate::json::unreadable_value as unreadable;
use crate::migration::hex;
use crate::{Session, SessionExt, StoreError, Type, Value};

/// Suppresses the recipient's address on a channel, for ever or until an instant. It is the address that is suppressed: a guest
/// or another customer with the same address is not contacted either.
///
/// # Errors
/// [`StoreError::is_invalid_input`] when the recipient has no address on this channel.
pub fn add(
    session: &mut dyn Session,
    recipient: &Recipient,
    channel: Channel,
    reason: SuppressionReason,
    keep_until: Option<DateTime<Utc>>,
    source: &Source,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let hash = address_hash(recipient, channel)
        .ok_or_else(|| StoreError::invalid_input("the recipient has no address on this channel to suppress"))?;
    session.execute(
        "INSERT INTO ecrm_consent_suppression (address_hash, channel, reason, source, recorded_at, keep_until)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (address_hash, channel, reason, recorded_at) DO UPDATE SET keep_until = excluded.keep_until",
        &[
            hash.into(),
            channel.code().into(),
            reason.code().into(),
            source.as_str().into(),
            now.into(),
            Value::or_null(keep_until, Type::Integer),
        ],
    )?;
    Ok(())
}

/// Lifts all suppressions of the recipient's address on a channel for a reason, and returns how many there were.
///
/// # Errors
/// Those of the database.
pub fn lift(
    session: &mut dyn Session,
    recipient: &Recipient,
    channel: Channel,
    reason: SuppressionReason,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let Some(hash) = address_hash(recipient, channel) else {
        return Ok(0);
    };
    session.execute(
        "UPDATE ecrm_consent_suppression SET lifted_at = $4
         WHERE address_hash = $1 AND channel = $2 AND reason = $3 AND lifted_at IS NULL",
        &[hash.into(), channel.code().into(), reason.code().into(), now.into()],
    )
}

/// What the recipient's address is suppressed for on a channel at an instant.
///
/// # Errors
/// Those of the database.
pub fn active(
    session: &mut dyn Session,
    recipient: &Recipient,
    channel: Channel,
    now: DateTime<Utc>,
) -> Result<Vec<SuppressionReason>, StoreError> {
    let Some(hash) = address_hash(recipient, channel) else {
        return Ok(Vec::new());
    };
    session.query_all(
        "SELECT DISTINCT reason FROM ecrm_consent_suppression
         WHERE address_hash = $1 AND channel = $2 AND recorded_at <= $3
           AND (keep_until IS NULL OR keep_until > $3) AND (lifted_at IS NULL OR lifted_at > $3)
         ORDER BY reason",
        &[hash.into(), channel.code().into(), now.into()],
        |row| SuppressionReason::from_code(&row.text(0)?).map_err(unreadable),
    )
}

/// The key under which an address is suppressed. It is a hash, so that the list still works after the address was erased.
fn address_hash(recipient: &Recipient, channel: Channel) -> Option<String> {
    let key = recipient.address_key(channel)?;
    Some(hex(&Sha256::digest(format!("ecrm suppression\n{key}").as_bytes())))
}
