//! How fast mails leave, and when they rest.

use chrono::{DateTime, FixedOffset, NaiveTime, TimeDelta, Utc};
use ecrm_core::ValueError;

use crate::model::after;

/// The limits that a claim keeps. They hold for all workers of a shop together: what was used up is in the database.
///
/// ```
/// use chrono::{FixedOffset, NaiveTime, TimeDelta};
/// use ecrm_confirmation_mail::{Pace, QuietHours, Rate};
/// let vienna = FixedOffset::east_opt(3600).ok_or("offset")?;
/// let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
/// let pace = Pace::unlimited()
///     .with_total(Rate::new(600, TimeDelta::minutes(1))?)
///     .with_per_domain(Rate::new(60, TimeDelta::minutes(1))?)
///     .with_quiet_hours(QuietHours::new(at(21), at(7), vienna))
///     .with_breaker(5, TimeDelta::minutes(2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Pace {
    pub(crate) total: Option<Rate>,
    pub(crate) per_domain: Option<Rate>,
    pub(crate) quiet: Option<QuietHours>,
    pub(crate) breaker: Option<Breaker>,
}

impl Pace {
    /// No limits.
    #[must_use]
    pub fn unlimited() -> Self {
        Self::default()
    }

    /// At most so many mails in all.
    #[must_use]
    pub fn with_total(mut self, rate: Rate) -> Self {
        self.total = Some(rate);
        self
    }

    /// At most so many mails to each domain. Those of one domain that have to wait do not hold up others.
    #[must_use]
    pub fn with_per_domain(mut self, rate: Rate) -> Self {
        self.per_domain = Some(rate);
        self
    }

    /// No marketing, and nothing else that can wait, in these hours.
    #[must_use]
    pub fn with_quiet_hours(mut self, hours: QuietHours) -> Self {
        self.quiet = Some(hours);
        self
    }

    /// After so many failures in a row to reach the relay, nothing is claimed for a pause; then one mail tries whether it is back.
    #[must_use]
    pub fn with_breaker(mut self, failures: u32, pause: TimeDelta) -> Self {
        self.breaker = Some(Breaker {
            failures: failures.max(1),
            pause,
        });
        self
    }
}

/// So many mails in a time: after a rest as many at once, then evenly spread (the generic cell rate algorithm of ITU-T I.371).
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    interval: TimeDelta,
    per: TimeDelta,
}

impl Rate {
    /// `count` mails in each time of the length `per`. After a rest as many may leave at once, so that a window that begins with them can
    /// have nearly twice as many; give half of it where a relay counts strictly.
    ///
    /// # Errors
    /// When one of the two is nothing, or mails would follow each other faster than once in a microsecond.
    pub fn new(count: u32, per: TimeDelta) -> Result<Self, ValueError> {
        let interval = i32::try_from(count)
            .ok()
            .filter(|count| *count > 0)
            .map(|count| per / count);
        match interval {
            Some(interval) if interval >= TimeDelta::microseconds(1) => Ok(Self { interval, per }),
            _ => Err(ValueError::new(
                "rate",
                "must be at least one mail, in a time longer than a microsecond for each",
            )),
        }
    }

    /// The instant so many beats after another one.
    pub(crate) fn beats_after(self, instant: DateTime<Utc>, beats: i32) -> DateTime<Utc> {
        self.interval
            .checked_mul(beats)
            .map_or(DateTime::<Utc>::MAX_UTC, |wait| after(instant, wait))
    }

    /// Whether a mail may leave now, if the next one by an even beat would at `free_at`: the new beat, or when to ask again.
    pub(crate) fn admit(self, free_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<DateTime<Utc>, DateTime<Utc>> {
        // No beat is further away than that: a clock that was wrong has written it, and must not stop the mails until its time comes.
        let free_at = if free_at > after(now, self.per) { now } else { free_at };
        let earliest = free_at - (self.per - self.interval);
        if now < earliest {
            Err(earliest)
        } else {
            Ok(free_at.max(now) + self.interval)
        }
    }
}

/// Hours in which mails that can wait do.
#[derive(Debug, Clone, Copy)]
pub struct QuietHours {
    from: NaiveTime,
    to: NaiveTime,
    offset: FixedOffset,
}

impl QuietHours {
    /// From a time of day, until before another one (of the next day, if it is not later), where the shop is.
    #[must_use]
    pub fn new(from: NaiveTime, to: NaiveTime, offset: FixedOffset) -> Self {
        Self { from, to, offset }
    }

    /// The end of the quiet hours, if it is in them.
    pub(crate) fn end(self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let local = now.with_timezone(&self.offset);
        let time = local.time();
        let over_midnight = self.to <= self.from;
        let is_quiet = if over_midnight {
            time >= self.from || time < self.to
        } else {
            (self.from..self.to).contains(&time)
        };
        if !is_quiet {
            return None;
        }
        let wait = self.to - time;
        let wait = if wait <= TimeDelta::zero() {
            wait + TimeDelta::days(1)
        } else {
            wait
        };
        Some(now + wait)
    }
}

/// A circuit breaker.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Breaker {
    pub(crate) failures: u32,
    pub(crate) pause: TimeDelta,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: u32, minute: u32) -> DateTime<Utc> {
        chrono::NaiveDate::from_ymd_opt(2026, 11, 22)
            .unwrap()
            .and_hms_opt(hour, minute, 0)
            .unwrap()
            .and_utc()
    }

    fn time(hour: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(hour, 0, 0).unwrap()
    }

    #[test]
    fn after_what_a_rest_allows_mails_leave_evenly() {
        let rate = Rate::new(3, TimeDelta::minutes(1)).unwrap();
        let (mut free_at, mut sent) = (DateTime::UNIX_EPOCH, Vec::new());
        for second in 0..600 {
            let now = at(8, 0) + TimeDelta::seconds(second);
            while let Ok(next) = rate.admit(free_at, now) {
                free_at = next;
                sent.push(now);
            }
        }
        assert_eq!(sent.len(), 3 + 29);
        assert_eq!(
            sent.iter().filter(|instant| **instant == at(8, 0)).count(),
            3,
            "at once after a rest"
        );
        for window in sent[3..].windows(4) {
            assert!(window[3] - window[0] >= TimeDelta::minutes(1));
        }
    }

    #[test]
    fn a_mail_that_must_wait_is_told_until_when() {
        let rate = Rate::new(1, TimeDelta::minutes(1)).unwrap();
        let free_at = rate.admit(DateTime::UNIX_EPOCH, at(8, 0)).unwrap();
        let again = rate.admit(free_at, at(8, 0)).unwrap_err();
        assert_eq!(again, at(8, 1));
        assert!(rate.admit(free_at, again).is_ok());
    }

    #[test]
    fn a_clock_that_was_ahead_and_was_set_back_stops_no_mails() {
        let rate = Rate::new(1, TimeDelta::minutes(1)).unwrap();
        let ahead = rate
            .admit(DateTime::UNIX_EPOCH, at(8, 0) + TimeDelta::days(365))
            .unwrap();
        assert_eq!(rate.admit(ahead, at(8, 0)), Ok(at(8, 1)));
    }

    #[test]
    fn quiet_hours_may_pass_midnight() {
        let vienna = FixedOffset::east_opt(3600).unwrap();
        let night = QuietHours::new(time(21), time(7), vienna);
        assert_eq!(night.end(at(19, 59)), None);
        assert_eq!(night.end(at(20, 0)), Some(at(6, 0) + TimeDelta::days(1)));
        assert_eq!(night.end(at(5, 59)), Some(at(6, 0)));
        assert_eq!(night.end(at(6, 0)), None);
        let noon = QuietHours::new(time(12), time(14), vienna);
        assert_eq!(noon.end(at(11, 30)), Some(at(13, 0)));
        assert_eq!(noon.end(at(13, 0)), None);
    }
}
