//! The shop's order and what ecrm makes of it are one thing, in both ways.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use ecrm::confirmation_mail::transport::Maildir;
use ecrm_testkit::PostgresCluster;
use tokio_postgres_host::{Shop, Way};

const WAYS: [Way; 2] = [Way::OwnedClient, Way::BorrowedTransaction];

/// A shop on a fresh database, or `None` where PostgreSQL is missing.
async fn open() -> Option<Shop> {
    let database = PostgresCluster::shared()?.fresh_database("tokio_postgres").unwrap();
    Some(Shop::open(&database.url()).await.unwrap())
}

/// What is committed, as [`shop::COMMITTED`] counts it.
async fn rows(shop: &Shop) -> (i64, i64, i64, i64, i64) {
    let client = shop.clients().take().await.unwrap();
    let row = client.query_one(shop::COMMITTED, &[]).await.unwrap();
    shop.clients().give_back(client);
    (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_and_its_mail_are_committed_together_and_once() {
    for way in WAYS {
        let Some(shop) = open().await else { return };
        let (status, answer) = shop.post_order(way, shop::SAMPLE).await;
        assert_eq!(status, 201, "{answer}");
        assert_eq!(rows(&shop).await, (1, 1, 1, 1, 8));

        let (status, answer) = shop.post_order(way, shop::SAMPLE).await;
        assert_eq!(status, 200, "{answer}");
        assert_eq!(
            rows(&shop).await,
            (1, 1, 1, 1, 8),
            "the same request once more changes nothing"
        );

        let folder = tempfile::tempdir().unwrap();
        assert_eq!(shop.deliver(Maildir::open(folder.path()).unwrap()).await.unwrap(), 1);
        assert_eq!(shop.deliver(Maildir::open(folder.path()).unwrap()).await.unwrap(), 0);
        assert_eq!(std::fs::read_dir(folder.path().join("new")).unwrap().count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_fails_leaves_neither_order_nor_mail() {
    for way in WAYS {
        let Some(shop) = open().await else { return };
        let sold_out = shop::SAMPLE.replace("LAMP-1", "RUG-2");
        let (status, answer) = shop.post_order(way, &sold_out).await;
        assert_eq!((status, answer.as_str()), (409, "RUG-2 is sold out"));
        assert_eq!(rows(&shop).await, (0, 0, 0, 0, 10));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_cannot_be_used_is_told_why_and_changes_nothing() {
    for way in WAYS {
        let Some(shop) = open().await else { return };
        for (right, wrong, told) in shop::WRONG {
            let (status, answer) = shop.post_order(way, &shop::SAMPLE.replace(right, wrong)).await;
            assert!((400..500).contains(&status), "{wrong}: {status} {answer}");
            assert!(answer.contains(told), "{wrong}: {answer}");
        }
        assert_eq!(rows(&shop).await, (0, 0, 0, 0, 10));

        assert_eq!(shop.post_order(way, shop::SAMPLE).await.0, 201);
        let other = shop::SAMPLE.replace("\"quantity\": 2", "\"quantity\": 3");
        assert_eq!(shop.post_order(way, &other).await.0, 409, "one number, two contents");
        assert_eq!(rows(&shop).await, (1, 1, 1, 1, 8));
    }
}

#[tokio::test(flavor = "current_thread")]
async fn an_owned_client_works_on_a_current_thread_runtime_too() {
    let Some(shop) = open().await else { return };
    let orders: Vec<_> = (1..=2)
        .map(|number| shop::SAMPLE.replace("2026-1", &format!("2026-{number}")))
        .collect();
    // Both are of the same new customer, at one moment: one of the two is repeated, and recognises the customer.
    let (one, two) = tokio::join!(
        shop.post_order(Way::OwnedClient, &orders[0]),
        shop.post_order(Way::OwnedClient, &orders[1])
    );
    assert_eq!((one.0, two.0), (201, 201), "{one:?} {two:?}");
    assert_eq!(rows(&shop).await, (2, 2, 1, 2, 6));
}
