//! A shop on sqlx with PostgreSQL, with the features that used to pull SQLite's version into the lockfile.

#[path = "../../story.rs"]
mod story;

use chrono::{DateTime, Utc};
use ecrm::sqlx::postgres::unit_of_work;
use ecrm_testkit::PostgresCluster;
use sqlx::PgPool;
use story::Failure;

#[derive(sqlx::FromRow)]
struct ShopOrder {
    number: String,
    placed_at: DateTime<Utc>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let Some(cluster) = PostgresCluster::shared() else {
        return Ok(());
    };
    let pool = PgPool::connect(&cluster.fresh_database("shop")?.url()).await?;
    sqlx::raw_sql(story::SHOP_TABLE).execute(&pool).await?;
    sqlx::raw_sql("ALTER TABLE shop_order ADD COLUMN placed_at TIMESTAMPTZ NOT NULL")
        .execute(&pool)
        .await?;
    let (transaction, migrated) = unit_of_work(pool.begin().await?, story::migrate).await?;
    migrated?;
    transaction.commit().await?;

    for (number, commit) in [("2026-1", true), ("2026-2", false)] {
        let mut transaction = pool.begin().await?;
        sqlx::query("INSERT INTO shop_order (number, placed_at) VALUES ($1, $2)")
            .bind(number)
            .bind(story::NOW)
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
    let order: ShopOrder = sqlx::query_as("SELECT number, placed_at FROM shop_order")
        .fetch_one(&pool)
        .await?;
    println!(
        "PostgreSQL: order {} of {}, row and mail are one",
        order.number, order.placed_at
    );
    Ok(())
}
