//! The shop's own database. Here the host begins and commits; the library never does.

use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use ecrm::confirmation_mail::{MailState, counts};
use ecrm::core::Money;
use ecrm::sqlite::rusqlite::{Connection, TransactionBehavior};
use ecrm::sqlite::{SqliteSession, store_error};
use ecrm::store::{Session, SessionExt, StoreError, StoreErrorKind, UnitOfWork};

use crate::Failure;

/// The shop's own table: its rows are committed together with what ecrm writes.
const SHOP_TABLE: &str = "CREATE TABLE IF NOT EXISTS shop_invoice (
    number TEXT NOT NULL PRIMARY KEY,
    placed_at BIGINT NOT NULL,
    country TEXT NOT NULL,
    is_cancellation BOOLEAN NOT NULL,
    currency TEXT NOT NULL,
    total BIGINT NOT NULL
)";

/// The shop's own table of how many customers were in its segments when a month was over.
const SEGMENT_TABLE: &str = "CREATE TABLE IF NOT EXISTS shop_segment_count (
    month TEXT NOT NULL,
    segment TEXT NOT NULL,
    members BIGINT NOT NULL,
    counted_at BIGINT NOT NULL,
    PRIMARY KEY (month, segment)
)";

/// The database of the shop, on one of two engines.
pub enum Database {
    Sqlite(Connection),
    #[cfg(feature = "postgres")]
    Postgres(Box<postgres::Connected>),
}

impl Database {
    /// A database file. The settings are the host's; a commit survives a crash of the process.
    pub fn sqlite(file: &Path) -> Result<Self, Failure> {
        let connection = Connection::open(file)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "temp_store", "MEMORY")?; // or each savepoint of an order may open a file
        connection.pragma_update(None, "wal_autocheckpoint", 8_000)?;
        connection.pragma_update(None, "cache_size", -16_000)?;
        connection.busy_timeout(std::time::Duration::from_secs(10))?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(Self::Sqlite(connection))
    }

    /// A PostgreSQL database; without a connection string a throw-away one that is gone afterwards.
    #[cfg(feature = "postgres")]
    pub fn postgres(connection: Option<&str>) -> Result<Self, Failure> {
        postgres::Connected::open(connection).map(|connected| Self::Postgres(Box::new(connected)))
    }

    #[cfg(not(feature = "postgres"))]
    pub fn postgres(_: Option<&str>) -> Result<Self, Failure> {
        Err("this build has no PostgreSQL; run it with --features postgres".into())
    }

    /// The shop's tables, and those of ecrm.
    pub fn migrate(&mut self, now: DateTime<Utc>) -> Result<(), Failure> {
        self.run(&mut |session| {
            session.execute(SHOP_TABLE, &[])?;
            session.execute(SEGMENT_TABLE, &[])?;
            ecrm::migrate(session, now).map(|_| ())
        })?;
        Ok(())
    }

    /// The number of mails that are still to be sent.
    pub fn mails_waiting(&mut self) -> Result<u64, Failure> {
        let mut waiting = 0;
        self.run(&mut |session| {
            let states = counts(session).map_err(|error| other(&error))?;
            let open = |state: &MailState| matches!(state, MailState::Queued | MailState::Leased);
            waiting = states
                .iter()
                .filter(|(state, _)| open(state))
                .map(|(_, count)| count)
                .sum();
            Ok(())
        })?;
        Ok(waiting)
    }
}

impl UnitOfWork for Database {
    fn run(&mut self, work: &mut dyn FnMut(&mut dyn Session) -> Result<(), StoreError>) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => {
                let transaction = connection
                    .transaction_with_behavior(TransactionBehavior::Immediate)
                    .map_err(store_error)?;
                work(&mut SqliteSession::new(&transaction)?)?;
                transaction.commit().map_err(store_error)
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(connected) => connected.run(work),
        }
    }
}

/// A row of the shop's own table.
pub struct ShopRow {
    pub number: String,
    pub placed_at: DateTime<Utc>,
    pub country: String,
    pub is_cancellation: bool,
    pub total: Money,
}

impl ShopRow {
    pub fn insert(&self, session: &mut dyn Session) -> Result<(), StoreError> {
        session.execute(
            "INSERT INTO shop_invoice (number, placed_at, country, is_cancellation, currency, total)
             VALUES ($1, $2, $3, $4, $5, $6)",
            &[
                (&self.number).into(),
                self.placed_at.into(),
                (&self.country).into(),
                self.is_cancellation.into(),
                self.total.currency().code().into(),
                self.total.minor().into(),
            ],
        )?;
        Ok(())
    }
}

/// How many customers were in a segment when a month was over.
pub struct SegmentCount {
    /// Its first day.
    pub month: NaiveDate,
    pub segment: String,
    pub members: u64,
    /// For which instant they were counted: the end of the month, or of all invoices.
    pub counted_at: DateTime<Utc>,
}

impl SegmentCount {
    /// In the place of what was counted for the same month before.
    pub fn save(&self, session: &mut dyn Session) -> Result<(), StoreError> {
        session.execute(
            "INSERT INTO shop_segment_count (month, segment, members, counted_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (month, segment) DO UPDATE SET members = excluded.members, counted_at = excluded.counted_at",
            &[
                self.month.to_string().into(),
                (&self.segment).into(),
                i64::try_from(self.members).unwrap_or(i64::MAX).into(),
                self.counted_at.into(),
            ],
        )?;
        Ok(())
    }

    /// All of them, month by month.
    pub fn all(session: &mut dyn Session) -> Result<Vec<Self>, StoreError> {
        session.query_all(
            "SELECT month, segment, members, counted_at FROM shop_segment_count ORDER BY month",
            &[],
            |row| {
                let month: String = row.get(0)?;
                Ok(Self {
                    month: month.parse().map_err(|error| other(&error))?,
                    segment: row.get(1)?,
                    members: row.get(2)?,
                    counted_at: row.get(3)?,
                })
            },
        )
    }
}

/// Revenue and orders of each country in a currency, from the shop's own table: the largest first.
pub fn countries(session: &mut dyn Session, currency: &str) -> Result<Vec<(String, i64, u64)>, StoreError> {
    session.query_all(
        "SELECT country, CAST(sum(total) AS BIGINT), sum(CASE WHEN is_cancellation THEN 0 ELSE 1 END)
         FROM shop_invoice WHERE currency = $1 GROUP BY country ORDER BY 2 DESC, 1",
        &[currency.into()],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
}

fn other(error: &dyn std::error::Error) -> StoreError {
    StoreError::new(StoreErrorKind::Other, error.to_string())
}

#[cfg(feature = "postgres")]
mod postgres {
    use ecrm::postgres::tokio_postgres::{NoTls, connect};
    use ecrm::postgres::{CachingClient, PostgresSession, store_error};
    use ecrm::store::{Session, StoreError};
    use ecrm_testkit::{PostgresCluster, TestDatabase};
    use tokio::runtime::{Builder, Runtime};

    use crate::Failure;

    /// A connection that a runtime in the background keeps alive.
    pub struct Connected {
        client: CachingClient,
        runtime: Runtime,
        /// Stops the throw-away server when the example ends.
        _server: Option<(PostgresCluster, TestDatabase)>,
    }

    impl Connected {
        pub fn open(connection: Option<&str>) -> Result<Self, Failure> {
            let server = match connection {
                Some(_) => None,
                None => {
                    let cluster = PostgresCluster::start(ecrm_testkit::Durability::Fast)?;
                    let database = cluster.fresh_database("shop_day")?;
                    Some((cluster, database))
                }
            };
            let address = match &server {
                Some((_, database)) => database.connection_string(),
                None => connection.unwrap_or_default().to_owned(),
            };
            let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
            let (client, background) = runtime.block_on(connect(&address, NoTls))?;
            runtime.spawn(background);
            Ok(Self {
                client: client.into(),
                runtime,
                _server: server,
            })
        }

        pub fn run(
            &mut self,
            work: &mut dyn FnMut(&mut dyn Session) -> Result<(), StoreError>,
        ) -> Result<(), StoreError> {
            let (client, statements) = self.client.split();
            let transaction = self.runtime.block_on(client.transaction()).map_err(store_error)?;
            let mut session = PostgresSession::with_cache(&transaction, statements, self.runtime.handle())?;
            work(&mut session)?;
            drop(session);
            self.runtime.block_on(transaction.commit()).map_err(store_error)
        }
    }
}
