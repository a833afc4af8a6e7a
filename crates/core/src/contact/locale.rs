use std::fmt;
use std::str::FromStr;

use oxilangtag::LanguageTag;
use serde::{Deserialize, Serialize};

use crate::ValueError;

/// A language, perhaps of a script or a country: a BCP 47 tag such as `fr`, `de-AT` or `zh-Hant-TW`, in its usual spelling.
///
/// ```
/// use ecrm_core::Locale;
/// let locale: Locale = "de-at".parse()?;
/// assert_eq!(locale.as_str(), "de-AT");
/// assert_eq!(locale.fallbacks().collect::<Vec<_>>(), ["de-AT", "de"]);
/// # Ok::<(), ecrm_core::ValueError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Locale(String);

impl Locale {
    /// English.
    #[must_use]
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// The tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language alone: `de` of `de-AT`.
    #[must_use]
    pub fn language(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }

    /// The tag and each shorter one, the most exact first.
    pub fn fallbacks(&self) -> impl Iterator<Item = &str> {
        std::iter::successors(Some(self.as_str()), |tag| {
            tag.rsplit_once('-').map(|(shorter, _)| shorter)
        })
    }
}

impl FromStr for Locale {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        LanguageTag::parse_and_normalize(text)
            .ok()
            .filter(|tag| tag.as_str().len() <= 35)
            .map(|tag| Self(tag.into_inner()))
            .ok_or_else(|| ValueError::new("locale", "must be a BCP 47 tag such as `fr` or `de-AT`"))
    }
}

impl TryFrom<String> for Locale {
    type Error = ValueError;

    fn try_from(text: String) -> Result<Self, ValueError> {
        text.parse()
    }
}

impl From<Locale> for String {
    fn from(locale: Locale) -> Self {
        locale.0
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
