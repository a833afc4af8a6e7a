//! The shop's order and what ecrm makes of it are one thing.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use ecrm::confirmation_mail::transport::Maildir;
use rusqlite_blocking::{Database, Shop};
use tempfile::TempDir;

/// A shop on a fresh file.
fn open() -> (TempDir, Shop) {
    let folder = tempfile::tempdir().unwrap();
    let shop = Shop::new(Database::open(&folder.path().join("shop.db")).unwrap()).unwrap();
    (folder, shop)
}

/// What is committed, as [`shop::COMMITTED`] counts it.
async fn rows(shop: &Shop) -> (i64, i64, i64, i64, i64) {
    shop.blocking(|database| {
        let row = database.connection().query_row(shop::COMMITTED, [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })?;
        Ok(row)
    })
    .await
    .unwrap()
}

#[tokio::test(flavor = "current_thread")]
async fn an_order_and_its_mail_are_committed_together_and_once() {
    let (folder, shop) = open();
    let (status, answer) = shop.post_order(shop::SAMPLE).await;
    assert_eq!(status, 201, "{answer}");
    assert_eq!(rows(&shop).await, (1, 1, 1, 1, 8));

    let (status, answer) = shop.post_order(shop::SAMPLE).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(
        rows(&shop).await,
        (1, 1, 1, 1, 8),
        "the same request once more changes nothing"
    );

    let maildir = || Maildir::open(folder.path().join("maildir")).unwrap();
    assert_eq!(shop.deliver(maildir()).await.unwrap(), 1);
    assert_eq!(shop.deliver(maildir()).await.unwrap(), 0);
    assert_eq!(std::fs::read_dir(maildir().path().join("new")).unwrap().count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_fails_leaves_neither_order_nor_mail() {
    let (_folder, shop) = open();
    let sold_out = shop::SAMPLE.replace("LAMP-1", "RUG-2");
    let (status, answer) = shop.post_order(&sold_out).await;
    assert_eq!((status, answer.as_str()), (409, "RUG-2 is sold out"));
    assert_eq!(rows(&shop).await, (0, 0, 0, 0, 10));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_cannot_be_used_is_told_why_and_changes_nothing() {
    let (_folder, shop) = open();
    for (right, wrong, told) in shop::WRONG {
        let (status, answer) = shop.post_order(&shop::SAMPLE.replace(right, wrong)).await;
        assert!((400..500).contains(&status), "{wrong}: {status} {answer}");
        assert!(answer.contains(told), "{wrong}: {answer}");
    }
    assert_eq!(rows(&shop).await, (0, 0, 0, 0, 10));

    assert_eq!(shop.post_order(shop::SAMPLE).await.0, 201);
    let other = shop::SAMPLE.replace("\"quantity\": 2", "\"quantity\": 3");
    assert_eq!(shop.post_order(&other).await.0, 409, "one number, two contents");
    assert_eq!(rows(&shop).await, (1, 1, 1, 1, 8));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_on_one_file_wait_for_each_other() {
    let (folder, shop) = open();
    let other = Shop::new(Database::open(&folder.path().join("shop.db")).unwrap()).unwrap();
    let second = shop::SAMPLE.replace("2026-1", "2026-2");
    let (one, two) = tokio::join!(shop.post_order(shop::SAMPLE), other.post_order(&second));
    assert_eq!((one.0, two.0), (201, 201));
    assert_eq!(rows(&shop).await, (2, 2, 1, 2, 6));
}
