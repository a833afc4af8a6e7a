//! What a caller can act on.

use chrono::{DateTime, Utc};
use ecrm_core::{Refusal, ValueError};
use ecrm_store::StoreError;

/// An error of this module. Nothing is queued, claimed or settled when one is returned.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MailError {
    /// The key was used for another mail already.
    #[error(
        "the key of this mail was used for another content already; use a key that names the occasion, such as `order:10248:confirmation`"
    )]
    KeyReused,
    /// The lease ran out and somebody else holds the message now.
    #[error(
        "the lease of this message has run out; its outcome was not written, and it will be sent again or was settled by another worker"
    )]
    LeaseLost,
    /// The mail needs links, and the shop has set up none.
    #[error("this notice has links by which the customer answers; give the mailer its links with Mailer::with_links")]
    NoLinks,
    /// The mail would change a day that the customer was told, without saying so.
    #[error(
        "the customer was promised {about} ({what}) for {promised}, and this mail says something else; send a DeliveryDelayed notice that names this day as the one told before"
    )]
    PromiseChanged {
        /// What the promise is about, such as `order:shop:10248/line:2`.
        about: String,
        /// What was promised, such as `available`.
        what: String,
        /// For when.
        promised: DateTime<Utc>,
    },
    /// The mail is in a state from which this does not follow.
    #[error("this cannot be done: the mail is {0}")]
    WrongState(&'static str),
    /// There is no mail under the key.
    #[error("there is no mail under this key")]
    Unknown,
    /// The permission is for another recipient, channel or purpose.
    #[error(
        "the permission is not one for this mail; ask may_contact with the mail's recipient, its purpose() and Channel::Email"
    )]
    WrongPermission,
    /// The recipient may not be contacted.
    #[error("the mail may not be sent: {0}")]
    Refused(#[from] Refusal),
    /// A template or phrase is broken.
    #[error("a template cannot be rendered: {0}")]
    Template(String),
    /// A value does not fit into a mail.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl MailError {
    /// True when repeating the host's whole transaction may succeed.
    #[must_use]
    pub fn should_retry_transaction(&self) -> bool {
        matches!(self, Self::Store(error) if error.should_retry_transaction())
    }
}

/// What a host's unit of work must know of an error here: whether to commit, and whether to repeat.
impl From<MailError> for StoreError {
    fn from(error: MailError) -> Self {
        match error {
            MailError::Store(error) => error,
            other => Self::invalid_input(other.to_string()),
        }
    }
}
