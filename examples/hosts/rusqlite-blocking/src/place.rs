//! The one transaction of an order.

use chrono::DateTime;
use ecrm::checkout::{Checkout, Confirmation, Placed};
use ecrm::confirmation_mail::Mailer;
use ecrm::core::{Clock, Source, SystemClock, SystemIds};
use ecrm::sqlite::SqliteSession;
use ecrm::sqlite::rusqlite::{Transaction, params};
use shop::{ATTEMPTS, Cart};

use crate::{Database, Failure};

impl Database {
    /// Places an order. While another connection gets in the way the whole of it is repeated: a part cannot be, because what it
    /// had read may no longer be true.
    ///
    /// # Errors
    /// See [`Failure`]; nothing of the order was written.
    pub fn place(&mut self, mailer: &Mailer, cart: &Cart) -> Result<Placed, Failure> {
        let mut attempt = 1;
        loop {
            match self.place_once(mailer, cart) {
                Err(failure) if failure.is_worth_repeating() && attempt < ATTEMPTS => attempt += 1,
                done => return done,
            }
        }
    }

    /// Writes the shop's own order, has ecrm recognise the customer, record the order and queue the confirmation, takes the
    /// goods from stock, and commits once. Whichever of them fails, nothing of it has happened.
    fn place_once(&mut self, mailer: &Mailer, cart: &Cart) -> Result<Placed, Failure> {
        let now = SystemClock.now();
        let transaction = self.begin()?;

        // The same order once more keeps the time of the first one, which is a part of what was confirmed.
        let placed_at = transaction.query_row(
            "INSERT INTO shop_order (number, placed_at, total) VALUES (?1, ?2, '')
             ON CONFLICT (number) DO UPDATE SET number = excluded.number RETURNING placed_at",
            params![cart.number(), now.timestamp_micros()],
            |row| row.get(0),
        )?;
        let order = cart.order(DateTime::from_timestamp_micros(placed_at).unwrap_or(now))?;
        transaction.execute(
            "UPDATE shop_order SET total = ?2 WHERE number = ?1",
            params![cart.number(), order.total().to_string()],
        )?;

        // ecrm joins this very transaction.
        let checkout = Checkout {
            mailer,
            ids: &SystemIds,
            source: &Source::checkout(),
        };
        let placed = checkout.place(&mut SqliteSession::new(&transaction)?, cart.buyer(), &order, now)?;

        if placed.confirmation != Confirmation::PlacedBefore {
            take_from_stock(&transaction, cart)?;
        }
        transaction.commit()?; // where this is not reached the transaction is dropped, and so rolled back
        Ok(placed)
    }
}

/// The shop's own rule, after ecrm has done its part: when it fails, order and confirmation are undone with it.
fn take_from_stock(transaction: &Transaction<'_>, cart: &Cart) -> Result<(), Failure> {
    for (sku, pieces) in cart.products() {
        let taken = transaction.execute(
            "UPDATE shop_stock SET on_hand = on_hand - ?2 WHERE sku = ?1 AND on_hand >= ?2",
            params![sku, pieces],
        )?;
        if taken == 0 {
            return Err(Failure::SoldOut(sku.clone()));
        }
    }
    Ok(())
}
