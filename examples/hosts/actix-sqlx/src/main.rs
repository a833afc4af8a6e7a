//! Places one order through the shop's own handler, delivers its confirmation, and tells what happened.

use std::error::Error;

use actix_sqlx::Shop;
use actix_web::http::header::ContentType;
use actix_web::{App, test};
use ecrm::confirmation_mail::transport::Maildir;

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let database = shop::Postgres::open()?;
    let folder = tempfile::tempdir()?;
    let shop = Shop::open(database.url()).await?;

    // A real shop hands the routes to an `HttpServer`; here one request goes straight into them.
    let app = test::init_service(App::new().configure(|app| shop.clone().routes(app))).await;
    let request = test::TestRequest::post()
        .uri("/orders")
        .insert_header(ContentType::json());
    let response = test::call_service(&app, request.set_payload(shop::SAMPLE).to_request()).await;
    let status = response.status();
    let answer = test::read_body(response).await;
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
