//! The ways in which a shop and a customer reach each other.

use serde::{Deserialize, Serialize};

use crate::Code;

/// A way to reach a customer, or for a customer to reach the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Channel {
    /// Chat on the site or in a messenger.
    Chat,
    /// E-mail.
    Email,
    /// In the shop, face to face.
    InPerson,
    /// Telephone.
    Phone,
    /// Letter.
    Post,
    /// A notification on a device.
    Push,
    /// Text message.
    Sms,
    /// The site itself.
    Web,
}

impl Channel {
    /// Whether a message over it needs an address of the recipient: a mail address, a telephone number, a postal address.
    ///
    /// ```
    /// use ecrm_core::Channel;
    /// assert!(Channel::Sms.needs_address() && !Channel::InPerson.needs_address());
    /// ```
    #[must_use]
    pub fn needs_address(self) -> bool {
        !matches!(self, Self::Chat | Self::InPerson | Self::Push | Self::Web)
    }
}

impl Code for Channel {
    const WHAT: &'static str = "channel";
    const ALL: &'static [Self] = &[
        Self::Chat,
        Self::Email,
        Self::InPerson,
        Self::Phone,
        Self::Post,
        Self::Push,
        Self::Sms,
        Self::Web,
    ];

    fn code(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Email => "email",
            Self::InPerson => "in_person",
            Self::Phone => "phone",
            Self::Post => "post",
            Self::Push => "push",
            Self::Sms => "sms",
            Self::Web => "web",
        }
    }
}
