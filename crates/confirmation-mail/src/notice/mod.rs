//! What a shop tells its customers: one typed input for each kind of mail.
//!
//! An input has everything that its mail says. A value that is missing does not compile; one that cannot be true is an error before
//! anything is queued.

mod account;
mod block;
mod from;
mod inquiry;
mod json_ld;
mod kind;
mod marketing;
mod order;
mod page;
mod payment;
mod sample;
mod shipment;
mod step;
mod text;

pub use account::{AccountCreated, AddressChanged, ChangedAddress, ConsentChanged};
pub use inquiry::{CallBackBooked, CallBackMissed, InquiryAcknowledged, InquiryAnswered, InquiryResolved};
pub use kind::NoticeKind;
pub use marketing::{BackInStock, CartLeft, ReviewRequest};
pub use order::{
    BookingConfirmed, DeliveryDelayed, ItemSubstituted, Late, LineBackOrdered, OrderCancelled, OrderConfirmed,
    OrderReceived, WithdrawalReceived,
};
pub use payment::{InvoiceIssued, PaymentFailed, PaymentReceived, PaymentRefunded};
pub use sample::Sample;
pub use shipment::{LinePart, OrderDelivered, OrderShipped, ReadyForPickup, ReturnReceived};

pub(crate) use block::Block;
pub(crate) use page::{Page, Setting, Zone, about_order};
pub(crate) use step::{Step, Told, When};
pub(crate) use text::{checked_url, clean, turns_text};

use serde::Serialize;

use crate::MailError;

/// A notice of any kind.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Notice<'a> {
    /// An account was made.
    AccountCreated(AccountCreated<'a>),
    /// An address was changed.
    AddressChanged(AddressChanged<'a>),
    /// Something can be had again.
    BackInStock(BackInStock<'a>),
    /// A booking is confirmed.
    BookingConfirmed(BookingConfirmed<'a>),
    /// A call is agreed on.
    CallBackBooked(CallBackBooked<'a>),
    /// A call did not reach the customer.
    CallBackMissed(CallBackMissed<'a>),
    /// A cart was left.
    CartLeft(CartLeft<'a>),
    /// A consent has changed.
    ConsentChanged(ConsentChanged),
    /// A promised day has changed.
    DeliveryDelayed(DeliveryDelayed<'a>),
    /// An inquiry has come in.
    InquiryAcknowledged(InquiryAcknowledged<'a>),
    /// An inquiry is answered.
    InquiryAnswered(InquiryAnswered<'a>),
    /// An inquiry is closed.
    InquiryResolved(InquiryResolved<'a>),
    /// An invoice.
    InvoiceIssued(InvoiceIssued<'a>),
    /// An item was replaced.
    ItemSubstituted(ItemSubstituted<'a>),
    /// Lines are on back-order.
    LineBackOrdered(LineBackOrdered<'a>),
    /// An order is called off.
    OrderCancelled(OrderCancelled<'a>),
    /// An order is accepted.
    OrderConfirmed(OrderConfirmed<'a>),
    /// A parcel was handed over.
    OrderDelivered(OrderDelivered<'a>),
    /// An order has come in.
    OrderReceived(OrderReceived<'a>),
    /// A parcel is on its way.
    OrderShipped(OrderShipped<'a>),
    /// A payment did not go through.
    PaymentFailed(PaymentFailed<'a>),
    /// A payment has arrived.
    PaymentReceived(PaymentReceived<'a>),
    /// Money goes back.
    PaymentRefunded(PaymentRefunded<'a>),
    /// An order waits to be fetched.
    ReadyForPickup(ReadyForPickup<'a>),
    /// Goods have come back.
    ReturnReceived(ReturnReceived<'a>),
    /// A request for a review.
    ReviewRequest(ReviewRequest<'a>),
    /// A withdrawal has been declared.
    WithdrawalReceived(WithdrawalReceived<'a>),
}

/// Writes the match over all kinds once: for each kind, an expression of its input.
macro_rules! for_each_kind {
    ($notice:expr, $input:ident => $result:expr) => {
        match $notice {
            Notice::AccountCreated($input) => $result,
            Notice::AddressChanged($input) => $result,
            Notice::BackInStock($input) => $result,
            Notice::BookingConfirmed($input) => $result,
            Notice::CallBackBooked($input) => $result,
            Notice::CallBackMissed($input) => $result,
            Notice::CartLeft($input) => $result,
            Notice::ConsentChanged($input) => $result,
            Notice::DeliveryDelayed($input) => $result,
            Notice::InquiryAcknowledged($input) => $result,
            Notice::InquiryAnswered($input) => $result,
            Notice::InquiryResolved($input) => $result,
            Notice::InvoiceIssued($input) => $result,
            Notice::ItemSubstituted($input) => $result,
            Notice::LineBackOrdered($input) => $result,
            Notice::OrderCancelled($input) => $result,
            Notice::OrderConfirmed($input) => $result,
            Notice::OrderDelivered($input) => $result,
            Notice::OrderReceived($input) => $result,
            Notice::OrderShipped($input) => $result,
            Notice::PaymentFailed($input) => $result,
            Notice::PaymentReceived($input) => $result,
            Notice::PaymentRefunded($input) => $result,
            Notice::ReadyForPickup($input) => $result,
            Notice::ReturnReceived($input) => $result,
            Notice::ReviewRequest($input) => $result,
            Notice::WithdrawalReceived($input) => $result,
        }
    };
}

/// What each input can do: say what it says.
trait Write {
    const KIND: NoticeKind;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError>;
}

impl Notice<'_> {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> NoticeKind {
        fn kind<T: Write>(_: &T) -> NoticeKind {
            T::KIND
        }
        for_each_kind!(self, input => kind(input))
    }

    pub(crate) fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        for_each_kind!(self, input => input.write(page))
    }
}

/// An order is told apart by what the customer said, not by our id: a request that is repeated makes a new id.
fn content_of<S: serde::Serializer>(order: &&ecrm_core::Order, serializer: S) -> Result<S::Ok, S::Error> {
    order.content().serialize(serializer)
}
