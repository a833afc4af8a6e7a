#![doc = include_str!("../README.md")]

mod auto_reply;
mod classify;
mod error;
mod limits;
mod message;
mod model;
mod parse;
mod part;
mod reason;
mod report;
mod scan;

pub use error::MessageError;
pub use limits::Limits;
pub use message::Message;
pub use model::{AutoReplyCause, Kind, Original, Report, ReportKind, ReportedRecipient};
pub use part::Part;
pub use reason::Reason;
