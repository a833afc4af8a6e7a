#![doc = include_str!("../README.md")]

mod advance;
mod as_of;
mod calendar;
mod catalogue;
pub mod criteria;
mod current;
mod define;
mod error;
mod evaluate;
mod facts;
mod fold;
mod hand_over;
mod lists;
mod loaded;
mod members;
mod model;
pub mod models;
mod pack;
mod preview;
mod privacy;
mod read;
mod reason;
mod scan;
mod score;
mod segmentation;
mod sets;
mod standing;
mod store;
mod subscribe;
mod text;
mod update;
#[cfg(feature = "xml")]
pub mod xml;

pub use as_of::Knowledge;
pub use calendar::Zone;
pub use catalogue::{Catalogue, CatalogueError, Membership};
pub use criteria::{Criteria, CriteriaError};
pub use define::Defined;
pub use error::{SegmentationError, Staleness};
pub use evaluate::Explanation;
pub use facts::{Facts, History, Suppressed};
pub use hand_over::{HandedOver, Handover};
pub use members::{Cursor, CustomerSet, Page};
pub use model::{Advanced, Because, Cause, Crossing, Reason, Segment};
pub use privacy::{Kept, Listed};

pub use score::Scored;
pub use segmentation::Segmentation;
pub use store::MODULE;
pub use subscribe::{Change, Changes, Difference, LogCursor};
pub use text::ParseError;
