//! The tables of everything that is switched on.

use chrono::{DateTime, Utc};
use ecrm_store::{ACTIVITY, Applied, Module, RECORD, Session, StoreError};

/// The modules whose tables the switched-on features and the compositions of this crate need.
#[must_use]
pub fn modules() -> Vec<&'static Module> {
    vec![
        &RECORD,
        &ACTIVITY,
        #[cfg(feature = "confirmation-mail")]
        &ecrm_confirmation_mail::MODULE,
        #[cfg(feature = "segmentation")]
        &ecrm_segmentation::MODULE,
        #[cfg(feature = "xml-exchange")]
        &ecrm_xml_exchange::MODULE,
    ]
}

/// Brings the tables of all switched-on features up to date, inside the host's transaction; see [`ecrm_store::migrate`].
///
/// A shop that uses one module alone, without the compositions of this crate, migrates that module alone.
///
/// # Errors
/// Those of [`ecrm_store::migrate`].
pub fn migrate(session: &mut dyn Session, now: DateTime<Utc>) -> Result<Vec<Applied>, StoreError> {
    ecrm_store::migrate(session, &modules(), now)
}
