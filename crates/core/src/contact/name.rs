use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ValueError;
use crate::text::one_line;

/// The name of a person. At least one of the given and the family name is there.
///
/// ```
/// use ecrm_core::PersonName;
/// let name = PersonName::new("Ada", "Lovelace")?.with_title("Countess")?;
/// assert_eq!(name.full(), "Countess Ada Lovelace");
/// assert!(PersonName::single("Evil\r\nBcc: x@y.example").is_err());
/// # Ok::<(), ecrm_core::ValueError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct PersonName {
    parts: Parts,
}

/// The parts in the order in which they are written out.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Parts {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    given: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    additional: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    family: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    suffix: Option<String>,
}

impl PersonName {
    /// A given and a family name.
    ///
    /// # Errors
    /// When one is empty, longer than 200 characters, or has control characters.
    pub fn new(given: &str, family: &str) -> Result<Self, ValueError> {
        let parts = Parts {
            given: Some(part(given)?),
            family: Some(part(family)?),
            ..Parts::default()
        };
        Ok(Self { parts })
    }

    /// A name of one part, or one that nobody took apart.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn single(name: &str) -> Result<Self, ValueError> {
        Ok(Self {
            parts: Parts {
                given: Some(part(name)?),
                ..Parts::default()
            },
        })
    }

    /// A family name alone, as in `Dr. Keller`.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn family_only(family: &str) -> Result<Self, ValueError> {
        Ok(Self {
            parts: Parts {
                family: Some(part(family)?),
                ..Parts::default()
            },
        })
    }

    /// Adds what stands before the name, such as `Dr.`.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_title(mut self, title: &str) -> Result<Self, ValueError> {
        self.parts.title = Some(part(title)?);
        Ok(self)
    }

    /// Adds middle names.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_additional(mut self, names: &str) -> Result<Self, ValueError> {
        self.parts.additional = Some(part(names)?);
        Ok(self)
    }

    /// Adds what stands behind the name, such as `Jr.`.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_suffix(mut self, suffix: &str) -> Result<Self, ValueError> {
        self.parts.suffix = Some(part(suffix)?);
        Ok(self)
    }

    /// What stands before the name.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.parts.title.as_deref()
    }

    /// The given name.
    #[must_use]
    pub fn given(&self) -> Option<&str> {
        self.parts.given.as_deref()
    }

    /// Middle names.
    #[must_use]
    pub fn additional(&self) -> Option<&str> {
        self.parts.additional.as_deref()
    }

    /// The family name.
    #[must_use]
    pub fn family(&self) -> Option<&str> {
        self.parts.family.as_deref()
    }

    /// What stands behind the name.
    #[must_use]
    pub fn suffix(&self) -> Option<&str> {
        self.parts.suffix.as_deref()
    }

    /// All parts, given name before family name.
    #[must_use]
    pub fn full(&self) -> String {
        let parts = [
            self.title(),
            self.given(),
            self.additional(),
            self.family(),
            self.suffix(),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

fn part(text: &str) -> Result<String, ValueError> {
    one_line("name", text, 200)
}

impl TryFrom<Parts> for PersonName {
    type Error = ValueError;

    fn try_from(parts: Parts) -> Result<Self, ValueError> {
        if parts.given.is_none() && parts.family.is_none() {
            return Err(ValueError::new("name", "has neither a given nor a family name"));
        }
        let all = [
            &parts.title,
            &parts.given,
            &parts.additional,
            &parts.family,
            &parts.suffix,
        ];
        for text in all.into_iter().flatten() {
            if part(text)? != *text {
                return Err(ValueError::new("name", "has blanks around a part"));
            }
        }
        Ok(Self { parts })
    }
}

impl From<PersonName> for Parts {
    fn from(name: PersonName) -> Self {
        name.parts
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(…)")
    }
}
