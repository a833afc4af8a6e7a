//! Which database is opened, as the options have it.

use std::path::Path;

use crate::database::Database;
use crate::{Failure, Options, Store};

/// The database that the options name, or one of the shop's own.
pub fn open(options: &Options, out: &Path) -> Result<Database, Failure> {
    let db = options.db.as_deref();
    let database = match options.store {
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
