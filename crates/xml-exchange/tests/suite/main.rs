//! Documents of all kinds, both ways.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "what could not be tested is said")]

mod answers;
mod any_of;
mod laws;
mod money;
mod own_files;
mod parties;
mod samples;
mod snapshots;
mod support;
