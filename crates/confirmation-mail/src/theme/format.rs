//! How a language writes money, numbers, days and moments.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};
use ecrm_core::{Money, Quantity, UnitPrice};
use rust_decimal::Decimal;
use serde::Deserialize;

/// What differs between languages when numbers and days are written out. It stands in the file of each language.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Format {
    direction: Direction,
    plural: Plural,
    decimal: String,
    group: String,
    /// Digits are grouped where the whole part has at least so many.
    group_from: usize,
    symbol: SymbolPlace,
    day: String,
    first_day: String,
    moment: String,
    months: [String; 12],
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Direction {
    Ltr,
    Rtl,
}

/// Which counts take the singular (the cardinal rules of CLDR for the languages that know two forms).
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Plural {
    One,
    ZeroOne,
    Invariant,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum SymbolPlace {
    First,
    Last,
}

impl Format {
    /// `ltr` or `rtl`, as HTML wants it.
    pub(crate) fn direction(&self) -> &'static str {
        match self.direction {
            Direction::Ltr => "ltr",
            Direction::Rtl => "rtl",
        }
    }

    pub(crate) fn is_singular(&self, count: usize) -> bool {
        match self.plural {
            Plural::One => count == 1,
            Plural::ZeroOne => count <= 1,
            Plural::Invariant => false,
        }
    }

    pub(crate) fn money(&self, money: Money) -> String {
        self.with_symbol(
            &self.number(money.to_decimal()),
            money.currency().symbol(),
            money.minor() < 0,
        )
    }

    /// A price per unit: at least as many decimals as the currency has.
    pub(crate) fn unit_price(&self, price: UnitPrice) -> String {
        let mut amount = price.to_decimal();
        if amount.scale() < price.currency().exponent() {
            amount.rescale(price.currency().exponent());
        }
        self.with_symbol(&self.number(amount), price.currency().symbol(), price.micros() < 0)
    }

    pub(crate) fn quantity(&self, quantity: Quantity) -> String {
        let sign = if quantity.micros() < 0 { "-" } else { "" };
        format!("{sign}{}", self.number(quantity.to_decimal()))
    }

    /// A day, such as `22 November 2026`.
    pub(crate) fn day(&self, day: NaiveDate) -> String {
        let number = day.day();
        let number = if number == 1 {
            self.first_day.clone()
        } else {
            number.to_string()
        };
        self.day
            .replace("{day}", &number)
            .replace("{month}", &self.months[day.month0() as usize])
            .replace("{year}", &day.year().to_string())
    }

    /// A moment, such as `22 November 2026, 14:30`, on the clock of the offset.
    pub(crate) fn moment(&self, at: DateTime<FixedOffset>) -> String {
        self.moment
            .replace("{day}", &self.day(at.date_naive()))
            .replace("{time}", &at.format("%H:%M").to_string())
    }

    fn with_symbol(&self, number: &str, symbol: &str, is_negative: bool) -> String {
        let sign = if is_negative { "-" } else { "" };
        // A symbol of letters, such as CHF, is parted from the number in every language.
        let gap = if symbol.chars().all(char::is_alphabetic) {
            "\u{a0}"
        } else {
            ""
        };
        match self.symbol {
            SymbolPlace::First => format!("{sign}{symbol}{gap}{number}"),
            SymbolPlace::Last => format!("{sign}{number}\u{a0}{symbol}"),
        }
    }

    /// A number without its sign, grouped by thousands.
    fn number(&self, number: Decimal) -> String {
        let text = number.abs().to_string();
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let mut grouped = String::with_capacity(text.len() + 8);
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) && whole.len() >= self.group_from {
                grouped.push_str(&self.group);
            }
            grouped.push(digit);
        }
        if !fraction.is_empty() {
            grouped.push_str(&self.decimal);
            grouped.push_str(fraction);
        }
        grouped
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::Theme;

    fn with<T>(language: &str, write: impl Fn(&Format) -> T) -> T {
        write(&Theme::builtin().unwrap().texts(language).unwrap().format)
    }

    fn money(language: &str, text: &str) -> String {
        with(language, |format| format.money(text.parse().unwrap()))
    }

    #[test]
    fn english_puts_the_symbol_before_the_number() {
        assert_eq!(money("en", "1234567.50 EUR"), "€1,234,567.50");
        assert_eq!(money("en", "-3.00 GBP"), "-£3.00");
        assert_eq!(money("en", "1500 JPY"), "¥1,500");
    }

    #[test]
    fn a_symbol_of_several_currencies_is_written_so_that_it_stands_for_one() {
        assert_eq!(money("en", "5.00 USD"), "US$5.00");
        assert_eq!(money("en", "5.00 CAD"), "CA$5.00");
        assert_eq!(money("en", "5.00 CHF"), "CHF\u{a0}5.00");
        assert_eq!(money("de", "5.00 SEK"), "5,00\u{a0}SEK");
    }

    #[test]
    fn french_puts_the_symbol_behind_the_number() {
        assert_eq!(money("fr", "1234567.50 EUR"), "1\u{202f}234\u{202f}567,50\u{a0}€");
        assert_eq!(money("fr", "0.050 KWD"), "0,050\u{a0}KWD");
    }

    #[test]
    fn german_groups_by_points_and_spanish_from_five_digits_on() {
        assert_eq!(money("de", "1234.50 EUR"), "1.234,50\u{a0}€");
        assert_eq!(money("es", "1234.50 EUR"), "1234,50\u{a0}€");
        assert_eq!(money("es", "12345.50 EUR"), "12.345,50\u{a0}€");
    }

    #[test]
    fn a_unit_price_keeps_decimals_beyond_the_currency() {
        let price = |text: &str| with("en", |format| format.unit_price(text.parse().unwrap()));
        assert_eq!(price("1.459 EUR"), "€1.459");
        assert_eq!(price("2 EUR"), "€2.00");
    }

    #[test]
    fn a_day_is_written_out_in_the_language() {
        let day = NaiveDate::from_ymd_opt(2026, 8, 1).unwrap();
        let written = |language: &str| with(language, |format| format.day(day));
        assert_eq!(written("en"), "1 August 2026");
        assert_eq!(written("fr"), "1er août 2026");
        assert_eq!(written("de"), "1. August 2026");
        assert_eq!(written("es"), "1 de agosto de 2026");
    }
}
