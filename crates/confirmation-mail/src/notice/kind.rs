use chrono::TimeDelta;
use ecrm_core::{Code, Purpose};

use crate::request::{Priority, WhenUncertain};

/// The kinds of mails that a customer expects of a shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum NoticeKind {
    /// An account was made.
    AccountCreated,
    /// An address of the customer was changed.
    AddressChanged,
    /// Something the customer waits for can be had again.
    BackInStock,
    /// A booking is confirmed.
    BookingConfirmed,
    /// A call is agreed on.
    CallBackBooked,
    /// A call did not reach the customer.
    CallBackMissed,
    /// A cart was left. Marketing: only with consent.
    CartLeft,
    /// A consent was given, denied or withdrawn.
    ConsentChanged,
    /// A promised day has changed.
    DeliveryDelayed,
    /// An inquiry has reached the shop.
    InquiryAcknowledged,
    /// An inquiry is answered.
    InquiryAnswered,
    /// An inquiry is closed.
    InquiryResolved,
    /// An invoice.
    InvoiceIssued,
    /// An item was replaced by another one.
    ItemSubstituted,
    /// Lines of an order are on back-order.
    LineBackOrdered,
    /// An order is called off, in part or whole.
    OrderCancelled,
    /// The shop accepts an order.
    OrderConfirmed,
    /// A parcel, or the last one, was handed over.
    OrderDelivered,
    /// The shop has an order; that is no acceptance yet.
    OrderReceived,
    /// An order is on its way, in part or whole.
    OrderShipped,
    /// A payment did not go through.
    PaymentFailed,
    /// A payment has arrived.
    PaymentReceived,
    /// Money goes back, in part or whole.
    PaymentRefunded,
    /// An order waits to be fetched.
    ReadyForPickup,
    /// Goods have come back.
    ReturnReceived,
    /// A request to review what was bought. Marketing: only with consent.
    ReviewRequest,
    /// A declaration of withdrawal has reached the shop (Directive 2011/83/EU, article 11a, as of Directive (EU) 2023/2673).
    WithdrawalReceived,
}

impl Code for NoticeKind {
    const WHAT: &'static str = "kind of notice";
    const ALL: &'static [Self] = &[
        Self::AccountCreated,
        Self::AddressChanged,
        Self::BackInStock,
        Self::BookingConfirmed,
        Self::CallBackBooked,
        Self::CallBackMissed,
        Self::CartLeft,
        Self::ConsentChanged,
        Self::DeliveryDelayed,
        Self::InquiryAcknowledged,
        Self::InquiryAnswered,
        Self::InquiryResolved,
        Self::InvoiceIssued,
        Self::ItemSubstituted,
        Self::LineBackOrdered,
        Self::OrderCancelled,
        Self::OrderConfirmed,
        Self::OrderDelivered,
        Self::OrderReceived,
        Self::OrderShipped,
        Self::PaymentFailed,
        Self::PaymentReceived,
        Self::PaymentRefunded,
        Self::ReadyForPickup,
        Self::ReturnReceived,
        Self::ReviewRequest,
        Self::WithdrawalReceived,
    ];

    fn code(self) -> &'static str {
        self.name()
    }
}

impl NoticeKind {
    /// The word of the kind, as it names templates and texts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AccountCreated => "account_created",
            Self::AddressChanged => "address_changed",
            Self::BackInStock => "back_in_stock",
            Self::BookingConfirmed => "booking_confirmed",
            Self::CallBackBooked => "callback_booked",
            Self::CallBackMissed => "callback_missed",
            Self::CartLeft => "cart_left",
            Self::ConsentChanged => "consent_changed",
            Self::DeliveryDelayed => "delivery_delayed",
            Self::InquiryAcknowledged => "inquiry_acknowledged",
            Self::InquiryAnswered => "inquiry_answered",
            Self::InquiryResolved => "inquiry_resolved",
            Self::InvoiceIssued => "invoice_issued",
            Self::ItemSubstituted => "item_substituted",
            Self::LineBackOrdered => "line_back_ordered",
            Self::OrderCancelled => "order_cancelled",
            Self::OrderConfirmed => "order_confirmed",
            Self::OrderDelivered => "order_delivered",
            Self::OrderReceived => "order_received",
            Self::OrderShipped => "order_shipped",
            Self::PaymentFailed => "payment_failed",
            Self::PaymentReceived => "payment_received",
            Self::PaymentRefunded => "payment_refunded",
            Self::ReadyForPickup => "ready_for_pickup",
            Self::ReturnReceived => "return_received",
            Self::ReviewRequest => "review_request",
            Self::WithdrawalReceived => "withdrawal_received",
        }
    }

    /// What the recipient must be allowed to be contacted for.
    #[must_use]
    pub fn purpose(self) -> Purpose {
        match self {
            Self::CartLeft => Purpose::Marketing,
            Self::ReviewRequest => Purpose::Research,
            Self::ConsentChanged | Self::WithdrawalReceived => Purpose::Legal,
            Self::BackInStock
            | Self::CallBackBooked
            | Self::CallBackMissed
            | Self::InquiryAcknowledged
            | Self::InquiryAnswered
            | Self::InquiryResolved => Purpose::Service,
            _ => Purpose::Contract,
        }
    }

    /// True for what is only sent with consent, and can be unsubscribed from with one click (RFC 8058).
    #[must_use]
    pub fn is_marketing(self) -> bool {
        matches!(self.purpose(), Purpose::Marketing | Purpose::Research)
    }

    /// After so long the mail would only confuse, and is not sent any more.
    pub(crate) fn lifetime(self) -> TimeDelta {
        match self {
            Self::BackInStock | Self::CallBackMissed | Self::CartLeft => TimeDelta::days(2),
            Self::ReviewRequest => TimeDelta::days(14),
            Self::ConsentChanged | Self::InvoiceIssued | Self::WithdrawalReceived => TimeDelta::days(30),
            _ => TimeDelta::days(7),
        }
    }

    pub(crate) fn priority(self) -> Priority {
        match self.purpose() {
            Purpose::Marketing | Purpose::Research => Priority::Low,
            _ => Priority::Normal,
        }
    }

    /// Whether the mail waits for the end of the shop's quiet hours: nobody waits for it at night.
    pub(crate) fn keeps_quiet_hours(self) -> bool {
        self.is_marketing() || self == Self::BackInStock
    }

    /// A confirmation that comes twice is better than none; an advertisement is not.
    pub(crate) fn when_uncertain(self) -> WhenUncertain {
        if self.is_marketing() {
            WhenUncertain::Ask
        } else {
            WhenUncertain::SendAgain
        }
    }
}
