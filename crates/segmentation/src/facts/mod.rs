//! What is known of customers: as the core model has it, and in columns, from which criteria are evaluated.

mod assemble;
mod block;
mod build;
mod cells;
mod events;
#[expect(clippy::module_inception, reason = "the public type of the module")]
mod facts;
mod history;
mod interner;
mod lists;
mod pack;
mod table;
mod texts;
mod times;

pub(crate) use assemble::{Place, Source};
pub(crate) use block::{AttributeFact, AttributeKind, Block, ConsentFact, SuppressionFact};
pub use facts::Facts;
pub use history::{History, Suppressed};
pub(crate) use pack::{Packed, is_hot};
pub(crate) use table::{Column, MoneyUnit, Table};
