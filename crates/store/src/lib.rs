#![doc = include_str!("../README.md")]

pub mod activities;
pub mod attributes;
#[cfg(feature = "tokio")]
pub mod blocking;
pub mod changes;
mod classification;
pub mod consents;
pub mod customers;
mod dialect;
mod error;
pub mod external_refs;
mod groups;
pub mod identifiers;
mod json;
pub mod metrics;
mod migration;
mod permission;
pub mod promises;
pub mod registry;
mod row;
mod session;
pub mod suppressions;
mod trace;
mod unit_of_work;
mod value;
mod wire;

pub use dialect::Dialect;
pub use error::{StoreError, StoreErrorKind};
pub use groups::{ACTIVITY, CONSENT, METRIC, PROMISE, RECORD, STORE};
pub use migration::{Applied, Migration, Module, hex, migrate};
pub use permission::{Permission, may_contact};
pub use row::{Columns, FromValue, Row};
pub use session::{Session, SessionExt};
pub use trace::{Span, span};
pub use unit_of_work::UnitOfWork;
pub use value::{Batch, Type, Value};
