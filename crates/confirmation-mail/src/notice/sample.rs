use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use ecrm_core::{
    Availability, Channel, ConsentDecision, ContactData, EmailAddress, ExternalRef, GuestId, LineKind, Locale, Money,
    Order, OrderId, OrderLine, PersonName, PhoneNumber, PostalAddress, Purpose, Quantity, Recipient, SeededIds,
    ValueError,
};

use super::account::ChangedAddress;
use super::*;
use crate::Attachment;

/// Made-up data from which every notice can be shown: for previews, and to try a shop's own templates before a customer sees them.
///
/// ```
/// use ecrm_confirmation_mail::{Mailer, Links, Sample};
/// let mailer = Mailer::new("Lamps & Co", "orders@lamps.example".parse()?)?
///     .with_links(Links::new("https://lamps.example/answer", &[7; 32])?);
/// let sample = Sample::new()?;
/// let recipient = sample.recipient("fr")?;
/// for (title, notice) in sample.notices() {
///     let mail = mailer.preview(&recipient, notice, sample.now())?;
///     assert!(!mail.subject.is_empty(), "{title}");
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Sample {
    now: DateTime<Utc>,
    order: Order,
    ready: Order,
    nothing: Order,
    replacement: OrderLine,
    whole: Vec<LinePart>,
    some: Vec<LinePart>,
    rest: Vec<LinePart>,
    mailbox: EmailAddress,
    phone: PhoneNumber,
    address: PostalAddress,
    invoice: Attachment,
}

impl Sample {
    /// The same data each time.
    ///
    /// # Errors
    /// None in practice: every value is one that the model accepts.
    pub fn new() -> Result<Self, ValueError> {
        let now = DateTime::from_timestamp(1_795_348_800, 0).unwrap_or(DateTime::UNIX_EPOCH); // 22 November 2026, noon
        let expected = now.date_naive().checked_add_days(Days::new(9));
        let lamp = product("LAMP-014", "Desk lamp “Luna”", 2, "49.50 EUR")?.with_availability(Availability::InStock);
        let lines = vec![
            lamp.clone(),
            product("BULB-E27", "Bulb E27, warm white", 4, "6.90 EUR")?
                .with_availability(Availability::BackOrdered { expected }),
            product("SHADE-3", "Lampshade made of linen", 1, "38.00 EUR")?
                .with_availability(Availability::MadeToOrder { expected }),
            product("GUIDE-PDF", "A guide to good light (PDF)", 1, "9.00 EUR")?
                .with_availability(Availability::Digital),
            postage()?,
        ];
        let nothing = vec![lamp.clone().with_availability(Availability::Unavailable), postage()?];
        let ready = vec![lamp, postage()?];
        let parts = |lines: &[usize]| -> Vec<LinePart> {
            let quantity = |line: usize| Quantity::pieces([2, 4, 1, 1][line - 1]);
            lines
                .iter()
                .map(|&line| LinePart {
                    line,
                    quantity: quantity(line),
                })
                .collect()
        };
        Ok(Self {
            now,
            order: order("10248", lines, now)?,
            ready: order("10249", ready, now)?,
            nothing: order("10250", nothing, now)?,
            replacement: product("BULB-E27-B", "Bulb E27, neutral white", 4, "6.90 EUR")?
                .with_availability(Availability::InStock),
            whole: parts(&[1, 2, 3, 4]),
            some: parts(&[1, 4]),
            rest: parts(&[2, 3]),
            mailbox: "ada@mail.example".parse()?,
            phone: "+43 1 234567".parse()?,
            address: PostalAddress::new(&["Lindengasse 7"], "Wien", "AT".parse()?)?.with_postal_code("1070")?,
            invoice: Attachment::new(
                "invoice-2026-0815.pdf",
                "application/pdf",
                b"%PDF-1.4\n%%EOF\n".to_vec(),
            )?,
        })
    }

    /// The moment of the samples.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Somebody who reads a language.
    ///
    /// # Errors
    /// When the language tag is none.
    pub fn recipient(&self, locale: &str) -> Result<Recipient, ValueError> {
        let contact = ContactData::new()
            .with_name(PersonName::new("Ada", "Lovelace")?)
            .with_email(self.mailbox.clone())
            .with_locale(locale.parse::<Locale>()?);
        Ok(Recipient::new(GuestId::new(&SeededIds::new(2), self.now), contact))
    }

    /// Every notice, some in several cases, each with a title for a list.
    #[must_use]
    pub fn notices(&self) -> Vec<(&'static str, Notice<'_>)> {
        let mut all = self.of_orders();
        all.extend(self.of_parcels());
        all.extend(self.of_money());
        all.extend(self.of_people());
        all
    }

    fn day(&self, in_days: u64) -> NaiveDate {
        let today = self.now.date_naive();
        today.checked_add_days(Days::new(in_days)).unwrap_or(today)
    }

    fn of_orders(&self) -> Vec<(&'static str, Notice<'_>)> {
        let order = &self.order;
        let delay = DeliveryDelayed {
            order,
            late: Late::Line(2),
            told: self.day(9),
            expected: Some(self.day(20)),
            reason: "The maker has postponed the delivery.",
            can_replace: true,
        };
        let cancelled = OrderCancelled {
            order,
            lines: &self.rest,
            reason: None,
            refund: Some(order.lines()[1].amount()),
        };
        let booking = BookingConfirmed {
            booking: "B-7731",
            what: "Advice on light, one hour",
            starts_at: self.now + TimeDelta::days(3),
            instead_of: None,
            ends_at: Some(self.now + TimeDelta::days(3) + TimeDelta::hours(1)),
            place: Some("Lindengasse 7, Wien"),
            price: None,
        };
        vec![
            ("order_received", OrderReceived { order }.into()),
            ("order_received, all ready", OrderReceived { order: &self.ready }.into()),
            (
                "order_received, nothing available",
                OrderReceived { order: &self.nothing }.into(),
            ),
            (
                "order_confirmed",
                OrderConfirmed {
                    order,
                    dispatch_by: None,
                }
                .into(),
            ),
            (
                "order_confirmed, all ready",
                OrderConfirmed {
                    order: &self.ready,
                    dispatch_by: Some(self.day(2)),
                }
                .into(),
            ),
            ("booking_confirmed", booking.into()),
            ("line_back_ordered", LineBackOrdered { order }.into()),
            ("delivery_delayed", delay.into()),
            (
                "delivery_delayed, no new day",
                DeliveryDelayed {
                    expected: None,
                    can_replace: false,
                    ..delay
                }
                .into(),
            ),
            (
                "delivery_delayed, refund",
                DeliveryDelayed {
                    late: Late::Refund,
                    ..delay
                }
                .into(),
            ),
            (
                "delivery_delayed, refund, no new day",
                DeliveryDelayed {
                    late: Late::Refund,
                    expected: None,
                    ..delay
                }
                .into(),
            ),
            (
                "delivery_delayed, whole order",
                DeliveryDelayed {
                    late: Late::Dispatch,
                    ..delay
                }
                .into(),
            ),
            (
                "delivery_delayed, whole order, no new day",
                DeliveryDelayed {
                    late: Late::Dispatch,
                    expected: None,
                    ..delay
                }
                .into(),
            ),
            (
                "item_substituted",
                ItemSubstituted {
                    order,
                    line: 2,
                    replacement: &self.replacement,
                }
                .into(),
            ),
            ("order_cancelled, in part", cancelled.into()),
            (
                "order_cancelled, in whole",
                OrderCancelled {
                    lines: &[],
                    refund: None,
                    reason: Some("You asked us to."),
                    ..cancelled
                }
                .into(),
            ),
            (
                "withdrawal_received",
                WithdrawalReceived {
                    order,
                    received_at: self.now,
                    statement: "I withdraw from my contract of purchase\nof the order 10248.",
                }
                .into(),
            ),
        ]
    }

    fn of_parcels(&self) -> Vec<(&'static str, Notice<'_>)> {
        let order = &self.order;
        let shipped = OrderShipped {
            order,
            parcel: &self.some,
            sent_before: &[],
            still_to_come: &self.rest,
            carrier: "Österreichische Post",
            tracking_number: Some("CW000000785AT"),
            tracking_url: Some("https://carrier.example/track/CW000000785AT"),
            expected_on: Some(self.day(3)),
        };
        vec![
            ("order_shipped, in part", shipped.into()),
            (
                "order_shipped, the rest",
                OrderShipped {
                    parcel: &self.rest,
                    sent_before: &self.some,
                    still_to_come: &[],
                    ..shipped
                }
                .into(),
            ),
            (
                "order_shipped, in whole",
                OrderShipped {
                    parcel: &self.whole,
                    still_to_come: &[],
                    ..shipped
                }
                .into(),
            ),
            (
                "ready_for_pickup",
                ReadyForPickup {
                    order,
                    place: "Lindengasse 7, 1070 Wien\nMon to Fri, 9 to 18",
                    until: Some(self.day(7)),
                    code: Some("4711"),
                }
                .into(),
            ),
            (
                "order_delivered",
                OrderDelivered {
                    order,
                    tracking_number: Some("CW000000785AT"),
                    delivered_on: self.day(0),
                    handed_to: Some("Neighbour, door 4"),
                }
                .into(),
            ),
            (
                "return_received",
                ReturnReceived {
                    order,
                    lines: &self.some,
                    refund: Some(order.lines()[0].amount()),
                    refund_by: Some(self.day(14)),
                }
                .into(),
            ),
        ]
    }

    fn of_money(&self) -> Vec<(&'static str, Notice<'_>)> {
        let (order, total) = (&self.order, self.order.total());
        let part = order.lines()[0].amount();
        let received = PaymentReceived {
            order,
            amount: part,
            paid_on: self.day(0),
            still_open: total.checked_sub(part).ok(),
        };
        let refunded = PaymentRefunded {
            order,
            amount: part,
            paid: total,
            method: Some("card ending in 4242"),
        };
        let invoice = InvoiceIssued {
            order,
            invoice: "2026-0815",
            amount: total,
            due_on: Some(self.day(14)),
            document: Some(&self.invoice),
        };
        vec![
            (
                "payment_received",
                PaymentReceived {
                    amount: total,
                    still_open: Money::sum(total.currency(), []).ok(),
                    ..received
                }
                .into(),
            ),
            ("payment_received, in part", received.into()),
            (
                "payment_failed",
                PaymentFailed {
                    order,
                    amount: total,
                    reason: Some("The card has expired."),
                    pay_url: "https://shop.example/pay/10248",
                }
                .into(),
            ),
            ("payment_refunded, in part", refunded.into()),
            (
                "payment_refunded, in whole",
                PaymentRefunded {
                    amount: total,
                    ..refunded
                }
                .into(),
            ),
            ("invoice_issued", invoice.into()),
            (
                "invoice_issued, without document",
                InvoiceIssued {
                    document: None,
                    ..invoice
                }
                .into(),
            ),
        ]
    }

    fn of_people(&self) -> Vec<(&'static str, Notice<'_>)> {
        let (inquiry, topic, url) = (
            "2026-315",
            "Does the lamp fit a wall socket?",
            Some("https://shop.example/inquiry/2026-315"),
        );
        let (at, later) = (self.now + TimeDelta::hours(26), self.now + TimeDelta::hours(28));
        let booked = CallBackBooked {
            call: "C-12",
            at,
            until: None,
            instead_of: None,
            phone: &self.phone,
            rebook_url: url,
        };
        let moved = AddressChanged {
            address: ChangedAddress::Postal {
                before: None,
                after: &self.address,
            },
            changed_at: self.now,
        };
        let consent = ConsentChanged {
            purpose: Purpose::Marketing,
            channel: Channel::Email,
            decision: ConsentDecision::Withdrawn,
            changed_at: self.now,
        };
        let answer =
            "Yes, it does: it comes with a plug of type F.\n\nFor a wall mount you need the bracket LAMP-014-W.";
        let back = BackInStock {
            sku: "LAMP-015",
            description: "Floor lamp “Sol”",
            price: Some(self.order.lines()[0].amount()),
            url: "https://shop.example/lamp-015",
        };
        vec![
            (
                "account_created",
                AccountCreated {
                    mailbox: &self.mailbox,
                    sign_in_url: url,
                }
                .into(),
            ),
            ("address_changed", moved.into()),
            ("consent_changed", consent.into()),
            (
                "inquiry_acknowledged",
                InquiryAcknowledged {
                    inquiry,
                    topic,
                    answer_by: Some(later),
                    instead_of: None,
                    follow_url: url,
                }
                .into(),
            ),
            (
                "inquiry_answered",
                InquiryAnswered {
                    inquiry,
                    topic,
                    answer,
                    follow_url: url,
                }
                .into(),
            ),
            (
                "inquiry_resolved",
                InquiryResolved {
                    inquiry,
                    topic,
                    reopen_url: url,
                }
                .into(),
            ),
            ("callback_booked", booked.into()),
            (
                "callback_booked, within a window",
                CallBackBooked {
                    until: Some(later),
                    ..booked
                }
                .into(),
            ),
            (
                "callback_missed",
                CallBackMissed {
                    call: "C-12",
                    at: self.now,
                    again_at: Some(at),
                    rebook_url: url,
                }
                .into(),
            ),
            ("back_in_stock", back.into()),
            (
                "cart_left",
                CartLeft {
                    lines: &self.ready.lines()[..1],
                    url: "https://shop.example/cart",
                }
                .into(),
            ),
            (
                "cart_left, several items",
                CartLeft {
                    lines: &self.order.lines()[..2],
                    url: "https://shop.example/cart",
                }
                .into(),
            ),
            (
                "review_request",
                ReviewRequest {
                    order: &self.order,
                    url: "https://shop.example/review/10248",
                }
                .into(),
            ),
        ]
    }
}

fn order(number: &str, lines: Vec<OrderLine>, now: DateTime<Utc>) -> Result<Order, ValueError> {
    Order::new(
        OrderId::new(&SeededIds::new(1), now),
        ExternalRef::new("shop", number)?,
        now,
        Channel::Web,
        lines,
    )
}

fn product(sku: &str, description: &str, pieces: i32, price: &str) -> Result<OrderLine, ValueError> {
    OrderLine::product(sku, description, Quantity::pieces(pieces), price.parse()?)
}

fn postage() -> Result<OrderLine, ValueError> {
    OrderLine::of(
        LineKind::Shipping,
        "POST",
        "Postage",
        Quantity::pieces(1),
        "4.90 EUR".parse()?,
    )
}
