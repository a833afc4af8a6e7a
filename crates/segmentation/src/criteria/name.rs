//! Names of segments and lists.

use std::fmt;

use serde::{Deserialize, Serialize};

use ecrm_core::ValueError;

/// The name of a segment or of a list: 1 to 100 characters on one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

impl Name {
    /// A name.
    ///
    /// # Errors
    /// When it is empty, longer, begins or ends with a blank, or has control characters.
    pub fn new(name: &str) -> Result<Self, ValueError> {
        let length = name.chars().count();
        if !(1..=100).contains(&length) || name.trim() != name || name.chars().any(char::is_control) {
            return Err(ValueError::new(
                "name of a segment",
                "must have 1 to 100 characters on one line, without blanks around them",
            ));
        }
        Ok(Self(name.to_owned()))
    }

    /// A name that this module gives. It ends with a blank, so that nobody else can give it.
    pub(crate) fn reserved(name: &str) -> Self {
        debug_assert!(name.ends_with(' '), "{name:?} is anybody's");
        Self(name.to_owned())
    }

    pub(crate) fn is_reserved(&self) -> bool {
        self.0.ends_with(' ')
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Name {
    type Error = ValueError;

    fn try_from(name: String) -> Result<Self, ValueError> {
        Self::new(&name)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}
