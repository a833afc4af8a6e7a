//! Migrations: numbered SQL files per module, run inside the host's transaction.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::{Session, SessionExt, StoreError, StoreErrorKind};

/// The table that remembers what was applied. It is made here, because everything else is made by a migration.
const BOOTSTRAP: &str = "CREATE TABLE IF NOT EXISTS ecrm_migration (
    module {text} NOT NULL,
    version {integer} NOT NULL,
    checksum {text} NOT NULL,
    applied_at {integer} NOT NULL,
    PRIMARY KEY (module, version)
) {clustered}";

/// The tables of one module: its own migrations, after those of the modules that it builds on.
#[derive(Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "modules are constants, written as literals in their crates"
)]
pub struct Module {
    /// The name, unique among modules; its tables are called `ecrm_<name>_<noun>`.
    pub name: &'static str,
    /// The modules whose tables it needs.
    pub requires: &'static [&'static Module],
    /// The migrations, by rising version, without gaps, from 1.
    pub migrations: &'static [Migration],
}

/// One numbered SQL file. Hosts with a migration tool of their own can take the text from here:
/// [`statements`](Migration::statements) gives it in the words of their database.
#[derive(Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "modules are constants, written as literals in their crates"
)]
pub struct Migration {
    /// The number, from 1.
    pub version: u32,
    /// The text, with the words of [`Dialect::translate`](crate::Dialect::translate). Each statement ends with a semicolon at
    /// the end of a line.
    pub sql: &'static str,
}

/// A migration that [`migrate`] has just applied.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applied {
    /// The module.
    pub module: &'static str,
    /// The version of the migration.
    pub version: u32,
}

impl Migration {
    /// The statements, in the words of a database.
    #[must_use]
    pub fn statements(&self, dialect: crate::Dialect) -> Vec<String> {
        let sql = dialect.translate(&self.sql.replace("\r\n", "\n"));
        let lines: Vec<&str> = sql
            .lines()
            .filter(|line| !line.trim_start().starts_with("--"))
            .collect();
        lines
            .join("\n")
            .split(";\n")
            .map(|statement| statement.trim().trim_end_matches(';').to_owned())
            .filter(|statement| !statement.is_empty())
            .collect()
    }

    /// SHA-256 of the text, in hexadecimal; line endings do not count.
    #[must_use]
    pub fn checksum(&self) -> String {
        hex(&Sha256::digest(self.sql.replace("\r\n", "\n").as_bytes()))
    }
}

/// Bytes in lower-case hexadecimal, as digests are stored.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// Brings the tables of `modules`, and of what they build on, up to this program's version, inside the host's transaction.
///
/// Running it again changes nothing. On PostgreSQL a lock lets one program migrate at a time, and the tables are made in the
/// first schema of the host's `search_path`. Nothing outside `ecrm_*` tables is touched.
///
/// # Errors
/// [`StoreError::is_migration`] when a file that was applied has been altered since, when the database is newer than this
/// program, or when a statement fails. The failed module's migrations are undone by a savepoint; the host decides about the rest.
pub fn migrate(
    session: &mut dyn Session,
    modules: &[&'static Module],
    now: DateTime<Utc>,
) -> Result<Vec<Applied>, StoreError> {
    let _span = crate::span("store", "migrate");
    if let Some(lock) = session.dialect().migration_lock() {
        session.execute(lock, &[])?;
    }
    let bootstrap = session.dialect().translate(BOOTSTRAP);
    session.execute(&bootstrap, &[])?;
    let mut applied = Vec::new();
    for module in in_order(modules) {
        session.atomically(|session| migrate_module(session, module, now, &mut applied))?;
    }
    Ok(applied)
}

/// The modules and all that they build on, each once, what is needed first.
fn in_order(modules: &[&'static Module]) -> Vec<&'static Module> {
    fn visit(module: &'static Module, order: &mut Vec<&'static Module>) {
        if order.iter().any(|known| known.name == module.name) {
            return;
        }
        for required in module.requires {
            visit(required, order);
        }
        order.push(module);
    }
    let mut order = Vec::new();
    for module in modules {
        visit(module, &mut order);
    }
    order
}

fn migrate_module(
    session: &mut dyn Session,
    module: &'static Module,
    now: DateTime<Utc>,
    applied: &mut Vec<Applied>,
) -> Result<(), StoreError> {
    let known = applied_checksums(session, module)?;
    let newest = module.migrations.last().map_or(0, |migration| migration.version);
    if let Some((&version, _)) = known.iter().next_back().filter(|(version, _)| **version > newest) {
        return Err(problem(
            module,
            version,
            &format!(
                "the database is newer than this program, which knows versions up to {newest}; update the program"
            ),
        ));
    }
    for migration in module.migrations {
        match known.get(&migration.version) {
            Some(checksum) if *checksum == migration.checksum() => {}
            Some(_) => {
                return Err(problem(
                    module,
                    migration.version,
                    "the file was altered after it had been applied; restore the released file and add a new version instead",
                ));
            }
            None => {
                apply(session, module, migration, now)?;
                applied.push(Applied {
                    module: module.name,
                    version: migration.version,
                });
            }
        }
    }
    Ok(())
}

fn applied_checksums(session: &mut dyn Session, module: &Module) -> Result<BTreeMap<u32, String>, StoreError> {
    let rows = session.query_all(
        "SELECT version, checksum FROM ecrm_migration WHERE module = $1",
        &[module.name.into()],
        |row| Ok((row.get::<u32>(0)?, row.get::<String>(1)?)),
    )?;
    Ok(rows.into_iter().collect())
}

fn apply(
    session: &mut dyn Session,
    module: &Module,
    migration: &Migration,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for statement in migration.statements(session.dialect()) {
        session.execute(&statement, &[]).map_err(|error| {
            if error.should_retry_transaction() {
                return error;
            }
            problem(module, migration.version, &error.to_string())
        })?;
    }
    session.execute(
        "INSERT INTO ecrm_migration (module, version, checksum, applied_at) VALUES ($1, $2, $3, $4)",
        &[
            module.name.into(),
            migration.version.into(),
            migration.checksum().into(),
            now.into(),
        ],
    )?;
    Ok(())
}

fn problem(module: &Module, version: u32, what: &str) -> StoreError {
    StoreError::new(
        StoreErrorKind::Migration,
        format!("migration {version} of module `{}`: {what}", module.name),
    )
}
