//! The shop's order and what ecrm makes of it are one thing.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use axum_sqlx::Shop;
use ecrm::confirmation_mail::transport::Maildir;
use ecrm_testkit::PostgresCluster;
use tower::ServiceExt;

/// A shop on a fresh database, or `None` where PostgreSQL is missing.
async fn open() -> Option<Shop> {
    let database = PostgresCluster::shared()?.fresh_database("axum").unwrap();
    Some(Shop::open(&database.url()).await.unwrap())
}

/// Sends an order to the handler.
async fn post(shop: &Shop, json: &str) -> (StatusCode, String) {
    let request = Request::post("/orders").header("content-type", "application/json");
    let request = request.body(Body::from(json.to_owned())).unwrap();
    let response = shop.clone().router().oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 64 * 1024).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// What is committed, as [`shop::COMMITTED`] counts it.
async fn rows(shop: &Shop) -> (i64, i64, i64, i64, i64) {
    sqlx::query_as(shop::COMMITTED).fetch_one(shop.pool()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_and_its_mail_are_committed_together_and_once() {
    let Some(shop) = open().await else { return };
    let (status, answer) = post(&shop, shop::SAMPLE).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    assert_eq!(rows(&shop).await, (1, 1, 1, 1, 8));

    let (status, answer) = post(&shop, shop::SAMPLE).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
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

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_fails_leaves_neither_order_nor_mail() {
    let Some(shop) = open().await else { return };
    let sold_out = shop::SAMPLE.replace("LAMP-1", "RUG-2");
    let (status, answer) = post(&shop, &sold_out).await;
    assert_eq!((status, answer.as_str()), (StatusCode::CONFLICT, "RUG-2 is sold out"));
    assert_eq!(rows(&shop).await, (0, 0, 0, 0, 10));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_cannot_be_used_is_told_why_and_changes_nothing() {
    let Some(shop) = open().await else { return };
    for (right, wrong, told) in shop::WRONG {
        let (status, answer) = post(&shop, &shop::SAMPLE.replace(right, wrong)).await;
        assert!(status.is_client_error(), "{wrong}: {status} {answer}");
        assert!(answer.contains(told), "{wrong}: {answer}");
    }
    assert_eq!(rows(&shop).await, (0, 0, 0, 0, 10));

    assert_eq!(post(&shop, shop::SAMPLE).await.0, StatusCode::CREATED);
    let other = shop::SAMPLE.replace("\"quantity\": 2", "\"quantity\": 3");
    assert_eq!(
        post(&shop, &other).await.0,
        StatusCode::CONFLICT,
        "one number, two contents"
    );
    assert_eq!(rows(&shop).await, (1, 1, 1, 1, 8));
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_of_one_new_customer_at_one_moment_make_one_customer() {
    let Some(shop) = open().await else { return };
    let orders: Vec<_> = (1..=4)
        .map(|number| shop::SAMPLE.replace("2026-1", &format!("2026-{number}")))
        .collect();
    let (a, b, c, d) = tokio::join!(
        post(&shop, &orders[0]),
        post(&shop, &orders[1]),
        post(&shop, &orders[2]),
        post(&shop, &orders[3])
    );
    for (status, answer) in [a, b, c, d] {
        assert_eq!(status, StatusCode::CREATED, "{answer}");
    }
    assert_eq!(rows(&shop).await, (4, 4, 1, 4, 2));
}
