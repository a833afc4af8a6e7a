//! A shop on rusqlite inside async code: each order is one blocking closure that owns the connection, and one transaction in it.

mod database;
mod failure;
mod place;

use std::sync::{Arc, Mutex, PoisonError};

use ecrm::checkout::Confirmation;
use ecrm::confirmation_mail::transport::Maildir;
use ecrm::confirmation_mail::{Mailer, Worker};
use ecrm::core::{SystemClock, SystemIds};
use shop::{Answer, OrderRequest};

pub use database::Database;
pub use failure::Failure;

/// What every handler needs. SQLite has one writer at a time, so the shop has one connection that writes.
#[derive(Debug, Clone)]
pub struct Shop {
    database: Arc<Mutex<Database>>,
    mailer: Arc<Mailer>,
}

impl Shop {
    /// The shop on a database.
    ///
    /// # Errors
    /// When the shop's own name or address were not valid.
    pub fn new(database: Database) -> Result<Self, Failure> {
        Ok(Self {
            database: Arc::new(Mutex::new(database)),
            mailer: Arc::new(shop::mailer()?),
        })
    }

    /// Runs `work` with the database on a thread that may block. A transaction of rusqlite cannot be held across an await, so all
    /// of it happens in there.
    ///
    /// # Errors
    /// What `work` returned, or [`Failure::Stopped`] when it panicked.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Database) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let database = self.database.clone();
        tokio::task::spawn_blocking(move || {
            // A panic poisons the lock, and has rolled its transaction back: the connection is as good as before.
            work(&mut database.lock().unwrap_or_else(PoisonError::into_inner))
        })
        .await?
    }

    /// `POST /orders` of whatever web framework: 201 for a new order, 200 for one that was placed before.
    pub async fn post_order(&self, body: &str) -> (u16, String) {
        match self.order(body).await {
            Ok((status, answer)) => (status, answer),
            Err(failure) => failure.answer(),
        }
    }

    async fn order(&self, body: &str) -> Result<(u16, String), Failure> {
        let cart = serde_json::from_str::<OrderRequest>(body)?.parse()?;
        let mailer = self.mailer.clone();
        let placed = self.blocking(move |database| database.place(&mailer, &cart)).await?;
        let status = match placed.confirmation {
            Confirmation::PlacedBefore => 200,
            _ => 201,
        };
        Ok((status, serde_json::to_string(&Answer::from(&placed))?))
    }

    /// Delivers the mails that are due, and returns how many. Claims and settlements are transactions of their own, and sending
    /// happens between them.
    ///
    /// # Errors
    /// What was sent and could not be settled is sent again after its lease, under the same Message-ID.
    pub async fn deliver(&self, mut maildir: Maildir) -> Result<u64, Failure> {
        self.blocking(move |database| {
            let on_mail = &mut |_: &_| std::ops::ControlFlow::Continue(());
            let report = Worker::default().run_once(database, &mut maildir, &SystemClock, &SystemIds, on_mail)?;
            Ok(report.accepted)
        })
        .await
    }
}
