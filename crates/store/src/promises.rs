//! Promises: every date that somebody was told.

use std::ops::ControlFlow;

use chrono::{DateTime, Utc};
use ecrm_core::{Code, Promise, PromiseEnd, PromiseId, PromiseOutcome, PromiseState, SubjectId};

use crate::changes::{self, ChangeKind};
use crate::json::unreadable_value as unreadable;
use crate::{Row, Session, SessionExt, StoreError, Type, Value};

const COLUMNS: &str =
    "promise_id, subject_id, about, what, due_at, made_at, made_by, supersedes, ended_at, outcome, evidence";

/// Puts a promise on record, with its end if it has one. Where it takes the place of an earlier one, that one ends as superseded.
///
/// # Errors
/// [`StoreError::is_conflict`] when the earlier promise has ended already, unless as superseded at this very instant by one that is
/// not on record; [`StoreError::is_unique_violation`] when a promise of this id is there already, or an open one to the same subject
/// of the same thing.
pub fn make(session: &mut dyn Session, promise: &Promise) -> Result<(), StoreError> {
    if let Some(earlier) = promise.supersedes() {
        let end = PromiseEnd {
            at: promise.made_at(),
            how: PromiseOutcome::Superseded,
            evidence: None,
        };
        match finish(session, promise.subject(), earlier, &end) {
            Err(error) if error.is_conflict() && waits_for_successor(session, promise, earlier)? => {}
            ended => ended?,
        }
    }
    let end = promise.ended();
    session.execute(
        "INSERT INTO ecrm_promise_entry (promise_id, subject_id, about, what, due_at, made_at, made_by, supersedes,
                                         ended_at, outcome, evidence)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            promise.id().into(),
            promise.subject().into(),
            promise.about().into(),
            promise.what().into(),
            promise.due_at().into(),
            promise.made_at().into(),
            promise.made_by().into(),
            Value::or_null(promise.supersedes(), Type::Uuid),
            Value::or_null(end.map(|end| end.at), Type::Integer),
            Value::or_null(end.map(|end| end.how.code()), Type::Text),
            Value::or_null(end.and_then(|end| end.evidence.as_deref()), Type::Text),
        ],
    )?;
    changes::note(session, promise.subject(), ChangeKind::Promise, promise.made_at())
}

/// True when the earlier promise was recorded as superseded at this very instant, and what took its place is not on record: an
/// import brings the two one after the other.
fn waits_for_successor(session: &mut dyn Session, promise: &Promise, earlier: PromiseId) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM ecrm_promise_entry AS earlier
         WHERE subject_id = $1 AND promise_id = $2 AND outcome = $3 AND ended_at = $4
           AND NOT EXISTS (SELECT 1 FROM ecrm_promise_entry AS later WHERE later.subject_id = $1 AND later.supersedes = $2)";
    let parameters = [
        promise.subject().into(),
        earlier.into(),
        PromiseOutcome::Superseded.code().into(),
        promise.made_at().into(),
    ];
    let found = session.query_first(sql, &parameters, |row| row.get::<i64>(0))?;
    Ok(found.is_some())
}

/// Ends a promise: kept (with its evidence) or released.
///
/// # Errors
/// [`StoreError::is_conflict`] when it has ended already, or was never made.
pub fn finish(
    session: &mut dyn Session,
    subject: SubjectId,
    promise: PromiseId,
    end: &PromiseEnd,
) -> Result<(), StoreError> {
    let ended = session.execute(
        "UPDATE ecrm_promise_entry SET ended_at = $3, outcome = $4, evidence = $5
         WHERE subject_id = $1 AND promise_id = $2 AND ended_at IS NULL",
        &[
            subject.into(),
            promise.into(),
            end.at.into(),
            end.how.code().into(),
            Value::or_null(end.evidence.as_deref(), Type::Text),
        ],
    )?;
    if ended == 0 {
        return Err(StoreError::conflict("the promise"));
    }
    changes::note(session, subject, ChangeKind::Promise, end.at)
}

/// The open promises whose time is up at `until`, the most urgent first. With a later instant than now it lists what is about to
/// break, with now what is broken.
///
/// # Errors
/// Those of the database.
pub fn due(session: &mut dyn Session, until: DateTime<Utc>, limit: u32) -> Result<Vec<Promise>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM ecrm_promise_entry WHERE ended_at IS NULL AND due_at <= $1
         ORDER BY due_at, promise_id LIMIT $2"
    );
    session.query_all(&sql, &[until.into(), limit.into()], read)
}

/// The open promises to somebody about something (`order:shop:10248/line:1`): one at most for each thing that is promised.
///
/// # Errors
/// Those of the database.
pub fn open_about(session: &mut dyn Session, subject: SubjectId, about: &str) -> Result<Vec<Promise>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM ecrm_promise_entry WHERE subject_id = $1 AND about = $2 AND ended_at IS NULL ORDER BY what"
    );
    session.query_all(&sql, &[subject.into(), about.into()], read)
}

/// How the promises whose time was up in a period (from `from`, before `to`) stand at `now`.
///
/// # Errors
/// Those of the database.
pub fn tally(
    session: &mut dyn Session,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<PromiseTally, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM ecrm_promise_entry WHERE due_at >= $1 AND due_at < $2");
    let mut tally = PromiseTally::default();
    session.query(&sql, &[from.into(), to.into()], &mut |row| {
        tally.count(read(row)?.state_at(now));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(tally)
}

/// How many promises of a period were kept, and how many were not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PromiseTally {
    /// Their time is over, and nothing happened.
    pub broken: u64,
    /// Kept in time.
    pub kept: u64,
    /// Kept, but late.
    pub kept_late: u64,
    /// Their time is not over.
    pub open: u64,
    /// The customer no longer wanted it.
    pub released: u64,
    /// Another promise took its place: the customer was told.
    pub superseded: u64,
}

impl PromiseTally {
    fn count(&mut self, state: PromiseState) {
        let number = match state {
            PromiseState::Broken => &mut self.broken,
            PromiseState::Kept => &mut self.kept,
            PromiseState::KeptLate => &mut self.kept_late,
            PromiseState::Open => &mut self.open,
            PromiseState::Released => &mut self.released,
            PromiseState::Superseded => &mut self.superseded,
        };
        *number += 1;
    }
}

/// All promises made to somebody, in the order in which they were made.
///
/// # Errors
/// Those of the database.
pub fn of_subject(session: &mut dyn Session, subject: SubjectId) -> Result<Vec<Promise>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM ecrm_promise_entry WHERE subject_id = $1 ORDER BY made_at, promise_id");
    session.query_all(&sql, &[subject.into()], read)
}

fn read(row: &Row<'_>) -> Result<Promise, StoreError> {
    let (id, subject) = (row.get(0)?, row.get(1)?);
    let (about, what, made_by) = (row.text(2)?, row.text(3)?, row.text(6)?);
    let mut promise =
        Promise::new(id, subject, &about, &what, row.get(4)?, row.get(5)?, &made_by).map_err(unreadable)?;
    if let Some(earlier) = row.get::<Option<PromiseId>>(7)? {
        promise = promise.superseding(earlier);
    }
    if let Some(at) = row.get::<Option<DateTime<Utc>>>(8)? {
        let how = PromiseOutcome::from_code(&row.text(9)?).map_err(unreadable)?;
        promise = promise.with_end(PromiseEnd {
            at,
            how,
            evidence: row.get(10)?,
        });
    }
    Ok(promise)
}
