#![doc = include_str!("../README.md")]

// The two generations of sqlx cannot share one lockfile (libsqlite3-sys links once), and this code, written once for both, cannot be
// shared through a third crate, because its types would be those of one generation. So the files are relative links to those of
// `ecrm-sqlx`, which cargo follows when it packages, and `generation.rs` holds what differs. The library has the same name in
// both packages: a shop that moves to sqlx 0.9 changes one line of its Cargo.toml.

#[cfg(any(feature = "postgres", feature = "sqlite"))]
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod error;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod generation;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod rows;

#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "sqlite")]
pub mod sqlite;

/// The driver, so that a host can name the very version that this crate was built with.
pub use sqlx;
