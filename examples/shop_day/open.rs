//! Which database is opened, as the options have it.

use std::path::Path;

use crate::database::Database;
use crate::{Failure, Options, Store};

/// The database that the options name, or one of the shop's own.
pub fn open(options: &Options, out: &Path) -> Result<Database, Failure> {
    let db = options.db.as_deref();
    let database = match options.store {
        Store::Sqlite if db.is_some_and(is_connection_string) => {
            return Err(
                "--db is a connection string of PostgreSQL; add --store postgres, or name a file for SQLite".into(),
            );
        }
        Store::Sqlite => match db {
            Some(file) => Database::sqlite(Path::new(file))?,
            None => {
                std::fs::create_dir_all(out)?;
                Database::sqlite(&out.join("shop.db"))?
            }
        },
        Store::Postgres => Database::postgres(db)?,
    };
    let maildir = out.join("maildir");
    if options.store == Store::Postgres && db.is_none() && maildir.exists() {
        eprintln!("a throw-away database begins anew, and so does its Maildir; give --db to go on with one");
        std::fs::remove_dir_all(maildir)?;
    }
    Ok(database)
}

/// Whether a database is named as one of PostgreSQL: by a URL, or as `host=... dbname=...`. SQLite would make a file of that name.
fn is_connection_string(db: &str) -> bool {
    const KEYS: [&str; 10] = [
        "application_name",
        "connect_timeout",
        "dbname",
        "host",
        "hostaddr",
        "options",
        "password",
        "port",
        "sslmode",
        "user",
    ];
    let is_url = db.starts_with("postgres://") || db.starts_with("postgresql://");
    is_url || db.split_once('=').is_some_and(|(key, _)| KEYS.contains(&key.trim()))
}
