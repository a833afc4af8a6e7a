//! For adapters: how a synchronous session waits for an asynchronous driver without ever hanging or panicking.

use tokio::runtime::{Handle, RuntimeFlavor};

use crate::{StoreError, StoreErrorKind};

/// Waits on the host's runtime.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Blocking {
    /// From a thread that may block and does not drive the runtime.
    OnItsOwnThread(Handle),
    /// From anywhere. Inside async code the runtime must have other threads, which then take over.
    Anywhere(Handle),
}

impl Blocking {
    /// For a session that the host makes itself, wherever that is.
    ///
    /// # Errors
    /// [`StoreErrorKind::Misuse`] on a current-thread runtime, whose only thread would wait for ever.
    pub fn anywhere(handle: &Handle) -> Result<Self, StoreError> {
        refuse_current_thread(handle)?;
        Ok(Self::Anywhere(handle.clone()))
    }

    /// The output of `future`, waited for.
    ///
    /// # Errors
    /// [`StoreErrorKind::Misuse`] where waiting would stop the only thread of a runtime for ever.
    pub fn wait<F: Future>(&self, future: F) -> Result<F::Output, StoreError> {
        match self {
            Self::OnItsOwnThread(handle) => Ok(handle.block_on(future)),
            Self::Anywhere(handle) => match Handle::try_current() {
                Err(_) => Ok(handle.block_on(future)),
                Ok(around) => {
                    // The session may have been carried into another runtime since it was made.
                    refuse_current_thread(&around)?;
                    Ok(tokio::task::block_in_place(|| handle.block_on(future)))
                }
            },
        }
    }
}

/// Runs `work` where it may block, on the runtime that this is called on. A panic of `work` goes on here.
///
/// # Errors
/// [`StoreErrorKind::Misuse`] outside a tokio runtime; [`StoreErrorKind::Disconnected`] when the runtime was shut down before
/// `work` began.
pub async fn on_a_blocking_thread<T: Send + 'static>(
    work: impl FnOnce(Blocking) -> T + Send + 'static,
) -> Result<T, StoreError> {
    let handle = Handle::try_current().map_err(|_| {
        StoreError::new(
            StoreErrorKind::Misuse,
            "a unit of work runs on tokio: call it inside a tokio runtime",
        )
    })?;
    let blocking = Blocking::OnItsOwnThread(handle.clone());
    match handle.spawn_blocking(move || work(blocking)).await {
        Ok(done) => Ok(done),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(StoreError::new(
                StoreErrorKind::Disconnected,
                "the runtime was shut down before the unit of work began; nothing was written",
            )),
        },
    }
}

/// The one thread of such a runtime drives the connection as well: who blocks it waits for ever.
fn refuse_current_thread(handle: &Handle) -> Result<(), StoreError> {
    if handle.runtime_flavor() == RuntimeFlavor::CurrentThread {
        return Err(StoreError::new(
            StoreErrorKind::Misuse,
            "this session would block the only thread of a current-thread runtime for ever; use `unit_of_work` there",
        ));
    }
    Ok(())
}
