//! What is known of customers: as the core model has it, and in columns, from which criteria are evaluated.

mod block;
mod build;
mod history;
mod table;

pub(crate) use block::{AttributeFact, Block, ConsentFact, SuppressionFact};
pub use history::{History, Suppressed};
pub(crate) use table::{Column, MoneyUnit, Table};
