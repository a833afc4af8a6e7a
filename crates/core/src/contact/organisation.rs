use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ValueError;
use crate::text::one_line;

/// The name of a company, an association or an authority.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Organisation(String);

impl Organisation {
    /// An organisation by its name.
    ///
    /// # Errors
    /// When the name is empty, longer than 200 characters or has control characters.
    pub fn new(name: &str) -> Result<Self, ValueError> {
        one_line("organisation", name, 200).map(Self)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Organisation {
    type Error = ValueError;

    fn try_from(name: String) -> Result<Self, ValueError> {
        Self::new(&name)
    }
}

impl From<Organisation> for String {
    fn from(organisation: Organisation) -> Self {
        organisation.0
    }
}

impl fmt::Debug for Organisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Organisation(…)")
    }
}
