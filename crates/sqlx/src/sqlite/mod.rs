//! Sessions over sqlx transactions on SQLite.

mod parameters;
mod session;
mod value;

pub use session::SqliteSession;

use ecrm_store::{Session, StoreError};
use sqlx::{Sqlite, Transaction};

use ecrm_store::blocking::on_a_blocking_thread;

/// Moves the host's own transaction to a blocking thread, runs `work` there and hands the transaction back with the result. The
/// host commits or rolls back afterwards, as it likes. Works on current-thread and multi-thread runtimes.
///
/// A host that writes begins with `pool.begin_with("BEGIN IMMEDIATE")`: a deferred transaction that reads first fails when another
/// connection writes in between, however long the busy timeout is.
///
/// If `work` panics the transaction is dropped, sqlx rolls it back, and the panic goes on.
///
/// ```no_run
/// use ecrm_sqlx::{sqlite::unit_of_work, sqlx::SqlitePool};
/// use ecrm_store::Session;
///
/// async fn checkout(pool: &SqlitePool) -> Result<(), Box<dyn std::error::Error>> {
///     let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
///     sqlx::query("INSERT INTO shop_order (number) VALUES ('2026-1')").execute(&mut *transaction).await?;
///     let (transaction, noted) = unit_of_work(transaction, |session: &mut dyn Session| {
///         session.execute("INSERT INTO note (body) VALUES ($1)", &["paid".into()])
///     })
///     .await?;
///     noted?; // on an error the transaction is dropped, and so rolled back
///     transaction.commit().await?;
///     Ok(())
/// }
/// ```
///
/// # Errors
/// [`StoreError::is_misuse`] outside of tokio, and [`StoreError::is_disconnected`] when the runtime is shutting down.
/// What goes wrong inside `work` is in its result.
pub async fn unit_of_work<T: Send + 'static>(
    mut transaction: Transaction<'static, Sqlite>,
    work: impl FnOnce(&mut dyn Session) -> T + Send + 'static,
) -> Result<(Transaction<'static, Sqlite>, T), StoreError> {
    on_a_blocking_thread(move |blocking| {
        let done = work(&mut SqliteSession::blocking(&mut transaction, blocking));
        (transaction, done)
    })
    .await
}
