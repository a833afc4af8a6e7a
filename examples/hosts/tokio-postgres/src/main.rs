//! Places two orders through the shop's own handler, one in each way, delivers their confirmations, and tells what happened.

use std::error::Error;

use ecrm::confirmation_mail::transport::Maildir;
use tokio_postgres_host::{Shop, Way};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let database = shop::Postgres::open()?;
    let folder = tempfile::tempdir()?;
    let shop = Shop::open(database.url()).await?;

    let second = shop::SAMPLE.replace("2026-1", "2026-2");
    for (way, order) in [(Way::OwnedClient, shop::SAMPLE), (Way::BorrowedTransaction, &second)] {
        let (status, answer) = shop.post_order(way, order).await;
        println!("POST /orders ({way:?}): {status} {answer}");
    }

    let delivered = shop.deliver(Maildir::open(folder.path())?).await?;
    println!("delivered: {delivered}");
    for file in std::fs::read_dir(folder.path().join("new"))? {
        let mail = std::fs::read_to_string(file?.path())?;
        let head: Vec<_> = mail.lines().take_while(|line| !line.is_empty()).collect();
        println!("\n{}", head.join("\n"));
    }
    Ok(())
}
