//! The ways in which a mail leaves.

mod maildir;
mod memory;
mod sendmail;
#[cfg(feature = "smtp")]
mod smtp;
#[cfg(feature = "smtp-tokio")]
mod smtp_tokio;

pub use maildir::Maildir;
pub use memory::Memory;
pub use sendmail::Sendmail;
#[cfg(feature = "smtp")]
pub use smtp::{Relay, Security, Smtp};
#[cfg(feature = "smtp-tokio")]
pub use smtp_tokio::SmtpTokio;

use crate::{Claimed, Outcome};

/// Sends one mail. Implement it for another way out, such as the HTTP interface of a provider: the message is in
/// [`Claimed::content`], and what the provider reports later comes in through [`webhook`](crate::webhook). Async hosts need no trait:
/// they send what they claimed and settle it.
pub trait Transport {
    /// Sends a mail and says what became of it. It never panics and never waits longer than a lease.
    fn deliver(&mut self, mail: &Claimed) -> Outcome;
}
