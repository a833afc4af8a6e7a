//! The handle by which a shop uses its segments.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use ecrm_store::{Session, changes};

use crate::calendar::Zone;
use crate::error::SegmentationError;
use crate::loaded::Loaded;
use crate::store::CONSUMER;
use crate::store::state::{self, State};

/// The segments of a shop, kept in its database.
///
/// It holds nothing but the compiled definitions, which it reads again when they have changed; share one among all that serve the shop.
///
/// ```
/// # use chrono::{DateTime, TimeDelta};
/// # use ecrm_core::{Customer, CustomerId, SeededIds, Source};
/// # use ecrm_segmentation::criteria::Name;
/// # use ecrm_segmentation::{Segmentation, SegmentationError, Zone};
/// # use ecrm_store::{Session, customers};
/// # fn story(session: &mut dyn Session) -> Result<(), SegmentationError> {
/// # let (ids, now) = (SeededIds::new(1), DateTime::UNIX_EPOCH + TimeDelta::days(10_000));
/// let segments = Segmentation::new();
/// segments.install(session, Zone::new("Europe/Vienna")?, now)?;
/// while !segments.advance(session, 1_000, now)?.is_complete {}
/// let new = Name::new("new")?;
/// segments.define(session, [(new.clone(), "profile.registered_at in last 30 days".parse().unwrap())], now)?;
///
/// let ada = Customer::new(CustomerId::new(&ids, now), now);
/// customers::insert(session, &ada, &Source::checkout(), now)?;
/// let crossings = segments.update(session, ada.id(), &[], now)?;
/// assert!(crossings[0].is_member && crossings[0].segment == new);
/// assert_eq!(segments.count(session, &new, now)?, 1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
pub struct Segmentation {
    loaded: RwLock<Option<Arc<Loaded>>>,
    threads: usize,
}

impl Segmentation {
    /// A handle.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets [`define`](Self::define), [`preview`](Self::preview) and [`backtest`](Self::backtest) evaluate on so many threads, the calling
    /// one among them, which reads; without it all is done on the calling one. Where the file is not in the system's cache, one more than there
    /// are cores is quickest, because the one that reads waits.
    #[must_use]
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }

    /// Sets up the segments of a shop, whose days begin and end in a zone. From now on changes of the shared record are noted for them.
    /// Installing again changes nothing but the zone.
    ///
    /// The customers who are there already are looked at by [`advance`](Self::advance).
    ///
    /// # Errors
    /// Those of the database; of definitions that cannot be evaluated in the new zone.
    pub fn install(&self, session: &mut dyn Session, zone: Zone, now: DateTime<Utc>) -> Result<(), SegmentationError> {
        changes::register(session, CONSUMER, now)?;
        if let Some(state) = state::lock(session)? {
            if state.zone != zone.name() {
                self.change_zone(session, state, zone, now)?;
            }
            return Ok(());
        }
        let state = State {
            zone: zone.name().to_owned(),
            stamp: Loaded::of(zone, &[])?.stamp,
            segments: 0,
            customers: 0,
            position: 0,
            packed_to: None,
            laid: 0,
            laid_to: None,
            is_packed: false,
            advanced_to: ecrm_core::to_microseconds(now).timestamp_micros(),
            next_flip: None,
        };
        state::insert(session, &state)?;
        Ok(())
    }

    /// The state and the definitions.
    pub(crate) fn read(&self, session: &mut dyn Session) -> Result<(State, Arc<Loaded>), SegmentationError> {
        let state = state::load(session)?.ok_or(SegmentationError::NotInstalled)?;
        let loaded = self.loaded(session, &state)?;
        Ok((state, loaded))
    }

    /// The same, for the one who changes what is shared.
    pub(crate) fn lock(&self, session: &mut dyn Session) -> Result<(State, Arc<Loaded>), SegmentationError> {
        let state = state::lock(session)?.ok_or(SegmentationError::NotInstalled)?;
        let loaded = self.loaded(session, &state)?;
        Ok((state, loaded))
    }

    /// The definitions with the stamp of the state. A stamp is a digest of them, so that what was read in a transaction that came to
    /// nothing cannot be taken for something else.
    fn loaded(&self, session: &mut dyn Session, state: &State) -> Result<Arc<Loaded>, SegmentationError> {
        let known = self.loaded.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(loaded) = known.filter(|loaded| loaded.stamp == state.stamp) {
            return Ok(loaded);
        }
        let loaded = Arc::new(Loaded::load(session, &state.zone)?);
        self.remember(&loaded);
        Ok(loaded)
    }

    pub(crate) fn threads(&self) -> usize {
        self.threads
    }

    pub(crate) fn remember(&self, loaded: &Arc<Loaded>) {
        let mut known = self.loaded.write().unwrap_or_else(PoisonError::into_inner);
        *known = Some(Arc::clone(loaded));
    }
}
