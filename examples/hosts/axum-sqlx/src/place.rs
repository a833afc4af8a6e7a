//! The one transaction of an order.

use chrono::DateTime;
use ecrm::checkout::{Checkout, Confirmation, Placed};
use ecrm::core::{Clock, Source, SystemClock, SystemIds};
use ecrm::sqlx::postgres::unit_of_work;
use shop::{ATTEMPTS, Cart};
use sqlx::{Postgres, Transaction};

use crate::{Failure, Shop};

impl Shop {
    /// Places an order. While another transaction gets in the way the whole of it is repeated: a part cannot be, because what it
    /// had read may no longer be true.
    ///
    /// # Errors
    /// See [`Failure`]; nothing of the order was written.
    pub async fn place(&self, cart: &Cart) -> Result<Placed, Failure> {
        let mut attempt = 1;
        loop {
            match self.place_once(cart).await {
                Err(failure) if failure.is_worth_repeating() && attempt < ATTEMPTS => attempt += 1,
                done => return done,
            }
        }
    }

    /// Writes the shop's own order, has ecrm recognise the customer, record the order and queue the confirmation, takes the
    /// goods from stock, and commits once. Whichever of them fails, nothing of it has happened.
    async fn place_once(&self, cart: &Cart) -> Result<Placed, Failure> {
        let now = SystemClock.now();
        let mut transaction = self.pool.begin().await?;

        // The same order once more keeps the time of the first one, which is a part of what was confirmed.
        let (placed_at,): (i64,) = sqlx::query_as(
            "INSERT INTO shop_order (number, placed_at, total) VALUES ($1, $2, '')
             ON CONFLICT (number) DO UPDATE SET number = excluded.number RETURNING placed_at",
        )
        .bind(cart.number())
        .bind(now.timestamp_micros())
        .fetch_one(&mut *transaction)
        .await?;
        let order = cart.order(DateTime::from_timestamp_micros(placed_at).unwrap_or(now))?;
        sqlx::query("UPDATE shop_order SET total = $2 WHERE number = $1")
            .bind(cart.number())
            .bind(order.total().to_string())
            .execute(&mut *transaction)
            .await?;

        // ecrm joins this very transaction; it is moved to a blocking thread, and handed back.
        let (mailer, buyer) = (self.mailer.clone(), cart.buyer().clone());
        let (mut transaction, placed) = unit_of_work(transaction, move |session| {
            let checkout = Checkout {
                mailer: &mailer,
                ids: &SystemIds,
                source: &Source::checkout(),
            };
            checkout.place(session, &buyer, &order, now)
        })
        .await?;
        let placed = placed?; // on an error the transaction is dropped, and so rolled back

        if placed.confirmation != Confirmation::PlacedBefore {
            take_from_stock(&mut transaction, cart).await?;
        }
        transaction.commit().await?;
        Ok(placed)
    }
}

/// The shop's own rule, after ecrm has done its part: when it fails, order and confirmation are undone with it.
async fn take_from_stock(transaction: &mut Transaction<'static, Postgres>, cart: &Cart) -> Result<(), Failure> {
    for (sku, pieces) in cart.products() {
        let taken = sqlx::query("UPDATE shop_stock SET on_hand = on_hand - $2 WHERE sku = $1 AND on_hand >= $2")
            .bind(sku)
            .bind(pieces)
            .execute(&mut **transaction)
            .await?;
        if taken.rows_affected() == 0 {
            return Err(Failure::SoldOut(sku.clone()));
        }
    }
    Ok(())
}
