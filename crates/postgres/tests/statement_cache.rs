//! Statements stay prepared beyond a transaction, and the cache never makes a statement fail for good.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod support;

use ecrm_postgres::{CachingClient, PostgresSession, unit_of_work};
use ecrm_store::{Session, SessionExt, StoreError};
use ecrm_testkit::PostgresCluster;
use tokio::runtime::Handle;

/// How many statements this connection has prepared.
const PREPARED: &str = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'INSERT INTO shop_order%'";

/// Two clients of a database with a table of the host, or `None` where PostgreSQL is missing.
async fn clients() -> Option<[CachingClient; 2]> {
    let database = PostgresCluster::shared()?.fresh_database("cache").unwrap();
    let one = support::connect(&database).await.unwrap();
    one.batch_execute("CREATE TABLE shop_order (number TEXT PRIMARY KEY)")
        .await
        .unwrap();
    let two = support::connect(&database).await.unwrap();
    Some([one.into(), two.into()])
}

fn insert(session: &mut dyn Session, number: &str) -> Result<u64, StoreError> {
    session.execute("INSERT INTO shop_order (number) VALUES ($1)", &[number.into()])
}

#[tokio::test(flavor = "current_thread")]
async fn a_second_transaction_finds_the_statements_of_the_first_one() {
    let Some([mut client, _]) = clients().await else { return };
    for number in ["1", "2", "3"] {
        client.batch_execute("BEGIN").await.unwrap();
        let inserted;
        (client, inserted) = unit_of_work(client, move |session| insert(session, number))
            .await
            .unwrap();
        assert_eq!(inserted, Ok(1));
        client.batch_execute("COMMIT").await.unwrap();
        let prepared: i64 = client.query_one(PREPARED, &[]).await.unwrap().get(0);
        assert_eq!(prepared, 1);
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_known_statement_is_not_run_without_a_transaction() {
    let Some([client, _]) = clients().await else { return };
    client.batch_execute("BEGIN").await.unwrap();
    let (client, inserted) = unit_of_work(client, |session| insert(session, "1")).await.unwrap();
    assert_eq!(inserted, Ok(1));
    client.batch_execute("ROLLBACK").await.unwrap();
    let (client, refused) = unit_of_work(client, |session| insert(session, "1")).await.unwrap();
    assert!(refused.unwrap_err().is_misuse());
    let orders: i64 = client
        .query_one("SELECT count(*) FROM shop_order", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(orders, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn statements_that_are_gone_are_prepared_anew_when_the_transaction_is_repeated() {
    let Some([mut client, mut other]) = clients().await else {
        return;
    };
    let select =
        |session: &mut dyn Session| session.query_first("SELECT * FROM shop_order", &[], |row| row.get::<String>(0));
    let ways_to_lose_them = [
        "SELECT 1",
        "DEALLOCATE ALL",
        "ALTER TABLE shop_order ADD COLUMN note TEXT",
    ];
    for way in ways_to_lose_them {
        client.batch_execute(way).await.unwrap();
        for attempt in 1..=2 {
            let (connection, statements) = client.split();
            let transaction = connection.transaction().await.unwrap();
            let mut session = PostgresSession::with_cache(&transaction, statements, &Handle::current()).unwrap();
            let found = select(&mut session);
            drop(session);
            transaction.commit().await.unwrap();
            match found {
                Ok(none) => assert_eq!(none, None),
                Err(error) => assert!(
                    attempt == 1 && way != "SELECT 1" && error.should_retry_transaction(),
                    "{way}: {error}"
                ),
            }
        }
    }

    // The statements of one connection on another one: an error, never the wrong statement, and nothing of it stays.
    let (_, statements) = client.split();
    let transaction = other.split().0.transaction().await.unwrap();
    let mut session = PostgresSession::with_cache(&transaction, statements, &Handle::current()).unwrap();
    assert!(select(&mut session).unwrap_err().should_retry_transaction());
    drop(session);
    transaction.rollback().await.unwrap();
    let transaction = other.split().0.transaction().await.unwrap();
    let mut session = PostgresSession::with_cache(&transaction, statements, &Handle::current()).unwrap();
    assert_eq!(select(&mut session), Ok(None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_cache_is_bounded() {
    let Some([mut client, _]) = clients().await else { return };
    let (connection, statements) = client.split();
    let transaction = connection.transaction().await.unwrap();
    let mut session = PostgresSession::with_cache(&transaction, statements, &Handle::current()).unwrap();
    for number in 0..600_i64 {
        assert_eq!(
            session.query_value::<i64>(&format!("SELECT $1 + 0 * {number}"), &[number.into()]),
            Ok(number)
        );
    }
    let kept: i64 = session
        .query_value("SELECT count(*) FROM pg_prepared_statements", &[])
        .unwrap();
    assert!(kept <= 257, "{kept} statements are prepared");
}
