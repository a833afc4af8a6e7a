#![doc = include_str!("../README.md")]

mod clock;
mod error;
mod id;

pub use clock::{Clock, FixedClock, SystemClock, to_microseconds};
pub use error::ValueError;
pub use id::{Id, IdSource, SeededIds, SystemIds};

/// The id of a customer.
pub type CustomerId = Id<()>;
