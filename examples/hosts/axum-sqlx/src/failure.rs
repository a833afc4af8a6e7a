//! What can go wrong, and what the browser is told of it.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ecrm::checkout::CheckoutError;
use ecrm::confirmation_mail::MailError;
use ecrm::core::ValueError;
use ecrm::store::StoreError;

/// Why a request failed. Nothing of it was written.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
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
    Database(#[from] sqlx::Error),
    /// The thread that sends has ended.
    #[error(transparent)]
    Stopped(#[from] tokio::task::JoinError),
}

impl Failure {
    /// True when the whole transaction may succeed if it is repeated. The driver's own errors are asked as well, because
    /// PostgreSQL may find the collision in a statement of the shop, or in its COMMIT.
    pub(crate) fn is_worth_repeating(&self) -> bool {
        match self {
            Self::Checkout(error) => error.should_retry_transaction(),
            Self::Store(error) | Self::Mail(MailError::Store(error)) => error.should_retry_transaction(),
            Self::Database(sqlx::Error::Database(error)) => matches!(error.code().as_deref(), Some("40001" | "40P01")),
            _ => false,
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::SoldOut(_) | Self::Checkout(CheckoutError::OrderDiffers(_)) => StatusCode::CONFLICT,
            failure if failure.is_worth_repeating() => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = self.status();
        let told = if status.is_client_error() {
            self.to_string()
        } else {
            // What the database said is for the shop's own log.
            "the order could not be placed; please try again".to_owned()
        };
        (status, told).into_response()
    }
}
