//! The shop's order and what ecrm makes of it are one thing.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use actix_sqlx::Shop;
use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use actix_web::{App, rt, test};
use ecrm::confirmation_mail::transport::Maildir;
use ecrm_testkit::PostgresCluster;

/// A shop on a fresh database, or `None` where PostgreSQL is missing.
async fn open() -> Option<Shop> {
    let database = PostgresCluster::shared()?.fresh_database("actix").unwrap();
    Some(Shop::open(&database.url()).await.unwrap())
}

/// Sends an order to the handler.
async fn post(shop: &Shop, json: &str) -> (StatusCode, String) {
    let app = test::init_service(App::new().configure(|app| shop.clone().routes(app))).await;
    let request = test::TestRequest::post()
        .uri("/orders")
        .insert_header(ContentType::json());
    let response = test::call_service(&app, request.set_payload(json.to_owned()).to_request()).await;
    let status = response.status();
    let body = test::read_body(response).await;
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// What is committed, as [`shop::COMMITTED`] counts it.
async fn rows(shop: &Shop) -> (i64, i64, i64, i64, i64) {
    sqlx::query_as(shop::COMMITTED).fetch_one(shop.pool()).await.unwrap()
}

#[actix_web::test]
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

#[actix_web::test]
async fn a_handler_that_fails_leaves_neither_order_nor_mail() {
    let Some(shop) = open().await else { return };
    let sold_out = shop::SAMPLE.replace("LAMP-1", "RUG-2");
    let (status, answer) = post(&shop, &sold_out).await;
    assert_eq!((status, answer.as_str()), (StatusCode::CONFLICT, "RUG-2 is sold out"));
    assert_eq!(rows(&shop).await, (0, 0, 0, 0, 10));
}

#[actix_web::test]
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

#[actix_web::test]
async fn orders_of_one_new_customer_at_one_moment_make_one_customer() {
    let Some(shop) = open().await else { return };
    let orders = (1..=4).map(|number| {
        let (shop, order) = (shop.clone(), shop::SAMPLE.replace("2026-1", &format!("2026-{number}")));
        rt::spawn(async move { post(&shop, &order).await })
    });
    for order in orders.collect::<Vec<_>>() {
        let (status, answer) = order.await.unwrap();
        assert_eq!(status, StatusCode::CREATED, "{answer}");
    }
    assert_eq!(rows(&shop).await, (4, 4, 1, 4, 2));
}
