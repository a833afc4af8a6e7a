//! The tests of this module: its outbox on every database, its texts as snapshots, its transports.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says what it cannot check"
)]
#![allow(clippy::disallowed_methods, reason = "a scripted relay needs a thread of its own")]

mod answers;
mod delivery;
#[cfg(feature = "dkim")]
mod dkim;
mod hostile;
mod maildir;
mod mails;
mod messages;
mod outbox;
mod promised;
mod reports;
mod sendmail;
#[cfg(feature = "smtp")]
mod smtp;
#[cfg(feature = "smtp")]
mod smtp_server;
mod support;
mod theme;
#[cfg(feature = "xml")]
mod xml;
