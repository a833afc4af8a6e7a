//! Parameters, counts, and statements that run again and again.

use ecrm_store::{Batch, SessionExt, StoreErrorKind, Type, Value};
use uuid::Uuid;

use super::Database;
use super::cases;
use super::check::{Outcome, SECRET, committed, create, ensure, refused, same};

cases![
    parameters_come_in_any_order_and_repeat,
    ten_and_more_parameters_keep_their_places,
    a_missing_parameter_is_an_error,
    execute_tells_how_many_rows_it_changed,
    what_is_returned_comes_through_query,
    an_upsert_inserts_once_and_then_updates,
    a_statement_runs_again_with_other_values_and_with_nulls,
    the_same_text_runs_with_parameters_of_other_types,
    a_batch_without_rows_does_nothing,
    a_batch_of_one_row_is_written,
    a_batch_of_ten_thousand_rows_is_written_in_order,
    an_error_inside_a_batch_is_told_and_undone_by_a_savepoint,
    an_unknown_table_is_an_error_that_names_it,
    text_is_ordered_by_code_point,
];

const TABLE: &str = "CREATE TABLE item (id {integer} PRIMARY KEY, name {text}, amount {integer})";

fn parameters_come_in_any_order_and_repeat(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        let row = session.query_first(
            "SELECT $3, $1, $2, $3, $1",
            &[1_i64.into(), "two".into(), 3.0.into()],
            |row| {
                Ok((
                    row.get::<f64>(0)?,
                    row.get::<i64>(1)?,
                    row.get::<String>(2)?,
                    row.get::<f64>(3)?,
                    row.get::<i64>(4)?,
                ))
            },
        )?;
        same("the row", row, Some((3.0, 1, "two".to_owned(), 3.0, 1)))
    })
}

fn ten_and_more_parameters_keep_their_places(database: &dyn Database) -> Outcome {
    let values: Vec<Value<'_>> = (1..=12_i64).map(Value::from).collect();
    let sql = "SELECT $12, $11, $10, $9, $8, $7, $6, $5, $4, $3, $2, $1";
    committed(database, |session| {
        let row = session.query_first(sql, &values, |row| (0..12).map(|index| row.get::<i64>(index)).collect())?;
        same("the row", row, Some((1..=12).rev().collect::<Vec<i64>>()))
    })
}

fn a_missing_parameter_is_an_error(database: &dyn Database) -> Outcome {
    let result = committed(database, |session| {
        Ok(session.query_value::<i64>("SELECT coalesce($1 + $2, 0)", &[1_i64.into()])?)
    });
    ensure(result.is_err(), "a statement with two parameters is not run with one")
}

fn execute_tells_how_many_rows_it_changed(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        create(session, &[TABLE])?;
        let insert = "INSERT INTO item (id, amount) VALUES ($1, 0)";
        same("one row inserted", session.execute(insert, &[1_i64.into()])?, 1)?;
        session.execute(insert, &[2_i64.into()])?;
        same(
            "CREATE TABLE",
            session.execute("CREATE TABLE other (id INTEGER)", &[])?,
            0,
        )?;
        same(
            "all rows updated",
            session.execute("UPDATE item SET amount = 1", &[])?,
            2,
        )?;
        same(
            "no row matched",
            session.execute("UPDATE item SET amount = 1 WHERE id = 9", &[])?,
            0,
        )?;
        let ignored = "INSERT INTO item (id, amount) VALUES ($1, 0) ON CONFLICT (id) DO NOTHING";
        same("a conflict", session.execute(ignored, &[1_i64.into()])?, 0)?;
        same("all rows deleted", session.execute("DELETE FROM item", &[])?, 2)
    })
}

fn what_is_returned_comes_through_query(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        create(session, &[TABLE])?;
        let insert = "INSERT INTO item (id, name) VALUES ($1, $2), ($3, $4) RETURNING id, name";
        let values = [1_i64.into(), "one".into(), 2_i64.into(), Value::Null(Type::Text)];
        let rows = session.query_all(insert, &values, |row| {
            Ok((row.get::<i64>(0)?, row.get::<Option<String>>(1)?))
        })?;
        same("the rows", rows, vec![(1, Some("one".to_owned())), (2, None)])?;
        let deleted = session.query_value("DELETE FROM item WHERE id = $1 RETURNING id", &[2_i64.into()])?;
        same("the deleted row", deleted, 2_i64)?;
        same(
            "rows left",
            session.query_value("SELECT count(*) FROM item", &[])?,
            1_i64,
        )
    })
}

fn an_upsert_inserts_once_and_then_updates(database: &dyn Database) -> Outcome {
    let upsert = "INSERT INTO item (id, amount) VALUES ($1, $2) \
        ON CONFLICT (id) DO UPDATE SET amount = item.amount + excluded.amount RETURNING amount";
    committed(database, |session| {
        create(session, &[TABLE])?;
        same(
            "inserted",
            session.query_value(upsert, &[1_i64.into(), 5_i64.into()])?,
            5_i64,
        )?;
        same(
            "updated",
            session.query_value(upsert, &[1_i64.into(), 7_i64.into()])?,
            12_i64,
        )
    })
}

fn a_statement_runs_again_with_other_values_and_with_nulls(database: &dyn Database) -> Outcome {
    let insert = "INSERT INTO item (id, name, amount) VALUES ($1, $2, $3)";
    committed(database, |session| {
        create(session, &[TABLE])?;
        let expected: Vec<(i64, Option<String>, Option<i64>)> = (0..60)
            .map(|id| {
                (
                    id,
                    (id % 2 == 0).then(|| format!("name {id}")),
                    (id % 3 == 0).then_some(-id),
                )
            })
            .collect();
        for (id, name, amount) in &expected {
            let name = Value::or_null(name.as_deref(), Type::Text);
            session.execute(insert, &[(*id).into(), name, Value::or_null(*amount, Type::Integer)])?;
        }
        let select = "SELECT id, name, amount FROM item ORDER BY id";
        let rows = session.query_all(select, &[], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        same("the rows", rows, expected)
    })
}

fn the_same_text_runs_with_parameters_of_other_types(database: &dyn Database) -> Outcome {
    let uuid = Uuid::from_u128(7);
    committed(database, |session| {
        for _ in 0..3 {
            same("an integer", session.query_value("SELECT $1", &[5_i64.into()])?, 5_i64)?;
            same("a real", session.query_value("SELECT $1", &[5.5.into()])?, 5.5)?;
            same(
                "a text",
                session.query_value("SELECT $1", &["five".into()])?,
                "five".to_owned(),
            )?;
            same("a UUID", session.query_value("SELECT $1", &[uuid.into()])?, uuid)?;
            same("a boolean", session.query_value("SELECT $1", &[true.into()])?, true)?;
            same(
                "no blob",
                session.query_value("SELECT $1", &[Value::Null(Type::Blob)])?,
                None::<Vec<u8>>,
            )?;
            same(
                "a blob",
                session.query_value("SELECT $1", &[vec![5].into()])?,
                vec![5_u8],
            )?;
        }
        Ok(())
    })
}

fn a_batch_without_rows_does_nothing(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        create(session, &[TABLE])?;
        let insert = "INSERT INTO item (id, amount) VALUES ($1, $2)";
        same("changed", session.execute_many(insert, &Batch::new(2))?, 0)
    })
}

fn a_batch_of_one_row_is_written(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        create(session, &[TABLE])?;
        let mut batch = Batch::new(2);
        batch.push([1_i64.into(), 10_i64.into()])?;
        let changed = session.execute_many("INSERT INTO item (id, amount) VALUES ($1, $2)", &batch)?;
        same("changed", changed, 1)?;
        same(
            "the amount",
            session.query_value("SELECT amount FROM item", &[])?,
            10_i64,
        )
    })
}

fn a_batch_of_ten_thousand_rows_is_written_in_order(database: &dyn Database) -> Outcome {
    // Each row is written twice with a rising amount, some names are NULL: the last one of a key must win.
    let upsert = "INSERT INTO item (id, name, amount) VALUES ($1, $2, $3) \
        ON CONFLICT (id) DO UPDATE SET amount = excluded.amount, name = excluded.name";
    let mut batch = Batch::new(3);
    for number in 0..10_000_i64 {
        let name = Value::or_null((number % 3 != 0).then(|| number.to_string()), Type::Text);
        batch.push([(number / 2).into(), name, number.into()])?;
    }
    committed(database, |session| {
        create(session, &[TABLE])?;
        same("changed", session.execute_many(upsert, &batch)?, 10_000)?;
        let wrong = "SELECT count(*) FROM item WHERE amount <> id * 2 + 1";
        same(
            "rows that an earlier value won",
            session.query_value(wrong, &[])?,
            0_i64,
        )?;
        let unnamed = "SELECT count(*) FROM item WHERE name IS NULL";
        same("rows without a name", session.query_value(unnamed, &[])?, 1_667_i64)?;
        same(
            "rows",
            session.query_value("SELECT count(*) FROM item", &[])?,
            5_000_i64,
        )
    })
}

fn an_error_inside_a_batch_is_told_and_undone_by_a_savepoint(database: &dyn Database) -> Outcome {
    let mut batch = Batch::new(2);
    for number in 0..2_000_i64 {
        batch.push([(number % 1_000).into(), SECRET.into()])?;
    }
    committed(database, |session| {
        create(session, &[TABLE])?;
        let insert = "INSERT INTO item (id, name) VALUES ($1, $2)";
        refused(
            session.atomically(|session| session.execute_many(insert, &batch)),
            StoreErrorKind::Unique,
        )?;
        same("rows", session.query_value("SELECT count(*) FROM item", &[])?, 0_i64)?;
        let mut zero = Batch::new(2);
        zero.push([1_i64.into(), "a".into()])?;
        zero.push([2_i64.into(), "b\0".into()])?;
        refused(
            session.atomically(|session| session.execute_many(insert, &zero)),
            StoreErrorKind::InvalidInput,
        )?;
        same("rows", session.query_value("SELECT count(*) FROM item", &[])?, 0_i64)
    })
}

fn an_unknown_table_is_an_error_that_names_it(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        let selected = session
            .atomically(|session| session.execute("SELECT 1 FROM ecrm_nowhere WHERE 'a' = $1", &[SECRET.into()]));
        let error = refused(selected, StoreErrorKind::Other)?;
        ensure(
            error.to_string().contains("ecrm_nowhere"),
            &format!("the missing table is named in: {error}"),
        )
    })
}

fn text_is_ordered_by_code_point(database: &dyn Database) -> Outcome {
    let in_order = [
        "", " ", "A", "B", "Z", "a", "a b", "aB", "ab", "b", "z", "Ä", "é", "日", "👟",
    ];
    committed(database, |session| {
        create(session, &[TABLE])?;
        for (id, name) in (0_i64..).zip(in_order.iter().rev()) {
            session.execute(
                "INSERT INTO item (id, name) VALUES ($1, $2)",
                &[id.into(), (*name).into()],
            )?;
        }
        let names = session.query_all("SELECT name FROM item ORDER BY name", &[], |row| row.get::<String>(0))?;
        same("the names", names, in_order.map(str::to_owned).to_vec())?;
        let before = "SELECT count(*) FROM item WHERE name < $1";
        same("names before a", session.query_value(before, &["a".into()])?, 5_i64)
    })
}
