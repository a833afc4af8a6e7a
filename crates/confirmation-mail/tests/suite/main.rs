//! The tests of this module: its outbox on every database, its texts as snapshots, its transports.

mod maildir;
mod mails;
mod outbox;
#[cfg(feature = "smtp")]
mod smtp;
mod support;
