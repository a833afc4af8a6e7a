use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Code, EmailAddress, ExternalRef, PhoneNumber};

/// Something that a customer is recognised by.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Identifier {
    /// A cookie or device: weak, because several people may share it.
    Device(ExternalRef),
    /// A mailbox: strong.
    Email(EmailAddress),
    /// The key of a customer in another system, such as the shop's own: strong.
    External(ExternalRef),
    /// A telephone number: weak, because households share it.
    Phone(PhoneNumber),
}

impl Identifier {
    /// The word of its kind.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Device(_) => "device",
            Self::Email(_) => "email",
            Self::External(_) => "external",
            Self::Phone(_) => "phone",
        }
    }

    /// The normalised value, by which it is looked up.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Device(reference) | Self::External(reference) => reference.to_string(),
            Self::Email(address) => address.key(),
            Self::Phone(number) => number.as_str().to_owned(),
        }
    }

    /// Whether it can belong to one customer only.
    #[must_use]
    pub fn strength(&self) -> Strength {
        match self {
            Self::Email(_) | Self::External(_) => Strength::Strong,
            Self::Device(_) | Self::Phone(_) => Strength::Weak,
        }
    }
}

impl fmt::Debug for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identifier({}, …)", self.kind())
    }
}

/// How far an [`Identifier`] proves who somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "an identifier proves, or it does not")]
pub enum Strength {
    /// One customer at most has it.
    Strong,
    /// Several customers may have it.
    Weak,
}

impl Code for Strength {
    const WHAT: &'static str = "strength of an identifier";
    const ALL: &'static [Self] = &[Self::Strong, Self::Weak];

    fn code(self) -> &'static str {
        match self {
            Self::Strong => "strong",
            Self::Weak => "weak",
        }
    }
}
