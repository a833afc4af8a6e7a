use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::ValueError;

const WHAT: &str = "quantity";

/// How many, or how much: pieces, kilograms, metres, exact to six decimals. Negative for a correction.
///
/// ```
/// use ecrm_core::Quantity;
/// assert_eq!(Quantity::pieces(3).to_string(), "3");
/// assert_eq!("0.250".parse::<Quantity>()?.to_string(), "0.25");
/// # Ok::<(), ecrm_core::ValueError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Quantity {
    micros: i64,
}

impl Quantity {
    /// A whole number of pieces.
    #[must_use]
    pub const fn pieces(count: i32) -> Self {
        Self {
            micros: count as i64 * MICROS,
        }
    }

    /// A quantity in millionths, as it is stored.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self { micros }
    }

    /// An exact quantity.
    ///
    /// # Errors
    /// When it has more than six decimals or is too large for 64 bits of millionths.
    pub fn from_decimal(quantity: Decimal) -> Result<Self, ValueError> {
        micros(WHAT, quantity).map(Self::from_micros)
    }

    /// The quantity in millionths.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.micros
    }

    /// The quantity as a decimal without trailing zeros.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        from_micros(self.micros)
    }

    /// The quantity with the other sign.
    ///
    /// # Errors
    /// When it does not fit (only for the smallest 64-bit number).
    pub fn checked_neg(self) -> Result<Self, ValueError> {
        self.micros
            .checked_neg()
            .map(Self::from_micros)
            .ok_or_else(|| ValueError::new(WHAT, "is too large"))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.to_decimal(), f)
    }
}

impl FromStr for Quantity {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let quantity = Decimal::from_str_exact(text).map_err(|_| ValueError::new(WHAT, "is not a decimal number"))?;
        Self::from_decimal(quantity)
    }
}

impl TryFrom<String> for Quantity {
    type Error = ValueError;

    fn try_from(text: String) -> Result<Self, ValueError> {
        text.parse()
    }
}

impl From<Quantity> for String {
    fn from(quantity: Quantity) -> Self {
        quantity.to_string()
    }
}

pub(super) const MICROS: i64 = 1_000_000;

/// The millionths of a decimal, exactly.
pub(super) fn micros(what: &'static str, decimal: Decimal) -> Result<i64, ValueError> {
    let scaled = decimal
        .checked_mul(Decimal::from(MICROS))
        .ok_or_else(|| ValueError::new(what, "is too large"))?;
    if !scaled.is_integer() {
        return Err(ValueError::new(what, "has more than six decimals; round it"));
    }
    i64::try_from(scaled).map_err(|_| ValueError::new(what, "is too large"))
}

pub(super) fn from_micros(micros: i64) -> Decimal {
    Decimal::new(micros, 6).normalize()
}
