//! Values that are checked when they are read and kept as they were written, so that nothing changes on the way through.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, Utc};
use ecrm_core::ValueError;
use rust_decimal::Decimal;

/// A day as documents write it: `2026-11-22`, perhaps with a time zone (`2026-11-22Z`, `2026-11-22+01:00`), which is kept.
///
/// ```
/// use ecrm_xml_exchange::Day;
/// let day: Day = "2026-11-22+01:00".parse()?;
/// assert_eq!(day.date().to_string(), "2026-11-22");
/// assert_eq!(day.to_string(), "2026-11-22+01:00");
/// assert!("22.11.2026".parse::<Day>().is_err());
/// # Ok::<(), ecrm_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Day {
    date: NaiveDate,
    zone: Zone,
}

impl Day {
    /// The day itself.
    #[must_use]
    pub fn date(&self) -> NaiveDate {
        self.date
    }

    /// The instant of a time on this day, or of its midnight. A zone of the time comes first, then one of the day; without any it is
    /// UTC, so that the day of the instant is the day that is written. `24:00:00` is the midnight that ends the day. Nothing for an
    /// instant outside the calendar.
    #[must_use]
    pub fn at(&self, time: Option<&TimeOfDay>) -> Option<DateTime<Utc>> {
        let clock = time.map_or(NaiveTime::MIN, TimeOfDay::time);
        let zone = time.and_then(|time| time.zone.offset()).or_else(|| self.zone.offset());
        let day = match time {
            Some(time) if time.is_end_of_day => self.date.succ_opt()?,
            _ => self.date,
        };
        let local = day.and_time(clock);
        let offset = zone.map_or(0, |zone| i64::from(zone.local_minus_utc()));
        let utc = local.checked_sub_signed(chrono::TimeDelta::try_seconds(offset)?)?;
        Some(utc.and_utc())
    }
}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Self {
        let zone = Zone(String::new());
        Self { date, zone }
    }
}

impl FromStr for Day {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let wrong = || {
            ValueError::new(
                "date",
                "must be written as `2026-11-22`, perhaps with a time zone behind it",
            )
        };
        let (day, zone) = text.trim().split_at_checked(10).ok_or_else(wrong)?;
        let has_shape = day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let date = day.parse().ok().filter(|_| has_shape).ok_or_else(wrong)?;
        let zone = zone.parse().map_err(|_| wrong())?;
        Ok(Self { date, zone })
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.date.format("%Y-%m-%d"), self.zone.0)
    }
}

/// A time of day as documents write it: `12:30:00`, perhaps with a fraction and a time zone; it is written back letter by letter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TimeOfDay {
    text: String,
    time: NaiveTime,
    /// Written as `24:00:00`, which XML Schema knows: the midnight that begins the next day.
    is_end_of_day: bool,
    zone: Zone,
}

impl TimeOfDay {
    /// The time on the clock of its zone. It is midnight at both ends of a day; [`Day::at`] tells them apart.
    #[must_use]
    pub fn time(&self) -> NaiveTime {
        self.time
    }
}

impl From<NaiveTime> for TimeOfDay {
    /// A time in UTC.
    fn from(time: NaiveTime) -> Self {
        Self {
            text: format!("{}Z", time.format("%H:%M:%S%.f")),
            time,
            is_end_of_day: false,
            zone: Zone("Z".to_owned()),
        }
    }
}

impl FromStr for TimeOfDay {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let wrong = || {
            ValueError::new(
                "time",
                "must be written as `12:30:00`, perhaps with a time zone behind it",
            )
        };
        let text = text.trim();
        let end = text.find(['Z', '+', '-']).unwrap_or(text.len());
        let (clock, zone) = text.split_at_checked(end).ok_or_else(wrong)?;
        let is_end_of_day = clock
            .strip_prefix("24:00:00")
            .is_some_and(|fraction| fraction.is_empty() || fraction.len() > 1 && fraction.trim_end_matches('0') == ".");
        let time = if is_end_of_day {
            NaiveTime::MIN
        } else {
            NaiveTime::parse_from_str(clock, "%H:%M:%S%.f").map_err(|_| wrong())?
        };
        let zone = zone.parse().map_err(|_| wrong())?;
        let text = text.to_owned();
        Ok(Self {
            text,
            time,
            is_end_of_day,
            zone,
        })
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What stands behind a date or a time: nothing, `Z`, or the distance from UTC.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Zone(String);

impl Zone {
    /// [XML Schema](https://www.w3.org/TR/xmlschema-2/#dateTime-timezones) has zones up to fourteen hours from UTC.
    fn is_within_a_day(&self) -> bool {
        self.offset()
            .is_some_and(|offset| offset.local_minus_utc().abs() <= 14 * 3_600)
    }

    fn offset(&self) -> Option<FixedOffset> {
        if self.0 == "Z" {
            return FixedOffset::east_opt(0);
        }
        self.0.parse().ok()
    }
}

impl FromStr for Zone {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let bytes = text.as_bytes();
        let has_shape = bytes.len() == 6 && matches!(bytes[0], b'+' | b'-') && bytes[3] == b':';
        let zone = Self(text.to_owned());
        if text.is_empty() || text == "Z" || has_shape && zone.is_within_a_day() {
            Ok(zone)
        } else {
            Err(())
        }
    }
}

/// A text without the white space of XML around it, which is a document's indentation.
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\r'])
}

/// A decimal number of XML Schema: a sign, digits, a point; no exponent and no group marks.
pub(crate) fn decimal(text: &str) -> Result<Decimal, ValueError> {
    let wrong = |why: &str| ValueError::new("number", why);
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let has_shape = digits.bytes().any(|byte| byte.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.bytes().filter(|byte| *byte == b'.').count() <= 1;
    if !has_shape {
        return Err(wrong(
            "must be a decimal number such as `12.50`, with a point and without an exponent",
        ));
    }
    Decimal::from_str_exact(text).map_err(|_| wrong("has more than 28 digits"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_xml_schema_are_read_and_others_are_refused() {
        for (text, value) in [
            ("12.50", "12.50"),
            ("+3", "3"),
            ("-0.5", "-0.5"),
            ("007", "7"),
            (".5", "0.5"),
        ] {
            assert_eq!(decimal(text).unwrap().to_string(), value, "{text}");
        }
        for text in ["", "1e3", "1_000", "1,5", "1.2.3", "-", ".", "NaN", "1 000"] {
            assert!(decimal(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_zone_moves_the_instant() {
        let day: Day = "2026-11-22+01:00".parse().unwrap();
        let instant = |time: &str| day.at(Some(&time.parse().unwrap())).unwrap().to_rfc3339();
        assert_eq!(instant("12:30:00"), "2026-11-22T11:30:00+00:00");
        assert_eq!(instant("12:30:00Z"), "2026-11-22T12:30:00+00:00");
        assert_eq!(instant("00:10:00.5-02:00"), "2026-11-22T02:10:00.500+00:00");
        assert_eq!(
            Day::from(day.date()).at(None).unwrap().to_rfc3339(),
            "2026-11-22T00:00:00+00:00"
        );
    }

    #[test]
    fn a_day_without_a_time_begins_at_its_own_midnight() {
        for (day, instant) in [
            ("2026-11-22+02:00", "2026-11-21T22:00:00+00:00"),
            ("2026-11-22-05:00", "2026-11-22T05:00:00+00:00"),
            ("2026-11-22Z", "2026-11-22T00:00:00+00:00"),
            ("2026-11-22", "2026-11-22T00:00:00+00:00"),
        ] {
            assert_eq!(
                day.parse::<Day>().unwrap().at(None).unwrap().to_rfc3339(),
                instant,
                "{day}"
            );
        }
    }

    #[test]
    fn twenty_four_o_clock_is_the_midnight_of_the_next_day() {
        let day: Day = "2026-12-31".parse().unwrap();
        for (time, instant) in [
            ("24:00:00", "2027-01-01T00:00:00+00:00"),
            ("24:00:00.000Z", "2027-01-01T00:00:00+00:00"),
            ("24:00:00+01:00", "2026-12-31T23:00:00+00:00"),
        ] {
            let read: TimeOfDay = time.parse().unwrap();
            assert_eq!(read.to_string(), time);
            assert_eq!(day.at(Some(&read)).unwrap().to_rfc3339(), instant, "{time}");
        }
        for text in ["24:00:01", "24:00:00.1", "24:00:00.", "24:30:00", "24:00"] {
            assert!(text.parse::<TimeOfDay>().is_err(), "{text}");
        }
    }

    #[test]
    fn dates_and_times_keep_their_letters() {
        for text in ["2026-11-22", "2026-11-22Z", "2024-02-29-05:30"] {
            assert_eq!(text.parse::<Day>().unwrap().to_string(), text);
        }
        for text in ["10:30:47.0Z", "00:00:00", "23:59:59.123+14:00"] {
            assert_eq!(text.parse::<TimeOfDay>().unwrap().to_string(), text);
        }
        for text in [
            "2026-2-3",
            "2025-02-29",
            "2026-11-22T",
            "2026-11-22+1:00",
            "20261122",
            "ü026-11-22",
        ] {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
        for text in ["12", "25:00:00", "12:30:00 Z", "noon"] {
            assert!(text.parse::<TimeOfDay>().is_err(), "{text}");
        }
    }
}
