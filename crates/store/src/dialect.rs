//! The few words in which SQLite and PostgreSQL differ.

/// The database behind a [`Session`](crate::Session).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a third database would be a change of design, and every match on this has to see it"
)]
pub enum Dialect {
    /// PostgreSQL 13 or later, and its distributed form Citus.
    Postgres,
    /// SQLite 3.37 or later.
    Sqlite,
}

impl Dialect {
    /// Translates the words in braces of a migration into this database's own:
    /// `{blob}`, `{boolean}`, `{integer}`, `{json}`, `{real}`, `{text}`, `{uuid}`, and one word after a table's closing
    /// bracket: `{clustered}` keeps its rows in the order of the primary key where the database can do that, `{strict}` as they came. A
    /// table with rows of more than about 200 bytes that are read one by one is quicker with the latter: SQLite keeps whole rows in the
    /// inner pages of the former's tree, which is deep then.
    ///
    /// ```
    /// use ecrm_store::Dialect;
    /// let sql = "CREATE TABLE t (id {uuid} PRIMARY KEY) {clustered}";
    /// assert_eq!(Dialect::Sqlite.translate(sql), "CREATE TABLE t (id BLOB PRIMARY KEY) WITHOUT ROWID, STRICT");
    /// assert_eq!(Dialect::Postgres.translate(sql), "CREATE TABLE t (id UUID PRIMARY KEY) ");
    /// ```
    #[must_use]
    pub fn translate(self, sql: &str) -> String {
        self.words()
            .iter()
            .fold(sql.to_owned(), |sql, (word, own)| sql.replace(word, own))
    }

    /// What follows a SELECT that takes the lock of its rows until the transaction ends. SQLite has one writer at a time, and
    /// needs nothing.
    #[must_use]
    pub fn for_update(self) -> &'static str {
        match self {
            Self::Postgres => " FOR UPDATE",
            Self::Sqlite => "",
        }
    }

    /// What follows a SELECT by which a worker takes rows that no other worker holds.
    #[must_use]
    pub fn claim(self) -> &'static str {
        match self {
            Self::Postgres => " FOR UPDATE SKIP LOCKED",
            Self::Sqlite => "",
        }
    }

    /// A statement that lets one migration run at a time, if the database does not see to it by itself.
    pub(crate) fn migration_lock(self) -> Option<&'static str> {
        match self {
            Self::Postgres => Some("SELECT pg_advisory_xact_lock(hashtext('ecrm_migration ' || current_schema()))"),
            Self::Sqlite => None,
        }
    }

    fn words(self) -> [(&'static str, &'static str); 9] {
        match self {
            Self::Postgres => [
                ("{blob}", "BYTEA"),
                ("{boolean}", "BOOLEAN"),
                ("{clustered}", ""),
                ("{integer}", "BIGINT"),
                ("{json}", "JSON"),
                ("{real}", "DOUBLE PRECISION"),
                ("{strict}", ""),
                ("{text}", "TEXT COLLATE \"C\""),
                ("{uuid}", "UUID"),
            ],
            Self::Sqlite => [
                ("{blob}", "BLOB"),
                ("{boolean}", "INTEGER"),
                ("{clustered}", "WITHOUT ROWID, STRICT"),
                ("{integer}", "INTEGER"),
                ("{json}", "TEXT"),
                ("{real}", "REAL"),
                ("{strict}", "STRICT"),
                ("{text}", "TEXT"),
                ("{uuid}", "BLOB"),
            ],
        }
    }
}
