#![doc = include_str!("../README.md")]

mod classification;
mod dialect;
mod error;
mod migration;
mod session;
mod value;

pub use dialect::Dialect;
pub use error::{StoreError, StoreErrorKind};
pub use migration::{Applied, Migration, Module, migrate};
pub use session::{Session, SessionExt};
pub use value::{Batch, Columns, FromValue, Row, Type, Value};
