//! Typed ids, and the injected source that they and all tokens come from.

use std::cell::Cell;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::ValueError;

/// The id of a `T`: a UUID that cannot be mixed up with the id of something else.
///
/// ```
/// use ecrm_core::{CustomerId, SeededIds};
/// let id = CustomerId::new(&SeededIds::new(7), chrono::DateTime::UNIX_EPOCH);
/// assert_eq!(id.to_string().parse::<CustomerId>()?, id);
/// # Ok::<(), ecrm_core::ValueError>(())
/// ```
pub struct Id<T> {
    uuid: Uuid,
    of: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// A new id from an injected source.
    #[must_use]
    pub fn new(ids: &dyn IdSource, now: DateTime<Utc>) -> Self {
        Self::from_uuid(ids.uuid(now))
    }

    /// An id that was stored before.
    #[must_use]
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self { uuid, of: PhantomData }
    }

    /// The UUID itself.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        self.uuid
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.uuid.cmp(&other.uuid)
    }
}

impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.uuid, f)
    }
}

impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.uuid, f)
    }
}

impl<T> FromStr for Id<T> {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        Uuid::parse_str(text)
            .map(Self::from_uuid)
            .map_err(|_| ValueError::new("id", "is not a UUID"))
    }
}

impl<T> From<Id<T>> for Uuid {
    fn from(id: Id<T>) -> Self {
        id.uuid
    }
}

impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.uuid.serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Uuid::deserialize(deserializer).map(Self::from_uuid)
    }
}

/// Where ids, tokens and all other randomness come from. The library draws none by itself.
///
/// A shop uses [`SystemIds`], a test [`SeededIds`].
pub trait IdSource {
    /// Fills `bytes` with random bytes. For tokens they must not be guessable.
    fn fill(&self, bytes: &mut [u8]);

    /// A UUID of version 7 (RFC 9562): the milliseconds of `now`, then random bits, so that ids sort by the time they were made.
    fn uuid(&self, now: DateTime<Utc>) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        let milliseconds = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
    }
}

/// The operating system's random source: for production.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::exhaustive_structs, reason = "a unit struct is written by its name")]
pub struct SystemIds;

impl IdSource for SystemIds {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that draws randomness from the system"
    )]
    #[expect(
        clippy::panic,
        reason = "a machine without randomness must not make guessable tokens"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            panic!("the operating system has no random numbers: {error}");
        }
    }

    /// As [`IdSource::uuid`]; ids of one thread and millisecond sort in the order in which they were made as well (RFC 9562, 6.2, method
    /// 2), so that of two entries of a ledger that are of one instant the later one counts.
    fn uuid(&self, now: DateTime<Utc>) -> Uuid {
        let mut random = [0; 16];
        self.fill(&mut random);
        let milliseconds = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        let random = u128::from_be_bytes(random) % BITS;
        let next = match LAST.get() {
            (of, last) if of == milliseconds => random.max((last + 1 + random % (1 << 32)) % BITS),
            _ => random,
        };
        LAST.set((milliseconds, next));
        let [_, _, _, _, _, _, behind @ ..] = ((next >> 62 << 64) | (next % (1 << 62))).to_be_bytes();
        uuid::Builder::from_unix_timestamp_millis(milliseconds, &behind).into_uuid()
    }
}

/// A UUID of version 7 has 74 bits beside its time, its version and its variant.
const BITS: u128 = 1 << 74;

thread_local! {
    /// The milliseconds of this thread's last id, and what followed them.
    static LAST: Cell<(u64, u128)> = const { Cell::new((0, 0)) };
}

/// The same ids at every run, for tests and reproducible examples. Never for tokens in production: they can be guessed. Ids of one
/// millisecond do not sort in the order in which they were made.
#[derive(Debug)]
pub struct SeededIds(AtomicU64);

impl SeededIds {
    /// A source whose ids are decided by `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// One step of SplitMix64 (Steele, Lea, Flood 2014).
    fn next(&self) -> u64 {
        let state = self
            .0
            .fetch_add(0x9E37_79B9_7F4A_7C15, Relaxed)
            .wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

impl IdSource for SeededIds {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
    }
}
