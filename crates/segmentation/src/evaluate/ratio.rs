//! Exact numbers: fractions that are compared with millionths.

use std::cmp::Ordering;

use ecrm_core::Money;
use rust_decimal::Decimal;

/// A number in millionths, as a fraction: means and days are no whole numbers of anything.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ratio {
    numerator: i128,
    /// At least 1.
    denominator: i128,
}

pub(crate) const MILLION: i128 = 1_000_000;

impl Ratio {
    /// So many millionths.
    pub(crate) fn micros(micros: i128) -> Self {
        Self {
            numerator: micros,
            denominator: 1,
        }
    }

    pub(crate) fn whole(number: usize) -> Self {
        Self::micros(i128::try_from(number).unwrap_or(i128::MAX / MILLION) * MILLION)
    }

    /// So many millionths, divided.
    pub(crate) fn divided(micros: i128, by: i128) -> Self {
        Self {
            numerator: micros,
            denominator: by.max(1),
        }
    }

    pub(crate) fn of_decimal(number: Decimal) -> Self {
        let denominator = 10_i128.pow(number.scale());
        match number.mantissa().checked_mul(MILLION) {
            Some(numerator) => Self { numerator, denominator },
            // So many digits leave room for few decimals.
            None => Self::micros(number.trunc().mantissa().saturating_mul(MILLION)),
        }
    }

    pub(crate) fn of_money(money: Money) -> Self {
        Self::of_decimal(money.to_decimal())
    }

    /// A number with a point that floats is the shortest decimal number that denotes it.
    pub(crate) fn of_float(number: f64) -> Self {
        let text = number.to_string();
        let sign = if number < 0.0 { -1 } else { 1 };
        match Decimal::from_str_exact(&text) {
            Ok(decimal) => Self::of_decimal(decimal),
            Err(_) if number.abs() < 1.0 => Self::divided(sign, i128::MAX),
            Err(_) => Self::micros(sign * i128::MAX),
        }
    }

    /// The nearest number with a point that floats.
    pub(crate) fn to_float(self) -> f64 {
        self.numerator as f64 / self.denominator as f64 / MILLION as f64
    }

    /// The whole millionths.
    pub(crate) fn whole_micros(self) -> i128 {
        self.numerator.div_euclid(self.denominator)
    }

    /// How it compares with so many millionths.
    pub(crate) fn cmp_micros(self, micros: i128) -> Ordering {
        let whole = self.numerator.div_euclid(self.denominator);
        let rest = self.numerator.rem_euclid(self.denominator);
        whole
            .cmp(&micros)
            .then(if rest > 0 { Ordering::Greater } else { Ordering::Equal })
    }

    /// How it compares with another one.
    pub(crate) fn cmp(self, other: Self) -> Ordering {
        let whole = |ratio: Self| ratio.numerator.div_euclid(ratio.denominator);
        let rest = |ratio: Self| ratio.numerator.rem_euclid(ratio.denominator);
        whole(self).cmp(&whole(other)).then_with(|| {
            let left = rest(self).checked_mul(other.denominator);
            let right = rest(other).checked_mul(self.denominator);
            left.cmp(&right)
        })
    }
}

/// The millionths of a number that passed the check of its criteria.
pub(crate) fn micros_of(number: Decimal) -> i128 {
    let scale = number.scale();
    if scale <= 6 {
        number.mantissa() * 10_i128.pow(6 - scale)
    } else {
        number.mantissa() / 10_i128.pow(scale - 6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_is_compared_without_rounding_it() {
        let third = Ratio::divided(MILLION, 3);
        assert_eq!(third.cmp_micros(333_333), Ordering::Greater);
        assert_eq!(third.cmp_micros(333_334), Ordering::Less);
        assert_eq!(Ratio::divided(3 * MILLION, 3).cmp_micros(MILLION), Ordering::Equal);
    }

    #[test]
    fn a_metric_is_the_number_that_it_is_written_as() {
        assert_eq!(Ratio::of_float(0.1).cmp_micros(100_000), Ordering::Equal);
        assert_eq!(Ratio::of_float(-2.5).cmp_micros(-2_500_000), Ordering::Equal);
        assert_eq!(
            Ratio::of_float(1e300).cmp_micros(i128::from(i64::MAX)),
            Ordering::Greater
        );
        assert_eq!(Ratio::of_float(-1e300).cmp_micros(0), Ordering::Less);
        assert_eq!(Ratio::of_float(1e-300).cmp_micros(0), Ordering::Greater);
        assert_eq!(Ratio::of_float(-1e-300).cmp_micros(0), Ordering::Less);
        assert_eq!(Ratio::of_float(0.0).cmp_micros(0), Ordering::Equal);
    }
}
