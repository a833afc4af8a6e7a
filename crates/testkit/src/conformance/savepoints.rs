//! Inner atomicity: savepoints nest, and what fails inside one is undone alone.

use ecrm_store::{Session, SessionExt, StoreError, StoreErrorKind};

use super::Database;
use super::cases;
use super::check::{Outcome, committed, create, refused, rolled_back, same};

cases![
    what_succeeds_atomically_stays,
    what_fails_atomically_is_undone_alone,
    savepoints_nest_and_the_innermost_is_meant,
    a_failed_statement_inside_a_savepoint_leaves_the_transaction_usable,
    an_error_in_the_middle_of_a_query_is_undone_too,
    a_transaction_that_is_rolled_back_leaves_nothing,
    ten_levels_are_undone_one_by_one,
];

const TABLE: &str = "CREATE TABLE step (id {integer} PRIMARY KEY)";

fn what_succeeds_atomically_stays(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        create(session, &[TABLE])?;
        session.atomically(|session| insert(session, 1))?;
        same("the steps", steps(session)?, vec![1])
    })?;
    committed(database, |session| {
        same("the steps after the commit", steps(session)?, vec![1])
    })
}

fn what_fails_atomically_is_undone_alone(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        create(session, &[TABLE])?;
        insert(session, 1)?;
        let result: Result<(), StoreError> = session.atomically(|session| {
            insert(session, 2)?;
            Err(StoreError::conflict("the step"))
        });
        refused(result, StoreErrorKind::Conflict)?;
        insert(session, 3)?;
        same("the steps", steps(session)?, vec![1, 3])
    })?;
    committed(database, |session| {
        same("the steps after the commit", steps(session)?, vec![1, 3])
    })
}

fn savepoints_nest_and_the_innermost_is_meant(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        create(session, &[TABLE])?;
        session.atomically(|session| {
            insert(session, 1)?;
            let inner = session.atomically(|session| {
                insert(session, 2)?;
                session.atomically(|session| insert(session, 3))?;
                insert(session, 1)
            });
            refused(inner, StoreErrorKind::Unique)?;
            insert(session, 4)?;
            Ok::<(), super::check::Failure>(())
        })?;
        same("the steps", steps(session)?, vec![1, 4])
    })
}

fn a_failed_statement_inside_a_savepoint_leaves_the_transaction_usable(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        create(session, &[TABLE])?;
        insert(session, 1)?;
        for _ in 0..3 {
            refused(session.atomically(|session| insert(session, 1)), StoreErrorKind::Unique)?;
        }
        insert(session, 2)?;
        same("the steps", steps(session)?, vec![1, 2])
    })
}

fn an_error_in_the_middle_of_a_query_is_undone_too(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        create(session, &[TABLE])?;
        for id in 1..=5 {
            insert(session, id)?;
        }
        let result: Result<(), StoreError> = session.atomically(|session| {
            insert(session, 6)?;
            session.query("SELECT id FROM step", &[], &mut |_| {
                Err(StoreError::conflict("the step"))
            })
        });
        refused(result, StoreErrorKind::Conflict)?;
        same("the steps", steps(session)?, vec![1, 2, 3, 4, 5])
    })
}

fn a_transaction_that_is_rolled_back_leaves_nothing(database: &dyn Database) -> Outcome {
    committed(database, |session| create(session, &[TABLE]))?;
    rolled_back(
        database,
        |session| Ok(session.atomically(|session| insert(session, 1))?),
    )?;
    committed(database, |session| same("the steps", steps(session)?, Vec::new()))
}

fn ten_levels_are_undone_one_by_one(database: &dyn Database) -> Outcome {
    fn descend(session: &mut dyn Session, level: i64) -> Result<(), StoreError> {
        if level == 10 {
            return Ok(());
        }
        insert(session, level)?;
        let deeper: Result<(), StoreError> = session.atomically(|session| {
            descend(session, level + 1)?;
            if level % 2 == 1 {
                Err(StoreError::conflict("the step"))
            } else {
                Ok(())
            }
        });
        // An odd level undoes all that is below it.
        if level % 2 == 1 && deeper.is_ok() {
            Err(StoreError::not_found("an error"))
        } else {
            Ok(())
        }
    }
    committed(database, |session| {
        create(session, &[TABLE])?;
        descend(session, 0)?;
        same("the steps", steps(session)?, vec![0, 1])
    })
}

fn insert(session: &mut dyn Session, id: i64) -> Result<(), StoreError> {
    session
        .execute("INSERT INTO step (id) VALUES ($1)", &[id.into()])
        .map(|_| ())
}

fn steps(session: &mut dyn Session) -> Result<Vec<i64>, StoreError> {
    session.query_all("SELECT id FROM step ORDER BY id", &[], |row| row.get(0))
}
