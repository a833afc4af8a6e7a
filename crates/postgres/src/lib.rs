#![doc = include_str!("../README.md")]

mod caching_client;
mod error;
mod session;
mod statements;
mod unit_of_work;
mod value;

pub use caching_client::CachingClient;
pub use error::store_error;
pub use session::PostgresSession;
pub use statements::StatementCache;
pub use unit_of_work::unit_of_work;

/// The driver, so that a host can name the very version that this crate was built with.
pub use tokio_postgres;
