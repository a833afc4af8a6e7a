//! A shop on actix-web and sqlx: its order, its stock, and what ecrm records and queues are one transaction.

mod deliver;
mod failure;
mod place;

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Json, ServiceConfig};
use actix_web::{HttpResponse, post};
use ecrm::checkout::Confirmation;
use ecrm::confirmation_mail::Mailer;
use ecrm::core::{Clock, SystemClock};
use ecrm::sqlx::postgres::unit_of_work;
use ecrm::store::Session;
use shop::{ATTEMPTS, Answer, OrderRequest};
use sqlx::PgPool;

pub use failure::Failure;

/// What every handler needs.
#[derive(Debug, Clone)]
pub struct Shop {
    pool: PgPool,
    mailer: Arc<Mailer>,
}

impl Shop {
    /// The shop on a database, whose tables are brought up to date: the shop's own, and those of ecrm.
    ///
    /// # Errors
    /// When the database cannot be reached or changed.
    pub async fn open(url: &str) -> Result<Self, Failure> {
        let shop = Self {
            pool: PgPool::connect(url).await?,
            mailer: Arc::new(shop::mailer()?),
        };
        sqlx::raw_sql(shop::TABLES).execute(&shop.pool).await?;
        shop.in_transaction(|session| ecrm::migrate(session, SystemClock.now()))
            .await?;
        Ok(shop)
    }

    /// The routes of the shop, for `App::configure`.
    pub fn routes(self, app: &mut ServiceConfig) {
        app.app_data(Data::new(self)).service(post_order);
    }

    /// The database, for what else the shop does with it.
    #[must_use]
    pub fn pool(&self) -> &PgPool {
        &self.pool
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
        let (transaction, done) = unit_of_work(self.pool.begin().await?, work).await?;
        let done = done?; // on an error the transaction is dropped, and so rolled back
        transaction.commit().await?;
        Ok(done)
    }
}

/// `POST /orders`: 201 for a new order, 200 for one that was placed before. Each of actix's workers is a current-thread runtime,
/// and none of them is blocked.
#[post("/orders")]
async fn post_order(shop: Data<Shop>, Json(request): Json<OrderRequest>) -> Result<HttpResponse, Failure> {
    let cart = request.parse()?;
    let placed = shop.place(&cart).await?;
    let status = match placed.confirmation {
        Confirmation::PlacedBefore => StatusCode::OK,
        _ => StatusCode::CREATED,
    };
    Ok(HttpResponse::build(status).json(Answer::from(&placed)))
}
