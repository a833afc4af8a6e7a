#![doc = include_str!("../README.md")]

pub mod conformance;
pub mod generate;
mod postgres;

pub use postgres::{Durability, PostgresCluster, TestDatabase};
