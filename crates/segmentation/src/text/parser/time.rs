//! Windows and spans.

use super::{Parsed, Parser, Token};
use crate::criteria::{CalendarUnit, Span, UNITS, Window};
use crate::text::words::list;

impl Parser {
    /// `in last 90 days`, `in this month`, `from ... to ...`, if one stands here.
    pub(super) fn window_clause(&mut self) -> Parsed<Option<Window>> {
        if self.takes_word("from") {
            let from = Some(self.instant()?);
            let to = self.takes_word("to").then(|| self.instant()).transpose()?;
            return Ok(Some(Window::Fixed { from, to }));
        }
        if self.takes_word("until") {
            let to = Some(self.instant()?);
            return Ok(Some(Window::Fixed { from: None, to }));
        }
        if !self.is_word("in") {
            return Ok(None);
        }
        self.pass();
        self.window().map(Some)
    }

    fn window(&mut self) -> Parsed<Window> {
        if self.takes_word("last") {
            return Ok(Window::Last(self.span()?));
        }
        if self.takes_word("next") {
            return Ok(Window::Next(self.span()?));
        }
        if self.takes_word("this") {
            return Ok(Window::This(self.code()?));
        }
        self.word("previous").map_err(|_| {
            self.expected(
                "a window: `last 90 days`, `next 7 days`, `this month`, `previous month`, `previous 3 months`",
            )
        })?;
        if matches!(self.peek(), Token::Number(_)) {
            let count = self.whole_number()?;
            return Ok(Window::Previous {
                count,
                unit: self.calendar_units()?,
            });
        }
        Ok(Window::Previous {
            count: 1,
            unit: self.code()?,
        })
    }

    /// A unit in the plural or not.
    fn calendar_units(&mut self) -> Parsed<CalendarUnit> {
        let found = match self.peek() {
            Token::Word(word) => CalendarUnit::ALL
                .into_iter()
                .find(|unit| word.strip_suffix('s').unwrap_or(word) == unit.word()),
            _ => None,
        };
        let unit = found.ok_or_else(|| self.expected(&list::<CalendarUnit>()))?;
        self.pass();
        Ok(unit)
    }

    /// `90 days`, `1 day 12 hours`.
    pub(super) fn span(&mut self) -> Parsed<Span> {
        let place = self.expected("a span, such as `90 days` or `1 day 12 hours`, of 1 microsecond to 100,000 days");
        let mut sum: Option<i64> = None;
        while matches!(self.peek(), Token::Number(_)) {
            let number = self.span_number()?;
            let unit = self.span_unit()?;
            sum = Some(number.saturating_mul(unit).saturating_add(sum.unwrap_or(0)));
        }
        sum.and_then(Span::microseconds).ok_or(place)
    }

    /// As large as it is written: the span has a limit, and its numbers have none of their own.
    fn span_number(&mut self) -> Parsed<i64> {
        let found = match self.peek() {
            Token::Number(number) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
                number.parse().unwrap_or(i64::MAX)
            }
            _ => return Err(self.expected("a whole number")),
        };
        self.pass();
        Ok(found)
    }

    fn span_unit(&mut self) -> Parsed<i64> {
        const WEEK: (&str, i64) = ("week", 7 * UNITS[0].1);
        let found = match self.peek() {
            Token::Word(word) => UNITS
                .into_iter()
                .chain([WEEK])
                .find(|(name, _)| word.strip_suffix('s').unwrap_or(word) == *name),
            _ => None,
        };
        let (_, length) = found.ok_or_else(|| {
            self.expected("a unit (weeks, days, hours, minutes, seconds, milliseconds, microseconds)")
        })?;
        self.pass();
        Ok(length)
    }
}
