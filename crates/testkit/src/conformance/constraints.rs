//! A refused row is told by the kind of the constraint, and the error quotes nothing of the row.

use ecrm_store::{SessionExt, StoreError, StoreErrorKind, Type, Value};

use super::Database;
use super::cases;
use super::check::{Outcome, SECRET, committed, create, ensure, refused, same};

cases![
    a_second_row_of_a_primary_key_is_a_unique_violation,
    a_second_row_of_a_unique_index_is_a_unique_violation,
    a_missing_value_is_a_constraint_violation,
    a_refused_check_is_a_constraint_violation,
    a_value_of_another_type_is_refused_by_its_column,
    the_name_of_the_constraint_or_column_is_told,
];

const TABLES: [&str; 2] = [
    "CREATE TABLE person (id {integer} NOT NULL, email {text} NOT NULL, age {integer}, \
        CONSTRAINT grown_up CHECK (age >= 18), PRIMARY KEY (id)) {clustered}",
    "CREATE UNIQUE INDEX person_email ON person (email)",
];

const INSERT: &str = "INSERT INTO person (id, email, age) VALUES ($1, $2, $3)";

fn a_second_row_of_a_primary_key_is_a_unique_violation(database: &dyn Database) -> Outcome {
    attempt(
        database,
        &[1_i64.into(), "b@example.org".into(), 30_i64.into()],
        StoreErrorKind::Unique,
    )
    .map(|_| ())
}

fn a_second_row_of_a_unique_index_is_a_unique_violation(database: &dyn Database) -> Outcome {
    attempt(
        database,
        &[2_i64.into(), SECRET.into(), 30_i64.into()],
        StoreErrorKind::Unique,
    )
    .map(|_| ())
}

fn a_missing_value_is_a_constraint_violation(database: &dyn Database) -> Outcome {
    attempt(
        database,
        &[2_i64.into(), Value::Null(Type::Text), 30_i64.into()],
        StoreErrorKind::Constraint,
    )
    .map(|_| ())
}

fn a_refused_check_is_a_constraint_violation(database: &dyn Database) -> Outcome {
    attempt(
        database,
        &[2_i64.into(), "b@example.org".into(), 17_i64.into()],
        StoreErrorKind::Constraint,
    )
    .map(|_| ())
}

fn a_value_of_another_type_is_refused_by_its_column(database: &dyn Database) -> Outcome {
    attempt(
        database,
        &[2_i64.into(), "b@example.org".into(), SECRET.into()],
        StoreErrorKind::TypeMismatch,
    )
    .map(|_| ())
}

fn the_name_of_the_constraint_or_column_is_told(database: &dyn Database) -> Outcome {
    let error = attempt(
        database,
        &[2_i64.into(), "b@example.org".into(), 17_i64.into()],
        StoreErrorKind::Constraint,
    )?;
    ensure(
        error.to_string().contains("grown_up"),
        &format!("the CHECK is named in: {error}"),
    )?;
    ensure(error.code().is_some(), "the database's own code is told")
}

/// Inserts a first row, then the given one, which must be refused and change nothing.
fn attempt(database: &dyn Database, row: &[Value<'_>], kind: StoreErrorKind) -> Outcome<StoreError> {
    committed(database, |session| {
        create(session, &TABLES)?;
        session.execute(INSERT, &[1_i64.into(), SECRET.into(), 30_i64.into()])?;
        let error = refused(session.atomically(|session| session.execute(INSERT, row)), kind)?;
        same("rows", session.query_value("SELECT count(*) FROM person", &[])?, 1_i64)?;
        Ok(error)
    })
}
