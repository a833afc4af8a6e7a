//! The clock. It appears only at the edges: everything else takes `now` as a parameter.

use std::sync::atomic::{AtomicI64, Ordering::SeqCst};

use chrono::{DateTime, TimeDelta, Utc};

/// Tells the time. Instants are kept to the microsecond, as the databases keep them.
pub trait Clock {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock: for production.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::exhaustive_structs, reason = "a unit struct is written by its name")]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> DateTime<Utc> {
        to_microseconds(Utc::now())
    }
}

/// A clock that stands still until it is told to move: for tests.
///
/// ```
/// use chrono::{DateTime, TimeDelta};
/// use ecrm_core::{Clock, FixedClock};
/// let clock = FixedClock::at(DateTime::UNIX_EPOCH);
/// clock.advance(TimeDelta::hours(2));
/// assert_eq!(clock.now(), DateTime::UNIX_EPOCH + TimeDelta::hours(2));
/// ```
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock that shows `now`, to the microsecond.
    #[must_use]
    pub const fn at(now: DateTime<Utc>) -> Self {
        Self(AtomicI64::new(now.timestamp_micros()))
    }

    /// Moves the clock, backwards too.
    pub fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_microseconds().unwrap_or(0), SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(SeqCst)).unwrap_or(DateTime::UNIX_EPOCH)
    }
}

/// The instant without what is finer than a microsecond, which no database here keeps.
///
/// Types that are stored round by it when they are made, so that what is read back equals what was written.
#[must_use]
pub fn to_microseconds(instant: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(instant.timestamp_micros()).unwrap_or(instant)
}
