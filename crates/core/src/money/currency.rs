use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ValueError;

/// A currency of ISO 4217 that has a minor unit; gold, test codes and the like are refused.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// The Swiss franc.
    pub const CHF: Self = Self(iso_currency::Currency::CHF);
    /// The euro.
    pub const EUR: Self = Self(iso_currency::Currency::EUR);
    /// The pound sterling.
    pub const GBP: Self = Self(iso_currency::Currency::GBP);
    /// The yen, which has no decimals.
    pub const JPY: Self = Self(iso_currency::Currency::JPY);
    /// The Kuwaiti dinar, which has three decimals.
    pub const KWD: Self = Self(iso_currency::Currency::KWD);
    /// The United States dollar.
    pub const USD: Self = Self(iso_currency::Currency::USD);

    /// The three-letter code, such as `EUR`.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// The number of decimals: 2 for the euro, 0 for the yen, 3 for the Kuwaiti dinar.
    #[must_use]
    pub fn exponent(self) -> u32 {
        // The constructor refuses currencies without an exponent.
        self.0.exponent().map_or(0, u32::from)
    }

    /// The symbol where it stands for this currency alone, such as `€`; else the code. A dollar sign alone would stand for more than
    /// twenty currencies (CLDR writes them `US$`, `CA$`, … outside of their country).
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self.code() {
            "AUD" => "A$",
            "BRL" => "R$",
            "CAD" => "CA$",
            "CNY" => "CN¥",
            "EUR" => "€",
            "GBP" => "£",
            "HKD" => "HK$",
            "ILS" => "₪",
            "INR" => "₹",
            "JPY" => "¥",
            "KRW" => "₩",
            "MXN" => "MX$",
            "NZD" => "NZ$",
            "PHP" => "₱",
            "TWD" => "NT$",
            "USD" => "US$",
            "VND" => "₫",
            code => code,
        }
    }
}

impl FromStr for Currency {
    type Err = ValueError;

    fn from_str(code: &str) -> Result<Self, ValueError> {
        iso_currency::Currency::from_code(code)
            .filter(|currency| currency.exponent().is_some())
            .map(Self)
            .ok_or_else(|| {
                ValueError::new(
                    "currency",
                    "must be a code of ISO 4217 with a minor unit, such as `EUR`",
                )
            })
    }
}

impl TryFrom<String> for Currency {
    type Error = ValueError;

    fn try_from(code: String) -> Result<Self, ValueError> {
        code.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl PartialOrd for Currency {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Currency {
    /// By code.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.code().cmp(other.code())
    }
}
