#![doc = include_str!("../README.md")]

mod claim;
mod enqueue;
mod error;
mod format;
mod mime;
mod model;
mod outbox;
mod render;
mod settle;
mod store;
pub mod transport;
mod worker;

pub use claim::{claim, take_over};
pub use enqueue::enqueue;
pub use error::MailError;
pub use model::{Claimed, Enqueued, Lane, MailState, OrderConfirmation, Outcome, QueuedMail, Settled};
pub use outbox::{counts, find, of_subject};
pub use render::{Mailer, RenderedMail};
pub use settle::settle;
pub use store::MODULE;
pub use worker::{Worker, WorkerReport};
