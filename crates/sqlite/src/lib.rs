#![doc = include_str!("../README.md")]

mod error;
mod session;
mod value;

pub use error::store_error;
pub use session::SqliteSession;

/// The driver, so that a host can name the very version that this crate was built with.
pub use rusqlite;
