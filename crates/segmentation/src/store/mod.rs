//! The tables of this module, and what is read of the shared ones.

pub(crate) mod blocks;
pub(crate) mod changed;
pub(crate) mod definitions;
pub(crate) mod differences;
pub(crate) mod flips;
pub(crate) mod histories;
pub(crate) mod lists;
pub(crate) mod log;
mod news;
pub(crate) mod numbers;
pub(crate) mod sets;
pub(crate) mod state;

use ecrm_store::{ACTIVITY, CONSENT, METRIC, Migration, Module, RECORD, STORE, StoreError, StoreErrorKind};

/// The tables of this module, and the groups of shared tables that criteria look at.
pub static MODULE: Module = Module {
    name: "segmentation",
    requires: &[&STORE, &RECORD, &CONSENT, &ACTIVITY, &METRIC],
    migrations: &[Migration {
        version: 1,
        sql: include_str!("../migrations/0001.sql"),
    }],
};

/// The name under which this module follows the shared record.
pub(crate) const CONSUMER: &str = "segmentation";

/// Packed facts are not what this version packs.
pub(crate) fn unreadable_facts() -> StoreError {
    StoreError::new(
        StoreErrorKind::TypeMismatch,
        "packed facts cannot be read; another version packed them or they were changed by hand: call Segmentation::repack",
    )
}

/// What was stored is not what this version stores.
pub(crate) fn unreadable(what: &str) -> StoreError {
    StoreError::new(
        StoreErrorKind::TypeMismatch,
        format!("{what} cannot be read; it was written by a newer version or changed by hand"),
    )
}
