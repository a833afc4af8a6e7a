use ecrm_core::{Availability, LineKind, Money, Order, OrderLine, ValueError};
use serde::Serialize;

use super::order::begin;
use super::text::short_text;
use super::{NoticeKind, Page, Write};
use crate::MailError;

/// Something that the customer asked to be told about can be had again. It is an answer, no advertisement.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct BackInStock<'a> {
    /// The number of the product.
    pub sku: &'a str,
    /// What it is called.
    pub description: &'a str,
    /// Its price, if it is told.
    pub price: Option<Money>,
    /// Its page.
    pub url: &'a str,
}

impl Write for BackInStock<'_> {
    const KIND: NoticeKind = NoticeKind::BackInStock;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        let item = short_text("description", self.description)?;
        page.set("item", item);
        page.text("intro")?;
        page.facts([
            ("product", Some(item.to_owned())),
            ("sku", Some(short_text("number of a product", self.sku)?.to_owned())),
            ("price", self.price.map(|price| page.money(price))),
        ])?;
        page.button("button_product", self.url, "primary")
    }
}

/// A cart was left. Marketing: the recipient must have consented, and can unsubscribe with one click.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct CartLeft<'a> {
    /// What is in it.
    pub lines: &'a [OrderLine],
    /// The page of the cart.
    pub url: &'a str,
}

impl Write for CartLeft<'_> {
    const KIND: NoticeKind = NoticeKind::CartLeft;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        if self.lines.is_empty() {
            return Err(ValueError::new("cart", "is empty, so there is nothing to remind of").into());
        }
        page.set_count(self.lines.len());
        page.text("intro")?;
        page.text("waiting")?;
        let lines = self.lines.iter().map(|line| page.priced(line)).collect();
        page.table(Some("your_cart"), lines, Vec::new())?;
        page.button("button_cart", self.url, "primary")
    }
}

/// A request to review what was bought. Marketing: the recipient must have consented, and can unsubscribe with one click.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct ReviewRequest<'a> {
    /// The order.
    #[serde(serialize_with = "super::content_of")]
    pub order: &'a Order,
    /// The page on which to write the review.
    pub url: &'a str,
}

impl Write for ReviewRequest<'_> {
    const KIND: NoticeKind = NoticeKind::ReviewRequest;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        begin(page, self.order);
        page.text("intro")?;
        let products = self
            .order
            .lines()
            .iter()
            .filter(|line| line.kind() == LineKind::Product && line.availability() != Availability::Unavailable);
        let lines = products.map(|line| page.bare(line, line.quantity())).collect();
        page.table(None, lines, Vec::new())?;
        page.button("button_review", self.url, "primary")
    }
}
