//! Why a mail was not delivered.

mod decide;
mod words;

use std::fmt;

use ecrm_core::EnhancedStatus;

pub(crate) use decide::{Phase, decide};

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $detail:literal;)*) => {
        /// Why a mail was not delivered, in the words that are usual for it. The list may grow.
        ///
        /// ```
        /// assert_eq!(ecrm_message::Reason::UserUnknown.to_string(), "userunknown");
        /// assert!(ecrm_message::Reason::UserUnknown.condemns_address());
        /// assert!(!ecrm_message::Reason::MailboxFull.condemns_address());
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Reason {
            $($(#[$doc])* $name,)*
        }

        impl Reason {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The reason as a word: lower case letters only.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }

            /// The detail of the status that is made of this reason. It is 900 and the number that RFC 3463 has for the nearest
            /// meaning, subject and detail together: 911 for 5.1.1, 922 for 5.2.2.
            fn detail(self) -> u16 {
                match self {
                    $(Self::$name => $detail,)*
                }
            }
        }
    };
}

reasons! {
    /// SPF, DKIM or DMARC of the mail failed.
    AuthFailure = "authfailure", 976;
    /// The sending host or domain has a bad reputation.
    BadReputation = "badreputation", 975;
    /// The sending host is on a list, or is refused for what it is.
    Blocked = "blocked", 971;
    /// The form of the content is refused.
    ContentError = "contenterror", 960;
    /// It was delivered.
    Delivered = "delivered", 900;
    /// The mail is longer than the recipient allows.
    ExceedLimit = "exceedlimit", 923;
    /// Delivery was tried for too long, or is late.
    Expired = "expired", 947;
    /// A recipient complains, or wants no more mail.
    Feedback = "feedback", 900;
    /// Refused after the recipient was accepted, or by a filter of the recipient.
    Filtered = "filtered", 910;
    /// The mailbox has moved.
    HasMoved = "hasmoved", 916;
    /// There is no such domain.
    HostUnknown = "hostunknown", 912;
    /// The mailbox is full.
    MailboxFull = "mailboxfull", 922;
    /// A program that delivers on the receiving host has failed.
    MailerError = "mailererror", 939;
    /// The mail is too large.
    MesgTooBig = "mesgtoobig", 934;
    /// Hosts could not reach each other, or mails went round in a circle.
    NetworkError = "networkerror", 944;
    /// The host does not relay for the sender.
    NoRelaying = "norelaying", 909;
    /// The domain takes no mail at all.
    NotAccept = "notaccept", 932;
    /// The mail breaks RFC 5322.
    NotCompliantRfc = "notcompliantrfc", 974;
    /// The mail system wants to wait, and says no more.
    OnHold = "onhold", 901;
    /// A policy of the receiving system.
    PolicyViolation = "policyviolation", 972;
    /// The sender is refused.
    Rejected = "rejected", 918;
    /// The address of the sending host has no name.
    RequirePtr = "requireptr", 973;
    /// Authentication or encryption is wanted, or refused.
    SecurityError = "securityerror", 970;
    /// Too many mails in too short a time.
    Speeding = "speeding", 945;
    /// The mail counts as spam.
    SpamDetected = "spamdetected", 980;
    /// The mailbox is closed for now.
    Suspend = "suspend", 921;
    /// A command or an address could not be read.
    SyntaxError = "syntaxerror", 902;
    /// Something in the receiving system.
    SystemError = "systemerror", 930;
    /// The receiving system has no room.
    SystemFull = "systemfull", 931;
    /// Too many connections or recipients at once.
    TooManyConn = "toomanyconn", 945;
    /// Nothing says why.
    Undefined = "undefined", 900;
    /// There is no such mailbox.
    UserUnknown = "userunknown", 911;
    /// Something harmful was found in the mail.
    VirusDetected = "virusdetected", 981;
}

impl Reason {
    /// True when the address itself is at fault, so that no other mail will reach it: there is no such mailbox or domain, it has
    /// moved, or its domain takes no mail.
    #[must_use]
    pub fn condemns_address(self) -> bool {
        matches!(
            self,
            Self::UserUnknown | Self::HostUnknown | Self::HasMoved | Self::NotAccept
        )
    }

    /// The status of a report that has none.
    pub(crate) fn status(self, class: u8) -> Option<EnhancedStatus> {
        EnhancedStatus::new(class, 0, self.detail()).ok()
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
