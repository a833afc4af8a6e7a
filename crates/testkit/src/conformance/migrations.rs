//! Migrations run once, in order, inside the host's transaction, and never half.

use std::thread;

use chrono::{DateTime, Utc};
use ecrm_store::{Applied, Dialect, Migration, Module, Session, SessionExt, StoreError, StoreErrorKind, migrate};

use super::Database;
use super::cases;
use super::check::{Failure, Outcome, committed, ensure, refused, rolled_back, same};

cases![
    migrating_twice_changes_nothing_the_second_time,
    a_database_of_an_older_version_is_brought_up_to_date,
    an_altered_file_is_refused,
    a_database_newer_than_the_program_is_refused,
    a_failing_statement_undoes_its_module_only,
    what_a_module_requires_is_migrated_first_and_once,
    a_migration_that_the_host_rolls_back_leaves_nothing,
    two_programs_that_migrate_at_once_apply_each_migration_once,
];

const VERSION_1: &str =
    "-- The first shape.\nCREATE TABLE ecrm_fruit_apple (id {integer} NOT NULL, PRIMARY KEY (id)) {clustered};\n";
const VERSION_2: &str = "ALTER TABLE ecrm_fruit_apple ADD COLUMN colour {text};\nCREATE INDEX ecrm_fruit_colour ON ecrm_fruit_apple (colour);\n";

static OLD: Module = Module {
    name: "fruit",
    requires: &[],
    migrations: &[Migration {
        version: 1,
        sql: VERSION_1,
    }],
};

static NEW: Module = Module {
    name: "fruit",
    requires: &[],
    migrations: &[
        Migration {
            version: 1,
            sql: VERSION_1,
        },
        Migration {
            version: 2,
            sql: VERSION_2,
        },
    ],
};

static ALTERED: Module = Module {
    name: "fruit",
    requires: &[],
    migrations: &[Migration {
        version: 1,
        sql: "CREATE TABLE ecrm_fruit_pear (id {integer});\n",
    }],
};

static BASKET: Module = Module {
    name: "basket",
    requires: &[&NEW],
    migrations: &[Migration {
        version: 1,
        sql: "CREATE TABLE ecrm_basket_item (colour {text});\nINSERT INTO ecrm_basket_item SELECT colour FROM ecrm_fruit_apple;\n",
    }],
};

static BROKEN: Module = Module {
    name: "broken",
    requires: &[&NEW],
    migrations: &[Migration {
        version: 1,
        sql: "CREATE TABLE ecrm_broken_first (id {integer});\nINSERT INTO ecrm_nowhere (id) VALUES (1);\n",
    }],
};

fn migrating_twice_changes_nothing_the_second_time(database: &dyn Database) -> Outcome {
    let first = committed(database, |session| Ok(migrate(session, &[&NEW], now())?))?;
    same("the versions", versions(&first), vec![("fruit", 1), ("fruit", 2)])?;
    let before = committed(database, recorded)?;
    let second = committed(database, |session| {
        Ok(migrate(session, &[&NEW], now() + chrono::TimeDelta::days(1))?)
    })?;
    same("the versions of the second time", second, Vec::new())?;
    same("the records", committed(database, recorded)?, before)
}

fn a_database_of_an_older_version_is_brought_up_to_date(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        migrate(session, &[&OLD], now())?;
        session.execute("INSERT INTO ecrm_fruit_apple (id) VALUES (1)", &[])?;
        Ok(())
    })?;
    let applied = committed(database, |session| Ok(migrate(session, &[&NEW], now())?))?;
    same("the versions", versions(&applied), vec![("fruit", 2)])?;
    let kept = "SELECT count(*) FROM ecrm_fruit_apple WHERE colour IS NULL";
    committed(database, |session| {
        same("the row of the old version", session.query_value(kept, &[])?, 1_i64)
    })
}

fn an_altered_file_is_refused(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        migrate(session, &[&OLD], now())?;
        let error = refused(migrate(session, &[&ALTERED], now()), StoreErrorKind::Migration)?;
        ensure(
            error.to_string().contains("altered"),
            &format!("the reason is told in: {error}"),
        )?;
        still_usable(session)
    })
}

fn a_database_newer_than_the_program_is_refused(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        migrate(session, &[&NEW], now())?;
        let error = refused(migrate(session, &[&OLD], now()), StoreErrorKind::Migration)?;
        ensure(
            error.to_string().contains("newer"),
            &format!("the reason is told in: {error}"),
        )?;
        still_usable(session)
    })
}

fn a_failing_statement_undoes_its_module_only(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        let error = refused(migrate(session, &[&BROKEN], now()), StoreErrorKind::Migration)?;
        ensure(
            error.to_string().contains("broken"),
            &format!("the module is named in: {error}"),
        )?;
        ensure(
            !exists(session, "ecrm_broken_first"),
            "the first table of the broken module is undone",
        )?;
        ensure(exists(session, "ecrm_fruit_apple"), "the module that it requires stays")?;
        let records = recorded(session)?;
        ensure(
            records.iter().all(|(module, ..)| module == "fruit"),
            "only the good module is recorded",
        )?;
        still_usable(session)
    })
}

fn what_a_module_requires_is_migrated_first_and_once(database: &dyn Database) -> Outcome {
    let applied = committed(database, |session| {
        Ok(migrate(session, &[&BASKET, &NEW, &BASKET], now())?)
    })?;
    same(
        "the versions",
        versions(&applied),
        vec![("fruit", 1), ("fruit", 2), ("basket", 1)],
    )
}

fn a_migration_that_the_host_rolls_back_leaves_nothing(database: &dyn Database) -> Outcome {
    rolled_back(database, |session| Ok(migrate(session, &[&NEW], now())?))?;
    committed(database, |session| {
        ensure(!exists(session, "ecrm_fruit_apple"), "the table is gone")?;
        ensure(!exists(session, "ecrm_migration"), "the records are gone")
    })
}

fn two_programs_that_migrate_at_once_apply_each_migration_once(database: &dyn Database) -> Outcome {
    thread::scope(|scope| {
        let (second, first) = committed(database, |session| {
            let first = migrate(session, &[&NEW], now())?;
            if session.dialect() == Dialect::Sqlite {
                // The second program cannot even begin as a writer before the first one has committed.
                return Ok((None, first));
            }
            let second = scope.spawn(|| committed(database, |session| Ok(migrate(session, &[&NEW], now())?)));
            // The first commits only when the second waits for the lock, or has failed to.
            let waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted \
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
            while session.query_value::<i64>(waiting, &[])? == 0 && !second.is_finished() {}
            Ok((Some(second), first))
        })?;
        same(
            "the versions of the first",
            versions(&first),
            vec![("fruit", 1), ("fruit", 2)],
        )?;
        let second = match second {
            Some(second) => second
                .join()
                .map_err(|_| Failure::new("the second program panicked"))??,
            None => committed(database, |session| Ok(migrate(session, &[&NEW], now())?))?,
        };
        same("the versions of the second", second, Vec::new())
    })
}

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + chrono::TimeDelta::days(20_000)
}

fn versions(applied: &[Applied]) -> Vec<(&'static str, u32)> {
    applied
        .iter()
        .map(|applied| (applied.module, applied.version))
        .collect()
}

/// Module, version, checksum and time of what was applied.
type Record = (String, u32, String, DateTime<Utc>);

fn recorded(session: &mut dyn Session) -> Outcome<Vec<Record>> {
    let sql = "SELECT module, version, checksum, applied_at FROM ecrm_migration ORDER BY module, version";
    Ok(session.query_all(sql, &[], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?)
}

fn exists(session: &mut dyn Session, table: &str) -> bool {
    let selected: Result<u64, StoreError> =
        session.atomically(|session| session.execute(&format!("SELECT 1 FROM {table}"), &[]));
    selected.is_ok()
}

fn still_usable(session: &mut dyn Session) -> Outcome {
    same(
        "the next query",
        session.query_value("SELECT $1", &[1_i64.into()])?,
        1_i64,
    )
}
