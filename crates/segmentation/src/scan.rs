//! All customers at once, block by block, on the caller's number of threads.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::mpsc::{Receiver, TrySendError, sync_channel};

use chrono::{DateTime, Utc};
use ecrm_store::{Session, StoreError};
use roaring::RoaringBitmap;

use crate::catalogue::Catalogue;
use crate::criteria::Needs;
use crate::facts::Block;
use crate::sets::{NEVER, Program};
use crate::store::blocks::{self, SIZE, Stored};
use crate::store::flips::Flip;

/// So many blocks are handed over at once.
const BATCH: usize = 8;

/// What is looked for among all customers.
pub(crate) struct Scan<'s> {
    pub(crate) catalogue: &'s Catalogue,
    pub(crate) program: &'s Program,
    pub(crate) needs: &'s Needs,
    pub(crate) now: DateTime<Utc>,
    /// Whether it is wanted when time alone changes something.
    pub(crate) is_ahead: bool,
    /// Who registered after this instant, in microseconds, is left out.
    pub(crate) registered_by: Option<i64>,
}

/// What was found: the members of each segment of the program, and when time alone changes something for whom.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) members: Vec<RoaringBitmap>,
    pub(crate) flips: Vec<Flip>,
}

impl Scan<'_> {
    pub(crate) fn run(&self, session: &mut dyn Session, threads: usize) -> Result<Found, StoreError> {
        if threads < 2 {
            let mut found = self.nothing();
            blocks::for_each(session, self.needs.has_cold(), &mut |stored| {
                self.add(&stored, &mut found)
            })?;
            return Ok(found);
        }
        self.run_on(session, threads - 1)
    }

    /// The calling thread reads; it evaluates as well where all helpers have enough to do.
    fn run_on(&self, session: &mut dyn Session, helpers: usize) -> Result<Found, StoreError> {
        let (sender, receiver) = sync_channel::<Vec<Stored>>(2 * helpers);
        let receiver = Mutex::new(receiver);
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..helpers).map(|_| scope.spawn(|| self.work(&receiver))).collect();
            let mut found = self.nothing();
            let mut batch = Vec::with_capacity(BATCH);
            let mut hand_over = |batch: Vec<Stored>| match sender.try_send(batch) {
                Ok(()) => Ok(()),
                Err(TrySendError::Full(batch) | TrySendError::Disconnected(batch)) => {
                    batch.iter().try_for_each(|stored| self.add(stored, &mut found))
                }
            };
            let read = blocks::for_each(session, self.needs.has_cold(), &mut |stored| {
                batch.push(stored);
                if batch.len() == BATCH {
                    hand_over(std::mem::replace(&mut batch, Vec::with_capacity(BATCH)))?;
                }
                Ok(())
            });
            let rest = read.and_then(|()| hand_over(batch));
            drop(sender);
            for worker in workers {
                // A worker that panicked panics here as well.
                let part = worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                found.join(part?);
            }
            rest.map(|()| found)
        })
    }

    fn work(&self, receiver: &Mutex<Receiver<Vec<Stored>>>) -> Result<Found, StoreError> {
        let mut found = self.nothing();
        loop {
            let next = receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(batch) = next else { return Ok(found) };
            for stored in batch {
                self.add(&stored, &mut found)?;
            }
        }
    }

    fn nothing(&self) -> Found {
        Found {
            members: vec![RoaringBitmap::new(); self.program.names().len()],
            flips: Vec::new(),
        }
    }

    fn add(&self, stored: &Stored, found: &mut Found) -> Result<(), StoreError> {
        let block = stored.unpack(Some(self.needs))?;
        let ground = self.catalogue.ground(&block, self.now);
        let first = stored.block * SIZE;
        let number = |place: usize| first + u32::try_from(place).unwrap_or(SIZE);
        let members = if self.is_ahead {
            let answers = self.program.answers(ground);
            let until = self.program.until(&answers);
            for place in 0..block.ids.len() {
                let at = until.of(place);
                if at != NEVER && self.is_registered(&block, place) {
                    found.flips.push((at, number(place)));
                }
            }
            self.program.members(&answers)
        } else {
            self.program.run(ground)
        };
        for (all, bits) in found.members.iter_mut().zip(&members.0) {
            all.extend(
                bits.places()
                    .filter(|place| self.is_registered(&block, *place))
                    .map(number),
            );
        }
        Ok(())
    }
}

impl Scan<'_> {
    /// Whether a customer is one: who was erased leaves an empty place.
    pub(crate) fn is_registered(&self, block: &Block, place: usize) -> bool {
        let is_there = block.ids.get(place).is_some_and(|id| !id.uuid().is_nil());
        is_there && self.registered_by.is_none_or(|by| block.registered_at[place] <= by)
    }
}

impl Found {
    fn join(&mut self, other: Self) {
        for (all, part) in self.members.iter_mut().zip(other.members) {
            *all |= part;
        }
        self.flips.extend(other.flips);
    }
}
