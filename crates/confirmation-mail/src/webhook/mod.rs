//! What mail providers report over HTTP, made into [`MailEvent`]s. The host receives the request; here it is checked and read.

mod mailgun;

pub use mailgun::Mailgun;

use chrono::{DateTime, Utc};

use crate::MailEvent;

/// A provider whose reports can be read. Implement it for another one; [`Mailgun`] shows how.
pub trait Webhook {
    /// The events in the body of a request, after its signature was checked. Those that mean nothing here are left out.
    ///
    /// # Errors
    /// [`WebhookError`]; answer the request with its [`status`](WebhookError::status).
    fn events(&self, body: &[u8], now: DateTime<Utc>) -> Result<Vec<MailEvent>, WebhookError>;
}

/// Why a report is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookError {
    /// It is not signed with the shop's key.
    #[error("the report is not signed with this key")]
    Forged,
    /// It cannot be read.
    #[error("the report cannot be read")]
    Malformed,
    /// Its signature is too old: somebody may be repeating it.
    #[error("the signature of the report is too old")]
    Stale,
    /// It is larger than a report can be.
    #[error("the report is too large")]
    TooLarge,
}

impl WebhookError {
    /// The status of HTTP to answer with.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::Forged | Self::Stale => 401,
            Self::Malformed => 400,
            Self::TooLarge => 413,
        }
    }
}
