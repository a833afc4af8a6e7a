//! Places one order through the shop's own handler, delivers its confirmation, and tells what happened.

use std::error::Error;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum_sqlx::Shop;
use ecrm::confirmation_mail::transport::Maildir;
use tower::ServiceExt;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let database = shop::Postgres::open()?;
    let folder = tempfile::tempdir()?;
    let shop = Shop::open(database.url()).await?;

    // A real shop hands the router to `axum::serve`; here one request goes straight into it.
    let request = Request::post("/orders")
        .header("content-type", "application/json")
        .body(Body::from(shop::SAMPLE))?;
    let response = shop.clone().router().oneshot(request).await?;
    let status = response.status();
    let answer = to_bytes(response.into_body(), 64 * 1024).await?;
    println!("POST /orders: {status} {}", String::from_utf8_lossy(&answer));

    let delivered = shop.deliver(Maildir::open(folder.path())?).await?;
    println!("delivered: {delivered}");
    for file in std::fs::read_dir(folder.path().join("new"))? {
        let mail = std::fs::read_to_string(file?.path())?;
        println!(
            "{}",
            mail.lines()
                .take_while(|line| !line.is_empty())
                .collect::<Vec<_>>()
                .join("\n")
        );
    }
    Ok(())
}
