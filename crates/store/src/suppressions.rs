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
         ON CONFLICT (address_hash, channel, reason, recorded_at)
         DO UPDATE SET keep_until = excluded.keep_until, lifted_at = NULL",
        &[
            (&hash).into(),
            channel.code().into(),
            reason.code().into(),
            source.as_str().into(),
            now.into(),
            Value::or_null(keep_until, Type::Integer),
        ],
    )?;
    note(session, &hash, now)
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
    let lifted = session.execute(
        "UPDATE ecrm_consent_suppression SET lifted_at = $4
         WHERE address_hash = $1 AND channel = $2 AND reason = $3 AND lifted_at IS NULL",
        &[(&hash).into(), channel.code().into(), reason.code().into(), now.into()],
    )?;
    if lifted > 0 {
        note(session, &hash, now)?;
    }
    Ok(lifted)
}

/// Notes for every module that follows the shared record that something changed about an address.
fn note(session: &mut dyn Session, hash: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    session.execute(
        "INSERT INTO ecrm_consent_suppression_change (address_hash, consumer, noted_at)
         SELECT $1, consumer, $2 FROM ecrm_store_change_consumer WHERE true
         ON CONFLICT (address_hash, consumer) DO UPDATE SET noted_at = excluded.noted_at",
        &[hash.into(), now.into()],
    )?;
    Ok(())
}

/// Whether a consumer of changes has not looked at all addresses that were suppressed or released.
///
/// # Errors
/// Those of the database.
pub fn is_noted(session: &mut dyn Session, consumer: &str) -> Result<bool, StoreError> {
    session.query_value(
        "SELECT EXISTS (SELECT 1 FROM ecrm_consent_suppression_change WHERE consumer = $1)",
        &[consumer.into()],
    )
}

/// Takes the addresses that were suppressed or released since a consumer last looked, as their [`fingerprint`]s, and marks them as looked
/// at.
///
/// # Errors
/// Those of the database.
pub fn take(session: &mut dyn Session, consumer: &str) -> Result<Vec<u32>, StoreError> {
    let suffix = session.dialect().for_update();
    let sql = format!("SELECT address_hash FROM ecrm_consent_suppression_change WHERE consumer = $1{suffix}");
    let hashes: Vec<String> = session.query_all(&sql, &[consumer.into()], |row| row.get(0))?;
    for hash in &hashes {
        session.execute(
            "DELETE FROM ecrm_consent_suppression_change WHERE address_hash = $1 AND consumer = $2",
            &[hash.into(), consumer.into()],
        )?;
    }
    Ok(hashes.iter().map(|hash| fingerprint_of(hash)).collect())
}

/// A few bits of the key under which the recipient's address on a channel is suppressed: those whose fingerprint is another one have
/// another address. Nothing where there is no address.
#[must_use]
pub fn fingerprint(recipient: &Recipient, channel: Channel) -> Option<u32> {
    address_hash(recipient, channel).map(|hash| fingerprint_of(&hash))
}

fn fingerprint_of(hash: &str) -> u32 {
    hash.get(..8)
        .and_then(|digits| u32::from_str_radix(digits, 16).ok())
        .unwrap_or_default()
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

/// A suppression of an address, in force or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Suppression {
    /// On which channel.
    pub channel: Channel,
    /// Why.
    pub reason: SuppressionReason,
    /// From when on.
    pub from: DateTime<Utc>,
    /// Until before when, if it ends or was lifted.
    pub until: Option<DateTime<Utc>>,
}

/// Whether any address was ever suppressed.
///
/// # Errors
/// Those of the database.
pub fn is_any(session: &mut dyn Session) -> Result<bool, StoreError> {
    session.query_value("SELECT EXISTS (SELECT 1 FROM ecrm_consent_suppression)", &[])
}

/// All suppressions that the recipient's addresses ever had, in the order in which they began.
///
/// # Errors
/// Those of the database.
pub fn history(session: &mut dyn Session, recipient: &Recipient) -> Result<Vec<Suppression>, StoreError> {
    let mut all = Vec::new();
    for channel in Channel::ALL {
        let Some(hash) = address_hash(recipient, *channel) else {
            continue;
        };
        all.extend(session.query_all(
            "SELECT reason, recorded_at, keep_until, lifted_at FROM ecrm_consent_suppression
             WHERE address_hash = $1 AND channel = $2",
            &[hash.into(), channel.code().into()],
            |row| {
                let ends: [Option<DateTime<Utc>>; 2] = [row.get(2)?, row.get(3)?];
                Ok(Suppression {
                    channel: *channel,
                    reason: SuppressionReason::from_code(&row.text(0)?).map_err(unreadable)?,
                    from: row.get(1)?,
                    until: ends.into_iter().flatten().min(),
                })
            },
        )?);
    }
    all.sort_by_key(|suppression| suppression.from);
    Ok(all)
}

/// The key under which an address is suppressed. It is a hash, so that the list still works after the address was erased.
fn address_hash(recipient: &Recipient, channel: Channel) -> Option<String> {
    let key = recipient.address_key(channel)?;
    Some(hex(&Sha256::digest(format!("ecrm suppression\n{key}").as_bytes())))
}
