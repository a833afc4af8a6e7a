#![doc = include_str!("../README.md")]
#![allow(clippy::expect_used, reason = "a test kit fails by panicking")]

pub mod conformance;
pub mod generate;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub mod hosts;
mod postgres;
pub mod steps;

pub use postgres::{Durability, PostgresCluster, TestDatabase};
