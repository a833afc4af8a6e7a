//! What happened, appended and read in order.

mod read;
mod write;

pub use read::{between, find, find_orders_with, for_each, of_subject};
pub use write::{append, append_all, append_for, append_new};
