//! Values.

use chrono::{DateTime, NaiveDate, Utc};
use ecrm_core::{Currency, Money, to_microseconds};
use rust_decimal::Decimal;

use super::{Parsed, Parser, Token};
use crate::criteria::Value;
use crate::text::ParseError;

impl Parser {
    pub(super) fn value(&mut self) -> Parsed<Value> {
        let place = self.expected(
            "a value: a number, an amount such as `12.50 EUR`, a text in quotes, a day, an instant, `true` or `false`",
        );
        match self.peek().clone() {
            Token::Text(text) => {
                self.pass();
                Ok(Value::Text(text))
            }
            Token::Word(word) => {
                self.pass();
                Ok(match word.as_str() {
                    "true" => Value::Boolean(true),
                    "false" => Value::Boolean(false),
                    _ => Value::Text(word),
                })
            }
            Token::Number(number) => {
                self.pass();
                self.numeric(&number, place)
            }
            Token::Sign(_) | Token::End => Err(place),
        }
    }

    /// What begins with a digit: an amount has its currency behind it.
    fn numeric(&mut self, text: &str, place: ParseError) -> Parsed<Value> {
        if let Some(instant) = instant(text) {
            return Ok(Value::Instant(instant));
        }
        if let Some(day) = day(text) {
            return Ok(Value::Date(day));
        }
        let Some(number) = decimal(text) else {
            return Err(place);
        };
        match self.currency()? {
            Some(currency) => Money::from_decimal(number, currency)
                .map(Value::Money)
                .map_err(|_| ParseError {
                    expected: amount_in(number, currency),
                    ..place
                }),
            None => Ok(Value::from(number)),
        }
    }

    /// The currency behind a number, if three capital letters stand there.
    fn currency(&mut self) -> Parsed<Option<Currency>> {
        let found = match self.peek() {
            Token::Word(word) if is_code(word) => word.parse(),
            _ => return Ok(None),
        };
        let currency = found.map_err(|_| self.expected("a currency of ISO 4217 with a minor unit, such as `EUR`"))?;
        self.pass();
        Ok(Some(currency))
    }

    pub(super) fn number(&mut self) -> Parsed<Decimal> {
        let found = match self.peek() {
            Token::Number(number) => decimal(number),
            _ => None,
        };
        let number = found.ok_or_else(|| self.expected("a number"))?;
        self.pass();
        Ok(number.normalize())
    }

    pub(super) fn whole_number(&mut self) -> Parsed<u32> {
        let found = match self.peek() {
            Token::Number(number) => number.parse().ok(),
            _ => None,
        };
        let number = found.ok_or_else(|| self.expected("a whole number"))?;
        self.pass();
        Ok(number)
    }

    pub(super) fn text(&mut self) -> Parsed<String> {
        let Token::Text(text) = self.peek().clone() else {
            return Err(self.expected("a text in quotes"));
        };
        self.pass();
        Ok(text)
    }

    pub(super) fn day(&mut self) -> Parsed<NaiveDate> {
        let found = match self.peek() {
            Token::Number(text) => day(text),
            _ => None,
        };
        let day = found.ok_or_else(|| self.expected("a day such as 2026-11-22"))?;
        self.pass();
        Ok(day)
    }

    pub(super) fn instant(&mut self) -> Parsed<DateTime<Utc>> {
        let found = match self.peek() {
            Token::Number(text) => instant(text),
            _ => None,
        };
        let instant = found.ok_or_else(|| self.expected("an instant such as 2026-11-22T09:30:00Z"))?;
        self.pass();
        Ok(instant)
    }
}

/// Three capital letters, as codes of currencies are written.
pub(super) fn is_code(word: &str) -> bool {
    word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// What would be an amount, where a number is none in a currency.
fn amount_in(number: Decimal, currency: Currency) -> String {
    match currency.exponent() {
        exponent if number.normalize().scale() <= exponent => {
            format!("an amount of {currency} that fits into 64 bits of minor units")
        }
        0 => format!("an amount without decimals, since {currency} has none"),
        exponent => format!("an amount with at most {exponent} decimals, as {currency} has"),
    }
}

pub(super) fn decimal(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    Decimal::from_str_exact(text).ok().filter(|_| is_plain)
}

fn day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .filter(|_| text.len() == 10 && !text.starts_with('-'))
}

fn instant(text: &str) -> Option<DateTime<Utc>> {
    let instant = DateTime::parse_from_rfc3339(text).ok().filter(|_| text.contains('T'))?;
    Some(to_microseconds(instant.to_utc()))
}
