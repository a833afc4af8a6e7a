//! The vocabulary of the cases.

use std::fmt;

use ecrm_store::{Session, StoreError, StoreErrorKind};

use super::{Database, End, Isolation};

/// What a case returns.
pub(super) type Outcome<T = ()> = Result<T, Failure>;

/// Why a case failed.
#[derive(Debug)]
pub(super) struct Failure(String);

impl Failure {
    pub(super) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self(format!(
            "unexpected {:?} error: {error} [{}]",
            error.kind(),
            error.code().unwrap_or("no code")
        ))
    }
}

/// Fails with `claim` unless it holds.
pub(super) fn ensure(holds: bool, claim: &str) -> Outcome {
    if holds {
        Ok(())
    } else {
        Err(Failure::new(format!("not so: {claim}")))
    }
}

/// Fails unless both are the same.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the cases read best when values stand in their place"
)]
pub(super) fn same<T: PartialEq + fmt::Debug>(what: &str, actual: T, expected: T) -> Outcome {
    if actual == expected {
        return Ok(());
    }
    Err(Failure::new(format!("{what}: {actual:?} instead of {expected:?}")))
}

/// Fails unless the result is an error of this kind that tells nothing of what was stored.
pub(super) fn refused<T>(result: Result<T, StoreError>, kind: StoreErrorKind) -> Outcome<StoreError> {
    let Err(error) = result else {
        return Err(Failure::new(format!(
            "it was accepted instead of being refused as {kind:?}"
        )));
    };
    same("the kind of the error", error.kind(), kind).map_err(|failure| Failure::new(format!("{failure}: {error}")))?;
    ensure(
        !error.to_string().contains(SECRET),
        "the error tells nothing of what was stored",
    )?;
    Ok(error)
}

/// What cases store where an error must not quote it.
pub(super) const SECRET: &str = "ada@example.org";

/// Runs `work` as a host would: in a transaction that is committed if it succeeds.
pub(super) fn committed<T>(database: &dyn Database, work: impl FnOnce(&mut dyn Session) -> Outcome<T>) -> Outcome<T> {
    within(database, Isolation::Ordinary, End::Commit, work)
}

/// Runs `work` in a transaction that is rolled back.
pub(super) fn rolled_back<T>(database: &dyn Database, work: impl FnOnce(&mut dyn Session) -> Outcome<T>) -> Outcome<T> {
    within(database, Isolation::Ordinary, End::Rollback, work)
}

/// Runs `work` in a transaction that sees one state of the database, and commits it.
pub(super) fn snapshot<T>(database: &dyn Database, work: impl FnOnce(&mut dyn Session) -> Outcome<T>) -> Outcome<T> {
    within(database, Isolation::Snapshot, End::Commit, work)
}

/// Makes tables, in the portable words.
pub(super) fn create(session: &mut dyn Session, tables: &[&str]) -> Outcome {
    for table in tables {
        let sql = session.dialect().translate(table);
        session.execute(&sql, &[])?;
    }
    Ok(())
}

fn within<T>(
    database: &dyn Database,
    isolation: Isolation,
    end: End,
    work: impl FnOnce(&mut dyn Session) -> Outcome<T>,
) -> Outcome<T> {
    let mut work = Some(work);
    let mut outcome = None;
    let ended = database.transaction(isolation, end, &mut |session| {
        if let Some(work) = work.take() {
            outcome = Some(work(session));
        }
        match outcome {
            Some(Ok(_)) => Ok(()),
            // The reason is in `outcome`; the transaction only has to be undone.
            _ => Err(StoreError::invalid_input("the case failed")),
        }
    });
    match (ended, outcome) {
        (Ok(()), Some(outcome)) | (_, Some(outcome @ Err(_))) => outcome,
        (Err(error), _) => Err(error.into()),
        (Ok(()), None) => Err(Failure::new("the backend did not run the transaction's work")),
    }
}
