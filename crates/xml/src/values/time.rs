//! Days and instants in the forms of XML Schema, for every year that the model can hold.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};
use ecrm_core::ValueError;

const NANOS: u32 = 1_000_000_000;

/// A day: `2026-11-22`.
pub fn write_date(date: NaiveDate) -> String {
    let sign = if date.year() < 0 { "-" } else { "" };
    format!(
        "{sign}{:04}-{:02}-{:02}",
        date.year().unsigned_abs(),
        date.month(),
        date.day()
    )
}

/// An instant in UTC, with as many decimals as it has: `2026-11-22T09:30:00Z`, `2026-11-22T09:30:00.000001Z`.
pub fn write_instant(instant: DateTime<Utc>) -> String {
    let time = instant.time();
    // chrono counts a leap second as further nanoseconds of the second before.
    let second = time.second() + time.nanosecond() / NANOS;
    let fraction = match time.nanosecond() % NANOS {
        0 => String::new(),
        nanos => format!(".{nanos:09}").trim_end_matches('0').to_owned(),
    };
    let date = write_date(instant.date_naive());
    format!("{date}T{:02}:{:02}:{second:02}{fraction}Z", time.hour(), time.minute())
}

/// Reads a day.
///
/// # Errors
/// It is no day of XML Schema without an offset.
pub fn read_date(text: &str) -> Result<NaiveDate, ValueError> {
    date(text).ok_or_else(|| ValueError::new("date", "must be a day such as `2026-11-22`"))
}

/// Reads an instant with any offset from UTC. Finer decimals than nanoseconds are cut off.
///
/// # Errors
/// It is no `dateTime` of XML Schema with an offset.
pub fn read_instant(text: &str) -> Result<DateTime<Utc>, ValueError> {
    instant(text).ok_or_else(|| {
        ValueError::new(
            "instant",
            "must be a date and time with an offset, such as `2026-11-22T09:30:00Z`",
        )
    })
}

fn date(text: &str) -> Option<NaiveDate> {
    let (rest, day) = text.rsplit_once('-')?;
    let (year, month) = rest.rsplit_once('-')?;
    let digits = year.strip_prefix('-').unwrap_or(year);
    if digits.len() < 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, two_digits(month)?, two_digits(day)?)
}

fn instant(text: &str) -> Option<DateTime<Utc>> {
    let (day, rest) = text.split_once('T')?;
    let (clock, offset) = match rest.strip_suffix('Z') {
        Some(clock) => (clock, TimeDelta::zero()),
        None => offset(rest)?,
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut parts = clock.split(':').map(two_digits);
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() {
        return None;
    }
    let mut nanos = nanoseconds(fraction)?;
    let second = if second == 60 {
        nanos += NANOS;
        59
    } else {
        second
    };
    let time = NaiveTime::from_hms_nano_opt(hour, minute, second, nanos)?;
    date(day)?.and_time(time).and_utc().checked_sub_signed(offset)
}

/// The time and the offset of `09:30:00+01:00`.
fn offset(text: &str) -> Option<(&str, TimeDelta)> {
    let (clock, offset) = text.split_at_checked(text.len().checked_sub(6)?)?;
    let sign = match offset.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    let (hours, minutes) = (two_digits(hours)?, two_digits(minutes)?);
    let is_offset = minutes < 60 && hours * 60 + minutes <= 14 * 60;
    is_offset.then(|| (clock, TimeDelta::minutes(sign * i64::from(hours * 60 + minutes))))
}

/// Finer decimals than nanoseconds are cut off.
fn nanoseconds(fraction: &str) -> Option<u32> {
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = fraction.bytes().map(|digit| u32::from(digit - b'0'));
    let nine = digits.chain(std::iter::repeat(0)).take(9);
    Some(nine.fold(0, |nanos, digit| 10 * nanos + digit))
}

fn two_digits(text: &str) -> Option<u32> {
    match text.as_bytes() {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Some(u32::from(10 * (tens - b'0') + (ones - b'0'))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_read_in_every_form_of_rfc_3339() {
        for (text, utc) in [
            ("2026-11-22T09:30:00Z", "2026-11-22T09:30:00Z"),
            ("2026-11-22T09:30:00.500000Z", "2026-11-22T09:30:00.5Z"),
            ("2026-11-22T09:30:00.1234567899Z", "2026-11-22T09:30:00.123456789Z"),
            ("2026-11-22T00:30:00+01:00", "2026-11-21T23:30:00Z"),
            ("2026-11-22T23:30:00-05:30", "2026-11-23T05:00:00Z"),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:60Z"),
            ("-0044-03-15T12:00:00Z", "-0044-03-15T12:00:00Z"),
            ("12026-01-01T00:00:00Z", "12026-01-01T00:00:00Z"),
        ] {
            assert_eq!(read_instant(text).map(write_instant).as_deref(), Ok(utc), "{text}");
        }
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in [
            "",
            "T",
            "Z",
            "2026-11-22",
            "2026-11-22T09:30:00",
            "2026-11-22T09:30Z",
            "2026-11-22T9:30:00Z",
            "2026-11-22T24:30:00Z",
            "2026-11-22T09:30:00.Z",
            "2026-11-22T09:30:00:00Z",
            "2026-02-30T09:30:00Z",
            "2026-11-22T09:30:00+15:00",
            "2026-11-22T09:30:00é1:00",
            "+2026-11-22T09:30:00Z",
            "26-11-22T09:30:00Z",
            "2026-11-22T09:30:61Z",
        ] {
            assert!(read_instant(text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_day_of_the_calendar_is_read_back() {
        for day in [NaiveDate::MIN, NaiveDate::MAX, NaiveDate::default()] {
            assert_eq!(read_date(&write_date(day)), Ok(day));
        }
    }
}
