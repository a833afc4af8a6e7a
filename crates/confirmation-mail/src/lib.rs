#![doc = include_str!("../README.md")]

mod answer;
mod attachment;
mod brand;
mod claim;
#[cfg(feature = "dkim")]
mod dkim;
mod enqueue;
mod error;
mod events;
mod links;
mod mailer;
mod mime;
mod model;
mod notice;
mod outbox;
mod pace;
mod promised;
mod request;
mod settle;
mod store;
mod theme;
pub mod transport;
pub mod webhook;
mod worker;
#[cfg(feature = "xml")]
pub mod xml;

pub use answer::{Answered, GivenAnswer, answer, answers};
pub use attachment::Attachment;
pub use brand::Brand;
pub use claim::{claim, release, take_over};
#[cfg(feature = "dkim")]
pub use dkim::Dkim;
pub use enqueue::enqueue;
pub use error::MailError;
pub use events::{EventKind, Heard, MailEvent, events, hear};
pub use links::{Answer, Choice, LinkError, Links};
pub use mailer::{Mailer, RenderedMail};
pub use model::{Claimed, Enqueued, Lane, MailContent, MailState, Outcome, QueuedMail, Reply, Settled};
pub use notice::*;
pub use outbox::{
    cancel, counts, erase, fallbacks, find, forget_contents, list, mark_accepted, of_subject, send_again,
};
pub use pace::{Pace, QuietHours, Rate};
pub use request::{ComposedMail, MailRequest, Priority, WhenUncertain};
pub use settle::settle;
pub use store::MODULE;
pub use theme::{Theme, load_theme, remove_template, save_template};
pub use worker::{Worker, WorkerReport};
