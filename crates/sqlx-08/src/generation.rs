//! What differs between sqlx 0.8 and 0.9. `ecrm-sqlx` has its own version of this file and shares all others.

/// A query of PostgreSQL.
#[cfg(feature = "postgres")]
pub(crate) type PostgresQuery<'q> = sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments>;

/// A query of SQLite.
#[cfg(feature = "sqlite")]
pub(crate) type SqliteQuery<'q> = sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments<'q>>;

/// The text of a statement. It comes from this library or its modules and never contains data, which travels as parameters.
pub(crate) fn statement(sql: &str) -> &str {
    sql
}
