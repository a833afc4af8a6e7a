//! The one transaction of an order, in two ways.

use chrono::{DateTime, Utc};
use ecrm::checkout::{Checkout, Confirmation, Placed};
use ecrm::core::{Clock, Order, Source, SystemClock, SystemIds};
use ecrm::postgres::{PostgresSession, unit_of_work};
use shop::{ATTEMPTS, Cart};
use tokio::runtime::Handle;
use tokio_postgres::Client;

use crate::{Failure, Shop, Way};

impl Shop {
    /// Places an order: writes the shop's own row, has ecrm recognise the customer, record the order and queue the confirmation,
    /// takes the goods from stock, and commits once. Whichever of them fails, nothing of it has happened.
    ///
    /// While another transaction gets in the way the whole of it is repeated: a part cannot be, because what it had read may no
    /// longer be true.
    ///
    /// # Errors
    /// See [`Failure`]; nothing of the order was written.
    pub async fn place(&self, way: Way, cart: &Cart) -> Result<Placed, Failure> {
        let mut attempt = 1;
        loop {
            let placed = match way {
                Way::OwnedClient => self.place_owned(cart).await,
                Way::BorrowedTransaction => self.place_borrowed(cart).await,
            };
            match placed {
                Err(failure) if failure.is_worth_repeating() && attempt < ATTEMPTS => attempt += 1,
                done => return done,
            }
        }
    }

    /// The client moves to a blocking thread and comes back. Where an error leaves this function the client is dropped, its
    /// connection closes, and PostgreSQL rolls back.
    async fn place_owned(&self, cart: &Cart) -> Result<Placed, Failure> {
        let now = SystemClock.now();
        let client = self.clients.take().await?;
        client.batch_execute("BEGIN").await?;
        let order = write_order(&client, cart, now).await?;

        let (mailer, buyer) = (self.mailer.clone(), cart.buyer().clone());
        let (client, placed) = unit_of_work(client, move |session| {
            let checkout = Checkout {
                mailer: &mailer,
                ids: &SystemIds,
                source: &Source::checkout(),
            };
            checkout.place(session, &buyer, &order, now)
        })
        .await?;
        let placed = placed?;

        take_from_stock(&client, cart, &placed).await?;
        client.batch_execute("COMMIT").await?;
        self.clients.give_back(client);
        Ok(placed)
    }

    /// The handler keeps its transaction. While ecrm works, tokio hands the other tasks of this thread to another one.
    async fn place_borrowed(&self, cart: &Cart) -> Result<Placed, Failure> {
        let now = SystemClock.now();
        let mut client = self.clients.take().await?;
        let (connection, statements) = client.split();
        let transaction = connection.transaction().await?;
        let order = write_order(transaction.client(), cart, now).await?;

        let placed = {
            let checkout = Checkout {
                mailer: &self.mailer,
                ids: &SystemIds,
                source: &Source::checkout(),
            };
            let mut session = PostgresSession::with_cache(&transaction, statements, &Handle::current())?;
            checkout.place(&mut session, cart.buyer(), &order, now)? // the session ends before the next await
        };

        take_from_stock(transaction.client(), cart, &placed).await?;
        transaction.commit().await?;
        self.clients.give_back(client);
        Ok(placed)
    }
}

/// The shop's own row. The same order once more keeps the time of the first one, which is a part of what was confirmed.
async fn write_order(client: &Client, cart: &Cart, now: DateTime<Utc>) -> Result<Order, Failure> {
    let upsert = "INSERT INTO shop_order (number, placed_at, total) VALUES ($1, $2, '')
        ON CONFLICT (number) DO UPDATE SET number = excluded.number RETURNING placed_at";
    let row = client
        .query_one(upsert, &[&cart.number(), &now.timestamp_micros()])
        .await?;
    let order = cart.order(DateTime::from_timestamp_micros(row.try_get(0)?).unwrap_or(now))?;
    let total = "UPDATE shop_order SET total = $2 WHERE number = $1";
    client
        .execute(total, &[&cart.number(), &order.total().to_string()])
        .await?;
    Ok(order)
}

/// The shop's own rule, after ecrm has done its part: when it fails, order and confirmation are undone with it.
async fn take_from_stock(client: &Client, cart: &Cart, placed: &Placed) -> Result<(), Failure> {
    if placed.confirmation == Confirmation::PlacedBefore {
        return Ok(());
    }
    for (sku, pieces) in cart.products() {
        let take = "UPDATE shop_stock SET on_hand = on_hand - $2 WHERE sku = $1 AND on_hand >= $2";
        if client.execute(take, &[sku, pieces]).await? == 0 {
            return Err(Failure::SoldOut(sku.clone()));
        }
    }
    Ok(())
}
