//! A session works wherever a host may call it from, and where it cannot work it says so.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod support;

use ecrm_postgres::{PostgresSession, unit_of_work};
use ecrm_store::{Session, SessionExt, StoreError};
use ecrm_testkit::{PostgresCluster, TestDatabase};
use tokio::runtime::Handle;

/// A database with a table of the host, or `None` where PostgreSQL is missing.
async fn shop() -> Option<TestDatabase> {
    let database = PostgresCluster::shared()?.fresh_database("shop").unwrap();
    let client = support::connect(&database).await.unwrap();
    client
        .batch_execute("CREATE TABLE shop_order (number TEXT PRIMARY KEY)")
        .await
        .unwrap();
    Some(database)
}

/// The orders that are committed.
async fn orders(database: &TestDatabase) -> Vec<String> {
    let client = support::connect(database).await.unwrap();
    let rows = client
        .query("SELECT number FROM shop_order ORDER BY number", &[])
        .await
        .unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

fn insert(session: &mut dyn Session, number: &str) -> Result<u64, StoreError> {
    session.execute("INSERT INTO shop_order (number) VALUES ($1)", &[number.into()])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn inside_a_handler_of_a_multi_thread_runtime_on_its_own_transaction() {
    let Some(database) = shop().await else { return };
    let mut client = support::connect(&database).await.unwrap();
    for (number, commit) in [("1", true), ("2", false)] {
        let transaction = client.transaction().await.unwrap();
        let host = format!("host {number}");
        transaction
            .execute("INSERT INTO shop_order (number) VALUES ($1)", &[&host])
            .await
            .unwrap();
        let mut session = PostgresSession::new(&transaction, &Handle::current()).unwrap();
        insert(&mut session, number).unwrap();
        drop(session);
        if commit {
            transaction.commit().await.unwrap();
        } else {
            transaction.rollback().await.unwrap();
        }
    }
    assert_eq!(orders(&database).await, ["1", "host 1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn inside_spawn_blocking() {
    let Some(database) = shop().await else { return };
    let client = support::connect(&database).await.unwrap();
    client.batch_execute("BEGIN").await.unwrap();
    let client = tokio::task::spawn_blocking(move || {
        insert(&mut PostgresSession::new(&client, &Handle::current()).unwrap(), "1").unwrap();
        client
    })
    .await
    .unwrap();
    client.batch_execute("COMMIT").await.unwrap();
    assert_eq!(orders(&database).await, ["1"]);
}

#[test]
fn on_a_plain_thread() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let Some(database) = runtime.block_on(shop()) else {
        return;
    };
    let mut client = runtime.block_on(support::connect(&database)).unwrap();
    let transaction = runtime.block_on(client.transaction()).unwrap();
    insert(&mut PostgresSession::new(&transaction, runtime.handle()).unwrap(), "1").unwrap();
    runtime.block_on(transaction.commit()).unwrap();
    assert_eq!(runtime.block_on(orders(&database)), ["1"]);
}

#[tokio::test(flavor = "current_thread")]
async fn a_current_thread_runtime_is_refused_and_pointed_to_the_unit_of_work() {
    let Some(database) = shop().await else { return };
    let mut client = support::connect(&database).await.unwrap();
    let transaction = client.transaction().await.unwrap();
    let error = PostgresSession::new(&transaction, &Handle::current()).unwrap_err();
    assert!(error.is_misuse());
    assert!(error.to_string().contains("unit_of_work"));
    // The same inside a current-thread runtime with the handle of another one that could be waited for.
    let other = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let mut session = PostgresSession::new(&transaction, other.handle()).unwrap();
    assert!(insert(&mut session, "1").unwrap_err().is_misuse());
    drop(session);
    other.shutdown_background();
}

#[tokio::test(flavor = "current_thread")]
async fn a_unit_of_work_on_a_current_thread_runtime() {
    let Some(database) = shop().await else { return };
    units_of_work(&database).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_of_work_on_a_multi_thread_runtime() {
    let Some(database) = shop().await else { return };
    units_of_work(&database).await;
}

/// One that is committed and one that fails and is rolled back, on the same client, with the host's own rows.
async fn units_of_work(database: &TestDatabase) {
    let client = support::connect(database).await.unwrap();
    client
        .batch_execute("BEGIN; INSERT INTO shop_order (number) VALUES ('host 1')")
        .await
        .unwrap();
    let (client, count) = unit_of_work(client, |session| {
        insert(session, "1")?;
        session.query_value::<i64>("SELECT count(*) FROM shop_order", &[])
    })
    .await
    .unwrap();
    assert_eq!(count, Ok(2), "the session sees the host's own row");
    client
        .batch_execute("COMMIT; BEGIN; INSERT INTO shop_order (number) VALUES ('host 2')")
        .await
        .unwrap();
    let (client, failed) = unit_of_work(client, |session| insert(session, "1")).await.unwrap();
    assert!(failed.unwrap_err().is_unique_violation());
    client.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(orders(database).await, ["1", "host 1"]);
}

#[tokio::test(flavor = "current_thread")]
async fn without_an_open_transaction_nothing_is_written() {
    let Some(database) = shop().await else { return };
    let client = support::connect(&database).await.unwrap();
    let (client, refused) = unit_of_work(client, |session| insert(session, "1")).await.unwrap();
    assert!(refused.unwrap_err().is_misuse());
    assert_eq!(orders(&database).await, Vec::<String>::new());
    client.batch_execute("BEGIN").await.unwrap();
    let (client, inserted) = unit_of_work(client, |session| insert(session, "2")).await.unwrap();
    assert_eq!(inserted, Ok(1), "the client that was handed back is usable");
    client.batch_execute("COMMIT").await.unwrap();
    assert_eq!(orders(&database).await, ["2"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_panic_inside_a_unit_of_work_rolls_back_and_goes_on() {
    let Some(database) = shop().await else { return };
    let client = support::connect(&database).await.unwrap();
    client
        .batch_execute("BEGIN; INSERT INTO shop_order (number) VALUES ('host 1')")
        .await
        .unwrap();
    let unit = tokio::spawn(unit_of_work(client, |session| {
        insert(session, "1").unwrap();
        panic!("a mistake of the host");
    }));
    let error = unit.await.unwrap_err();
    assert_eq!(
        error.into_panic().downcast_ref::<&str>(),
        Some(&"a mistake of the host")
    );
    // The key is free again as soon as the server has rolled back; this waits for its lock and for nothing else.
    let client = support::connect(&database).await.unwrap();
    client
        .batch_execute("INSERT INTO shop_order (number) VALUES ('1')")
        .await
        .unwrap();
    assert_eq!(orders(&database).await, ["1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_handler_that_is_cancelled_inside_a_unit_of_work_has_written_nothing() {
    let Some(database) = shop().await else { return };
    let client = support::connect(&database).await.unwrap();
    client
        .batch_execute("BEGIN; INSERT INTO shop_order (number) VALUES ('host 1')")
        .await
        .unwrap();
    let (written, is_written) = std::sync::mpsc::channel();
    let (cancelled, is_cancelled) = std::sync::mpsc::channel();
    let handler = tokio::spawn(unit_of_work(client, move |session| {
        insert(session, "1").unwrap();
        written.send(()).unwrap();
        is_cancelled.recv().unwrap();
    }));
    tokio::task::spawn_blocking(move || is_written.recv().unwrap())
        .await
        .unwrap();
    handler.abort();
    assert!(handler.await.unwrap_err().is_cancelled());
    cancelled.send(()).unwrap();
    // As after a panic, this waits for the server's roll back and for nothing else.
    let client = support::connect(&database).await.unwrap();
    client
        .batch_execute("INSERT INTO shop_order (number) VALUES ('1')")
        .await
        .unwrap();
    assert_eq!(orders(&database).await, ["1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_lost_connection_is_told() {
    let Some(database) = shop().await else { return };
    let client = support::connect(&database).await.unwrap();
    client.batch_execute("BEGIN").await.unwrap();
    let killed = unit_of_work(client, |session| {
        let own: i64 = session.query_value("SELECT pg_backend_pid()", &[])?;
        session.execute("SELECT pg_terminate_backend(CAST($1 AS INTEGER))", &[own.into()])?;
        insert(session, "1")
    });
    let (_, lost) = killed.await.unwrap();
    assert!(lost.unwrap_err().is_disconnected());
}

#[test]
fn outside_of_tokio_a_unit_of_work_is_refused() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let Some(database) = runtime.block_on(shop()) else {
        return;
    };
    let client = runtime.block_on(support::connect(&database)).unwrap();
    let unit = unit_of_work(client, |session| insert(session, "1"));
    let error = futures_util::FutureExt::now_or_never(unit)
        .expect("it does not wait")
        .unwrap_err();
    assert!(error.is_misuse());
}
