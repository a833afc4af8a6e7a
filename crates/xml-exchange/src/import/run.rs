//! The loop: read a batch, apply it in one transaction with how far the feed is now, tell, go on.

use std::io::Read;
use std::ops::ControlFlow;

use ecrm_core::Clock;
use ecrm_store::{Session, SessionExt, StoreError, StoreErrorKind, UnitOfWork};
use ecrm_xml::{Kept, Record};

use super::batch::{Batch, chained};
use super::{Applied, Apply, BadRecord, End, Feed, RecordError, Report};
use crate::store::{FeedProgress, load_progress, save_progress};

/// How a feed is imported.
#[derive(Debug, Clone)]
pub struct Import {
    feed: String,
    stops_at_bad: bool,
    batch_records: usize,
}

/// Why a run could not go on. What was committed stays; the next run goes on behind it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The feed is another one than the one that was begun.
    #[error(
        "the feed `{feed}` is not the one that was begun: its first {records} records are others; import it under another name"
    )]
    AnotherFeed {
        /// The name.
        feed: String,
        /// The records that earlier runs have done.
        records: u64,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Import {
    /// An import of a feed, under whose name it is remembered how far it is.
    #[must_use]
    pub fn new(feed: &str) -> Self {
        Self {
            feed: feed.to_owned(),
            stops_at_bad: false,
            batch_records: 500,
        }
    }

    /// The import that ends at the first bad record, instead of reporting it and going on.
    #[must_use]
    pub fn stopping_at_bad_records(mut self) -> Self {
        self.stops_at_bad = true;
        self
    }

    /// The import with another number of records a transaction than 500.
    #[must_use]
    pub fn in_batches_of(mut self, records: usize) -> Self {
        self.batch_records = records.max(1);
        self
    }

    /// Imports the feed, or what an earlier run has left of it. `on_progress` is called after each commit and may end the run.
    ///
    /// # Errors
    /// [`ImportError`]. Bad records and bad documents are no errors here: the [`Report`] tells of them.
    pub fn run<R: Read>(
        &self,
        host: &mut dyn UnitOfWork,
        feed: &mut Feed<R>,
        apply: &mut dyn Apply,
        clock: &dyn Clock,
        on_progress: &mut dyn FnMut(&Report) -> ControlFlow<()>,
    ) -> Result<Report, ImportError> {
        let mut before = None;
        host.run(&mut |session| {
            before = load_progress(session, &self.feed)?;
            Ok(())
        })?;
        let mut report = Report::default();
        // A feed that was imported to its end is imported anew: what is there already is not changed.
        let done = before
            .as_ref()
            .filter(|before| !before.is_complete)
            .cloned()
            .unwrap_or_default();
        let mut batch = Batch::behind(&done, self.batch_records);
        self.pass_over(feed, &done, &mut report)?;
        let mut stored = before.map(|before| before.records);
        while report.end.is_none() {
            batch.read(feed);
            let (mut outcome, mut progress) = (Report::default(), FeedProgress::default());
            host.run(&mut |session| {
                outcome = self.apply_batch(
                    session,
                    &batch,
                    feed.limits().errors.saturating_sub(report.bad.len()),
                    apply,
                )?;
                progress = batch.progress(&outcome);
                save_progress(session, &self.feed, stored, &progress, clock.now())
            })?;
            report.records = batch.pass(progress);
            stored = Some(report.records);
            report.end = outcome.end.take();
            report.add(outcome);
            report.note_kept(&feed.take_left_over());
            if on_progress(&report).is_break() {
                report.end.get_or_insert(End::Cancelled);
            }
        }
        Ok(report)
    }

    /// Does the same and takes it back, all of it in one savepoint: the report is that of a run.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn dry_run<R: Read>(
        &self,
        session: &mut dyn Session,
        feed: &mut Feed<R>,
        apply: &mut dyn Apply,
        on_progress: &mut dyn FnMut(&Report) -> ControlFlow<()>,
    ) -> Result<Report, ImportError> {
        let done = load_progress(session, &self.feed)?
            .filter(|before| !before.is_complete)
            .unwrap_or_default();
        let mut report = Report::default();
        let mut batch = Batch::behind(&done, self.batch_records);
        self.pass_over(feed, &done, &mut report)?;
        let undone = session.atomically(|session| {
            while report.end.is_none() {
                batch.read(feed);
                let allowed = feed.limits().errors.saturating_sub(report.bad.len());
                let mut outcome = self.apply_batch(session, &batch, allowed, apply)?;
                report.records = batch.pass(batch.progress(&outcome));
                report.end = outcome.end.take();
                report.add(outcome);
                report.note_kept(&feed.take_left_over());
                if on_progress(&report).is_break() {
                    report.end.get_or_insert(End::Cancelled);
                }
            }
            Err::<(), _>(Undo::Done)
        });
        match undone {
            Err(Undo::Failed(error)) => Err(error.into()),
            Err(Undo::Done) | Ok(()) => Ok(report),
        }
    }

    /// Reads what an earlier run has done, and makes sure that it is the same feed.
    fn pass_over<R: Read>(
        &self,
        feed: &mut Feed<R>,
        done: &FeedProgress,
        report: &mut Report,
    ) -> Result<(), ImportError> {
        let mut record = Record::new();
        let mut digest = String::new();
        let mut is_shorter = false;
        while feed.number() < done.records && !is_shorter {
            digest = match feed.next(&mut record) {
                Ok(true) => chained(&digest, record.source()),
                Ok(false) => {
                    is_shorter = true;
                    digest
                }
                Err(error) if error.is_recoverable() => chained(&digest, error.text()),
                Err(error) => {
                    report.end = Some(End::Broken(error));
                    break;
                }
            };
        }
        (report.records, report.done_before) = (done.records, done.records);
        if report.end.is_none() && (is_shorter || digest != done.digest) {
            return Err(ImportError::AnotherFeed {
                feed: self.feed.clone(),
                records: done.records,
            });
        }
        Ok(())
    }

    /// Applies a batch in one savepoint, and record by record only where one of them is bad: a savepoint costs more than a record.
    fn apply_batch(
        &self,
        session: &mut dyn Session,
        batch: &Batch,
        allowed: usize,
        apply: &mut dyn Apply,
    ) -> Result<Report, StoreError> {
        let together = session.atomically(|session| {
            self.apply_entries(batch, allowed, &mut |record| match apply_one(session, record, apply) {
                Ok(applied) => Ok(Ok(applied)),
                Err(RecordError::Store(error)) if !is_of_the_record(&error) => Err(Undo::Failed(error)),
                Err(_) => Err(Undo::Done),
            })
        });
        match together {
            Ok(outcome) => Ok(outcome),
            Err(Undo::Failed(error)) => Err(error),
            Err(Undo::Done) => self.apply_entries(batch, allowed, &mut |record| match session
                .atomically(|session| apply_one(session, record, apply))
            {
                Err(RecordError::Store(error)) if !is_of_the_record(&error) => Err(error),
                applied => Ok(applied),
            }),
        }
    }

    /// Goes through a batch and counts what becomes of its records. `apply` fails where the batch cannot go on.
    fn apply_entries<E>(
        &self,
        batch: &Batch,
        allowed: usize,
        apply: &mut dyn FnMut(&Record) -> Result<Tried, E>,
    ) -> Result<Report, E> {
        let mut outcome = Report::default();
        for entry in &batch.entries {
            let result = match &entry.fault {
                Some(error) => Err(RecordError::Bad(error.clone())),
                None => apply(batch.record(entry))?,
            };
            match result {
                Ok((applied, kept)) => outcome.note(applied, &kept),
                Err(error) => {
                    let position = batch.record(entry).element().position();
                    outcome.bad.push(BadRecord::new(entry.number, position, &error));
                    if self.stops_at_bad {
                        outcome.end = Some(End::AtBadRecord);
                        return Ok(outcome);
                    }
                    if outcome.bad.len() > allowed {
                        outcome.end = Some(End::TooManyBadRecords);
                        return Ok(outcome);
                    }
                }
            }
        }
        outcome.end = match &batch.end {
            Some(Ok(())) => Some(End::Complete),
            Some(Err(error)) => Some(End::Broken(error.clone())),
            None => None,
        };
        Ok(outcome)
    }
}

/// What became of a record, and what was kept of it.
type Done = (Applied, Vec<Kept>);
type Tried = Result<Done, RecordError>;

fn apply_one(session: &mut dyn Session, record: &Record, apply: &mut dyn Apply) -> Tried {
    let applied = apply.apply(session, record)?;
    Ok((applied, record.leftovers()?))
}

/// True when the database refuses this record. Anything else that it says, such as that its disk is full, is nothing that a record
/// can be passed over for.
fn is_of_the_record(error: &StoreError) -> bool {
    matches!(
        error.kind(),
        StoreErrorKind::Conflict
            | StoreErrorKind::Constraint
            | StoreErrorKind::InvalidInput
            | StoreErrorKind::NotFound
            | StoreErrorKind::Unique
    )
}

/// Why a savepoint is rolled back: because it was to be, or because the database failed.
enum Undo {
    Done,
    Failed(StoreError),
}

impl From<StoreError> for Undo {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}
