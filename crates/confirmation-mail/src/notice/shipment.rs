use std::collections::BTreeMap;

use chrono::NaiveDate;
use ecrm_core::{Availability, LineKind, Money, Order, OrderLine, Quantity, ValueError};
use serde::Serialize;

use super::block::Line;
use super::order::{Stock, begin, has_unavailable, line_of, to_pay};
use super::page::{about_line, amount_of};
use super::text::short_text;
use super::{NoticeKind, Page, Write, about_order, json_ld};
use crate::MailError;

/// A part of an order: so much of one of its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[expect(clippy::exhaustive_structs, reason = "two facts that belong together")]
pub struct LinePart {
    /// The number of the line, from 1.
    pub line: usize,
    /// How much of it.
    pub quantity: Quantity,
}

impl LinePart {
    /// The quantities of these parts for each line, checked against the order.
    fn per_line(parts: &[Self], order: &Order) -> Result<BTreeMap<usize, i64>, ValueError> {
        let mut quantities = BTreeMap::new();
        for part in parts {
            let line = line_of(order, part.line)?;
            let quantity: &mut i64 = quantities.entry(part.line).or_default();
            *quantity = quantity.saturating_add(part.quantity.micros());
            if part.quantity.micros() <= 0 || *quantity > line.quantity().micros() {
                return Err(ValueError::new(
                    "part of an order",
                    format!("says more of line {} than was ordered, or nothing", part.line),
                ));
            }
        }
        Ok(quantities)
    }

    /// True when the parts are every product of the order that can be had, in full; of an order without products, every line.
    pub(super) fn are_all_of(parts: &[Self], order: &Order) -> Result<bool, ValueError> {
        let quantities = Self::per_line(parts, order)?;
        let has_products = order.lines().iter().any(|line| line.kind() == LineKind::Product);
        let mut counted = (1..).zip(order.lines()).filter(|(_, line)| {
            (line.kind() == LineKind::Product || !has_products) && line.availability() != Availability::Unavailable
        });
        Ok(counted.all(|(number, line)| quantities.get(&number) == Some(&line.quantity().micros())))
    }

    /// The numbers of the lines of which the parts are all there is.
    pub(super) fn whole_lines(parts: &[Self], order: &Order) -> Result<Vec<usize>, ValueError> {
        let quantities = Self::per_line(parts, order)?;
        let lines = (1..).zip(order.lines());
        Ok(lines
            .filter(|(number, line)| quantities.get(number) == Some(&line.quantity().micros()))
            .map(|(number, _)| number)
            .collect())
    }

    /// The parts as lines of a table, without prices.
    pub(super) fn table(parts: &[Self], order: &Order, page: &Page<'_>) -> Result<Vec<Line>, ValueError> {
        Self::per_line(parts, order)?;
        parts
            .iter()
            .map(|part| Ok(page.bare(line_of(order, part.line)?, part.quantity)))
            .collect()
    }
}

/// A parcel is on its way: what is in it, and what is still to come.
///
/// What is in this parcel, what went before and what is still to come must be all of the order that can be had, and not more. Whether the
/// whole order, a part or the rest is on its way follows from that.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct OrderShipped<'a> {
    /// The order.
    #[serde(serialize_with = "super::content_of")]
    pub order: &'a Order,
    /// What is in this parcel.
    pub parcel: &'a [LinePart],
    /// What was sent in earlier parcels.
    pub sent_before: &'a [LinePart],
    /// What will be sent later. Where it is empty, this parcel and the earlier ones must be the whole order.
    pub still_to_come: &'a [LinePart],
    /// Who carries it.
    pub carrier: &'a str,
    /// The carrier's number of the parcel.
    pub tracking_number: Option<&'a str>,
    /// The carrier's page about the parcel.
    pub tracking_url: Option<&'a str>,
    /// The day by which it arrives, if the shop tells one. It becomes a promise.
    pub expected_on: Option<NaiveDate>,
}

impl Write for OrderShipped<'_> {
    const KIND: NoticeKind = NoticeKind::OrderShipped;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        if self.parcel.is_empty() {
            return Err(ValueError::new("parcel", "has nothing in it").into());
        }
        let all: Vec<_> = [self.parcel, self.sent_before, self.still_to_come].concat();
        LinePart::per_line(&all, self.order)?;
        if self
            .products()
            .any(|line| line.availability() == Availability::Unavailable)
        {
            return Err(ValueError::new("parcel", "has something in it that is not available").into());
        }
        if !LinePart::are_all_of(&all, self.order)? {
            return Err(ValueError::new(
                "parcel",
                "leaves out a part of the order; say what was sent before and what is still to come",
            )
            .into());
        }
        begin(page, self.order);
        let is_last = self.still_to_come.is_empty();
        // An order of which something cannot be had never becomes complete.
        let intro = if !is_last || has_unavailable(self.order) {
            page.subject_key = "subject_part";
            page.heading_key = "heading_part";
            "intro_part"
        } else if self.sent_before.is_empty() {
            "intro_whole"
        } else {
            "intro_rest"
        };
        page.text(intro)?;
        let carrier = short_text("carrier", self.carrier)?;
        let about = self.about();
        let expected = self
            .expected_on
            .map(|day| page.tell_day(about, "delivery", day))
            .transpose()?;
        page.facts([
            ("order_number", Some(self.order.number().key().to_owned())),
            ("carrier", Some(carrier.to_owned())),
            ("tracking_number", self.tracking_number.map(str::to_owned)),
            ("expected_on", expected),
        ])?;
        if let Some(url) = self.tracking_url {
            page.button("button_track", url, "primary")?;
        }
        let lines = LinePart::table(self.parcel, self.order, page)?;
        page.table(Some("in_this_parcel"), lines, Vec::new())?;
        if is_last {
            page.keep(about_order(self.order), "dispatch");
        } else {
            self.write_rest(page)?;
        }
        for part in self.parcel.iter().filter(|part| self.completes(part)) {
            page.keep(about_line(self.order, part.line), "available");
        }
        page.json_ld = Some(json_ld::parcel(page.setting.shop, self)?);
        Ok(())
    }
}

impl OrderShipped<'_> {
    /// What is still to come, each with what is true about it now.
    fn write_rest(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        page.set_count(self.still_to_come.len());
        page.text("waiting")?;
        let mut lines = Vec::new();
        for part in self.still_to_come {
            let line = line_of(self.order, part.line)?;
            let state = page.line(self.order, part.line, line)?;
            lines.push(state.without_price(page.setting.texts.format.quantity(part.quantity)));
        }
        page.table(Some("still_to_come"), lines, Vec::new())
    }

    /// True when nothing of this line is still to come.
    fn completes(&self, part: &LinePart) -> bool {
        self.still_to_come.iter().all(|rest| rest.line != part.line)
    }

    /// What the promise of its arrival is kept under.
    fn about(&self) -> String {
        about_parcel(self.order, self.tracking_number)
    }

    pub(super) fn products(&self) -> impl Iterator<Item = &OrderLine> {
        self.parcel
            .iter()
            .filter_map(|part| line_of(self.order, part.line).ok())
    }
}

/// An order waits to be fetched, whole.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct ReadyForPickup<'a> {
    /// The order.
    #[serde(serialize_with = "super::content_of")]
    pub order: &'a Order,
    /// Where, with street and opening hours as far as they are needed; it may have several lines.
    pub place: &'a str,
    /// Until when it waits, if that is limited.
    pub until: Option<NaiveDate>,
    /// What to show there.
    pub code: Option<&'a str>,
}

impl Write for ReadyForPickup<'_> {
    const KIND: NoticeKind = NoticeKind::ReadyForPickup;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        if Stock::of(self.order) == Stock::NoneAvailable {
            return Err(ValueError::new("order", "has nothing that can be had; it cannot be fetched").into());
        }
        begin(page, self.order);
        page.text("intro")?;
        let until = self.until.map(|day| page.day(day));
        page.facts([
            ("order_number", Some(self.order.number().key().to_owned())),
            (
                "pickup_place",
                Some(short_text("place of collection", self.place)?.to_owned()),
            ),
            ("pickup_until", until),
            ("pickup_code", self.code.map(str::to_owned)),
        ])?;
        page.keep(about_order(self.order), "dispatch");
        for (number, line) in (1..).zip(self.order.lines()) {
            if line.availability() != Availability::Unavailable {
                page.keep(about_line(self.order, number), "available");
            }
        }
        page.json_ld = Some(json_ld::order(
            page.setting.shop,
            self.order,
            to_pay(self.order)?,
            "OrderPickupAvailable",
        )?);
        Ok(())
    }
}

/// A delivery has arrived, as the carrier says.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct OrderDelivered<'a> {
    /// The order.
    #[serde(serialize_with = "super::content_of")]
    pub order: &'a Order,
    /// The carrier's number of the parcel.
    pub tracking_number: Option<&'a str>,
    /// The day on which it was handed over.
    pub delivered_on: NaiveDate,
    /// Whom or where it was given, as the carrier says.
    pub handed_to: Option<&'a str>,
}

impl Write for OrderDelivered<'_> {
    const KIND: NoticeKind = NoticeKind::OrderDelivered;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        begin(page, self.order);
        page.text("intro")?;
        let delivered = page.day(self.delivered_on);
        page.keep_at(
            about_parcel(self.order, self.tracking_number),
            "delivery",
            page.end_of(self.delivered_on),
        );
        page.facts([
            ("order_number", Some(self.order.number().key().to_owned())),
            ("tracking_number", self.tracking_number.map(str::to_owned)),
            ("delivered_on", Some(delivered)),
            ("handed_to", self.handed_to.map(str::to_owned)),
        ])
    }
}

/// Goods have come back.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct ReturnReceived<'a> {
    /// The order that they belong to.
    #[serde(serialize_with = "super::content_of")]
    pub order: &'a Order,
    /// What has come back.
    pub lines: &'a [LinePart],
    /// What will be paid back, if that is known.
    pub refund: Option<Money>,
    /// The day by which it is paid back, if the shop tells one. It becomes a promise.
    pub refund_by: Option<NaiveDate>,
}

impl Write for ReturnReceived<'_> {
    const KIND: NoticeKind = NoticeKind::ReturnReceived;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        if self.lines.is_empty() {
            return Err(ValueError::new("return", "has nothing in it").into());
        }
        begin(page, self.order);
        page.text("intro")?;
        let lines = LinePart::table(self.lines, self.order, page)?;
        page.table(Some("returned_items"), lines, Vec::new())?;
        let refund_by = self
            .refund_by
            .map(|day| page.tell_day(about_order(self.order), "refund", day))
            .transpose()?;
        if let Some(amount) = self.refund {
            amount_of(self.order, "refund", amount)?;
        }
        page.facts([
            ("refund_amount", self.refund.map(|amount| page.money(amount))),
            ("refund_by", refund_by),
        ])
    }
}

/// What the arrival of a parcel is kept under: of one without a number, the order.
pub(super) fn about_parcel(order: &Order, tracking_number: Option<&str>) -> String {
    match tracking_number {
        Some(number) => format!("{}/parcel:{}", about_order(order), number.trim()),
        None => about_order(order),
    }
}
