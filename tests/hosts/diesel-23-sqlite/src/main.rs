//! A shop on diesel with SQLite, and ecrm beside it on the same file. There is no adapter for diesel's own connection, so that the
//! order and the shop's row of it are written through rusqlite, and diesel reads both.

#[path = "../../story.rs"]
mod story;

use diesel::sql_types::BigInt;
use diesel::{Connection as _, QueryableByName, RunQueryDsl, SqliteConnection};
use ecrm::sqlite::SqliteSession;
use ecrm::sqlite::rusqlite::{Connection, TransactionBehavior};
use story::Failure;

#[derive(QueryableByName)]
struct Committed {
    #[diesel(sql_type = BigInt)]
    orders_of_the_host: i64,
    #[diesel(sql_type = BigInt)]
    orders: i64,
    #[diesel(sql_type = BigInt)]
    mails: i64,
}

fn main() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("shop.db");
    let mut diesel = SqliteConnection::establish(&file.to_string_lossy())?;
    diesel::sql_query(story::SHOP_TABLE).execute(&mut diesel)?;

    let mut connection = Connection::open(&file)?;
    for (number, commit) in [("2026-1", true), ("2026-2", false)] {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        story::migrate(&mut SqliteSession::new(&transaction)?)?;
        transaction.execute("INSERT INTO shop_order (number) VALUES (?1)", [number])?;
        story::place(&mut SqliteSession::new(&transaction)?, number)?;
        if commit {
            transaction.commit()?;
        } else {
            transaction.rollback()?;
        }
    }
    let named = format!(
        "WITH committed (orders_of_the_host, orders, mails) AS ({}) SELECT * FROM committed",
        story::COMMITTED
    );
    let committed: Committed = diesel::sql_query(named).get_result(&mut diesel)?;
    story::expect(
        (committed.orders_of_the_host, committed.orders, committed.mails),
        (1, 1, 1),
    )?;
    println!("diesel and rusqlite on one file: order, row and mail are one");
    Ok(())
}
