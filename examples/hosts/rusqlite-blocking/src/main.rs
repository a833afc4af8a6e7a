//! Places one order through the shop's own handler, delivers its confirmation, and tells what happened.

use std::error::Error;

use ecrm::confirmation_mail::transport::Maildir;
use rusqlite_blocking::{Database, Shop};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let shop = Shop::new(Database::open(&folder.path().join("shop.db"))?)?;

    let (status, answer) = shop.post_order(shop::SAMPLE).await;
    println!("POST /orders: {status} {answer}");

    let maildir = folder.path().join("maildir");
    let delivered = shop.deliver(Maildir::open(&maildir)?).await?;
    println!("delivered: {delivered}");
    for file in std::fs::read_dir(maildir.join("new"))? {
        let mail = std::fs::read_to_string(file?.path())?;
        let head: Vec<_> = mail.lines().take_while(|line| !line.is_empty()).collect();
        println!("{}", head.join("\n"));
    }
    Ok(())
}
