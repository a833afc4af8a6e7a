use std::fmt;

use serde::{Deserialize, Serialize};

use super::Country;
use crate::ValueError;
use crate::text::one_line;

const WHAT: &str = "postal address";

/// Where a parcel or a letter goes: up to six lines above the town, the town, and the country.
///
/// ```
/// use ecrm_core::{Country, PostalAddress};
/// let address = PostalAddress::new(&["Hauptstraße 5"], "Wien", "AT".parse()?)?.with_postal_code("1010")?;
/// assert_eq!(address.locality(), "Wien");
/// # Ok::<(), ecrm_core::ValueError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct PostalAddress {
    parts: Parts,
}

#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Parts {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    lines: Vec<String>,
    locality: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    postal_code: Option<String>,
    country: Country,
}

impl PostalAddress {
    /// The lines above the town (street and number, floor, care of), the town and the country.
    ///
    /// # Errors
    /// When a part is empty, longer than 200 characters or has control characters, or there are more than six lines.
    pub fn new(lines: &[&str], locality: &str, country: Country) -> Result<Self, ValueError> {
        let lines = lines.iter().map(|line| part(line)).collect::<Result<Vec<_>, _>>()?;
        if lines.len() > 6 {
            return Err(ValueError::new(WHAT, "has more than six lines"));
        }
        let parts = Parts {
            lines,
            locality: part(locality)?,
            region: None,
            postal_code: None,
            country,
        };
        Ok(Self { parts })
    }

    /// Adds a state, province or county.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_region(mut self, region: &str) -> Result<Self, ValueError> {
        self.parts.region = Some(part(region)?);
        Ok(self)
    }

    /// Adds a postal code.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_postal_code(mut self, code: &str) -> Result<Self, ValueError> {
        self.parts.postal_code = Some(part(code)?);
        Ok(self)
    }

    /// The lines above the town.
    #[must_use]
    pub fn lines(&self) -> &[String] {
        &self.parts.lines
    }

    /// The town.
    #[must_use]
    pub fn locality(&self) -> &str {
        &self.parts.locality
    }

    /// The state, province or county.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.parts.region.as_deref()
    }

    /// The postal code.
    #[must_use]
    pub fn postal_code(&self) -> Option<&str> {
        self.parts.postal_code.as_deref()
    }

    /// The country.
    #[must_use]
    pub fn country(&self) -> Country {
        self.parts.country
    }
}

fn part(text: &str) -> Result<String, ValueError> {
    one_line(WHAT, text, 200)
}

impl TryFrom<Parts> for PostalAddress {
    type Error = ValueError;

    fn try_from(parts: Parts) -> Result<Self, ValueError> {
        let lines: Vec<&str> = parts.lines.iter().map(String::as_str).collect();
        let mut address = Self::new(&lines, &parts.locality, parts.country)?;
        if let Some(region) = &parts.region {
            address = address.with_region(region)?;
        }
        if let Some(code) = &parts.postal_code {
            address = address.with_postal_code(code)?;
        }
        Ok(address)
    }
}

impl From<PostalAddress> for Parts {
    fn from(address: PostalAddress) -> Self {
        address.parts
    }
}

impl fmt::Debug for PostalAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostalAddress(…, {})", self.country())
    }
}
