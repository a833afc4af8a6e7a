use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ValueError;

const WHAT: &str = "e-mail address";

/// An address that a mail can be sent to. It is stricter than the grammar of RFC 5321: a dot in the domain, no IP literal, no
/// quoted or non-ASCII local part, no comment, no display name, at most 254 characters; an international domain is checked and
/// kept in its ASCII form (IDNA, UTS 46) beside what was typed.
///
/// Two addresses are equal when their [comparison keys](Self::key) are.
///
/// ```
/// use ecrm_core::EmailAddress;
/// let typed: EmailAddress = "j.ott@Bücher.example".parse()?;
/// assert_eq!(typed.as_str(), "j.ott@Bücher.example");
/// assert_eq!(typed.ascii(), "j.ott@xn--bcher-kva.example");
/// assert_eq!(typed, "J.Ott@BÜCHER.example".parse()?);
/// assert!("ann@localhost".parse::<EmailAddress>().is_err());
/// # Ok::<(), ecrm_core::ValueError>(())
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress {
    typed: String,
    ascii: String,
}

impl EmailAddress {
    /// Checks an address; blanks around it are dropped.
    ///
    /// # Errors
    /// [`ValueError`] with the rule that it breaks.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let typed = text.trim();
        if typed.len() > 1000 || typed.chars().any(char::is_control) {
            return Err(refuse("is too long or has control characters"));
        }
        let (local, domain) = typed.rsplit_once('@').ok_or_else(|| refuse("has no @"))?;
        if domain.starts_with('[') {
            return Err(refuse("has an IP address for a domain; use the name of the host"));
        }
        if !local.is_ascii() {
            return Err(refuse("has a local part outside ASCII, which most mail servers refuse"));
        }
        if local.starts_with('"') {
            return Err(refuse("has a quoted local part, which many shops and servers mistreat"));
        }
        let ascii = format!("{local}@{}", ascii_domain(domain)?);
        let options = email_address::Options::default()
            .with_required_tld()
            .without_display_text()
            .without_domain_literal();
        email_address::EmailAddress::parse_with_options(&ascii, options)
            .map_err(|error| refuse(&format!("is not an address: {error}")))?;
        if ascii.len() > 254 {
            return Err(refuse("is longer than 254 characters"));
        }
        Ok(Self {
            typed: typed.to_owned(),
            ascii,
        })
    }

    /// The address as it was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// The address with its domain in ASCII, as it goes into an envelope.
    #[must_use]
    pub fn ascii(&self) -> &str {
        &self.ascii
    }

    /// What two spellings of one mailbox have in common: the ASCII form in lower case. RFC 5321 lets a server tell upper and
    /// lower case in the local part apart; none that a customer would use does.
    #[must_use]
    pub fn key(&self) -> String {
        self.ascii.to_ascii_lowercase()
    }

    /// The domain in ASCII and lower case.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.ascii.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

fn ascii_domain(domain: &str) -> Result<String, ValueError> {
    let ascii = idna::domain_to_ascii_strict(domain)
        .map_err(|_| refuse("has a domain that is not a valid international domain name"))?;
    let Some((_, top)) = ascii.rsplit_once('.') else {
        return Err(refuse("has no dot in its domain"));
    };
    if top.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(refuse("has an IP address for a domain; use the name of the host"));
    }
    Ok(ascii)
}

fn refuse(why: &str) -> ValueError {
    ValueError::new(WHAT, why)
}

impl PartialEq for EmailAddress {
    fn eq(&self, other: &Self) -> bool {
        self.ascii.eq_ignore_ascii_case(&other.ascii)
    }
}

impl Eq for EmailAddress {}

impl Hash for EmailAddress {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl FromStr for EmailAddress {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = ValueError;

    fn try_from(text: String) -> Result<Self, ValueError> {
        Self::parse(&text)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.typed
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}
