#![doc = include_str!("../README.md")]

pub mod activities;
pub mod attributes;
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
mod session;
pub mod suppressions;
mod value;

pub use dialect::Dialect;
pub use error::{StoreError, StoreErrorKind};
pub use groups::{ACTIVITY, CONSENT, METRIC, PROMISE, RECORD, STORE};
pub use migration::{Applied, Migration, Module, migrate};
pub use permission::{Permission, may_contact};
pub use session::{Session, SessionExt};
pub use value::{Batch, Columns, FromValue, Row, Type, Value};
