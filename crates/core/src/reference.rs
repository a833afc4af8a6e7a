//! Keys of other systems, and where a datum came from.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ValueError;
use crate::text::one_line;

/// The key that something has in another system: order `10248` of `shop`, customer `C-17` of `erp`.
///
/// ```
/// use ecrm_core::ExternalRef;
/// let number = ExternalRef::new("shop", "10248")?;
/// assert_eq!(number.to_string(), "shop:10248");
/// assert!(ExternalRef::new("shop", "").is_err());
/// # Ok::<(), ecrm_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct ExternalRef {
    system: String,
    key: String,
}

#[derive(Serialize, Deserialize)]
struct Parts {
    system: String,
    key: String,
}

impl ExternalRef {
    /// A key of a system.
    ///
    /// # Errors
    /// When one of the two is empty, too long (100 and 200 characters) or has control characters, those that turn the direction of
    /// text among them, or the system has a colon.
    pub fn new(system: &str, key: &str) -> Result<Self, ValueError> {
        let system = identifying("system of a reference", system, 100)?;
        if system.contains(':') {
            return Err(ValueError::new(
                "system of a reference",
                "has a colon, which separates it from the key",
            ));
        }
        Ok(Self {
            system,
            key: identifying("key of a reference", key, 200)?,
        })
    }

    /// The system whose key it is.
    #[must_use]
    pub fn system(&self) -> &str {
        &self.system
    }

    /// The key in that system.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// One line that looks like what it is: characters that turn the direction of text would let one identifier pass for another.
fn identifying(what: &'static str, text: &str, longest: usize) -> Result<String, ValueError> {
    let turns = |character| matches!(character, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    match text.chars().position(turns) {
        Some(position) => Err(ValueError::new(
            what,
            format!(
                "has a character at position {} that turns the direction of text; remove it",
                position + 1
            ),
        )),
        None => one_line(what, text, longest),
    }
}

impl TryFrom<Parts> for ExternalRef {
    type Error = ValueError;

    fn try_from(parts: Parts) -> Result<Self, ValueError> {
        Self::new(&parts.system, &parts.key)
    }
}

impl From<ExternalRef> for Parts {
    fn from(reference: ExternalRef) -> Self {
        Self {
            system: reference.system,
            key: reference.key,
        }
    }
}

impl fmt::Display for ExternalRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.system, self.key)
    }
}

/// Where a datum came from: `checkout`, `import:crm-2019`, `customer`, `agent:mia`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Source(String);

impl Source {
    /// A source by its name.
    ///
    /// # Errors
    /// When the name is empty, longer than 100 characters or has control characters.
    pub fn new(name: &str) -> Result<Self, ValueError> {
        one_line("source", name, 100).map(Self)
    }

    /// The shop's checkout.
    #[must_use]
    pub fn checkout() -> Self {
        Self("checkout".to_owned())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Source {
    type Error = ValueError;

    fn try_from(name: String) -> Result<Self, ValueError> {
        Self::new(&name)
    }
}

impl From<Source> for String {
    fn from(source: Source) -> Self {
        source.0
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
