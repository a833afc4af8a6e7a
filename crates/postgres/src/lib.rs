#![doc = include_str!("../README.md")]

mod blocking;
mod error;
mod session;
mod unit_of_work;
mod value;

pub use session::PostgresSession;
pub use unit_of_work::{unit_of_work, unit_of_work_on};

/// The driver, so that a host can name the very version that this crate was built with.
pub use tokio_postgres;
