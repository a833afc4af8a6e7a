//! Results are handed over row by row, and a reader may stop at any of them.

use std::ops::ControlFlow;

use ecrm_store::{SessionExt, StoreError, StoreErrorKind};

use super::Database;
use super::cases;
use super::check::{Outcome, committed, refused, same};

cases![
    two_hundred_thousand_rows_arrive_in_order,
    a_reader_that_stops_early_leaves_the_session_usable,
    an_error_of_the_reader_comes_out_unchanged,
    a_query_without_rows_calls_nobody,
    the_first_row_of_nothing_is_none_and_its_value_not_found,
];

/// A result that no table has to hold.
const MANY: &str = "WITH RECURSIVE number (n, label) AS (
        SELECT CAST(1 AS BIGINT), CAST('row 1' AS TEXT)
        UNION ALL SELECT n + 1, 'row ' || CAST(n + 1 AS TEXT) FROM number WHERE n < 200000
    ) SELECT n, label FROM number";

fn two_hundred_thousand_rows_arrive_in_order(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        let mut last = 0_i64;
        let mut bytes = 0;
        session.query(MANY, &[], &mut |row| {
            let n: i64 = row.get(0)?;
            if n != last + 1 {
                return Err(StoreError::conflict("the order of the rows"));
            }
            last = n;
            bytes += row.text(1)?.len();
            Ok(ControlFlow::Continue(()))
        })?;
        same("the last row", last, 200_000)?;
        // "row " for each of them, and 1 088 895 digits.
        same("the bytes of all labels", bytes, 4 * 200_000 + 1_088_895)
    })
}

fn a_reader_that_stops_early_leaves_the_session_usable(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        for stop_at in [1, 2, 300, 5_000] {
            let mut seen = 0_i64;
            session.query(MANY, &[], &mut |_| {
                seen += 1;
                Ok(if seen == stop_at {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                })
            })?;
            same("rows seen", seen, stop_at)?;
            same(
                "the next query",
                session.query_value("SELECT $1", &[stop_at.into()])?,
                stop_at,
            )?;
        }
        Ok(())
    })
}

fn an_error_of_the_reader_comes_out_unchanged(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        let own = StoreError::conflict("the stock of the seventh row");
        let mut seen = 0_i64;
        let result = session.query(MANY, &[], &mut |_| {
            seen += 1;
            if seen == 7 {
                Err(own.clone())
            } else {
                Ok(ControlFlow::Continue(()))
            }
        });
        same("the error", result, Err(own))?;
        same("rows seen", seen, 7)?;
        same(
            "the next query",
            session.query_value("SELECT $1", &[seen.into()])?,
            7_i64,
        )
    })
}

fn a_query_without_rows_calls_nobody(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        let rows = session.query_all("SELECT 1 WHERE 1 = 2", &[], |row| row.get::<i64>(0))?;
        same("the rows", rows, Vec::new())
    })
}

fn the_first_row_of_nothing_is_none_and_its_value_not_found(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        let first = session.query_first("SELECT 1 WHERE 1 = 2", &[], |row| row.get::<i64>(0))?;
        same("the first row", first, None)?;
        refused(
            session.query_value::<i64>("SELECT 1 WHERE 1 = 2", &[]),
            StoreErrorKind::NotFound,
        )?;
        Ok(())
    })
}
