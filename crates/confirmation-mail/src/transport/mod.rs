//! The ways in which a mail leaves.

mod maildir;
mod memory;
#[cfg(feature = "smtp")]
mod smtp;

pub use maildir::Maildir;
pub use memory::Memory;
#[cfg(feature = "smtp")]
pub use smtp::Smtp;

use crate::{Claimed, Outcome};

/// Sends one mail. Implement it for another way out; async hosts need no trait: they send what they claimed and settle it.
pub trait Transport {
    /// Sends a mail and says what became of it. It never panics and never waits longer than a lease.
    fn deliver(&mut self, mail: &Claimed) -> Outcome;
}
