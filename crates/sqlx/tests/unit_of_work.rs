//! One closure per unit of work, on the shop's own transaction, on both runtime flavours and both databases.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod support;

use ecrm_sqlx::sqlx::{self, PgPool, SqlitePool};
use ecrm_sqlx::{postgres, sqlite};
use ecrm_store::{Session, SessionExt, StoreError};
use ecrm_testkit::PostgresCluster;
use tempfile::TempDir;
use tokio::runtime::Handle;

const TABLE: &str = "CREATE TABLE shop_order (number TEXT PRIMARY KEY)";
const BY_THE_HOST: &str = "INSERT INTO shop_order (number) VALUES ('host')";
const ALL: &str = "SELECT number FROM shop_order ORDER BY number";

fn insert(session: &mut dyn Session, number: &str) -> Result<i64, StoreError> {
    session.execute("INSERT INTO shop_order (number) VALUES ($1)", &[number.into()])?;
    session.query_value("SELECT count(*) FROM shop_order", &[])
}

async fn postgres_shop() -> Option<PgPool> {
    let pool = support::postgres(&PostgresCluster::shared()?.fresh_database("shop").unwrap());
    sqlx::query(TABLE).execute(&pool).await.unwrap();
    Some(pool)
}

async fn sqlite_shop() -> (TempDir, SqlitePool) {
    let folder = tempfile::tempdir().unwrap();
    // With one connection, the next transaction waits until sqlx has rolled back the one before.
    let pool = support::sqlite(&folder, 1).await.unwrap();
    sqlx::query(TABLE).execute(&pool).await.unwrap();
    (folder, pool)
}

/// The promises of a unit of work, for the module of one database and a pool on it.
macro_rules! promises {
    ($module:ident, $pool:expr) => {{
        let pool = $pool;

        // What is committed: the host's row and ours, and each sees the other.
        let mut transaction = pool.begin().await.unwrap();
        sqlx::query(BY_THE_HOST).execute(&mut *transaction).await.unwrap();
        let (transaction, count) = $module::unit_of_work(transaction, |session| insert(session, "1"))
            .await
            .unwrap();
        assert_eq!(count, Ok(2));
        transaction.commit().await.unwrap();
        assert_eq!(
            sqlx::query_scalar::<_, String>(ALL).fetch_all(&pool).await.unwrap(),
            ["1", "host"]
        );

        // What is rolled back: both.
        let mut transaction = pool.begin().await.unwrap();
        sqlx::query("DELETE FROM shop_order")
            .execute(&mut *transaction)
            .await
            .unwrap();
        let (transaction, count) = $module::unit_of_work(transaction, |session| insert(session, "2"))
            .await
            .unwrap();
        assert_eq!(count, Ok(1));
        transaction.rollback().await.unwrap();
        assert_eq!(
            sqlx::query_scalar::<_, String>(ALL).fetch_all(&pool).await.unwrap(),
            ["1", "host"]
        );

        // An error comes out of the closure, and the transaction back.
        let transaction = pool.begin().await.unwrap();
        let (transaction, refused) = $module::unit_of_work(transaction, |session| insert(session, "1"))
            .await
            .unwrap();
        assert!(refused.unwrap_err().is_unique_violation());
        transaction.rollback().await.unwrap();

        // A panic of the closure goes on, and what it had written is rolled back.
        let mut transaction = pool.begin().await.unwrap();
        sqlx::query("DELETE FROM shop_order")
            .execute(&mut *transaction)
            .await
            .unwrap();
        let unit = tokio::spawn($module::unit_of_work(transaction, |session| -> () {
            insert(session, "3").unwrap();
            panic!("a mistake of the host");
        }));
        let panic = unit.await.unwrap_err().into_panic();
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"a mistake of the host"));
        let mut next = pool.begin().await.unwrap();
        sqlx::query("INSERT INTO shop_order (number) VALUES ('3')")
            .execute(&mut *next)
            .await
            .unwrap();
        next.commit().await.unwrap();
        assert_eq!(
            sqlx::query_scalar::<_, String>(ALL).fetch_all(&pool).await.unwrap(),
            ["1", "3", "host"]
        );
    }};
}

#[tokio::test(flavor = "current_thread")]
async fn on_postgresql_on_a_current_thread_runtime() {
    let Some(pool) = postgres_shop().await else { return };
    promises!(postgres, pool);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgresql_on_a_multi_thread_runtime() {
    let Some(pool) = postgres_shop().await else { return };
    promises!(postgres, pool);
}

#[tokio::test(flavor = "current_thread")]
async fn on_sqlite_on_a_current_thread_runtime() {
    let (_folder, pool) = sqlite_shop().await;
    promises!(sqlite, pool);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite_on_a_multi_thread_runtime() {
    let (_folder, pool) = sqlite_shop().await;
    promises!(sqlite, pool);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_handler_of_a_multi_thread_runtime_may_keep_its_transaction() {
    let (_folder, pool) = sqlite_shop().await;
    let mut transaction = pool.begin().await.unwrap();
    let mut session = sqlite::SqliteSession::new(&mut transaction, &Handle::current()).unwrap();
    assert_eq!(insert(&mut session, "1"), Ok(1));
    drop(session);
    transaction.commit().await.unwrap();
    let Some(pool) = postgres_shop().await else { return };
    let mut transaction = pool.begin().await.unwrap();
    let mut session = postgres::PostgresSession::new(&mut transaction, &Handle::current()).unwrap();
    assert_eq!(insert(&mut session, "1"), Ok(1));
    drop(session);
    transaction.commit().await.unwrap();
}

#[tokio::test(flavor = "current_thread")]
async fn a_handler_of_a_current_thread_runtime_is_pointed_to_the_unit_of_work() {
    let (_folder, pool) = sqlite_shop().await;
    let mut transaction = pool.begin().await.unwrap();
    let error = sqlite::SqliteSession::new(&mut transaction, &Handle::current()).unwrap_err();
    assert!(error.is_misuse() && error.to_string().contains("unit_of_work"));
    let Some(pool) = postgres_shop().await else { return };
    let mut transaction = pool.begin().await.unwrap();
    let error = postgres::PostgresSession::new(&mut transaction, &Handle::current()).unwrap_err();
    assert!(error.is_misuse() && error.to_string().contains("unit_of_work"));
}

#[tokio::test(flavor = "current_thread")]
async fn after_a_full_disk_nothing_is_written_outside_of_the_transaction() {
    let (_folder, pool) = sqlite_shop().await;
    let mut transaction = pool.begin().await.unwrap();
    // No page more than there are: SQLite then answers as for a full disk, and may roll back the whole transaction.
    sqlx::query("PRAGMA max_page_count = 1")
        .fetch_all(&mut *transaction)
        .await
        .unwrap();
    let (transaction, after) = sqlite::unit_of_work(transaction, |session| {
        session
            .execute("INSERT INTO shop_order (number) VALUES (hex(zeroblob(1000000)))", &[])
            .unwrap_err();
        insert(session, "1")
    })
    .await
    .unwrap();
    assert!(after.unwrap_err().is_misuse());
    drop(transaction);
    let orders: i64 = sqlx::query_scalar("SELECT count(*) FROM shop_order")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(orders, 0);
}

#[tokio::test(flavor = "current_thread")]
async fn a_savepoint_shows_that_the_transaction_is_still_there() {
    let (_folder, pool) = sqlite_shop().await;
    let transaction = pool.begin().await.unwrap();
    let (_, (full, after)) = sqlite::unit_of_work(transaction, |session| {
        let full: Result<u64, StoreError> = session.atomically(|session| {
            insert(session, "1")?;
            session.execute("PRAGMA max_page_count = 1", &[])?;
            // A statement that may write several rows: of such a one SQLite undoes the statement alone.
            session.execute(
                "INSERT INTO shop_order (number) SELECT hex(zeroblob(column1)) FROM (VALUES (500000), (500001))",
                &[],
            )
        });
        (full, insert(session, "2"))
    })
    .await
    .unwrap();
    assert!(!full.unwrap_err().is_misuse(), "the first error comes out");
    assert_eq!(after, Ok(1));
}
