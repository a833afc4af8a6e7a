//! A shop on tokio-postgres: its order, its stock, and what ecrm records and queues are one transaction, in either of two ways.

mod clients;
mod deliver;
mod failure;
mod place;

use std::sync::Arc;

use ecrm::checkout::Confirmation;
use ecrm::confirmation_mail::Mailer;
use ecrm::core::{Clock, SystemClock};
use ecrm::postgres::unit_of_work;
use ecrm::store::Session;
use shop::{ATTEMPTS, Answer, OrderRequest};

pub use clients::Clients;
pub use failure::Failure;

/// What every handler needs.
#[derive(Debug, Clone)]
pub struct Shop {
    clients: Arc<Clients>,
    mailer: Arc<Mailer>,
}

/// How the handler shares its transaction with ecrm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It begins on a client that it owns, and lends the client to a unit of work: on every runtime.
    OwnedClient,
    /// It keeps its borrowed transaction, and blocks its own thread while ecrm works: on a multi-thread runtime.
    BorrowedTransaction,
}

impl Shop {
    /// The shop on a database, whose tables are brought up to date: the shop's own, and those of ecrm.
    ///
    /// # Errors
    /// When the database cannot be reached or changed.
    pub async fn open(url: &str) -> Result<Self, Failure> {
        let shop = Self {
            clients: Arc::new(Clients::new(url)),
            mailer: Arc::new(shop::mailer()?),
        };
        let client = shop.clients.take().await?;
        client.batch_execute(shop::TABLES).await?;
        shop.clients.give_back(client);
        shop.in_transaction(|session| ecrm::migrate(session, SystemClock.now()))
            .await?;
        Ok(shop)
    }

    /// The connections, for what else the shop does with its database.
    #[must_use]
    pub fn clients(&self) -> &Clients {
        &self.clients
    }

    /// `POST /orders` of whatever web framework: 201 for a new order, 200 for one that was placed before.
    pub async fn post_order(&self, way: Way, body: &str) -> (u16, String) {
        match self.order(way, body).await {
            Ok((status, answer)) => (status, answer),
            Err(failure) => failure.answer(),
        }
    }

    async fn order(&self, way: Way, body: &str) -> Result<(u16, String), Failure> {
        let cart = serde_json::from_str::<OrderRequest>(body)?.parse()?;
        let placed = self.place(way, &cart).await?;
        let status = match placed.confirmation {
            Confirmation::PlacedBefore => 200,
            _ => 201,
        };
        Ok((status, serde_json::to_string(&Answer::from(&placed))?))
    }

    /// Runs a piece of ecrm's work in a transaction of its own and commits it; again, when another one got in its way.
    async fn in_transaction<T, E>(
        &self,
        work: impl Fn(&mut dyn Session) -> Result<T, E> + Clone + Send + 'static,
    ) -> Result<T, Failure>
    where
        T: Send + 'static,
        E: Send + 'static,
        Failure: From<E>,
    {
        let mut attempt = 1;
        loop {
            match self.transaction(work.clone()).await {
                Err(failure) if failure.is_worth_repeating() && attempt < ATTEMPTS => attempt += 1,
                done => return done,
            }
        }
    }

    async fn transaction<T, E>(
        &self,
        work: impl FnOnce(&mut dyn Session) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Failure>
    where
        T: Send + 'static,
        E: Send + 'static,
        Failure: From<E>,
    {
        let client = self.clients.take().await?;
        client.batch_execute("BEGIN").await?;
        let (client, done) = unit_of_work(client, work).await?;
        let done = done?; // on an error the client is dropped, its connection closes, and PostgreSQL rolls back
        client.batch_execute("COMMIT").await?;
        self.clients.give_back(client);
        Ok(done)
    }
}
