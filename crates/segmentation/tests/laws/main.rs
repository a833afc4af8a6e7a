//! What must be true for all criteria and all customers.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod defects;
mod edges;
mod histories;
mod kept;
mod models;
mod oracle;
mod sets;
mod texts;
mod trees;
mod truth;
