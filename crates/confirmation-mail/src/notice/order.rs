use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use ecrm_core::{Availability, LineKind, Money, Order, OrderLine, ValueError};
use serde::Serialize;

use super::page::{about_line, amount_of};
use super::shipment::about_parcel;
use super::text::short_text;
use super::{LinePart, NoticeKind, Page, Told, Write, about_order, json_ld};
use crate::MailError;
use crate::links::Choice;
use crate::model::after;

/// A customer has so long to answer a delay notice by its links.
const ANSWER_WITHIN: TimeDelta = TimeDelta::days(60);

/// The shop has an order, and this is what it has written down. It is no acceptance yet; [`OrderConfirmed`] is.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct OrderReceived<'a> {
    /// The order that was placed. What is said of each line follows from its availability.
    #[serde(serialize_with = "super::content_of")]
    pub order: &'a Order,
}

impl Write for OrderReceived<'_> {
    const KIND: NoticeKind = NoticeKind::OrderReceived;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        whole_order(page, self.order, None)
    }
}

/// The shop accepts an order.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct OrderConfirmed<'a> {
    /// The order.
    #[serde(serialize_with = "super::content_of")]
    pub order: &'a Order,
    /// The day by which it is sent, if the shop tells one. It becomes a promise: an order that is never sent is then found by
    /// `promises::due`.
    pub dispatch_by: Option<NaiveDate>,
}

impl Write for OrderConfirmed<'_> {
    const KIND: NoticeKind = NoticeKind::OrderConfirmed;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        if Stock::of(self.order) == Stock::NoneAvailable {
            return Err(ValueError::new("order", "has nothing that can be had; it cannot be confirmed").into());
        }
        whole_order(page, self.order, self.dispatch_by)
    }
}

/// What an order says as a whole: its stock, its number, its lines and its total.
fn whole_order(page: &mut Page<'_>, order: &Order, dispatch_by: Option<NaiveDate>) -> Result<(), MailError> {
    begin(page, order);
    page.text("intro")?;
    match Stock::of(order) {
        Stock::AllReady => {
            page.status(page.common("all_ready")?, "ready");
            page.preheader_key = "preheader_ready";
        }
        Stock::NotAllReady => {
            page.status(page.common("not_all_ready")?, "wait");
            page.preheader_key = "preheader_open";
        }
        Stock::NoneAvailable => {
            page.status(page.common("none_available")?, "bad");
            page.preheader_key = "preheader_none";
        }
        Stock::Unknown => {}
    }
    let dispatch = dispatch_by
        .map(|day| page.tell_day(about_order(order), "dispatch", day))
        .transpose()?;
    let placed_on = page.day(page.day_of(order.placed_at()));
    page.facts([
        ("order_number", Some(order.number().key().to_owned())),
        ("order_date", Some(placed_on)),
        ("dispatch_by", dispatch),
    ])?;
    let mut lines = Vec::with_capacity(order.lines().len());
    for (number, line) in (1..).zip(order.lines()) {
        lines.push(page.line(order, number, line)?);
    }
    let total = if has_unavailable(order) {
        "total_available"
    } else {
        "total"
    };
    page.table(None, lines, vec![(total, to_pay(order)?)])?;
    page.json_ld = Some(json_ld::order(
        page.setting.shop,
        order,
        to_pay(order)?,
        "OrderProcessing",
    )?);
    Ok(())
}

/// Something that was booked - a table, a room, an appointment - is confirmed.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct BookingConfirmed<'a> {
    /// The number of the booking.
    pub booking: &'a str,
    /// What is booked.
    pub what: &'a str,
    /// When it begins. It becomes a promise.
    pub starts_at: DateTime<Utc>,
    /// The beginning that was told before, if this one takes its place.
    pub instead_of: Option<DateTime<Utc>>,
    /// When it ends, if that is said.
    pub ends_at: Option<DateTime<Utc>>,
    /// Where, if that is not self-evident.
    pub place: Option<&'a str>,
    /// The price, if there is one to pay.
    pub price: Option<Money>,
}

impl Write for BookingConfirmed<'_> {
    const KIND: NoticeKind = NoticeKind::BookingConfirmed;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        if self.ends_at.is_some_and(|end| end <= self.starts_at) {
            return Err(ValueError::new("booking", "ends before it begins").into());
        }
        let booking = short_text("number of a booking", self.booking)?;
        let about = format!("booking:{booking}");
        page.set("booking", booking);
        page.about = Some(about.clone());
        page.text("intro")?;
        let starts = page.tell_moment(about, "start", self.starts_at)?;
        if let Some(before) = self.instead_of {
            page.says_instead_of(Told::DueAt(before));
        }
        page.facts([
            ("booking_number", Some(booking.to_owned())),
            (
                "booking_what",
                Some(short_text("what is booked", self.what)?.to_owned()),
            ),
            ("starts_at", Some(starts)),
            ("ends_at", self.ends_at.map(|end| page.moment(end))),
            ("place", self.place.map(str::to_owned)),
            ("price", self.price.map(|price| page.money(price))),
        ])
    }
}

/// Lines of an order are on back-order: which, and until when as far as it is known. Where that is not known yet, each such mail promises
/// anew to write again within 14 days.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct LineBackOrdered<'a> {
    /// The order; its back-ordered lines are told.
    #[serde(serialize_with = "super::content_of")]
    pub order: &'a Order,
}

impl Write for LineBackOrdered<'_> {
    const KIND: NoticeKind = NoticeKind::LineBackOrdered;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        begin(page, self.order);
        page.text("intro")?;
        let mut lines = Vec::new();
        for (number, line) in (1..).zip(self.order.lines()) {
            if matches!(line.availability(), Availability::BackOrdered { .. }) {
                lines.push(page.line(self.order, number, line)?);
            }
        }
        if lines.is_empty() {
            return Err(ValueError::new("order", "has no line on back-order, so there is nothing to tell").into());
        }
        page.says_instead_of(Told::Nothing);
        page.table(Some("back_ordered_items"), lines, Vec::new())
    }
}

/// What of an order is late.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "what days are told about")]
pub enum Late<'a> {
    /// The dispatch of the whole order.
    Dispatch,
    /// A line, by its number from 1.
    Line(usize),
    /// The arrival of a parcel, by the carrier's number if it has one.
    Parcel(Option<&'a str>),
    /// The refund for goods that came back. Nothing is left to choose then.
    Refund,
}

/// A day that was promised has changed: the old one, the new one, why, and what the customer may choose by one click, for which it
/// needs [`Mailer::with_links`](crate::Mailer::with_links). Without a new day it promises to write again within 14 days.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct DeliveryDelayed<'a> {
    /// The order.
    #[serde(serialize_with = "super::content_of")]
    pub order: &'a Order,
    /// What is late.
    pub late: Late<'a>,
    /// The day that was told before.
    pub told: NaiveDate,
    /// The new day, if there is one. It becomes the promise.
    pub expected: Option<NaiveDate>,
    /// Why, in words for the customer.
    pub reason: &'a str,
    /// Whether something else can be sent instead: the choice is only offered where it can be kept.
    pub can_replace: bool,
}

impl Write for DeliveryDelayed<'_> {
    const KIND: NoticeKind = NoticeKind::DeliveryDelayed;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        if self.expected.is_some_and(|day| day <= self.told) {
            return Err(ValueError::new(
                "new day",
                "is not later than the one that was told; no delay notice is needed",
            )
            .into());
        }
        begin(page, self.order);
        let (about, what) = self.late.promise(self.order);
        if let Late::Line(number) = self.late {
            page.set("item", line_of(self.order, number)?.description());
        }
        let texts = self.late.texts();
        page.subject_key = texts.subject;
        page.heading_key = texts.heading;
        page.preheader_key = texts.preheader;
        let told = page.day(self.told);
        page.set("told", &told);
        let day = match self.expected {
            Some(day) => page.tell_day(about.clone(), what, day)?,
            None => {
                page.tell_nothing(about.clone(), what);
                page.common("new_day_unknown")?
            }
        };
        page.says_instead_of(Told::DueAt(page.end_of(self.told)));
        page.set("day", &day);
        page.text(match self.expected {
            Some(_) => texts.intro_day,
            None => texts.intro_unknown,
        })?;
        page.facts([
            ("order_number", Some(self.order.number().key().to_owned())),
            ("told_before", Some(told)),
            ("new_day", Some(day)),
            ("reason", Some(short_text("reason of a delay", self.reason)?.to_owned())),
        ])?;
        match texts.cancel {
            Some(cancel) => self.choices(page, &about, cancel),
            None => Ok(()),
        }
    }
}

impl DeliveryDelayed<'_> {
    fn choices(&self, page: &mut Page<'_>, about: &str, cancel: &'static str) -> Result<(), MailError> {
        page.common_text("wait_for_answer")?;
        let until = after(page.setting.now, ANSWER_WITHIN);
        page.choice("button_wait", Choice::Wait, about, until, "primary")?;
        if self.can_replace {
            page.choice("button_replace", Choice::Replace, about, until, "plain")?;
        }
        page.choice(cancel, Choice::Cancel, about, until, "plain")?;
        page.common_text("choices_note")
    }
}

/// The texts of a delay notice.
struct LateTexts {
    subject: &'static str,
    preheader: &'static str,
    heading: &'static str,
    intro_day: &'static str,
    intro_unknown: &'static str,
    /// The last choice, where there is something to choose.
    cancel: Option<&'static str>,
}

impl Late<'_> {
    /// About what it was promised, and what.
    fn promise(self, order: &Order) -> (String, &'static str) {
        match self {
            Self::Dispatch => (about_order(order), "dispatch"),
            Self::Line(number) => (about_line(order, number), "available"),
            Self::Parcel(number) => (about_parcel(order, number), "delivery"),
            Self::Refund => (about_order(order), "refund"),
        }
    }

    fn texts(self) -> LateTexts {
        match self {
            Self::Line(_) => LateTexts {
                subject: "subject",
                preheader: "preheader",
                heading: "heading",
                intro_day: "intro_day",
                intro_unknown: "intro_unknown",
                cancel: Some("button_cancel"),
            },
            Self::Dispatch | Self::Parcel(_) => LateTexts {
                subject: "subject_order",
                preheader: "preheader",
                heading: "heading_order",
                intro_day: "intro_order_day",
                intro_unknown: "intro_order_unknown",
                cancel: Some("button_cancel_order"),
            },
            Self::Refund => LateTexts {
                subject: "subject_refund",
                preheader: "preheader_refund",
                heading: "heading_refund",
                intro_day: "intro_refund_day",
                intro_unknown: "intro_refund_unknown",
                cancel: None,
            },
        }
    }
}

/// An item was replaced by another one.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct ItemSubstituted<'a> {
    /// The order as it was placed.
    #[serde(serialize_with = "super::content_of")]
    pub order: &'a Order,
    /// The number of the line that is replaced, from 1.
    pub line: usize,
    /// What is sent instead, at its price.
    pub replacement: &'a OrderLine,
}

impl Write for ItemSubstituted<'_> {
    const KIND: NoticeKind = NoticeKind::ItemSubstituted;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        let is_other_currency = self.replacement.amount().currency() != self.order.currency();
        if is_other_currency || self.replacement.availability() == Availability::Unavailable {
            return Err(ValueError::new("replacement", "must be available, in the currency of the order").into());
        }
        begin(page, self.order);
        let replaced = line_of(self.order, self.line)?;
        page.set("item", replaced.description());
        page.set("replacement", self.replacement.description());
        page.text("intro")?;
        // What was told of the old item is over; what is told of the new one follows.
        page.release(about_line(self.order, self.line), "available");
        let line = page.line(self.order, self.line, self.replacement)?;
        page.table(Some("replacement"), vec![line], Vec::new())?;
        page.text("next")
    }
}

/// An order is called off, in part or whole, by the customer or by the shop.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct OrderCancelled<'a> {
    /// The order.
    #[serde(serialize_with = "super::content_of")]
    pub order: &'a Order,
    /// What of it is called off; nothing means all of it.
    pub lines: &'a [LinePart],
    /// Why, in words for the customer, if there is something to say.
    pub reason: Option<&'a str>,
    /// What goes back; nothing where nothing was charged.
    pub refund: Option<Money>,
}

impl Write for OrderCancelled<'_> {
    const KIND: NoticeKind = NoticeKind::OrderCancelled;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        begin(page, self.order);
        let is_whole = self.lines.is_empty() || LinePart::are_all_of(self.lines, self.order)?;
        page.text(if is_whole { "intro_whole" } else { "intro_part" })?;
        page.facts([
            ("order_number", Some(self.order.number().key().to_owned())),
            ("reason", self.reason.map(str::to_owned)),
        ])?;
        if is_whole {
            let lines = self.order.lines().iter().map(|line| page.priced(line)).collect();
            page.table(Some("cancelled_items"), lines, Vec::new())?;
            page.release(about_order(self.order), "dispatch");
            for number in 1..=self.order.lines().len() {
                page.release(about_line(self.order, number), "available");
            }
            page.json_ld = Some(json_ld::order(
                page.setting.shop,
                self.order,
                self.order.total(),
                "OrderCancelled",
            )?);
        } else {
            let lines = LinePart::table(self.lines, self.order, page)?;
            page.table(Some("cancelled_items"), lines, Vec::new())?;
            for line in LinePart::whole_lines(self.lines, self.order)? {
                page.release(about_line(self.order, line), "available");
            }
        }
        match self.refund {
            Some(amount) => {
                let amount = page.money(amount_of(self.order, "refund", amount)?);
                page.set("amount", amount);
                page.text("refund")
            }
            None => page.text("no_refund"),
        }
    }
}

/// A declaration of withdrawal has reached the shop: the acknowledgement with the content of the declaration and the moment of its
/// submission, on a durable medium (Directive 2011/83/EU, article 11a (4)). It is sent although the customer objects to mails.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct WithdrawalReceived<'a> {
    /// The order that is withdrawn from.
    #[serde(serialize_with = "super::content_of")]
    pub order: &'a Order,
    /// When the declaration was submitted.
    pub received_at: DateTime<Utc>,
    /// What was declared, in the customer's own words or those of the form.
    pub statement: &'a str,
}

impl Write for WithdrawalReceived<'_> {
    const KIND: NoticeKind = NoticeKind::WithdrawalReceived;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        begin(page, self.order);
        let moment = page.moment(self.received_at);
        page.set("moment", &moment);
        page.text("intro")?;
        page.facts([
            ("order_number", Some(self.order.number().key().to_owned())),
            ("received_on", Some(moment)),
        ])?;
        page.quote("statement", self.statement)?;
        page.text("next")
    }
}

/// Every mail about an order names it, and stands in its thread.
pub(super) fn begin(page: &mut Page<'_>, order: &Order) {
    page.set("number", order.number().key());
    page.about = Some(about_order(order));
}

/// The line of a number that starts from 1.
pub(super) fn line_of(order: &Order, number: usize) -> Result<&OrderLine, ValueError> {
    number
        .checked_sub(1)
        .and_then(|index| order.lines().get(index))
        .ok_or_else(|| {
            ValueError::new(
                "line",
                format!("must be one of the order's lines, 1 to {}", order.lines().len()),
            )
        })
}

/// What may be said of an order as a whole. It follows from its products, and from nothing else.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stock {
    AllReady,
    NotAllReady,
    /// None of the products can be had.
    NoneAvailable,
    /// Nobody has said, or there are no products.
    Unknown,
}

impl Stock {
    pub(super) fn of(order: &Order) -> Self {
        let products = || order.lines().iter().filter(|line| line.kind() == LineKind::Product);
        let states = || products().map(OrderLine::availability);
        let has_products = products().next().is_some();
        if has_products && states().all(|state| state == Availability::Unavailable) {
            Self::NoneAvailable
        } else if states().any(|state| !state.is_ready() && state != Availability::Unknown) {
            Self::NotAllReady
        } else if has_products && states().all(Availability::is_ready) {
            Self::AllReady
        } else {
            Self::Unknown
        }
    }
}

pub(super) fn has_unavailable(order: &Order) -> bool {
    order
        .lines()
        .iter()
        .any(|line| line.availability() == Availability::Unavailable)
}

/// What is not to be had is not to be paid, and neither is the postage of nothing.
pub(super) fn to_pay(order: &Order) -> Result<Money, ValueError> {
    if Stock::of(order) == Stock::NoneAvailable {
        return Ok(Money::zero(order.currency()));
    }
    let lines = order
        .lines()
        .iter()
        .filter(|line| line.availability() != Availability::Unavailable);
    Money::sum(order.currency(), lines.map(OrderLine::amount))
}
