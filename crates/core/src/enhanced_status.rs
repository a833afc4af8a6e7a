//! The status codes of mail systems.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ValueError;

/// An enhanced mail system status code (RFC 3463), such as `5.1.1`: what a mail system says of one address and one mail.
///
/// ```
/// use ecrm_core::EnhancedStatus;
/// let status: EnhancedStatus = "5.1.1".parse()?;
/// assert!(status.is_permanent() && status.condemns_address());
/// assert_eq!(status.to_string(), "5.1.1");
/// # Ok::<(), ecrm_core::ValueError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EnhancedStatus {
    class: u8,
    subject: u16,
    detail: u16,
}

impl EnhancedStatus {
    /// A status of its three numbers: the class 2 (success), 4 (temporary) or 5 (permanent), the subject and the detail.
    ///
    /// # Errors
    /// When the class is another one, or a number has more than three digits.
    pub fn new(class: u8, subject: u16, detail: u16) -> Result<Self, ValueError> {
        if !matches!(class, 2 | 4 | 5) || subject > 999 || detail > 999 {
            return Err(malformed());
        }
        Ok(Self { class, subject, detail })
    }

    /// 2, 4 or 5.
    #[must_use]
    pub fn class(self) -> u8 {
        self.class
    }

    /// What the status is about: 1 the address, 2 the mailbox, 3 the mail system, 4 the network, 5 the protocol, 6 the content,
    /// 7 security or policy.
    #[must_use]
    pub fn subject(self) -> u16 {
        self.subject
    }

    /// The number within the subject.
    #[must_use]
    pub fn detail(self) -> u16 {
        self.detail
    }

    /// True when the same mail to the same address will not succeed later.
    #[must_use]
    pub fn is_permanent(self) -> bool {
        self.class == 5
    }

    /// True when the address itself is at fault and no other mail will reach it either: there is no such mailbox (5.1.1) or domain
    /// (5.1.2), it cannot exist (5.1.3), it has moved (5.1.6), or the domain takes no mail (5.1.10). A mailbox that is disabled (5.2.1)
    /// may be enabled again.
    #[must_use]
    pub fn condemns_address(self) -> bool {
        self.class == 5 && matches!((self.subject, self.detail), (1, 1 | 2 | 3 | 6 | 10))
    }
}

/// Whether a system says itself that its refusal will not last, whatever code it has chosen: greylisting, or an address that it is
/// still looking up.
///
/// ```
/// use ecrm_core::is_refused_for_now;
/// assert!(is_refused_for_now("550 5.1.1 Recipient address rejected: Address verification in progress"));
/// assert!(!is_refused_for_now("550 5.1.1 User unknown"));
/// ```
#[must_use]
pub fn is_refused_for_now(words: &str) -> bool {
    const PHRASES: [&str; 4] = [
        "verification in progress",
        "greylist",
        "try again later",
        "please retry later",
    ];
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    PHRASES.iter().any(|phrase| words.contains(phrase))
}

impl FromStr for EnhancedStatus {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let mut numbers = text.split('.').map(|part| {
            let is_number = (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
            part.parse::<u16>().ok().filter(|_| is_number)
        });
        match (numbers.next(), numbers.next(), numbers.next(), numbers.next()) {
            (Some(Some(class)), Some(Some(subject)), Some(Some(detail)), None) => {
                Self::new(u8::try_from(class).map_err(|_| malformed())?, subject, detail)
            }
            _ => Err(malformed()),
        }
    }
}

impl TryFrom<String> for EnhancedStatus {
    type Error = ValueError;

    fn try_from(text: String) -> Result<Self, ValueError> {
        text.parse()
    }
}

impl From<EnhancedStatus> for String {
    fn from(status: EnhancedStatus) -> Self {
        status.to_string()
    }
}

impl fmt::Display for EnhancedStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

impl fmt::Debug for EnhancedStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn malformed() -> ValueError {
    ValueError::new("status of a mail", "must be a code of RFC 3463 such as `5.1.1`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_read_and_written_alike() {
        for text in ["2.0.0", "4.4.7", "5.1.10", "5.7.999"] {
            assert_eq!(text.parse::<EnhancedStatus>().unwrap().to_string(), text);
        }
        for text in [
            "", "5", "5.1", "5.1.1.1", "3.1.1", "5.x.1", "5.1.1000", "+5.1.1", "5..1",
        ] {
            assert!(text.parse::<EnhancedStatus>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_full_or_disabled_mailbox_does_not_condemn_its_address() {
        let condemns = |text: &str| text.parse::<EnhancedStatus>().unwrap().condemns_address();
        assert!(["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"].into_iter().all(condemns));
        assert!(
            !["5.2.1", "5.2.2", "5.7.1", "5.0.0", "4.1.1", "2.1.1"]
                .into_iter()
                .any(condemns)
        );
    }
}
