//! Exact, currency-safe money.

mod currency;
mod quantity;
mod rounding;
mod unit_price;

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use currency::Currency;
pub use quantity::Quantity;
pub use rounding::Rounding;
pub use unit_price::UnitPrice;

use crate::ValueError;

const WHAT: &str = "amount of money";

/// An amount in one currency, kept as a whole number of the currency's minor unit (cents; yen; thousandths of a dinar).
///
/// No operation mixes currencies, overflows silently, or rounds without being told how. As text, in JSON too: `12.34 EUR`.
///
/// ```
/// use ecrm_core::{Currency, Money, Rounding};
/// let price: Money = "19.90 EUR".parse()?;
/// let shipping = Money::from_minor(495, Currency::EUR);
/// assert_eq!(price.checked_add(shipping)?.to_string(), "24.85 EUR");
/// let vat = price.times("0.19".parse().unwrap(), Rounding::HalfEven)?;
/// assert_eq!(vat.to_string(), "3.78 EUR");
/// assert!(price.checked_add("5 USD".parse()?).is_err());
/// # Ok::<(), ecrm_core::ValueError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// An amount in minor units: `1990` euro cents are 19.90 euros.
    #[must_use]
    pub const fn from_minor(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in a currency.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::from_minor(0, currency)
    }

    /// An exact amount in major units.
    ///
    /// # Errors
    /// When it has more decimals than the currency, or is too large for 64 bits of minor units.
    pub fn from_decimal(amount: Decimal, currency: Currency) -> Result<Self, ValueError> {
        let money = Self::rounded(amount, currency, Rounding::Down)?;
        if money.to_decimal() == amount {
            Ok(money)
        } else {
            let exponent = currency.exponent();
            Err(ValueError::new(
                WHAT,
                format!("has more than {exponent} decimals, which {currency} does not have; round it explicitly"),
            ))
        }
    }

    /// An amount in major units, rounded to the currency's minor unit.
    ///
    /// # Errors
    /// When it is too large for 64 bits of minor units.
    pub fn rounded(amount: Decimal, currency: Currency, rounding: Rounding) -> Result<Self, ValueError> {
        let exponent = currency.exponent();
        let rounded = amount.round_dp_with_strategy(exponent, rounding.strategy());
        let minor = rounded
            .checked_mul(Decimal::from(10_i64.pow(exponent)))
            .and_then(|minor| i64::try_from(minor.trunc()).ok())
            .ok_or_else(too_large)?;
        Ok(Self { minor, currency })
    }

    /// The amount in minor units.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The amount in major units, with as many decimals as the currency has.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.minor, self.currency.exponent())
    }

    /// True for an amount of nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// The sum.
    ///
    /// # Errors
    /// When the currencies differ, or the sum does not fit.
    pub fn checked_add(self, other: Self) -> Result<Self, ValueError> {
        self.same_currency(other)?;
        self.with(self.minor.checked_add(other.minor))
    }

    /// The difference.
    ///
    /// # Errors
    /// When the currencies differ, or the difference does not fit.
    pub fn checked_sub(self, other: Self) -> Result<Self, ValueError> {
        self.same_currency(other)?;
        self.with(self.minor.checked_sub(other.minor))
    }

    /// The amount with the other sign.
    ///
    /// # Errors
    /// When it does not fit (only for the smallest 64-bit number).
    pub fn checked_neg(self) -> Result<Self, ValueError> {
        self.with(self.minor.checked_neg())
    }

    /// The amount multiplied, and rounded to the minor unit.
    ///
    /// # Errors
    /// When the product does not fit.
    pub fn times(self, factor: Decimal, rounding: Rounding) -> Result<Self, ValueError> {
        let product = self.to_decimal().checked_mul(factor).ok_or_else(too_large)?;
        Self::rounded(product, self.currency, rounding)
    }

    /// The amount in `parts` shares that differ by at most one minor unit and add up to it; the larger shares come first.
    ///
    /// # Errors
    /// When `parts` is zero.
    pub fn split(self, parts: u32) -> Result<Vec<Self>, ValueError> {
        if parts == 0 {
            return Err(ValueError::new(WHAT, "cannot be split into no parts"));
        }
        let count = i64::from(parts);
        let (share, rest) = (self.minor.div_euclid(count), self.minor.rem_euclid(count));
        Ok((0..count)
            .map(|index| Self::from_minor(share + i64::from(index < rest), self.currency))
            .collect())
    }

    /// The sum of amounts in one currency; zero for none.
    ///
    /// # Errors
    /// When an amount is in another currency, or the sum does not fit.
    pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Self>) -> Result<Self, ValueError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::checked_add)
    }

    fn same_currency(self, other: Self) -> Result<(), ValueError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(ValueError::new(
                WHAT,
                format!("in {} meets one in {}; convert it first", self.currency, other.currency),
            ))
        }
    }

    fn with(self, minor: Option<i64>) -> Result<Self, ValueError> {
        minor.map(|minor| Self { minor, ..self }).ok_or_else(too_large)
    }
}

fn too_large() -> ValueError {
    ValueError::new(WHAT, "is too large for 64 bits of minor units")
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal(), self.currency)
    }
}

impl FromStr for Money {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let (amount, currency) = amount_and_currency(WHAT, text)?;
        Self::from_decimal(amount, currency)
    }
}

impl TryFrom<String> for Money {
    type Error = ValueError;

    fn try_from(text: String) -> Result<Self, ValueError> {
        text.parse()
    }
}

impl From<Money> for String {
    fn from(money: Money) -> Self {
        money.to_string()
    }
}

/// Reads `12.34 EUR`.
fn amount_and_currency(what: &'static str, text: &str) -> Result<(Decimal, Currency), ValueError> {
    let wrong = || ValueError::new(what, "must be written as a number and a currency, such as `12.34 EUR`");
    let (amount, currency) = text.split_once(' ').ok_or_else(wrong)?;
    let amount = Decimal::from_str_exact(amount).map_err(|_| wrong())?;
    Ok((amount, currency.parse()?))
}
