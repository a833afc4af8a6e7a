//! Instants as numbers, windows, and the calendar of a zone.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use ecrm_segmentation::criteria::{CalendarUnit, Span, Window};

use super::values::Fact;

/// Microseconds since 1970: wide enough for a thousand periods of a hundred thousand days.
pub(super) type Micros = i128;

pub(super) const DAY: Micros = 86_400_000_000;

pub(super) fn micros(instant: DateTime<Utc>) -> Micros {
    instant.timestamp_micros().into()
}

/// An instant, and the zone in which its day is looked up.
pub(crate) struct Time {
    zone: Tz,
    pub(super) now: Micros,
}

impl Time {
    pub(crate) fn new(zone: Tz, now: DateTime<Utc>) -> Self {
        Self { zone, now: micros(now) }
    }

    pub(super) fn day_at(&self, at: Micros) -> NaiveDate {
        let instant = DateTime::from_timestamp_micros(i64::try_from(at).unwrap()).unwrap();
        instant.with_timezone(&self.zone).date_naive()
    }

    /// The day on which a day or an instant lies.
    pub(super) fn day_of(&self, fact: &Fact) -> Option<NaiveDate> {
        match fact {
            Fact::Day(day) => Some(*day),
            Fact::Instant(at) => Some(self.day_at(*at)),
            _ => None,
        }
    }

    /// Where a day or an instant begins.
    pub(super) fn beginning_of(&self, fact: &Fact) -> Option<Micros> {
        match fact {
            Fact::Day(day) => Some(self.start_of(*day)),
            Fact::Instant(at) => Some(*at),
            _ => None,
        }
    }

    /// Midnight, or the first instant after it that exists.
    pub(super) fn start_of(&self, day: NaiveDate) -> Micros {
        micros(self.start(day))
    }

    /// The same as an instant.
    pub(crate) fn start(&self, day: NaiveDate) -> DateTime<Utc> {
        let mut clock: NaiveDateTime = day.and_hms_opt(0, 0, 0).unwrap();
        loop {
            match self.zone.from_local_datetime(&clock).earliest() {
                Some(instant) => return instant.to_utc(),
                None => clock += TimeDelta::seconds(1),
            }
        }
    }

    /// Whether an instant lies in a window, whatever has happened by now.
    pub(super) fn is_within(&self, window: &Window, at: Micros) -> bool {
        let (now, today) = (self.now, self.day_at(self.now));
        let span = |span: &Span| Micros::from(span.as_microseconds());
        let units = |unit, from, to| {
            self.start_of(moved(today, unit, from)) <= at && at < self.start_of(moved(today, unit, to))
        };
        match window {
            Window::Last(length) => now - span(length) <= at && at <= now,
            Window::Next(length) => now <= at && at <= now + span(length),
            Window::This(unit) => units(*unit, 0, 1),
            Window::Previous { count, unit } => units(*unit, -i32::try_from(*count).unwrap(), 0),
            Window::Fixed { from, to } => {
                from.is_none_or(|from| micros(from) <= at) && to.is_none_or(|to| at < micros(to))
            }
            _ => panic!("the oracle does not know {window:?}"),
        }
    }

    /// Whether the day comes again today, or begins within a span from now.
    pub(super) fn has_anniversary(&self, day: NaiveDate, within: Option<Span>) -> bool {
        let today = self.day_at(self.now);
        let in_year = |year| {
            let same = NaiveDate::from_ymd_opt(year, day.month(), day.day());
            same.unwrap_or_else(|| NaiveDate::from_ymd_opt(year, 3, 1).unwrap())
        };
        let is_soon = |span: Span| {
            let end = self.now + Micros::from(span.as_microseconds());
            let mut begins = (-1..=2).map(|years| self.start_of(in_year(today.year() + years)));
            begins.any(|begin| self.now < begin && begin <= end)
        };
        in_year(today.year()) == today || within.is_some_and(is_soon)
    }
}

/// The first day of the unit that lies so many units after that of a day.
fn moved(day: NaiveDate, unit: CalendarUnit, by: i32) -> NaiveDate {
    let months = day.year() * 12 + i32::try_from(day.month0()).unwrap();
    let first_of = |months: i32| {
        let month = u32::try_from(months.rem_euclid(12) + 1).unwrap();
        NaiveDate::from_ymd_opt(months.div_euclid(12), month, 1).unwrap()
    };
    let days_from = |day: NaiveDate, days: i32| day + TimeDelta::days(days.into());
    match unit {
        CalendarUnit::Day => days_from(day, by),
        CalendarUnit::Week => {
            let monday = day - Days::new(day.weekday().num_days_from_monday().into());
            days_from(monday, by * 7)
        }
        CalendarUnit::Month => first_of(months + by),
        CalendarUnit::Quarter => first_of(months - months.rem_euclid(3) + by * 3),
        CalendarUnit::Year => first_of(months - months.rem_euclid(12) + by * 12),
    }
}
