//! What can go wrong, and what the browser is told of it.

use ecrm::checkout::CheckoutError;
use ecrm::confirmation_mail::MailError;
use ecrm::core::ValueError;
use ecrm::sqlite::rusqlite::{self, ErrorCode};
use ecrm::store::StoreError;

/// Why a request failed. Nothing of it was written.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The request is no JSON of an order.
    #[error("the order cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// The request has a part that cannot be used.
    #[error(transparent)]
    Invalid(#[from] ValueError),
    /// A product is not there in the quantity that was asked for.
    #[error("{0} is sold out")]
    SoldOut(String),
    /// The order could not be placed.
    #[error(transparent)]
    Checkout(#[from] CheckoutError),
    /// The mail could not be queued, claimed or settled.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// ecrm could not use the database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The shop could not use the database.
    #[error(transparent)]
    Database(#[from] rusqlite::Error),
    /// The blocking thread has ended.
    #[error(transparent)]
    Stopped(#[from] tokio::task::JoinError),
}

impl Failure {
    /// True when the whole transaction may succeed if it is repeated; the driver's own errors, of BEGIN and COMMIT, are asked too.
    pub(crate) fn is_worth_repeating(&self) -> bool {
        match self {
            Self::Checkout(error) => error.should_retry_transaction(),
            Self::Store(error) | Self::Mail(MailError::Store(error)) => error.should_retry_transaction(),
            Self::Database(error) => matches!(
                error.sqlite_error_code(),
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
            ),
            _ => false,
        }
    }

    /// The status and the text of the answer.
    pub(crate) fn answer(&self) -> (u16, String) {
        let status = match self {
            Self::Unreadable(_) => 400,
            Self::Invalid(_) => 422,
            Self::SoldOut(_) | Self::Checkout(CheckoutError::OrderDiffers(_)) => 409,
            failure if failure.is_worth_repeating() => 503,
            _ => 500,
        };
        if status < 500 {
            return (status, self.to_string());
        }
        // What the database said is for the shop's own log.
        (status, "the order could not be placed; please try again".to_owned())
    }
}
