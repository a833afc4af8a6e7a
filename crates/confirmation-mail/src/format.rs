//! How a language writes money and days.

use chrono::{Datelike, NaiveDate};
use ecrm_core::{Money, Quantity, UnitPrice};
use rust_decimal::Decimal;

/// What differs between languages when numbers and days are written out.
pub(crate) struct Conventions {
    group: &'static str,
    decimal: &'static str,
    symbol_first: bool,
    months: [&'static str; 12],
    first_of_month: &'static str,
}

const ENGLISH: Conventions = Conventions {
    group: ",",
    decimal: ".",
    symbol_first: true,
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    first_of_month: "1",
};

/// Groups are parted by a narrow no-break space, the symbol by a no-break space (Imprimerie nationale).
const FRENCH: Conventions = Conventions {
    group: "\u{202f}",
    decimal: ",",
    symbol_first: false,
    months: [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    first_of_month: "1er",
};

impl Conventions {
    /// The conventions of a language that this crate has texts for.
    pub(crate) fn of(language: &str) -> &'static Self {
        match language {
            "fr" => &FRENCH,
            _ => &ENGLISH,
        }
    }

    pub(crate) fn money(&self, money: Money) -> String {
        self.with_symbol(
            &self.number(money.to_decimal()),
            &money.currency().symbol(),
            money.minor() < 0,
        )
    }

    /// A price per unit: at least as many decimals as the currency has.
    pub(crate) fn unit_price(&self, price: UnitPrice) -> String {
        let mut amount = price.to_decimal();
        if amount.scale() < price.currency().exponent() {
            amount.rescale(price.currency().exponent());
        }
        self.with_symbol(&self.number(amount), &price.currency().symbol(), price.micros() < 0)
    }

    pub(crate) fn quantity(&self, quantity: Quantity) -> String {
        let sign = if quantity.micros() < 0 { "-" } else { "" };
        format!("{sign}{}", self.number(quantity.to_decimal()))
    }

    /// A day, such as `22 November 2026`.
    pub(crate) fn day(&self, day: NaiveDate) -> String {
        let month = self.months[day.month0() as usize];
        match day.day() {
            1 => format!("{} {month} {}", self.first_of_month, day.year()),
            number => format!("{number} {month} {}", day.year()),
        }
    }

    fn with_symbol(&self, number: &str, symbol: &str, is_negative: bool) -> String {
        let sign = if is_negative { "-" } else { "" };
        // A symbol of letters, such as CHF, is parted from the number in every language.
        let gap = if symbol.chars().all(char::is_alphabetic) {
            "\u{a0}"
        } else {
            ""
        };
        if self.symbol_first {
            format!("{sign}{symbol}{gap}{number}")
        } else {
            format!("{sign}{number}\u{a0}{symbol}")
        }
    }

    /// The number without its sign.
    fn number(&self, number: Decimal) -> String {
        let text = number.abs().to_string();
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let mut grouped = String::with_capacity(text.len() + whole.len());
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                grouped.push_str(self.group);
            }
            grouped.push(digit);
        }
        if !fraction.is_empty() {
            grouped.push_str(self.decimal);
            grouped.push_str(fraction);
        }
        grouped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(language: &str, text: &str) -> String {
        Conventions::of(language).money(text.parse().unwrap())
    }

    #[test]
    fn english_puts_the_symbol_before_the_number() {
        assert_eq!(money("en", "1234567.50 EUR"), "€1,234,567.50");
        assert_eq!(money("en", "-3.00 GBP"), "-£3.00");
        assert_eq!(money("en", "1500 JPY"), "¥1,500");
    }

    #[test]
    fn french_puts_the_symbol_behind_the_number() {
        assert_eq!(money("fr", "1234567.50 EUR"), "1\u{202f}234\u{202f}567,50\u{a0}€");
        assert_eq!(money("fr", "0.050 KWD"), "0,050\u{a0}د.ك");
    }

    #[test]
    fn a_unit_price_keeps_decimals_beyond_the_currency() {
        let english = Conventions::of("en");
        assert_eq!(english.unit_price("1.459 EUR".parse().unwrap()), "€1.459");
        assert_eq!(english.unit_price("2 EUR".parse().unwrap()), "€2.00");
    }

    #[test]
    fn a_day_is_written_out_in_the_language() {
        let day = NaiveDate::from_ymd_opt(2026, 8, 1).unwrap();
        assert_eq!(Conventions::of("en").day(day), "1 August 2026");
        assert_eq!(Conventions::of("fr").day(day), "1er août 2026");
    }
}
