use chrono::NaiveDate;
use ecrm_core::{Money, Order, ValueError};
use serde::Serialize;

use super::order::begin;
use super::page::amount_of;
use super::text::short_text;
use super::{NoticeKind, Page, Write, about_order};
use crate::{Attachment, MailError};

/// A payment has arrived.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct PaymentReceived<'a> {
    /// The order that it is for.
    #[serde(serialize_with = "super::content_of")]
    pub order: &'a Order,
    /// How much.
    pub amount: Money,
    /// When.
    pub paid_on: NaiveDate,
    /// What is still to be paid. Zero says that all is paid; where nothing is given, nothing is said.
    pub still_open: Option<Money>,
}

impl Write for PaymentReceived<'_> {
    const KIND: NoticeKind = NoticeKind::PaymentReceived;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        amount_of(self.order, "payment", self.amount)?;
        begin(page, self.order);
        page.text("intro")?;
        let (amount, paid_on) = (page.money(self.amount), page.day(self.paid_on));
        let still_open = self.still_open.filter(|amount| amount.minor() != 0);
        let still_open = still_open
            .map(|amount| amount_of(self.order, "rest", amount))
            .transpose()?;
        page.facts([
            ("order_number", Some(self.order.number().key().to_owned())),
            ("amount_paid", Some(amount)),
            ("paid_on", Some(paid_on)),
            ("still_open", still_open.map(|amount| page.money(amount))),
        ])?;
        if self.still_open.is_some() && still_open.is_none() {
            page.status(page.say("settled")?, "ready");
        }
        Ok(())
    }
}

/// A payment did not go through.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct PaymentFailed<'a> {
    /// The order that it was for.
    #[serde(serialize_with = "super::content_of")]
    pub order: &'a Order,
    /// How much it was to be.
    pub amount: Money,
    /// What the payment service said, if it is fit for the customer.
    pub reason: Option<&'a str>,
    /// The page on which the customer can pay again.
    pub pay_url: &'a str,
}

impl Write for PaymentFailed<'_> {
    const KIND: NoticeKind = NoticeKind::PaymentFailed;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        amount_of(self.order, "payment", self.amount)?;
        begin(page, self.order);
        page.status(page.say("intro")?, "bad");
        let amount = page.money(self.amount);
        page.facts([
            ("order_number", Some(self.order.number().key().to_owned())),
            ("amount", Some(amount)),
            ("payment_reason", self.reason.map(str::to_owned)),
        ])?;
        page.text("next")?;
        page.button("button_pay", self.pay_url, "primary")
    }
}

/// Money goes back: all that was paid for the order, or a part.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct PaymentRefunded<'a> {
    /// The order.
    #[serde(serialize_with = "super::content_of")]
    pub order: &'a Order,
    /// How much goes back with this refund.
    pub amount: Money,
    /// What was paid for the order; whether this is all of it follows.
    pub paid: Money,
    /// To where, such as `card ending in 4242`.
    pub method: Option<&'a str>,
}

impl Write for PaymentRefunded<'_> {
    const KIND: NoticeKind = NoticeKind::PaymentRefunded;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        amount_of(self.order, "refund", self.amount)?;
        if self.paid.currency() != self.amount.currency() || self.amount.minor() > self.paid.minor() {
            return Err(ValueError::new("refund", "is more than was paid, or in another currency").into());
        }
        begin(page, self.order);
        let amount = page.money(self.amount);
        page.set("amount", &amount);
        page.text(if self.amount == self.paid {
            "intro_whole"
        } else {
            "intro_part"
        })?;
        page.keep(about_order(self.order), "refund");
        page.facts([
            ("order_number", Some(self.order.number().key().to_owned())),
            ("refund_amount", Some(amount)),
            ("refund_method", self.method.map(str::to_owned)),
        ])
    }
}

/// An invoice, with its document where it is to be attached.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct InvoiceIssued<'a> {
    /// The order that it is for.
    #[serde(serialize_with = "super::content_of")]
    pub order: &'a Order,
    /// The number of the invoice.
    pub invoice: &'a str,
    /// How much it comes to.
    pub amount: Money,
    /// The day by which it is to be paid, if it is not paid yet.
    pub due_on: Option<NaiveDate>,
    /// The document.
    pub document: Option<&'a Attachment>,
}

impl Write for InvoiceIssued<'_> {
    const KIND: NoticeKind = NoticeKind::InvoiceIssued;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        let invoice = short_text("number of an invoice", self.invoice)?;
        amount_of(self.order, "invoice", self.amount)?;
        begin(page, self.order);
        page.set("invoice", invoice);
        page.text("intro")?;
        let amount = page.money(self.amount);
        page.facts([
            ("order_number", Some(self.order.number().key().to_owned())),
            ("invoice_number", Some(invoice.to_owned())),
            ("invoice_amount", Some(amount)),
            ("due_on", self.due_on.map(|day| page.day(day))),
        ])?;
        if let Some(document) = self.document {
            page.attachments.push(document.clone());
            page.text("attached")?;
        }
        Ok(())
    }
}
