//! A shop on sqlx 0.8 with SQLite. One order is placed in its sqlx transaction, one in a transaction of rusqlite on the same file: both
//! drivers link the same SQLite.

#[path = "../../story.rs"]
mod story;

use ecrm::sqlite::SqliteSession;
use ecrm::sqlite::rusqlite::{Connection, TransactionBehavior};
use ecrm_sqlx::sqlite::unit_of_work;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use story::Failure;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("shop.db");
    let pool = SqlitePool::connect_with(SqliteConnectOptions::new().filename(&file).create_if_missing(true)).await?;
    sqlx::raw_sql(story::SHOP_TABLE).execute(&pool).await?;
    let (transaction, migrated) = unit_of_work(pool.begin_with("BEGIN IMMEDIATE").await?, story::migrate).await?;
    migrated?;
    transaction.commit().await?;

    for (number, commit) in [("2026-1", true), ("2026-2", false)] {
        let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("INSERT INTO shop_order (number) VALUES ($1)")
            .bind(number)
            .execute(&mut *transaction)
            .await?;
        let (transaction, placed) = unit_of_work(transaction, move |session| story::place(session, number)).await?;
        placed?;
        if commit {
            transaction.commit().await?;
        } else {
            transaction.rollback().await?;
        }
    }
    story::expect(sqlx::query_as(story::COMMITTED).fetch_one(&pool).await?, (1, 1, 1))?;
    pool.close().await;

    let mut connection = Connection::open(&file)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("INSERT INTO shop_order (number) VALUES ('2026-3')", [])?;
    story::place(&mut SqliteSession::new(&transaction)?, "2026-3")?;
    transaction.commit()?;
    let committed = connection.query_row(story::COMMITTED, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    story::expect(committed, (2, 2, 2))?;
    println!("sqlx 0.8 and rusqlite on one file: order, row and mail are one");
    Ok(())
}
