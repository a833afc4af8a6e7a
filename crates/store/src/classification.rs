//! What the codes of the two databases mean: written once, for every adapter that speaks to one of them.

use std::fmt::Write as _;

use crate::{StoreError, StoreErrorKind};

impl StoreError {
    /// For adapters of PostgreSQL: the error of a SQLSTATE.
    ///
    /// `names` are the table, the column and the constraint, where the server told them. `message` is left out where the server quotes data in it
    /// (classes 22 and 23) or where it comes from a program of the host (class P0 and all others that are not listed here).
    #[must_use]
    pub fn from_sqlstate(sqlstate: &str, message: &str, names: [(&str, Option<&str>); 3]) -> Self {
        let (kind, text) = match sqlstate {
            "08P01" => return Self::invalid_statement("a parameter has no value, or a value no parameter").with_code(sqlstate),
            "23505" => (StoreErrorKind::Unique, "a row with this key is already there".to_owned()),
            "25P01" => (StoreErrorKind::Misuse, NO_TRANSACTION.to_owned()),
            "25P02" => (
                StoreErrorKind::Other,
                "an earlier statement of this transaction failed: roll it back, and run statements that may fail inside `atomically`"
                    .to_owned(),
            ),
            "40001" | "40P01" => (StoreErrorKind::SerializationFailure, COLLISION.to_owned()),
            "42804" => (StoreErrorKind::TypeMismatch, message.to_owned()),
            "55P03" => (StoreErrorKind::Busy, BUSY.to_owned()),
            "57P01" | "57P02" | "57P03" | "57P05" => (StoreErrorKind::Disconnected, DISCONNECTED.to_owned()),
            other => by_class(other, message),
        };
        let mut text = text;
        for (what, name) in names {
            if let Some(name) = name {
                // Writing to a String cannot fail.
                let _ = write!(text, "; {what} `{name}`");
            }
        }
        Self::new(kind, text).with_code(sqlstate)
    }

    /// For adapters of SQLite: the error of an extended result code.
    ///
    /// `message` is used for broken constraints only, where SQLite tells the names of tables and columns; otherwise it may quote a parameter.
    #[must_use]
    pub fn from_sqlite_code(code: i32, message: &str) -> Self {
        let (kind, text) = match code {
            BUSY_SNAPSHOT => (StoreErrorKind::SerializationFailure, COLLISION),
            CONSTRAINT_PRIMARY_KEY | CONSTRAINT_UNIQUE | CONSTRAINT_ROWID => (StoreErrorKind::Unique, message),
            CONSTRAINT_DATATYPE => (StoreErrorKind::TypeMismatch, message),
            CONSTRAINT_CHECK | CONSTRAINT_FOREIGN_KEY | CONSTRAINT_NOT_NULL => (StoreErrorKind::Constraint, message),
            other => match other & 0xFF {
                5 | 6 => (StoreErrorKind::Busy, BUSY),
                7 => (StoreErrorKind::Other, "SQLite is out of memory"),
                8 => (
                    StoreErrorKind::Other,
                    "the database cannot be written to: check the permissions of its file and folder",
                ),
                9 => (StoreErrorKind::Other, "the statement was interrupted by the host"),
                10 => (
                    StoreErrorKind::Other,
                    "the disk failed while the database was read or written",
                ),
                11 | 26 => (
                    StoreErrorKind::Other,
                    "the file is damaged or is no SQLite database: restore it from a backup",
                ),
                13 => (StoreErrorKind::Other, "the disk or the database is full"),
                14 => (
                    StoreErrorKind::Other,
                    "the database file cannot be opened: check its path and permissions",
                ),
                18 => (StoreErrorKind::InvalidInput, "a value is larger than SQLite takes"),
                19 => (
                    StoreErrorKind::Constraint,
                    "a constraint or a trigger of the database refused the row",
                ),
                20 => (StoreErrorKind::TypeMismatch, "a value is not of the type of its column"),
                _ => (
                    StoreErrorKind::Other,
                    "SQLite reports an error; its extended result code tells which",
                ),
            },
        };
        Self::new(kind, text).with_code(code.to_string())
    }

    /// For adapters: a statement that the database does not understand. `message` may quote the statement, which holds no data.
    #[must_use]
    pub fn invalid_statement(message: &str) -> Self {
        Self::new(
            StoreErrorKind::Other,
            format!("the database does not accept the statement: {message}"),
        )
    }

    /// For adapters: a session was asked for although the host has not begun a transaction.
    #[must_use]
    pub fn no_transaction() -> Self {
        Self::new(StoreErrorKind::Misuse, NO_TRANSACTION)
    }

    /// For adapters: the connection is gone.
    #[must_use]
    pub fn disconnected() -> Self {
        Self::new(StoreErrorKind::Disconnected, DISCONNECTED)
    }
}

const BUSY: &str = "another writer holds the lock: wait and repeat the whole transaction (on SQLite begin writers with BEGIN IMMEDIATE)";
const COLLISION: &str = "this transaction and another one collided: repeat the whole transaction";
const DISCONNECTED: &str =
    "the connection to the database is gone and the transaction with it: connect again and repeat";
const NO_TRANSACTION: &str = "no transaction is open on this connection: begin one, and commit it after the session";

const BUSY_SNAPSHOT: i32 = 5 | 2 << 8;
const CONSTRAINT_CHECK: i32 = 19 | 1 << 8;
const CONSTRAINT_DATATYPE: i32 = 19 | 12 << 8;
const CONSTRAINT_FOREIGN_KEY: i32 = 19 | 3 << 8;
const CONSTRAINT_NOT_NULL: i32 = 19 | 5 << 8;
const CONSTRAINT_PRIMARY_KEY: i32 = 19 | 6 << 8;
const CONSTRAINT_ROWID: i32 = 19 | 10 << 8;
const CONSTRAINT_UNIQUE: i32 = 19 | 8 << 8;

fn by_class(sqlstate: &str, message: &str) -> (StoreErrorKind, String) {
    match sqlstate.get(..2).unwrap_or_default() {
        "08" => (StoreErrorKind::Disconnected, DISCONNECTED.to_owned()),
        "22" => (
            StoreErrorKind::InvalidInput,
            "PostgreSQL cannot take one of the values; the SQLSTATE tells why".to_owned(),
        ),
        "23" => (StoreErrorKind::Constraint, "a constraint refused the row".to_owned()),
        "25" | "40" | "53" | "54" | "55" | "57" => (StoreErrorKind::Other, message.to_owned()),
        "3D" | "3F" | "42" => (
            StoreErrorKind::Other,
            format!("the database does not accept the statement: {message}"),
        ),
        _ => (
            StoreErrorKind::Other,
            "PostgreSQL reports an error; its SQLSTATE tells which, and the server's log the rest".to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_NAMES: [(&str, Option<&str>); 3] = [("table", None), ("column", None), ("constraint", None)];

    #[test]
    fn data_that_the_server_quotes_is_left_out() {
        for sqlstate in ["22P02", "23505", "23514", "P0001", "XX000"] {
            let error = StoreError::from_sqlstate(sqlstate, "invalid input: \"ada@example.org\"", NO_NAMES);
            assert!(!error.to_string().contains("ada"), "{sqlstate}: {error}");
        }
        for code in [1, 19 | 7 << 8] {
            let error = StoreError::from_sqlite_code(code, "fts5: syntax error near \"ada\"");
            assert!(!error.to_string().contains("ada"), "{code}: {error}");
        }
    }

    #[test]
    fn names_of_tables_and_constraints_are_told() {
        let names = [("table", Some("t")), ("column", None), ("constraint", Some("t_pkey"))];
        let error = StoreError::from_sqlstate("23505", "", names);
        assert_eq!(
            error.to_string(),
            "a row with this key is already there; table `t`; constraint `t_pkey`"
        );
        assert!(error.is_unique_violation());
        assert_eq!(error.code(), Some("23505"));
    }

    #[test]
    fn what_a_repeated_transaction_can_cure_says_so() {
        for sqlstate in ["40001", "40P01", "55P03"] {
            assert!(StoreError::from_sqlstate(sqlstate, "", NO_NAMES).should_retry_transaction());
        }
        for code in [5, 6, 5 | 1 << 8, BUSY_SNAPSHOT] {
            assert!(StoreError::from_sqlite_code(code, "").should_retry_transaction());
        }
        assert!(StoreError::from_sqlite_code(BUSY_SNAPSHOT, "").is_serialization_failure());
    }
}
