//! One blocking closure per unit of work, for async hosts on every runtime flavour.

use ecrm_store::{Session, StoreError};
use tokio_postgres::Client;

use crate::PostgresSession;
use crate::blocking::on_a_blocking_thread;

/// Moves an owned client, on which the host has begun, to a blocking thread, runs `work` there and hands the client back with
/// the result. The host commits or rolls back afterwards, as it likes.
///
/// If `work` panics the client is dropped, its connection closes, PostgreSQL rolls back, and the panic goes on.
///
/// ```no_run
/// use ecrm_postgres::{tokio_postgres::Client, unit_of_work};
/// use ecrm_store::{Session, StoreError};
///
/// /// A handler on any runtime.
/// async fn checkout(client: Client) -> Result<Client, Box<dyn std::error::Error>> {
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
    client: Client,
    work: impl FnOnce(&mut dyn Session) -> T + Send + 'static,
) -> Result<(Client, T), StoreError> {
    unit_of_work_on(client, |client| client, work).await
}

/// As [`unit_of_work`], for a client inside something else that is owned, such as the guard of a connection pool.
///
/// `client` finds the driver's client in it: for deadpool and bb8, whose guards deref to it, that is `|guard| guard`.
///
/// # Errors
/// As [`unit_of_work`].
pub async fn unit_of_work_on<C: Send + 'static, T: Send + 'static>(
    owner: C,
    client: fn(&C) -> &Client,
    work: impl FnOnce(&mut dyn Session) -> T + Send + 'static,
) -> Result<(C, T), StoreError> {
    on_a_blocking_thread(move |blocking| {
        let done = work(&mut PostgresSession::blocking(client(&owner), blocking));
        (owner, done)
    })
    .await
}
