use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ValueError;

/// A telephone number in the international form of ITU-T E.164: a plus sign, the country code, at most 15 digits.
///
/// Blanks, dots, hyphens, slashes and brackets are dropped, and so is the `(0)` that some write after the country code. A
/// national number is refused: which country it belongs to is not to be guessed.
///
/// ```
/// use ecrm_core::PhoneNumber;
/// let number: PhoneNumber = "+49 (0)30 / 901820".parse()?;
/// assert_eq!(number.as_str(), "+4930901820");
/// assert!("030 901820".parse::<PhoneNumber>().is_err());
/// # Ok::<(), ecrm_core::ValueError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// The number, such as `+4930901820`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PhoneNumber {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let refuse = |why: &str| Err(ValueError::new("phone number", why));
        let Some(national) = text.trim().strip_prefix('+') else {
            return refuse("must begin with + and the country code, such as `+49 30 901820`");
        };
        let mut digits = String::from("+");
        for character in national.replacen("(0)", "", 1).chars() {
            match character {
                '0'..='9' => digits.push(character),
                ' ' | '.' | '-' | '/' | '(' | ')' | '\u{a0}' => {}
                _ => return refuse("has characters other than digits and separators"),
            }
        }
        match digits.len() - 1 {
            _ if digits.starts_with("+0") => refuse("must have a country code, none of which begins with 0"),
            7..=15 => Ok(Self(digits)),
            _ => refuse("must have 7 to 15 digits"),
        }
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = ValueError;

    fn try_from(text: String) -> Result<Self, ValueError> {
        text.parse()
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> Self {
        number.0
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneNumber(…)")
    }
}
