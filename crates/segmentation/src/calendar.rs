//! The shop's calendar: days, weeks and months as they are where the shop is.

use chrono::{DateTime, Datelike, Days, LocalResult, Months, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use ecrm_core::ValueError;

use crate::criteria::{CalendarUnit, Window};

/// The zone in which days begin and end, by its IANA name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone(Tz);

impl Zone {
    /// The zone without an offset or a summer time.
    pub const UTC: Self = Self(Tz::UTC);

    /// A zone, such as `Europe/Vienna`.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn new(name: &str) -> Result<Self, ValueError> {
        let unknown = |_| ValueError::new("time zone", "must be a name of the IANA list, such as `Europe/Vienna`");
        name.parse().map(Self).map_err(unknown)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The day on which an instant lies.
    pub(crate) fn day_of(self, instant: DateTime<Utc>) -> NaiveDate {
        instant.with_timezone(&self.0).date_naive()
    }

    /// The first instant of a day. Where the clock is put forward at midnight, that is the first one that exists; where midnight
    /// comes twice, the earlier.
    pub(crate) fn start_of(self, day: NaiveDate) -> DateTime<Utc> {
        let mut local = day.and_time(NaiveTime::MIN);
        // Clocks jump by whole quarters of an hour; a day that was left out altogether begins with the next one.
        for _ in 0..200 {
            match self.0.from_local_datetime(&local) {
                LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => return instant.to_utc(),
                LocalResult::None => local += TimeDelta::minutes(15),
            }
        }
        local.and_utc()
    }
}

/// An instant, and where the shop is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) now: DateTime<Utc>,
    pub(crate) zone: Zone,
}

/// A time from one instant to another, both included, in microseconds. It may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) first: i64,
    pub(crate) last: i64,
}

impl Range {
    pub(crate) fn contains(self, at: i64) -> bool {
        self.first <= at && at <= self.last
    }

    /// The part that lies in another range as well.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            first: self.first.max(other.first),
            last: self.last.min(other.last),
        }
    }
}

impl Moment {
    pub(crate) fn micros(self) -> i64 {
        self.now.timestamp_micros()
    }

    /// All that has happened.
    pub(crate) fn past(self) -> Range {
        Range {
            first: i64::MIN,
            last: self.micros(),
        }
    }

    /// What a window holds now.
    pub(crate) fn range(self, window: &Window) -> Range {
        let now = self.micros();
        match window {
            Window::Last(span) => Range {
                first: now.saturating_sub(span.as_microseconds()),
                last: now,
            },
            Window::Next(span) => Range {
                first: now,
                last: now.saturating_add(span.as_microseconds()),
            },
            Window::This(unit) => self.days(self.this(*unit), *unit, 1),
            Window::Previous { count, unit } => {
                let this = self.this(*unit);
                self.days(back(this, *unit, *count), *unit, *count)
            }
            Window::Fixed { from, to } => Range {
                first: from.map_or(i64::MIN, |from| from.timestamp_micros()),
                last: to.map_or(i64::MAX, |to| to.timestamp_micros() - 1),
            },
        }
    }

    /// What of a window has happened.
    pub(crate) fn happened(self, window: Option<&Window>) -> Range {
        match window {
            None => self.past(),
            Some(window @ Window::Next(_)) => self.range(window),
            Some(window) => self.range(window).and(self.past()),
        }
    }

    /// The first instant after now at which a calendar window is another one.
    pub(crate) fn next_unit(self, unit: CalendarUnit) -> i64 {
        let next = forth(self.this(unit), unit, 1);
        self.zone.start_of(next).timestamp_micros()
    }

    pub(crate) fn today(self) -> NaiveDate {
        self.zone.day_of(self.now)
    }

    /// The first day of the unit in which now lies.
    fn this(self, unit: CalendarUnit) -> NaiveDate {
        let today = self.today();
        let first = match unit {
            CalendarUnit::Day => Some(today),
            CalendarUnit::Week => today.checked_sub_days(Days::new(today.weekday().num_days_from_monday().into())),
            CalendarUnit::Month => today.with_day(1),
            CalendarUnit::Quarter => NaiveDate::from_ymd_opt(today.year(), today.month0() / 3 * 3 + 1, 1),
            CalendarUnit::Year => NaiveDate::from_ymd_opt(today.year(), 1, 1),
        };
        first.unwrap_or(today)
    }

    fn days(self, first: NaiveDate, unit: CalendarUnit, count: u32) -> Range {
        let end = forth(first, unit, count);
        Range {
            first: self.zone.start_of(first).timestamp_micros(),
            last: self.zone.start_of(end).timestamp_micros() - 1,
        }
    }
}

fn forth(day: NaiveDate, unit: CalendarUnit, count: u32) -> NaiveDate {
    match length(unit, count) {
        Length::Days(days) => day.checked_add_days(days),
        Length::Months(months) => day.checked_add_months(months),
    }
    .unwrap_or(NaiveDate::MAX)
}

fn back(day: NaiveDate, unit: CalendarUnit, count: u32) -> NaiveDate {
    match length(unit, count) {
        Length::Days(days) => day.checked_sub_days(days),
        Length::Months(months) => day.checked_sub_months(months),
    }
    .unwrap_or(NaiveDate::MIN)
}

enum Length {
    Days(Days),
    Months(Months),
}

fn length(unit: CalendarUnit, count: u32) -> Length {
    match unit {
        CalendarUnit::Day => Length::Days(Days::new(count.into())),
        CalendarUnit::Week => Length::Days(Days::new(u64::from(count) * 7)),
        CalendarUnit::Month => Length::Months(Months::new(count)),
        CalendarUnit::Quarter => Length::Months(Months::new(count * 3)),
        CalendarUnit::Year => Length::Months(Months::new(count * 12)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(now: &str, zone: &str) -> Moment {
        Moment {
            now: now.parse().unwrap(),
            zone: Zone::new(zone).unwrap(),
        }
    }

    fn range(now: &str, zone: &str, window: &Window) -> (String, String) {
        let range = moment(now, zone).range(window);
        let text = |micros| DateTime::from_timestamp_micros(micros).unwrap().to_rfc3339();
        (text(range.first), text(range.last + 1))
    }

    #[test]
    fn a_month_is_that_of_the_calendar_where_the_shop_is() {
        let previous = Window::Previous {
            count: 1,
            unit: CalendarUnit::Month,
        };
        // 1 March has begun in Vienna, in UTC it has not.
        let february = range("2024-02-29T23:30:00Z", "Europe/Vienna", &previous);
        assert_eq!(
            february,
            (
                "2024-01-31T23:00:00+00:00".to_owned(),
                "2024-02-29T23:00:00+00:00".to_owned()
            )
        );
        let january = range("2024-02-29T23:30:00Z", "UTC", &previous);
        assert_eq!(january.0, "2024-01-01T00:00:00+00:00");
    }

    #[test]
    fn the_day_on_which_the_clock_is_put_forward_has_23_hours() {
        let today = Window::This(CalendarUnit::Day);
        let sunday = range("2026-03-29T12:00:00Z", "Europe/Vienna", &today);
        assert_eq!(
            sunday,
            (
                "2026-03-28T23:00:00+00:00".to_owned(),
                "2026-03-29T22:00:00+00:00".to_owned()
            )
        );
    }

    #[test]
    fn a_day_without_midnight_begins_with_its_first_instant() {
        // In Beirut the clock is put forward at midnight.
        let beirut = Zone::new("Asia/Beirut").unwrap();
        let day = NaiveDate::from_ymd_opt(2026, 3, 29).unwrap();
        assert_eq!(beirut.start_of(day).to_rfc3339(), "2026-03-28T22:00:00+00:00");
        assert_eq!(beirut.day_of(beirut.start_of(day)), day);
    }

    #[test]
    fn weeks_begin_on_monday_and_quarters_with_their_month() {
        let week = range("2026-11-22T12:00:00Z", "UTC", &Window::This(CalendarUnit::Week));
        assert_eq!(week.0, "2026-11-16T00:00:00+00:00");
        let quarters = Window::Previous {
            count: 2,
            unit: CalendarUnit::Quarter,
        };
        let half = range("2026-11-22T12:00:00Z", "UTC", &quarters);
        assert_eq!(
            half,
            (
                "2026-04-01T00:00:00+00:00".to_owned(),
                "2026-10-01T00:00:00+00:00".to_owned()
            )
        );
    }

    #[test]
    fn a_rolling_window_holds_both_of_its_ends() {
        let moment = moment("2026-11-22T00:00:00Z", "UTC");
        let range = moment.range(&Window::Last(crate::criteria::Span::days(90)));
        let edge = moment.micros() - 90 * 86_400_000_000;
        assert!(range.contains(edge) && range.contains(moment.micros()) && !range.contains(edge - 1));
    }
}
