use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::country_table::COUNTRIES;
use crate::ValueError;

/// A country of ISO 3166-1.
///
/// ```
/// use ecrm_core::Country;
/// let country: Country = "IE".parse()?;
/// assert_eq!((country.alpha3(), country.name()), ("IRL", "Ireland"));
/// # Ok::<(), ecrm_core::ValueError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country(u8);

impl Country {
    /// All countries, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..u8::MAX).zip(COUNTRIES).map(|(index, _)| Self(index))
    }

    /// The two-letter code.
    #[must_use]
    pub fn code(self) -> &'static str {
        COUNTRIES[usize::from(self.0)].0
    }

    /// The three-letter code.
    #[must_use]
    pub fn alpha3(self) -> &'static str {
        COUNTRIES[usize::from(self.0)].1
    }

    /// The short name in English.
    #[must_use]
    pub fn name(self) -> &'static str {
        COUNTRIES[usize::from(self.0)].2
    }
}

impl FromStr for Country {
    type Err = ValueError;

    fn from_str(code: &str) -> Result<Self, ValueError> {
        COUNTRIES
            .binary_search_by(|(known, _, _)| (*known).cmp(code))
            .ok()
            .and_then(|index| u8::try_from(index).ok())
            .map(Self)
            .ok_or_else(|| {
                ValueError::new(
                    "country",
                    "must be a two-letter code of ISO 3166-1 in capitals, such as `DE`",
                )
            })
    }
}

impl TryFrom<String> for Country {
    type Error = ValueError;

    fn try_from(code: String) -> Result<Self, ValueError> {
        code.parse()
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.code().to_owned()
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
