//! Several transactions at the same time: nobody waits for another customer's order, and nothing is missed.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]
#![allow(unreachable_pub, reason = "a test exports nothing")]

mod apart;
mod check;
mod crowd;
mod shop;
