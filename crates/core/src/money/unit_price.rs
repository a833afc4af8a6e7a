use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Currency, Money, Quantity, Rounding, amount_and_currency, quantity};
use crate::ValueError;

const WHAT: &str = "unit price";

/// The price of one piece, kilogram or metre, exact to six decimals: prices per unit often have more decimals than the currency.
///
/// ```
/// use ecrm_core::{Quantity, Rounding, UnitPrice};
/// let petrol: UnitPrice = "1.459 EUR".parse()?;
/// let amount = petrol.times("40.5".parse::<Quantity>()?, Rounding::HalfUp)?;
/// assert_eq!(amount.to_string(), "59.09 EUR");
/// # Ok::<(), ecrm_core::ValueError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UnitPrice {
    micros: i64,
    currency: Currency,
}

impl UnitPrice {
    /// A price in millionths of the major unit, as it is stored.
    #[must_use]
    pub const fn from_micros(micros: i64, currency: Currency) -> Self {
        Self { micros, currency }
    }

    /// An exact price in major units.
    ///
    /// # Errors
    /// When it has more than six decimals or is too large for 64 bits of millionths.
    pub fn from_decimal(price: Decimal, currency: Currency) -> Result<Self, ValueError> {
        Ok(Self {
            micros: quantity::micros(WHAT, price)?,
            currency,
        })
    }

    /// The price in millionths of the major unit.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.micros
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The price in major units, without trailing zeros.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        quantity::from_micros(self.micros)
    }

    /// The amount of a quantity at this price, rounded to the currency's minor unit.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn times(self, quantity: Quantity, rounding: Rounding) -> Result<Money, ValueError> {
        let amount = self
            .to_decimal()
            .checked_mul(quantity.to_decimal())
            .ok_or_else(|| ValueError::new(WHAT, "times the quantity is too large"))?;
        Money::rounded(amount, self.currency, rounding)
    }
}

impl fmt::Display for UnitPrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal(), self.currency)
    }
}

impl FromStr for UnitPrice {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let (price, currency) = amount_and_currency(WHAT, text)?;
        Self::from_decimal(price, currency)
    }
}

impl TryFrom<String> for UnitPrice {
    type Error = ValueError;

    fn try_from(text: String) -> Result<Self, ValueError> {
        text.parse()
    }
}

impl From<UnitPrice> for String {
    fn from(price: UnitPrice) -> Self {
        price.to_string()
    }
}
