//! Two transactions at the same time: what is to be repeated says so.

use ecrm_store::{Dialect, Session, SessionExt, StoreErrorKind};

use super::Database;
use super::cases;
use super::check::{Outcome, committed, create, ensure, refused, same, snapshot};

cases![
    a_second_writer_is_told_that_the_database_is_busy,
    two_that_read_and_then_both_write_collide,
    a_reader_does_not_see_what_is_not_committed,
];

const ADD: &str = "UPDATE counter SET value = value + 1 WHERE id = 1";
const VALUE: &str = "SELECT value FROM counter WHERE id = 1";

fn a_second_writer_is_told_that_the_database_is_busy(database: &dyn Database) -> Outcome {
    counter(database)?;
    committed(database, |first| {
        first.execute(ADD, &[])?;
        snapshot(database, |second| {
            wait_for_no_lock(second)?;
            let error = refused(
                second.atomically(|second| second.execute(ADD, &[])),
                StoreErrorKind::Busy,
            )?;
            ensure(
                error.should_retry_transaction(),
                "the whole transaction is to be repeated",
            )
        })
    })?;
    committed(database, |session| {
        same("the counter", session.query_value(VALUE, &[])?, 1_i64)
    })
}

fn two_that_read_and_then_both_write_collide(database: &dyn Database) -> Outcome {
    counter(database)?;
    snapshot(database, |second| {
        same("what the second read", second.query_value(VALUE, &[])?, 0_i64)?;
        committed(database, |first| {
            first.execute(ADD, &[])?;
            Ok(())
        })?;
        let added = second.atomically(|second| second.execute(ADD, &[]));
        let error = refused(added, StoreErrorKind::SerializationFailure)?;
        ensure(
            error.should_retry_transaction(),
            "the whole transaction is to be repeated",
        )
    })?;
    committed(database, |session| {
        same("the counter", session.query_value(VALUE, &[])?, 1_i64)
    })
}

fn a_reader_does_not_see_what_is_not_committed(database: &dyn Database) -> Outcome {
    counter(database)?;
    committed(database, |writer| {
        writer.execute(ADD, &[])?;
        snapshot(database, |reader| {
            same("the counter", reader.query_value(VALUE, &[])?, 0_i64)
        })
    })
}

fn counter(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        create(
            session,
            &["CREATE TABLE counter (id {integer} PRIMARY KEY, value {integer} NOT NULL)"],
        )?;
        session.execute("INSERT INTO counter (id, value) VALUES (1, 0)", &[])?;
        Ok(())
    })
}

/// What a host sets that prefers an error to waiting. The backends' SQLite connections do not wait anyway.
fn wait_for_no_lock(session: &mut dyn Session) -> Outcome {
    if session.dialect() == Dialect::Postgres {
        session.execute("SET LOCAL lock_timeout = '10ms'", &[])?;
    }
    Ok(())
}
