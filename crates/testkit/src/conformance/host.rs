//! The host's own rows, tables and settings: committed together with ours, and otherwise left alone.

use std::collections::BTreeSet;

use chrono::DateTime;
use ecrm_store::{Dialect, Migration, Module, Session, SessionExt, migrate};

use super::Database;
use super::cases;
use super::check::{Outcome, committed, create, ensure, rolled_back, same};

cases![
    rows_of_the_host_and_of_the_library_are_committed_together,
    rows_of_the_host_and_of_the_library_are_rolled_back_together,
    migrating_leaves_the_tables_of_the_host_alone,
    migrating_leaves_the_settings_of_the_host_alone,
    migrating_makes_nothing_but_what_is_named_ecrm,
    the_session_speaks_the_dialect_of_its_database,
];

static MODULE: Module = Module {
    name: "letter",
    requires: &[],
    migrations: &[Migration {
        version: 1,
        sql: "CREATE TABLE ecrm_letter_draft (id {integer} NOT NULL, body {text} NOT NULL, PRIMARY KEY (id)) {clustered};\n\
            CREATE UNIQUE INDEX ecrm_letter_draft_body ON ecrm_letter_draft (id, body);\n",
    }],
};

fn rows_of_the_host_and_of_the_library_are_committed_together(database: &dyn Database) -> Outcome {
    prepare(database)?;
    committed(database, write_both)?;
    committed(database, |session| same("both rows", count_both(session)?, (1, 1)))
}

fn rows_of_the_host_and_of_the_library_are_rolled_back_together(database: &dyn Database) -> Outcome {
    prepare(database)?;
    rolled_back(database, |session| {
        write_both(session)?;
        same("both rows inside the transaction", count_both(session)?, (1, 1))
    })?;
    committed(database, |session| same("both rows", count_both(session)?, (0, 0)))
}

fn migrating_leaves_the_tables_of_the_host_alone(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        create(
            session,
            &["CREATE TABLE shop_order (id {integer} PRIMARY KEY, note {text})"],
        )?;
        session.execute("INSERT INTO shop_order (id, note) VALUES (7, 'before')", &[])?;
        Ok(())
    })?;
    let before = committed(database, objects)?;
    prepare_library(database)?;
    let after = committed(database, objects)?;
    ensure(
        before.is_subset(&after),
        "every table and index of the host is still there",
    )?;
    committed(database, |session| {
        same(
            "the row",
            session.query_value("SELECT note FROM shop_order WHERE id = 7", &[])?,
            "before".to_owned(),
        )
    })
}

fn migrating_leaves_the_settings_of_the_host_alone(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        if session.dialect() == Dialect::Sqlite {
            session.execute("PRAGMA user_version = 4711", &[])?;
        }
        let before = settings(session)?;
        migrate(session, &[&MODULE], DateTime::UNIX_EPOCH)?;
        same("the settings", settings(session)?, before)
    })
}

fn migrating_makes_nothing_but_what_is_named_ecrm(database: &dyn Database) -> Outcome {
    let before = committed(database, objects)?;
    prepare_library(database)?;
    let after = committed(database, objects)?;
    let foreign: Vec<&String> = after
        .difference(&before)
        .filter(|name| !name.starts_with("ecrm_") && !name.starts_with("sqlite_autoindex_ecrm_"))
        .collect();
    ensure(after.len() > before.len(), "the migration made something")?;
    same("what is not named ecrm", foreign, Vec::new())
}

fn the_session_speaks_the_dialect_of_its_database(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        let name = match session.dialect() {
            Dialect::Postgres => session.query_value::<String>("SELECT version()", &[])?,
            Dialect::Sqlite => session.query_value::<String>("SELECT 'SQLite ' || sqlite_version()", &[])?,
        };
        let expected = format!("{:?}", session.dialect());
        ensure(
            name.to_lowercase().starts_with(&expected.to_lowercase()),
            &format!("{name} is {expected}"),
        )
    })
}

fn prepare(database: &dyn Database) -> Outcome {
    prepare_library(database)?;
    committed(database, |session| {
        create(session, &["CREATE TABLE shop_order (id {integer} PRIMARY KEY)"])
    })
}

fn prepare_library(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        migrate(session, &[&MODULE], DateTime::UNIX_EPOCH)?;
        Ok(())
    })
}

fn write_both(session: &mut dyn Session) -> Outcome {
    session.execute("INSERT INTO shop_order (id) VALUES (1)", &[])?;
    session.execute(
        "INSERT INTO ecrm_letter_draft (id, body) VALUES (1, $1)",
        &["Dear Ada".into()],
    )?;
    Ok(())
}

fn count_both(session: &mut dyn Session) -> Outcome<(i64, i64)> {
    let host = session.query_value("SELECT count(*) FROM shop_order", &[])?;
    let library = session.query_value("SELECT count(*) FROM ecrm_letter_draft", &[])?;
    Ok((host, library))
}

/// The names of all tables, indexes, views, sequences, functions and triggers.
fn objects(session: &mut dyn Session) -> Outcome<BTreeSet<String>> {
    let sql = match session.dialect() {
        Dialect::Postgres => {
            "SELECT CAST(relname AS text) FROM pg_class WHERE relnamespace IN
                (SELECT oid FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema')
            UNION ALL SELECT CAST(nspname AS text) FROM pg_namespace
            UNION ALL SELECT CAST(tgname AS text) FROM pg_trigger
            UNION ALL SELECT CAST(proname AS text) FROM pg_proc
            UNION ALL SELECT CAST(extname AS text) FROM pg_extension"
        }
        Dialect::Sqlite => "SELECT name FROM sqlite_master",
    };
    Ok(session.query_all(sql, &[], |row| row.get(0))?.into_iter().collect())
}

/// The settings that a library could be tempted to change.
fn settings(session: &mut dyn Session) -> Outcome<Vec<String>> {
    match session.dialect() {
        Dialect::Postgres => {
            let sql = "SELECT name || '=' || setting FROM pg_settings ORDER BY name";
            Ok(session.query_all(sql, &[], |row| row.get(0))?)
        }
        Dialect::Sqlite => {
            let mut settings = Vec::new();
            for pragma in [
                "user_version",
                "application_id",
                "foreign_keys",
                "synchronous",
                "secure_delete",
                "recursive_triggers",
            ] {
                let value: i64 = session.query_value(&format!("PRAGMA {pragma}"), &[])?;
                settings.push(format!("{pragma}={value}"));
            }
            settings.push(session.query_value("PRAGMA journal_mode", &[])?);
            Ok(settings)
        }
    }
}
