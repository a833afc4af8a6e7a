//! One blocking closure per unit of work, for async hosts on every runtime flavour.

use ecrm_store::{Session, StoreError};

use crate::{CachingClient, PostgresSession};
use ecrm_store::blocking::on_a_blocking_thread;

/// Moves an owned client, on which the host has begun, to a blocking thread, runs `work` there and hands the client back with
/// the result. The host commits or rolls back afterwards, as it likes.
///
/// If `work` panics, or the future is dropped before `work` has ended, the client is dropped with it, its connection closes, and PostgreSQL rolls
/// back; the panic goes on. For that reason the guard of a pool cannot be given: a dropped guard hands the connection to somebody
/// else with the transaction still open. See the first page for what to do with a pool.
///
/// ```no_run
/// use ecrm_postgres::{CachingClient, unit_of_work};
/// use ecrm_store::{Session, StoreError};
///
/// /// A handler on any runtime.
/// async fn checkout(client: CachingClient) -> Result<CachingClient, Box<dyn std::error::Error>> {
///     client.batch_execute("BEGIN").await?;
///     let (client, noted) = unit_of_work(client, |session: &mut dyn Session| {
///         session.execute("INSERT INTO note (body) VALUES ($1)", &["paid".into()])
///     })
///     .await?;
///     client.batch_execute(if noted.is_ok() { "COMMIT" } else { "ROLLBACK" }).await?;
///     noted?;
///     Ok(client)
/// }
/// ```
///
/// # Errors
/// [`StoreError::is_misuse`] outside of tokio, and [`StoreError::is_disconnected`] when the runtime is shutting down.
/// What goes wrong inside `work` is in its result.
pub async fn unit_of_work<T: Send + 'static>(
    client: impl Into<CachingClient>,
    work: impl FnOnce(&mut dyn Session) -> T + Send + 'static,
) -> Result<(CachingClient, T), StoreError> {
    let mut client = client.into();
    on_a_blocking_thread(move |blocking| {
        let (connection, statements) = client.split();
        let done = work(&mut PostgresSession::blocking(connection, statements, blocking));
        (client, done)
    })
    .await
}
