//! What a caller can act on.

use ecrm_core::ValueError;
use ecrm_store::StoreError;

use crate::criteria::{CriteriaError, Name};

/// An error of this module. Where one comes back from something that writes, roll the transaction back.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SegmentationError {
    /// Segments that cannot be evaluated exactly.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The customer is not in the shared record.
    #[error("there is no such customer; store it with store::customers::insert first")]
    UnknownCustomer,
    /// There is no segment of this name in force.
    #[error("there is no segment `{0}` in force; define it first, also where it is archived")]
    UnknownSegment(Name),
    /// Others build on the segment.
    #[error("segment `{by}` refers to `{segment}`; change or archive it first")]
    InUse {
        /// What cannot be archived.
        segment: Name,
        /// Who refers to it.
        by: Name,
    },
    /// A segment of this name is there already.
    #[error("there is a segment `{0}` already; choose another name")]
    NameTaken(Name),
    /// Segments were never set up in this database.
    #[error("segmentation is not set up in this database; call Segmentation::install once")]
    NotInstalled,
    /// The answer would not be true: something is not yet taken into account.
    #[error("the segments are stale: {0}; call Segmentation::advance until it is complete, and ask again")]
    Stale(Staleness),
    /// The past that is asked about is not known.
    #[error("this cannot be told for the past: {0}")]
    NoHistory(String),
    /// A value is not what it must be.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// Something cannot be written to where it is exported.
    #[error("the export cannot be written: {0}")]
    Export(String),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is not yet taken into account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Staleness {
    /// Customers of the record were never looked at.
    #[error("customers have not been looked at yet")]
    NotPacked,
    /// Something happened to customers outside of `update`.
    #[error("changes of the record have not been looked at yet")]
    Pending,
    /// Time has passed that changes something.
    #[error("time has passed that brings customers in or out")]
    Due,
    /// A customer was last looked at with other definitions.
    #[error("definitions changed while something happened to a customer")]
    Redefined,
}

/// Why segments are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogueError {
    /// Criteria that cannot be evaluated exactly.
    #[error("{}: {error}", told(segment))]
    Criteria {
        /// Of which segment.
        segment: Name,
        /// Where, and why.
        error: CriteriaError,
    },
    /// Segments that refer to each other in a circle.
    #[error("segments refer to each other in a circle: {}", way(.0))]
    Cycle(Vec<Name>),
    /// A segment that is not there.
    #[error("{} refers to segment `{unknown}`, which is not there", told(segment))]
    Unknown {
        /// Who refers.
        segment: Name,
        /// To what.
        unknown: Name,
    },
}

/// What is only looked at has a name that nobody gave.
fn told(segment: &Name) -> String {
    match segment.is_reserved() {
        true => "what is asked for".to_owned(),
        false => format!("segment `{segment}`"),
    }
}

fn way(names: &[Name]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(" -> ")
}
