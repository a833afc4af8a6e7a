//! Feeds of records, imported on every database.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod again;
mod bad_records;
mod contents;
mod dry_runs;
mod gzip;
mod resuming;
mod support;
