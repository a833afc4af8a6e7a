#![doc = include_str!("../README.md")]

pub mod conformance;
mod postgres;

pub use postgres::{Durability, PostgresCluster, TestDatabase};
