//! Links by which a customer answers with one click: signed, so that nobody can answer for another.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use chrono::{DateTime, Utc};
use ecrm_core::{Code, Id, Subject, ValueError};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

use crate::notice::checked_url;

/// The most bytes of a token that are looked at.
const LONGEST_TOKEN: usize = 2000;

/// Makes and reads the links of a shop. The page behind the address shows what was chosen and lets the customer confirm it by POST:
/// programs that guard mailboxes follow links, and must not answer for anybody. Unsubscribing is the exception that RFC 8058 defines;
/// it comes by POST from the mail program.
///
/// ```
/// use chrono::{DateTime, TimeDelta};
/// use ecrm_confirmation_mail::{Choice, Links};
/// # use ecrm_core::{GuestId, SeededIds};
/// let links = Links::new("https://lamps.example/answer", b"a secret of the shop, 32 bytes or more")?;
/// # let now = DateTime::UNIX_EPOCH;
/// # let guest = GuestId::new(&SeededIds::new(1), now).into();
/// let url = links.link(guest, "order:10248:delay", "order:shop:10248/line:2", Choice::Wait, now + TimeDelta::days(30))?;
/// let token = url.split_once("?t=").map(|(_, token)| token).unwrap_or_default();
/// assert_eq!(links.read(token, now)?.choice, Choice::Wait);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Links {
    address: String,
    mac: Hmac<Sha256>,
}

impl Links {
    /// Links to a page of the shop, signed with a secret.
    ///
    /// # Errors
    /// When the address is not one of the web, or the secret has less than 32 bytes.
    pub fn new(address: &str, secret: &[u8]) -> Result<Self, ValueError> {
        if secret.len() < 32 {
            return Err(ValueError::new("secret of links", "must have at least 32 bytes"));
        }
        let mac = Hmac::new_from_slice(secret).map_err(|_| ValueError::new("secret of links", "cannot be used"))?;
        let is_local = ["http://localhost", "http://127.0.0.1"]
            .iter()
            .any(|local| address.starts_with(local));
        if !address.starts_with("https://") && !is_local {
            return Err(ValueError::new("address of links", "must be an https URL (RFC 8058)"));
        }
        Ok(Self {
            address: checked_url(address)?,
            mac,
        })
    }

    /// The link by which a recipient makes a choice about something, until an instant.
    ///
    /// # Errors
    /// When the link becomes too long.
    pub fn link(
        &self,
        subject: Subject,
        mail: &str,
        about: &str,
        choice: Choice,
        until: DateTime<Utc>,
    ) -> Result<String, ValueError> {
        let body = Body {
            choice: choice.code().to_owned(),
            subject: subject.id().uuid(),
            guest: subject.customer().is_none(),
            mail: mail.to_owned(),
            about: about.to_owned(),
            until: until.timestamp(),
        };
        let body = serde_json::to_vec(&body).map_err(|_| ValueError::new("link", "cannot be written"))?;
        let token = format!("{}.{}", BASE64.encode(&body), BASE64.encode(self.signature(&body)));
        let mark = if self.address.contains('?') { '&' } else { '?' };
        checked_url(&format!("{}{mark}t={token}", self.address))
    }

    /// What a token says, if it is one of ours and its time is not over.
    ///
    /// # Errors
    /// [`LinkError::Expired`] and [`LinkError::NotOurs`].
    pub fn read(&self, token: &str, now: DateTime<Utc>) -> Result<Answer, LinkError> {
        if token.len() > LONGEST_TOKEN {
            return Err(LinkError::NotOurs);
        }
        let (body, signature) = token.split_once('.').ok_or(LinkError::NotOurs)?;
        let body = BASE64.decode(body).map_err(|_| LinkError::NotOurs)?;
        let signature = BASE64.decode(signature).map_err(|_| LinkError::NotOurs)?;
        let mut mac = self.mac.clone();
        mac.update(&body);
        mac.verify_slice(&signature).map_err(|_| LinkError::NotOurs)?;
        let body: Body = serde_json::from_slice(&body).map_err(|_| LinkError::NotOurs)?;
        if body.until < now.timestamp() {
            return Err(LinkError::Expired);
        }
        let subject = if body.guest {
            Subject::Guest(Id::from_uuid(body.subject))
        } else {
            Subject::Customer(Id::from_uuid(body.subject))
        };
        let choice = Choice::from_code(&body.choice).map_err(|_| LinkError::NotOurs)?;
        Ok(Answer {
            subject,
            mail: body.mail,
            about: body.about,
            choice,
        })
    }

    fn signature(&self, body: &[u8]) -> Vec<u8> {
        let mut mac = self.mac.clone();
        mac.update(body);
        mac.finalize().into_bytes().to_vec()
    }
}

/// The secret stays out of logs.
impl fmt::Debug for Links {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Links({})", self.address)
    }
}

#[derive(Serialize, Deserialize)]
struct Body {
    #[serde(rename = "c")]
    choice: String,
    #[serde(rename = "s")]
    subject: Uuid,
    #[serde(rename = "g")]
    guest: bool,
    #[serde(rename = "m")]
    mail: String,
    #[serde(rename = "a")]
    about: String,
    #[serde(rename = "u")]
    until: i64,
}

/// What a customer has answered by a link.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// Who.
    pub subject: Subject,
    /// The key of the mail that had the link.
    pub mail: String,
    /// About what, such as `order:shop:10248/line:2`.
    pub about: String,
    /// What was chosen.
    pub choice: Choice,
}

/// What can be chosen by a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Choice {
    /// Call it off.
    Cancel,
    /// Send something else instead.
    Replace,
    /// No such mails any more.
    Unsubscribe,
    /// Send it later.
    Wait,
}

impl Code for Choice {
    const WHAT: &'static str = "choice";
    const ALL: &'static [Self] = &[Self::Cancel, Self::Replace, Self::Unsubscribe, Self::Wait];

    fn code(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::Replace => "replace",
            Self::Unsubscribe => "unsubscribe",
            Self::Wait => "wait",
        }
    }
}

/// Why a link cannot be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// Its time is over.
    #[error("the time of this link is over; ask the customer to get in touch")]
    Expired,
    /// It was not made with this secret, or was changed.
    #[error("this link is not one of ours")]
    NotOurs,
}
