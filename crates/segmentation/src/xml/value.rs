//! Values, lengths of time and words.

use ecrm_core::{Code, ValueError};
use ecrm_xml::values::{
    read_date, read_instant, read_text, required, write_attribute, write_date, write_instant, write_text,
};
use ecrm_xml::{Element, Writer, XmlError};
use rust_decimal::Decimal;

use super::{own, unknown};
use crate::criteria::{Span, Value};
use crate::text::words::list;

pub(super) fn write(value: &Value, writer: &mut Writer<'_>) {
    match value {
        Value::Boolean(value) => writer.element(own("boolean"), if *value { "true" } else { "false" }),
        Value::Date(day) => writer.element(own("date"), &write_date(*day)),
        Value::Instant(instant) => writer.element(own("instant"), &write_instant(*instant)),
        Value::Money(money) => {
            writer.start(own("money"));
            write_attribute(writer, "currency", money.currency().code());
            writer.text(&money.to_decimal().to_string());
            writer.end();
        }
        Value::Number(number) => writer.element(own("number"), &number.normalize().to_string()),
        Value::Text(text) => write_text(writer, own("text"), text),
    }
}

pub(super) fn read(element: &Element<'_>) -> Result<Value, XmlError> {
    let text = element.text();
    let trimmed = text.trim_ascii();
    Ok(match element.name().local {
        "boolean" => Value::Boolean(matches!(trimmed, "true" | "1") || element.check(is_false(trimmed))?),
        "date" => Value::Date(element.check(read_date(trimmed))?),
        "instant" => Value::from(element.check(read_instant(trimmed))?),
        "money" => {
            let currency = required(element, "currency", |code| Ok::<_, ValueError>(code.to_owned()))?;
            Value::Money(element.check(format!("{trimmed} {currency}").parse())?)
        }
        "number" => Value::from(element.check(Decimal::from_str_exact(trimmed))?),
        "text" => Value::Text(read_text(element)?.into_owned()),
        _ => return Err(unknown(element, "a value")),
    })
}

fn is_false(text: &str) -> Result<bool, ValueError> {
    match text {
        "false" | "0" => Ok(false),
        _ => Err(ValueError::new("value", "must be `true` or `false`")),
    }
}

/// A length of time in days and seconds, as the duration of XML Schema: `P90D`, `PT0.5S`.
pub(super) fn duration(span: Span) -> String {
    const DAY: i64 = 86_400_000_000;
    let (days, rest) = (span.as_microseconds() / DAY, span.as_microseconds() % DAY);
    let seconds = Decimal::new(rest, 6).normalize();
    match (days, rest) {
        (days, 0) => format!("P{days}D"),
        (0, _) => format!("PT{seconds}S"),
        (days, _) => format!("P{days}DT{seconds}S"),
    }
}

/// Reads a duration of days, hours, minutes and seconds. Months and years have no certain length.
pub(super) fn read_duration(text: &str) -> Result<Span, ValueError> {
    let wrong = || {
        ValueError::new(
            "duration",
            "must be one of days, hours, minutes and seconds such as `P90D` or `PT36H`",
        )
    };
    let rest = text.strip_prefix('P').ok_or_else(wrong)?;
    let (days, time) = rest
        .split_once('T')
        .map_or((rest, None), |(days, time)| (days, Some(time)));
    let mut sum = Decimal::ZERO;
    let mut add = |part: &str, units: &[(char, i64)]| -> Option<()> {
        let mut rest = part;
        let mut units = units.iter();
        while !rest.is_empty() {
            let end = rest.find(|unit: char| unit.is_ascii_uppercase())?;
            let unit = rest[end..].chars().next()?;
            let (_, length) = units.find(|(known, _)| *known == unit)?;
            let number = Decimal::from_str_exact(&rest[..end]).ok()?;
            let is_fine = number.is_sign_positive() && (unit == 'S' || number.is_integer());
            let length = number.checked_mul(Decimal::from(*length)).filter(|_| is_fine)?;
            sum = sum.checked_add(length)?;
            rest = &rest[end + 1..];
        }
        Some(())
    };
    add(days, &[('D', 86_400_000_000)]).ok_or_else(wrong)?;
    if let Some(time) = time {
        let units = [('H', 3_600_000_000), ('M', 60_000_000), ('S', 1_000_000)];
        add(time, &units).filter(|()| !time.is_empty()).ok_or_else(wrong)?;
    }
    let microseconds = i64::try_from(sum.trunc()).ok().filter(|_| sum.is_integer());
    microseconds.and_then(Span::microseconds).ok_or_else(wrong)
}

/// The choice of a word.
pub(super) fn word<T: Code>(word: &str) -> Result<T, ValueError> {
    T::from_code(word).map_err(|_| ValueError::new("word", format!("must be {}", list::<T>())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_read_in_every_form_that_has_a_certain_length() {
        for (text, written) in [
            ("P90D", "P90D"),
            ("PT36H", "P1DT43200S"),
            ("PT1M30.5S", "PT90.5S"),
            ("P1DT0.000001S", "P1DT0.000001S"),
        ] {
            assert_eq!(read_duration(text).map(duration).as_deref(), Ok(written), "{text}");
        }
        for text in [
            "",
            "P",
            "PT",
            "P1M",
            "P1Y",
            "-P1D",
            "P1.5D",
            "PT0.0000001S",
            "P0D",
            "P100001D",
            "PT1S1M",
            "1D",
        ] {
            assert!(read_duration(text).is_err(), "{text}");
        }
    }
}
